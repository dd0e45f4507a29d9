"""The office's pages: which rounds wait for verification, opening one, dealing its rows, taking rows back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates.models import Window
from candidates.queries import window_state
from candidates.templatetags.wording import number
from candidates.territory import governs
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.web import add_refusal, tell_refusal
from supports.handing_in.receipts import title_of
from supports.models import Submission
from verification import dealing
from verification.forms import DealForm
from verification.models import Review, Share
from verification.queries import counts_of, may_deal_in, review_of, rounds_to_verify, shares_of, verifiers_of
from verification.results.queries import latest_results
from verification.second_reading import disputed, may_take_second

ROUNDS_PER_PAGE, PEOPLE_PER_PAGE = 25, 100


@never_cache
@declare(Permission.VIEW_DECISIONS)
def verification(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and for an office the rounds of its territory."""
    own = list(shares_of(request.user)) if may(request.user, Permission.VERIFY) else []
    page = None
    if may(request.user, Permission.DEAL_WORK):
        page = Paginator(rounds_to_verify(request.user), ROUNDS_PER_PAGE).get_page(request.GET.get("halaman"))
    counts = counts_of([*(page or []), *(share.submission for share in own)])
    context = {
        "own": [(share, title_of(share.submission)) for share in own],
        "rounds": [(one, title_of(one), counts[one.pk]) for one in page or []],
        "page": page,
        "closed": latest_results(request.user),
    }
    return render(request, "verification/verification.html", context)


def review_or_404(request: HttpRequest, submission_id: int, permission: Permission) -> Review:
    """The verification of a round, if this user may see it. The frame finds its pair on the request."""
    found = review_of(request.user, permission, submission_id)
    request.pair = found.submission.pair
    return found


@require_POST
@declare(Permission.DEAL_WORK)
def open_review(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Begin the verification of an accepted round."""
    submission = get_object_or_404(rounds_to_verify(request.user), pk=submission_id)
    try:
        dealing.open_review(submission, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
        return redirect("verification")
    return redirect("review", submission.pk)


@never_cache
@declare(GET=Permission.VIEW_DECISIONS, POST=Permission.DEAL_WORK)
def review(request: HttpRequest, submission_id: int) -> HttpResponse:
    """How far a round is, who holds what; POST deals the rows that nobody holds."""
    permission = Permission.DEAL_WORK if request.method == "POST" else Permission.VIEW_DECISIONS
    found = review_or_404(request, submission_id, permission)
    submission = found.submission
    may_deal = may_deal_in(request.user, submission)
    numbers = _numbers(submission)
    offered = may_deal and (request.method == "POST" or numbers["undealt"])
    people = verifiers_of(submission) if offered else []
    form = DealForm(submission, people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deal = dealing.deal_rows(found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            words = {"rows": number(deal.rows), "people": number(deal.people)}
            messages.success(request, _("%(rows)s baris dibagi kepada %(people)s verifikator.") % words)
            return redirect("review", submission.pk)
    return _review_page(request, found, form, {"may_deal": may_deal, **numbers})


def _numbers(submission: Submission) -> dict[str, Any]:
    """How a round's rows stand, and of those that nobody has decided how many somebody holds."""
    counts = counts_of([submission])[submission.pk]
    held = Share.objects.filter(submission=submission).aggregate(n=Sum("left"))["n"] or 0
    return {
        "counts": counts,
        "decided": counts["rows"] - counts["unverified"],
        "held": held,
        "undealt": counts["unverified"] - held,
    }


def _review_page(
    request: HttpRequest, found: Review, form: DealForm, numbers: dict[str, Any]
) -> HttpResponse:
    submission = found.submission
    shares = Share.objects.filter(submission=submission).select_related("holder").order_by("-left", "holder")
    page = Paginator(shares, PEOPLE_PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        **numbers,
        "review": found,
        "submission": submission,
        "pair": submission.pair,
        "title": title_of(submission),
        "page": page,
        "form": form,
        "deals": found.deals.select_related("dealt_by")[:10],
        "own": dealing.left_for(submission, request.user),
        "second": may(request.user, Permission.VERIFY) and may_take_second(submission, request.user),
        "disputed": disputed(submission).count(),
        "may_settle": numbers["may_deal"] and disputed(submission, request.user).exists(),
        "may_view_rolls": governs(request.user, Permission.VIEW_ROLLS, submission.pair),
    }
    if submission.status == "reopened":
        context |= {
            "reopened": found.corrections.filter(reopens=True).first(),
            "window": window_state(submission.pair, Window.Kind.FILLING, submission.stage),
        }
    return render(request, "verification/review.html", context, status=422 if form.errors else 200)


@require_POST
@declare(Permission.DEAL_WORK)
def take_back(request: HttpRequest, submission_id: int, user_id: int) -> HttpResponse:
    """Take the rows that wait for a person back."""
    found = review_or_404(request, submission_id, Permission.DEAL_WORK)
    person = get_object_or_404(User, pk=user_id, shares__submission=found.submission)
    try:
        taken = dealing.take_back(found, by=request.user, person=person)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        words = {"rows": number(taken), "name": person}
        messages.success(
            request,
            _("%(rows)s baris diambil kembali dari %(name)s. Bagikan lagi kepada orang lain.") % words,
        )
    return redirect("review", found.submission_id)
