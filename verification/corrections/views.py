"""Koreksi: choose decided rows, look at them, propose with a document; two others approve; the job's progress."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.territory import elections_governed_by, pairs_governed_by
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import Document, drop_document, dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.web import add_refusal, stop_polling, tell_refusal
from supports.findings import finding_counts
from supports.handing_in.receipts import title_of
from supports.listing import Page
from supports.models import Upload
from supports.progress import findings_of_round
from supports.rules import COMMISSION
from supports.rulings.list_file import ListInMemory
from supports.standards import key_scope
from supports.views import people_context
from verification.corrections import operations
from verification.corrections.choosing import Chosen, examples_of, rulings_naming_rows, words_of
from verification.corrections.forms import CorrectionForm
from verification.corrections.models import Correction
from verification.desk_views import review_or_404
from verification.models import Review
from verification.queries import verifiers_of

MOST_UPLOADS, MOST_LISTED = 200, 50
RELATED = ("proposed_by", "first_approved_by", "second_approved_by", "refused_by", "job", "ruling")


@never_cache
@declare(Permission.VIEW_DECISIONS)
def corrections(request: HttpRequest, submission_id: int) -> HttpResponse:
    """What was corrected in a round, by which document, who approved it, and how far it is."""
    review = review_or_404(request, submission_id, Permission.VIEW_DECISIONS)
    context = _listed(request, review)
    if request.htmx:
        response = render(request, "corrections/_list.html", context)
        return response if context["busy"] else stop_polling(response)
    return render(request, "corrections/corrections.html", context)


def _listed(request: HttpRequest, review: Review) -> dict[str, Any]:
    submission = review.submission
    found = list(review.corrections.select_related(*RELATED)[:MOST_LISTED])
    for one in found:
        one.review = review
    reads = pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS)
    return {
        "review": review,
        "submission": submission,
        "pair": submission.pair,
        "title": title_of(submission),
        "corrections": [(one, words_of(submission, one.wanted), operations.is_stopped(one)) for one in found],
        "busy": any(one.status == "approved" and not operations.is_stopped(one) for one in found),
        "may_correct": _governs(request, submission.pair.election_id),
        "may_read": reads.filter(pk=submission.pair_id).exists(),
    }


def _governs(request: HttpRequest, election_id: int) -> bool:
    return elections_governed_by(request.user, Permission.CORRECT_DECISIONS).filter(pk=election_id).exists()


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.CORRECT_DECISIONS)
def correction_proposal(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Choose rows and look at them; then propose them with the document."""
    review = review_or_404(request, submission_id, Permission.CORRECT_DECISIONS)
    document, refusal = _taken(request, review) if request.method == "POST" else (None, None)
    form = _form(request, review)
    looked = "check" in request.POST
    if looked:
        drop_document(document)
    elif request.method == "POST" and _proposed(request, review, form, document, refusal):
        messages.success(
            request, _("Koreksi diusulkan. Baris baru berubah setelah dua orang lain menyetujui.")
        )
        return redirect("corrections", submission_id)
    context: dict[str, Any] = {"form": form, "title": title_of(review.submission), "review": review}
    chosen = _looked_at(request, review, form) if looked else None
    if chosen:
        context |= _shown(request, review, chosen, form)
    context |= {"submission": review.submission, "pair": review.submission.pair}
    return render(request, "corrections/proposal.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, review: Review) -> tuple[Document | None, Refused | None]:
    """The document of a request, or why it is none; what stands beside it can be read in both cases."""
    scope = key_scope(review.submission.pair.election)
    try:
        beside = [ListInMemory("rows_file", request)]
        return take_document(request, scope, field="letter", beside=beside), None
    except Refused as refusal:
        return None, refusal


def _form(request: HttpRequest, review: Review) -> CorrectionForm:
    submission = review.submission
    offered = {
        "findings": finding_counts(submission, findings_of_round(submission, COMMISSION)),
        "uploads": Upload.objects.filter(submission=submission, status="loaded").order_by("-id")[
            :MOST_UPLOADS
        ],
        "people": verifiers_of(submission),
        "rulings": rulings_naming_rows(submission),
    }
    return CorrectionForm(submission, request.POST or None, request.FILES or None, **offered)


def _looked_at(request: HttpRequest, review: Review, form: CorrectionForm) -> Chosen | None:
    """The rows that are chosen. What else is missing in the form is said when it is proposed."""
    form.full_clean()
    for name in {"number", "dated", "reason", "letter"} & set(form.errors):
        del form.errors[name]
    if form.errors:
        return None
    try:
        return operations.preview_correction(review.submission, form.wanted, by=request.user)
    except Refused as refusal:
        add_refusal(form, refusal)
        return None


def _shown(request: HttpRequest, review: Review, chosen: Chosen, form: CorrectionForm) -> dict[str, Any]:
    submission = review.submission
    examples = Page(examples_of(chosen, submission), None, None)
    shown = people_context(request, submission, examples)
    return {**shown, "may_edit": False, "chosen": chosen, "token": chosen.token}


def _proposed(
    request: HttpRequest,
    review: Review,
    form: CorrectionForm,
    document: Document | None,
    refusal: Refused | None,
) -> bool:
    """Whether it was proposed; else the form says what is wrong, and nothing is left of the document."""
    try:
        with dropped_if_refused(document):
            if not form.is_valid() or refusal:
                raise refusal or _Incomplete
            operations.propose_correction(
                review, form.wanted, by=request.user, document=document, **form.terms
            )
    except Refused as error:
        add_refusal(form, error)
    except _Incomplete:
        return False
    return not form.errors


class _Incomplete(Exception):
    """The form says by itself what is wrong."""


@never_cache
@declare(Permission.VIEW_PAIR_DOCUMENTS)
def correction_letter(request: HttpRequest, correction_id: int) -> HttpResponse:
    """The document of a correction."""
    pairs = pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS).order_by().values("pk")
    found = Correction.objects.filter(review__submission__pair__in=pairs)
    correction = get_object_or_404(found.select_related("document__stored_file"), pk=correction_id)
    return document_response(correction.document, of=correction, by=request.user)


@require_POST
@declare(Permission.CORRECT_DECISIONS)
def approve_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """The first or the second approval of exactly what was proposed."""
    return _rule(request, correction_id, operations.approve_correction)


@require_POST
@declare(Permission.CORRECT_DECISIONS)
def refuse_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Refuse a proposal, or take one's own back."""
    return _rule(request, correction_id, operations.refuse_correction)


@require_POST
@declare(Permission.CORRECT_DECISIONS)
def resume_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Go on with one whose job was stopped."""
    return _rule(request, correction_id, operations.resume_correction)


def _rule(request: HttpRequest, correction_id: int, act: Callable[..., Any]) -> HttpResponse:
    found = get_object_or_404(Correction.objects.select_related("job", "review"), pk=correction_id)
    found.review = review_or_404(request, found.review.submission_id, Permission.CORRECT_DECISIONS)
    try:
        act(found, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("corrections", found.review.submission_id)
