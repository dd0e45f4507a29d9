"""Masa simpan: KPU RI's list, the page of one election, and what is decided there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from candidates.models import Election
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import Document, dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal, searched, tell_refusal
from supports.retention import operations, queries, refusals
from supports.retention.forms import HoldForm, LiftForm, SeenForm, TermForm
from supports.retention.models import Destruction, LegalHold, RetentionTerm
from supports.retention.queries import Retention

GROUPS = {
    queries.UNDER_WAY: gettext_lazy("Sedang diusulkan atau dimusnahkan"),
    queries.ENDED: gettext_lazy("Masa simpan sudah berakhir"),
    queries.SOON: gettext_lazy("Berakhir dalam 180 hari"),
    queries.HELD: gettext_lazy("Ditahan"),
    queries.LATER: gettext_lazy("Masih disimpan"),
    queries.DESTROYED: gettext_lazy("Sudah dimusnahkan"),
}
# Of those that need nothing only so many are listed; the search finds the others.
MOST_LATER = 20


@never_cache
@require_safe
@declare(Permission.MANAGE_RETENTION)
def retention_list(request: HttpRequest) -> HttpResponse:
    """Whose identities end when: what needs a decision first. Constant in queries."""
    wanted = searched(request)
    found = queries.retentions_of(queries.live_elections(wanted))
    groups: dict[str, list[Retention]] = {key: [] for key in GROUPS}
    for one in sorted(found, key=lambda one: (one.ends_on, one.election.name)):
        groups[one.state].append(one)
    more = len(groups[queries.LATER]) - MOST_LATER
    groups[queries.LATER] = groups[queries.LATER][:MOST_LATER]
    context = {
        "groups": [(GROUPS[key], lines) for key, lines in groups.items() if lines],
        "wanted": wanted,
        "more": max(more, 0),
    }
    return render(request, "retention/list.html", context)


@never_cache
@require_safe
@declare(Permission.MANAGE_RETENTION)
def retention_page(request: HttpRequest, election_id: int) -> HttpResponse:
    """One election: until when, what holds it, and what a destruction would take."""
    return _show(request, _election_or_404(election_id))


def _election_or_404(election_id: int) -> Election:
    return get_object_or_404(queries.live_elections(), pk=election_id)


def _show(request: HttpRequest, election: Election, **forms: Form) -> HttpResponse:
    request.election = election
    retention = queries.retention_of(election)
    destruction = retention.destruction
    seen = queries.what_is_there(election) if not destruction else destruction.seen
    context: dict[str, Any] = {
        "election": election,
        "retention": retention,
        "destruction": destruction,
        "seen": seen,
        "digest": queries.digest_of(election, retention.ends_on, seen)
        if not destruction
        else destruction.digest,
        "why_no_proposal": sentence_of(refusals.refuse_destruction, retention),
        "why_no_approval": destruction
        and (
            sentence_of(refusals.refuse_approval, destruction, request.user)
            or sentence_of(refusals.refuse_destruction, retention)
        ),
        "term_form": forms.get("term_form") or TermForm(),
        "hold_form": forms.get("hold_form") or HoldForm(),
        "lift_form": forms.get("lift_form") or LiftForm(),
        "lifting": {
            hold.pk: sentence_of(refusals.refuse_lifting, hold, request.user) for hold in retention.standing
        },
        "faulty": next(iter(forms.values()), None),
    }
    return render(request, "retention/election.html", context, status=422 if forms else 200)


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@require_POST
@declare(Permission.MANAGE_RETENTION)
def set_term(request: HttpRequest, election_id: int) -> HttpResponse:
    """Another end, by a document."""
    done = _("Masa simpan sudah diubah.")
    return _decide(request, election_id, TermForm, "term_form", operations.set_term, done)


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@require_POST
@declare(Permission.MANAGE_RETENTION)
def set_hold(request: HttpRequest, election_id: int) -> HttpResponse:
    """Everything is held, by a document."""
    done = _("Data pemilihan ini ditahan mulai sekarang.")
    return _decide(request, election_id, HoldForm, "hold_form", operations.set_hold, done)


def _decide(
    request: HttpRequest,
    election_id: int,
    form_class: type[Form],
    name: str,
    operation: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Take the document, then decide; what is wrong is said in the form, with what was typed."""
    election, document, refusal = _election_or_404(election_id), None, None
    try:
        document = take_document(request, operations.SCOPE)
    except Refused as error:
        refusal = error
    form = form_class(request.POST)
    try:
        with dropped_if_refused(document):
            _carry(form, refusal, operation, election, document, request)
    except Refused as error:
        _add(form, error)
        return _show(request, election, **{name: form})
    messages.success(request, done)
    return redirect("retention", election.pk)


