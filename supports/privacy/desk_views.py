"""The commission's pages: the requests of its territory, one beside its KTP-el, the counter."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.queries import now
from candidates.territory import elections_governed_by
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.attachments.pages import page_response
from foundation.attachments.serving import document_response
from foundation.errors import Refused
from foundation.web import add_refusal, searched, tell_refusal
from foundation.workflow.table import DATA_REQUEST
from supports.privacy import copies, operations
from supports.privacy.copy_responses import copy_response
from supports.privacy.filing_forms import Filing
from supports.privacy.forms import AnswerForm, RefusalForm
from supports.privacy.links import address_of
from supports.privacy.models import DataRequest
from supports.privacy.queries import by_urgency, counts_of, requests_visible_to, rows_of_request

PER_PAGE = 25
PAGES_SHOWN = 4


@never_cache
@declare(Permission.HANDLE_DATA_REQUESTS)
def request_list(request: HttpRequest) -> HttpResponse:
    """The requests of the territory: what is overdue first, then what is due next."""
    moment = now()
    visible = requests_visible_to(request.user)
    counts = counts_of(visible, moment)
    status = request.GET.get("status", "")
    found = visible.filter(status=status) if status in DATA_REQUEST.states else visible
    page = Paginator(by_urgency(found), PER_PAGE).get_page(request.GET.get("halaman"))
    chips = [("", _("Semua"), sum(counts[state] for state in DATA_REQUEST.states))]
    chips += [(state, title, counts[state]) for state, title in DATA_REQUEST.states.items()]
    context = {"page": page, "chips": chips, "status": status, "overdue": counts["overdue"], "moment": moment}
    return render(request, "privacy/list.html", context)


def _request_or_404(request: HttpRequest, request_id: int) -> DataRequest:
    return get_object_or_404(requests_visible_to(request.user), pk=request_id)


@never_cache
@declare(Permission.HANDLE_DATA_REQUESTS)
def data_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what is asked beside the KTP-el, the rows it is about, and what can be answered."""
    return _show(request, _request_or_404(request, request_id))


@declare(Permission.HANDLE_DATA_REQUESTS)
def identity_document(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """The KTP-el that was attached, to be saved or (``?tampil``) shown."""
    found = _request_or_404(request, request_id)
    if found.document is None:
        raise Http404
    return document_response(found.document, of=found, by=request.user, inline="tampil" in request.GET)


@declare(Permission.HANDLE_DATA_REQUESTS)
def identity_page(request: HttpRequest, request_id: int, number: int) -> HttpResponse:
    """One page of it as a picture."""
    found = _request_or_404(request, request_id)
    if found.document is None or not 1 <= number <= found.document.pages:
        raise Http404
    return page_response(found.document, number, of=found, by=request.user)


@require_POST
@declare(Permission.HANDLE_DATA_REQUESTS)
def take_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Say that one works on it."""
    found = _request_or_404(request, request_id)
    try:
        operations.take_request(found, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("data_request", found.pk)


@require_POST
@declare(Permission.HANDLE_DATA_REQUESTS)
def fulfil_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Grant it to the person whose KTP-el was compared."""
    found = _request_or_404(request, request_id)
    form = AnswerForm(found, request.POST)
    return _decide(request, found, form, operations.fulfil_request, answer_form=form)


@require_POST
@declare(Permission.HANDLE_DATA_REQUESTS)
def refuse_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Refuse it with a reason."""
    found = _request_or_404(request, request_id)
    form = RefusalForm(request.POST, auto_id="id_refuse_%s")
    return _decide(request, found, form, operations.refuse_request, refusal_form=form)


@require_POST
@declare(Permission.HANDLE_DATA_REQUESTS)
def end_mark(request: HttpRequest, request_id: int) -> HttpResponse:
    """Lift what the request left at the person's rows."""
    found = _request_or_404(request, request_id)
    if not hasattr(found, "mark"):
        raise Http404
    try:
        operations.end_mark(found.mark, by=request.user)
        messages.success(request, _("Tanda pada baris pemohon diakhiri."))
    except Refused as refusal:
        tell_refusal(request, refusal)
    return redirect("data_request", found.pk)


@never_cache
@declare(Permission.HANDLE_DATA_REQUESTS)
def office_copy(request: HttpRequest, request_id: int, form: str) -> HttpResponse:
    """What is held about the person in the officer's territory, as JSON or PDF."""
    found = _request_or_404(request, request_id)
    return copy_response(copies.office_copy(found, form, by=request.user))


@never_cache
@declare(Permission.HANDLE_DATA_REQUESTS)
def counter(request: HttpRequest) -> HttpResponse:
    """For which election the officer registers a request."""
    governed = elections_governed_by(request.user, Permission.HANDLE_DATA_REQUESTS)
    governed = governed.order_by("-voting_day", "name")
    wanted = searched(request)
    if wanted:
        governed = governed.filter(name__icontains=wanted)
    page = Paginator(governed, PER_PAGE).get_page(request.GET.get("halaman"))
    return render(request, "privacy/counter_start.html", {"page": page, "wanted": wanted})


@never_cache
@csrf_exempt  # checked by take_document: the check reads the body
@declare(Permission.HANDLE_DATA_REQUESTS)
def register_request(request: HttpRequest, election_id: int) -> HttpResponse:
    """The counter: an officer types what somebody who stands there asks for."""
    governed = elections_governed_by(request.user, Permission.HANDLE_DATA_REQUESTS)
    election = get_object_or_404(governed, pk=election_id)
    filing = Filing(request, election, by=request.user)
    made = filing.submit() if request.method == "POST" else None
    if made:
        message = _("Permohonan dicatat. Tautan untuk pemohon, yang tidak ditampilkan lagi: %(link)s")
        messages.success(request, message % {"link": address_of(made[1])})
        return redirect("data_request", made[0].pk)
    context = {"election": election, "form": filing.form}
    return render(request, "privacy/counter.html", context, status=filing.http_status)


def _decide(request: HttpRequest, found: DataRequest, form: Any, decide: Any, **forms: Any) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            decide(found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
            status = refusal.http_status
        else:
            messages.success(request, _("Permohonan dijawab. Pemohon menerima tautannya melalui surel."))
            return redirect("data_request", found.pk)
    return _show(request, _request_or_404(request, found.pk), status=status, **forms)


def _show(request: HttpRequest, found: DataRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    mark = getattr(found, "mark", None)
    pages = found.document.pages if found.document else 0
    opened = operations.open_request(found, by=request.user)
    context = {
        "asked": found,
        "wish": opened.wish,
        "person": opened.person,
        "rows": rows_of_request(found),
        "answer": opened.answer,
        "mark": mark,
        "note": opened.note,
        "pages": range(1, min(pages, PAGES_SHOWN) + 1),
        "moment": now(),
        "answer_form": AnswerForm(found),
        "refusal_form": RefusalForm(auto_id="id_refuse_%s"),
        **forms,
    }
    return render(request, "privacy/data_request.html", context, status=status)
