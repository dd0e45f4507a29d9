"""The verifier's page: one row at a time, decided by keyboard, the next one at once."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import tell_refusal
from supports.handing_in.receipts import title_of
from supports.models import Standing, Submission
from verification import deciding
from verification.cards import Card, card_of
from verification.dealing import left_for
from verification.desk_views import review_or_404
from verification.queries import standings_to_decide, waiting_for, waits_for
from verification.second_reading import may_take_second, take_disputed, take_second_readings

# The row is no longer this person's: the next one takes its place.
ELSEWHERE = ("already_decided", "not_your_row", "not_in_review", "state_changed", "read_by_you")


@never_cache
@declare(Permission.VERIFY)
def check_rows(request: HttpRequest, submission_id: int) -> HttpResponse:
    """The next row that waits for this person; ``?setelah=`` skips to the one after."""
    submission = review_or_404(request, submission_id, Permission.VERIFY).submission
    card = _next_card(request, submission, _number(request.GET.get("setelah", "")))
    return _answer(request, submission, card)


@never_cache
@require_safe
@declare(Permission.VERIFY)
def card_ahead(request: HttpRequest, submission_id: int, support_id: int) -> HttpResponse:
    """Fragment: the row after this one, fetched while this one is looked at; empty when this is the last."""
    submission = review_or_404(request, submission_id, Permission.VERIFY).submission
    ids = waiting_for(request.user, submission, after=support_id)
    if ids in ([], [support_id]):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _answer(request, submission, _card_of(request, submission, ids[0]))


@require_POST
@declare(Permission.VERIFY)
def decide_row(request: HttpRequest, support_id: int) -> HttpResponse:
    """Decide a row; the answer is the next one, or this one again with what is missing.

    Whoever has the next row already says so (``berikut``): while it still waits for them it is not sent again.
    """
    standing = _standing_or_404(request, support_id)
    given = {"reasons": request.POST.getlist("reasons"), "note": request.POST.get("note", "")}
    try:
        deciding.decide(standing, by=request.user, status=request.POST.get("status", ""), **given)
    except Refused as refusal:
        return _refused(request, standing, refusal, given)
    return _next(request, standing)


@require_POST
@declare(Permission.VERIFY)
def undo_decision(request: HttpRequest, support_id: int) -> HttpResponse:
    """Take one's own decision back; the answer is that row again."""
    standing = _standing_or_404(request, support_id)
    try:
        deciding.undo(standing, by=request.user)
    except Refused as refusal:
        return _elsewhere(request, standing, refusal)
    if not request.htmx:
        return redirect("check_rows", standing.submission_id)
    return _answer(request, standing.submission, _card(request, standing))


@require_POST
@declare(Permission.VERIFY)
def take_second(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Take rows that another person has read."""
    return _take(request, submission_id, take_second_readings, Permission.VERIFY)


@require_POST
@declare(Permission.DEAL_WORK)
def take_differing(request: HttpRequest, submission_id: int) -> HttpResponse:
    """An officer takes the rows of which two people read different things."""
    return _take(request, submission_id, take_disputed, Permission.DEAL_WORK)


def _take(
    request: HttpRequest, submission_id: int, take: Callable[..., int], permission: Permission
) -> HttpResponse:
    review = review_or_404(request, submission_id, permission)
    try:
        take(review, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
        return redirect("review", submission_id)
    return redirect("check_rows", submission_id)


def _standing_or_404(request: HttpRequest, support_id: int) -> Standing:
    found = get_object_or_404(standings_to_decide(request.user), pk=support_id)
    request.pair = found.submission.pair
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _card(request: HttpRequest, standing: Standing) -> Card:
    return card_of(standing, by=request.user)


def _next_card(request: HttpRequest, submission: Submission, after: int = 0) -> Card | None:
    ids = waiting_for(request.user, submission, after=after)
    return _card_of(request, submission, ids[0]) if ids else None


def _card_of(request: HttpRequest, submission: Submission, support_id: int) -> Card:
    standing = Standing.objects.get(pk=support_id)
    standing.submission = submission
    return _card(request, standing)


def _next(request: HttpRequest, standing: Standing) -> HttpResponse:
    if not request.htmx:
        return redirect("check_rows", standing.submission_id)
    submission = standing.submission
    told = {"decided": (standing, _name(standing)), "waits": standing.vermin == "unverified"}
    if waits_for(request.user, submission, _number(request.POST.get("berikut", ""))):
        return _answer(request, submission, None, stays=True, **told)
    return _answer(request, submission, _next_card(request, submission, standing.support_id), **told)


def _name(standing: Standing) -> str:
    return standing.support.name or _("(tanpa nama)")


def _refused(request: HttpRequest, standing: Standing, refusal: Refused, given: dict) -> HttpResponse:
    """What was chosen stays; a row that went to somebody else makes way for the next one."""
    if refusal.code in ELSEWHERE:
        return _elsewhere(request, standing, refusal)
    chosen = {"status": request.POST.get("status", ""), **given}
    card = _card(request, standing)
    return _answer(
        request, standing.submission, card, error=refusal.message, chosen=chosen, status=refusal.http_status
    )


def _elsewhere(request: HttpRequest, standing: Standing, refusal: Refused) -> HttpResponse:
    """Nothing can be done about this row here: why, and the next one."""
    if not request.htmx:
        tell_refusal(request, refusal)
        return redirect("check_rows", standing.submission_id)
    card = _next_card(request, standing.submission, standing.support_id)
    return _answer(request, standing.submission, card, error=refusal.message, about=_name(standing))


def _answer(
    request: HttpRequest,
    submission: Submission,
    card: Card | None,
    *,
    status: int = HTTPStatus.OK,
    **more: object,
) -> HttpResponse:
    context = {
        "submission": submission,
        "pair": submission.pair,
        "title": title_of(submission),
        "card": card,
        "left": left_for(submission, request.user),
        "second": not card and "stays" not in more and may_take_second(submission, request.user),
        **more,
    }
    template = "verification/_card.html" if request.htmx else "verification/check.html"
    return render(request, template, context, status=status)