def _carry(
    form: Form,
    refusal: Refused | None,
    operation: Callable[..., Any],
    election: Election,
    document: Document | None,
    request: HttpRequest,
) -> None:
    valid = form.is_valid()
    if refusal:
        raise refusal
    if not valid:
        raise Refused("form_incomplete", "")
    said = {key: value for key, value in form.cleaned_data.items() if key != "document"}
    operation(election, by=request.user, document=document, **said)


def _add(form: Form, refusal: Refused) -> None:
    if refusal.message:
        add_refusal(form, refusal)


@require_POST
@declare(Permission.MANAGE_RETENTION)
def lift_hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    """One of the two approvals by which a hold ends."""
    hold = get_object_or_404(LegalHold.objects.select_related("election__rule_set"), pk=hold_id)
    form = LiftForm(request.POST)
    if not hold.first_lifted_by_id and not form.is_valid():
        return _show(request, hold.election, lift_form=form)
    try:
        lifted = operations.lift_hold(hold, by=request.user, reason=form.data.get("reason", ""))
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        first = _(
            "Persetujuan pertama sudah dicatat. Penahanan dilepas setelah orang kedua di KPU RI setuju."
        )
        messages.success(request, first if lifted.standing else _("Penahanan sudah dilepas."))
    return redirect("retention", hold.election_id)


@require_POST
@declare(Permission.MANAGE_RETENTION)
def propose_destruction(request: HttpRequest, election_id: int) -> HttpResponse:
    """The first of two: what the page showed shall be destroyed."""
    election, form = _election_or_404(election_id), SeenForm(request.POST)
    form.is_valid()
    try:
        digest = form.cleaned_data.get("digest", "")
        operations.propose_destruction(election, by=request.user, digest=digest)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(
            request, _("Usulan sudah dicatat. Pemusnahan dimulai setelah orang lain di KPU RI setuju.")
        )
    return redirect("retention", election.pk)


@require_POST
@declare(Permission.MANAGE_RETENTION)
def approve_destruction(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """The second of two: the job begins."""
    found, form = _destruction_or_404(destruction_id), SeenForm(request.POST)
    form.is_valid()
    done = _("Disetujui. Pemusnahan dimulai dan tidak dapat dihentikan.")
    digest = form.cleaned_data.get("digest", "")
    return _told(request, found, operations.approve_destruction, done, digest=digest)


@require_POST
@declare(Permission.MANAGE_RETENTION)
def withdraw_destruction(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Take a proposal back."""
    found = _destruction_or_404(destruction_id)
    return _told(request, found, operations.withdraw_destruction, _("Usulan pemusnahan sudah ditarik."))


@require_POST
@declare(Permission.MANAGE_RETENTION)
def resume_destruction(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Go on after a fault of ours."""
    found = _destruction_or_404(destruction_id)
    return _told(request, found, operations.resume_destruction, _("Pemusnahan dilanjutkan."))


def _told(
    request: HttpRequest, found: Destruction, operation: Callable[..., Any], done: str, **more: str
) -> HttpResponse:
    try:
        operation(found, by=request.user, **more)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, done)
    return redirect("retention", found.election_id)


def _destruction_or_404(destruction_id: int) -> Destruction:
    return get_object_or_404(
        Destruction.objects.select_related("election__rule_set", "job"), pk=destruction_id
    )


@never_cache
@require_safe
@declare(Permission.MANAGE_RETENTION)
def destruction_progress(request: HttpRequest, destruction_id: int) -> HttpResponse:
    """Fragment: how far it is; once it has ended the page is read anew."""
    found = _destruction_or_404(destruction_id)
    response = render(request, "retention/_progress.html", {"destruction": found})
    if found.finished_at or not found.job or found.job.state not in ("queued", "running"):
        response["HX-Refresh"] = "true"
    return response


@never_cache
@require_safe
@declare(Permission.MANAGE_RETENTION)
def hold_document(request: HttpRequest, hold_id: int) -> StreamingHttpResponse:
    """The document of a hold."""
    hold = get_object_or_404(LegalHold.objects.select_related("document__stored_file"), pk=hold_id)
    return document_response(hold.document, of=hold, by=request.user)


@never_cache
@require_safe
@declare(Permission.MANAGE_RETENTION)
def term_document(request: HttpRequest, term_id: int) -> StreamingHttpResponse:
    """The document of another end."""
    term = get_object_or_404(RetentionTerm.objects.select_related("document__stored_file"), pk=term_id)
    return document_response(term.document, of=term, by=request.user)
