"""Serahkan dukungan: the last look, the confirmation, and how far it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates.models import Pair
from candidates.thresholds import AREA_NAMES
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal, tell_refusal
from supports.handing_in.forms import ConfirmHandInForm
from supports.handing_in.operations import DONE, hand_in, redraft
from supports.handing_in.readiness import readiness_of
from supports.handing_in.receipts import receipt_of
from supports.handing_in.waiting import latest_hand_in, waits_for
from supports.models import HandIn, Submission
from supports.rounds import latest_round
from supports.views import pair_or_404

OK, REFUSED = 200, 422


@never_cache
@declare(Permission.HAND_IN)
def hand_in_page(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What would be handed in and what stands in the way; POST hands it in. Afterwards the receipt."""
    pair = pair_or_404(request, pair_id, Permission.HAND_IN)
    submission = latest_round(pair)
    asked = latest_hand_in(submission) if submission else None
    if request.method == "POST":
        return _hand_in(request, pair)
    if submission and submission.status in DONE and (receipt := receipt_of(submission)):
        return redirect("receipt", receipt.pk)
    if asked and asked.ended_at is None:
        asked.submission.pair = pair
        return render(request, "supports/handing_in.html", shown_progress(pair, asked))
    return _page(request, pair, asked)


def _page(
    request: HttpRequest, pair: Pair, asked: HandIn | None, form: ConfirmHandInForm | None = None
) -> HttpResponse:
    found = readiness_of(pair)
    rows = found.rows if found else 0
    context = {
        "pair": pair,
        "found": found,
        "form": form or ConfirmHandInForm(rows),
        "refused": asked if asked and asked.error_code else None,
        "area_name": AREA_NAMES[pair.election.level],
        "widest": max((area.submitted for area in found.by_area), default=0) if found else 0,
    }
    return render(request, "supports/hand_in.html", context, status=REFUSED if form else OK)


def _hand_in(request: HttpRequest, pair: Pair) -> HttpResponse:
    found = readiness_of(pair)
    form = ConfirmHandInForm(found.rows if found else 0, request.POST)
    if form.is_valid():
        try:
            hand_in(pair, by=request.user, expected=form.cleaned_data["count"])
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("hand_in", pair.pk)
    elif found and (found.submission.status in DONE or latest_open(found.submission)):
        # Somebody else was first: their handing-in is this one's too.
        return redirect("hand_in", pair.pk)
    return _page(request, pair, None, form)


def latest_open(submission: Submission) -> bool:
    """Whether a handing-in is under way."""
    asked = latest_hand_in(submission)
    return asked is not None and asked.ended_at is None


@never_cache
@declare(Permission.HAND_IN)
def hand_in_progress(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Fragment: how far the handing-in is; once it has ended the page is read anew."""
    pair = pair_or_404(request, pair_id, Permission.HAND_IN)
    asked = (
        HandIn.objects.filter(submission__pair=pair)
        .select_related("job", "submission")
        .order_by("-id")
        .first()
    )
    if asked is None or asked.ended_at:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    asked.submission.pair = pair
    return render(request, "supports/_handing_in.html", shown_progress(pair, asked))


def shown_progress(pair: Pair, asked: HandIn) -> dict[str, object]:
    """What the fragment of a handing-in under way shows."""
    job = asked.job
    return {
        "pair": pair,
        "asked": asked,
        "job": job,
        "waits_for": waits_for(asked),
        "uploads_url": reverse("uploads", args=[pair.pk]),
        "troubled": job is not None and job.state in ("failed", "cancelled"),
    }


@require_POST
@declare(Permission.HAND_IN)
def redraft_round(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Go on filling a round that KPU has returned."""
    pair = pair_or_404(request, pair_id, Permission.HAND_IN)
    rounds = Submission.objects.filter(pair=pair, status="returned").select_related(
        "pair__election__rule_set"
    )
    try:
        redraft(get_object_or_404(rounds), by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("hand_in", pair.pk)
