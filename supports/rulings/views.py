"""A pair's windows and rulings: what is open for it and why, the approvals or the refusal of each, its opening."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates import operations, refusals, ruling_letters, zones
from candidates.forms import DigestForm, ReasonForm
from candidates.models import Pair, Ruling, Window
from candidates.queries import (
    kinds_opened,
    now,
    rules_of,
    rulings_visible_to,
    start_of,
    window_state,
    windows_visible_to,
)
from candidates.territory import pairs_governed_by
from candidates.timetable import tag_of_ruling, timetable
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal, tell_refusal
from supports.models import Submission, Upload
from supports.reopening import open_ruling
from supports.views import pair_or_404

PEOPLE = ("created_by", "first_approved_by", "second_approved_by", "withdrawn_by", "outage")


@never_cache
@declare(Permission.VIEW_PAIR)
def rulings(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What is open for the pair now, every window that applies to it, and its rulings with who and when."""
    pair = pair_or_404(request, pair_id, Permission.VIEW_PAIR)
    moment = now()
    rounds = Submission.objects.filter(pair=pair, kind=Submission.Kind.ROUND).order_by("-id")
    stage = rounds.values_list("stage", flat=True).first()
    rows = windows_visible_to(request.user, pair.election).select_related("ruling")
    context = {
        "pair": pair,
        "states": [window_state(pair, kind, stage) for kind in Window.Kind.values],
        "rounds": timetable(pair.election, [row for row in rows if row.pair_id in (None, pair.pk)], moment),
        "cases": [_case(request, ruling, moment) for ruling in _rulings_of(request, pair)],
        "may_read": pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS)
        .filter(pk=pair.pk)
        .exists(),
        "stages": {one.key: one.title for one in rules_of(pair.election).rounds},
        "may_propose": may(request.user, Permission.MANAGE_WINDOWS),
        "why_no_proposal": sentence_of(
            refusals.refuse_outside, request.user, Permission.MANAGE_WINDOWS, pair.election.region_id
        )
        or sentence_of(refusals.refuse_withdrawn, pair),
    }
    return render(request, "supports/rulings.html", context)


def _rulings_of(request: HttpRequest, pair: Pair) -> list[Ruling]:
    """The latest first, each with the names of the uploads it covers; a constant number of queries."""
    visible = rulings_visible_to(request.user).filter(pair=pair).select_related(*PEOPLE)
    found = list(visible.prefetch_related("windows__created_by").order_by("-id"))
    _name_uploads(found)
    return found


def _name_uploads(found: list[Ruling]) -> None:
    """Set ``uploads``, the names of what each covers; one query for all."""
    named = {pk for ruling in found for pk in ruling.upload_ids}
    names = dict(Upload.objects.filter(pk__in=named).values_list("pk", "name"))
    for ruling in found:
        ruling.uploads = [names.get(pk, str(pk)) for pk in ruling.upload_ids]


def _case(request: HttpRequest, ruling: Ruling, moment: Any) -> dict[str, Any]:
    """A ruling with its state, and for those who decide why a step cannot be taken now ("" when it can)."""
    checks = {
        "approve": refusals.refuse_approval,
        "refuse": refusals.refuse_decision,
        "open": refusals.refuse_opening,
        "withdraw": refusals.refuse_withdrawal,
    }
    decides = may(request.user, Permission.MANAGE_WINDOWS)
    ended = bool(ruling.windows.all()) or ruling.withdrawn_at
    why_not = {name: sentence_of(refuse, ruling, request.user) for name, refuse in checks.items()}
    return {
        "ruling": ruling,
        "tag": tag_of_ruling(ruling, moment),
        "decides": decides and not ended,
        "refuses": may(request.user, Permission.APPROVE_RULING) and not ended,
        "digest": ruling_letters.digest_of(ruling),
        "why_not": why_not,
    }


def ruling_or_404(request: HttpRequest, ruling_id: int) -> Ruling:
    """The ruling, when it is about a pair the user may see. Raises Http404."""
    ruling = get_object_or_404(rulings_visible_to(request.user).select_related(*PEOPLE), pk=ruling_id)
    request.pair = ruling.pair
    return ruling


@require_POST
@declare(Permission.APPROVE_RULING)
def approve_ruling(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """One of the two approvals of KPU RI."""
    ruling = ruling_or_404(request, ruling_id)
    try:
        digest = DigestForm.sent(request.POST)
        approved = operations.approve_ruling(ruling, by=request.user, digest=digest).approved
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        second = _("Persetujuan kedua sudah dicatat. Masa tersendiri ini kini dapat dibuka.")
        first = _("Persetujuan pertama sudah dicatat. Persetujuan kedua diberikan orang lain di KPU RI.")
        messages.success(request, second if approved else first)
    return redirect("rulings", ruling.pair_id)


@never_cache
@declare(Permission.MANAGE_WINDOWS)
def ruling_opening(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """Check what will be open until when, then open it: the hours run from there."""
    ruling = ruling_or_404(request, ruling_id)
    if request.method == "POST":
        try:
            open_ruling(ruling, by=request.user)
        except Refused as refusal:
            tell_refusal(request, refusal)
        else:
            messages.success(
                request, _("Masa tersendiri sudah dibuka. Tim langsung melihatnya di baris masa.")
            )
        return redirect("rulings", ruling.pair_id)
    _name_uploads([ruling])
    context = {
        "pair": ruling.pair,
        "ruling": ruling,
        "stage": rules_of(ruling.pair.election).round(ruling.stage).title,
        "spans": _spans(ruling),
        "why_not": sentence_of(refusals.refuse_opening, ruling, request.user),
    }
    return render(request, "supports/ruling_opening.html", context)


def _spans(ruling: Ruling) -> list[tuple[str, str, str]]:
    """What would be open from when until when if it were opened now, in words."""
    moment, zone = now(), ruling.pair.election.zone
    starts = [(kind, start_of(ruling, kind, moment)) for kind in kinds_opened(ruling)]
    return [
        (
            Window.Kind(kind).label,
            _("sekarang") if start == moment else zones.say_start(start, zone),
            zones.say_end(start + timedelta(hours=ruling.hours), zone),
        )
        for kind, start in starts
    ]


@never_cache
@declare(Permission.MANAGE_WINDOWS)
def ruling_withdrawal(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """Take a proposal back, with the reason."""
    done = _("Usulan sudah ditarik. Catatannya tetap dapat dibaca.")
    return _end(request, ruling_id, operations.withdraw_ruling, "ruling_withdrawal", done)


@never_cache
@declare(Permission.APPROVE_RULING)
def ruling_refusal(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """KPU RI refuses a proposal, with the reason."""
    done = _("Usulan sudah ditolak. Catatannya tetap dapat dibaca.")
    return _end(request, ruling_id, ruling_letters.refuse_ruling, "ruling_refusal", done)


def _end(
    request: HttpRequest, ruling_id: int, operation: Callable[..., Ruling], name: str, done: str
) -> HttpResponse:
    """A page that asks for the reason, and then ends the proposal."""
    ruling = ruling_or_404(request, ruling_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operation(ruling, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("rulings", ruling.pair_id)
    context = {"pair": ruling.pair, "ruling": ruling, "form": form, "step": name}
    return render(request, "supports/ruling_withdrawal.html", context, status=422 if form.errors else 200)
