"""Keputusan massal: choose rows by a filter, look at them, propose; a second person approves; undo the whole."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal, stop_polling, tell_refusal
from supports.bulk_removal import in_words
from supports.findings import finding_counts
from supports.handing_in.receipts import title_of
from supports.listing import Filter, Page
from supports.models import Upload
from supports.progress import findings_of_round
from supports.rules import COMMISSION
from supports.views import asked_filter, people_context
from verification import bulk
from verification.desk_views import review_or_404
from verification.forms import BulkFilterForm, BulkForm
from verification.models import Bulk, Review
from verification.queries import may_deal_in, rounds_to_verify
from verification.reasons import BY_NUMBER

MOST_UPLOADS, MOST_BULKS = 200, 50
BUSY = ("approved", "undoing")


@never_cache
@declare(GET=Permission.VIEW_DECISIONS, POST=Permission.DEAL_WORK)
def bulks(request: HttpRequest, submission_id: int) -> HttpResponse:
    """What was decided in bulk; with a filter in the address the rows it shows, which POST proposes to decide."""
    permission = Permission.DEAL_WORK if request.method == "POST" else Permission.VIEW_DECISIONS
    review = review_or_404(request, submission_id, permission)
    if request.htmx and request.method == "GET":
        return _progress(request, review)
    may_deal = may_deal_in(request.user, review.submission)
    context: dict[str, Any] = {"may_deal": may_deal, **_listed(request, review)}
    status = 200
    if may_deal:
        looked, status = _look(request, review)
        if isinstance(looked, HttpResponse):
            return looked
        context |= looked
    return render(request, "verification/bulks.html", context, status=status)


def _listed(request: HttpRequest, review: Review) -> dict[str, Any]:
    related = ("proposed_by", "ruled_by", "job", "review__submission__pair__election")
    found = list(review.bulks.select_related(*related)[:MOST_BULKS])
    return {
        "review": review,
        "submission": review.submission,
        "pair": review.submission.pair,
        "title": title_of(review.submission),
        "bulks": [(one, bulk.words_of(one), _reasons_of(one), _is_stopped(one)) for one in found],
        "busy": any(one.status in BUSY and not _is_stopped(one) for one in found),
        "deciding": rounds_to_verify(request.user).filter(pk=review.submission_id).exists(),
    }


def _is_stopped(one: Bulk) -> bool:
    return one.status in BUSY and (one.job is None or one.job.state not in ("queued", "running"))


def _reasons_of(one: Bulk) -> list[str]:
    return [BY_NUMBER[number].title for number in one.reasons]


def _progress(request: HttpRequest, review: Review) -> HttpResponse:
    context = _listed(request, review)
    response = render(request, "verification/_bulks.html", context | {"may_deal": context["deciding"]})
    return response if context["busy"] else stop_polling(response)


def _look(request: HttpRequest, review: Review) -> tuple[dict[str, Any] | HttpResponse, int]:
    """The filter's form, and once it is set what it shows with the form that proposes."""
    submission = review.submission
    findings = finding_counts(submission, findings_of_round(submission, COMMISSION))
    uploads = Upload.objects.filter(submission=submission, status="loaded").order_by("-id")[:MOST_UPLOADS]
    chosen = BulkFilterForm(submission, findings, uploads, request.GET or None)
    context: dict[str, Any] = {"filter_form": chosen}
    if not request.GET:
        return context, 200
    try:
        wanted = asked_filter(request, submission.pair)
        preview = bulk.preview_bulk(submission, wanted)
    except Refused as refusal:
        return context | {"refusal": refusal}, refusal.http_status
    form = BulkForm(submission, request.POST or None, initial={"token": preview.token})
    if request.method == "POST" and form.is_valid() and _propose(request, review, wanted, form):
        return redirect("bulks", submission.pk), 302
    words = in_words(submission, wanted)
    shown = people_context(request, submission, Page(preview.examples, None, None))
    context |= {**shown, "may_edit": False, "preview": preview, "words": words, "form": form}
    return context, 422 if form.errors else 200


def _propose(request: HttpRequest, review: Review, wanted: Filter, form: BulkForm) -> bool:
    try:
        bulk.propose_bulk(review, wanted, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    return True


@require_POST
@declare(Permission.DEAL_WORK)
def approve_bulk(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Approve exactly what was proposed."""
    return _rule(request, bulk_id, bulk.approve_bulk)


@require_POST
@declare(Permission.DEAL_WORK)
def refuse_bulk(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Refuse a proposal, or take one's own back."""
    return _rule(request, bulk_id, bulk.refuse_bulk)


@require_POST
@declare(Permission.DEAL_WORK)
def undo_bulk(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Undo it as a whole."""
    return _rule(request, bulk_id, bulk.undo_bulk)


@require_POST
@declare(Permission.DEAL_WORK)
def resume_bulk(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Go on with one whose job was stopped."""
    return _rule(request, bulk_id, bulk.resume_bulk)


def _rule(request: HttpRequest, bulk_id: int, act: Callable[..., None]) -> HttpResponse:
    found = get_object_or_404(Bulk.objects.select_related("job", "review"), pk=bulk_id)
    found.review = review_or_404(request, found.review.submission_id, Permission.DEAL_WORK)
    try:
        act(found, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("bulks", found.review.submission_id)
