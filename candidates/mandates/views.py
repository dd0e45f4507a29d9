"""The public pages of mandates: file one without an account, follow it by its code, file it again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates.mandates import letters, operations, queries
from candidates.mandates.codes import code_of, find_by_code
from candidates.mandates.forms import CodeForm, MandateForm, told
from candidates.mandates.models import Mandate
from candidates.mandates.refusals import AlreadySubmitted
from candidates.models import Election, Pair
from candidates.queries import key_scope
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import (
    Document,
    drop_document,
    dropped_if_refused,
    read_fields,
    take_document,
)
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal, searched

ELECTIONS_PER_PAGE = 25


@never_cache
@declare(Permission.REQUEST_MANDATE)
def mandates(request: HttpRequest) -> HttpResponse:
    """Where to begin: choose the election to file for, or follow what was filed."""
    wanted = searched(request)
    elections = queries.elections_open_for_mandates().order_by("name")
    if wanted:
        elections = elections.filter(name__icontains=wanted)
    page = Paginator(elections, ELECTIONS_PER_PAGE).get_page(request.GET.get("halaman"))
    context = {"page": page, "wanted": wanted, "form": CodeForm()}
    return render(request, "mandates/start.html", context)


@never_cache
@require_POST
@declare(Permission.REQUEST_MANDATE)
def find_mandate(request: HttpRequest) -> HttpResponse:
    """From a typed code to the page of its mandate."""
    form = CodeForm(request.POST)
    if form.is_valid():
        mandate = find_by_code(form.cleaned_data["code"])
        if mandate:
            return redirect("mandate_status", code_of(mandate))
        message = _("Kode ini tidak dikenal. Salin seluruhnya dari surel atau halaman tanda terima.")
        form.add_error("code", message)
    return render(request, "mandates/find.html", {"form": form}, status=422)


@never_cache
@csrf_exempt  # checked by take_document: the check reads the body
@declare(Permission.REQUEST_MANDATE)
def request_mandate(request: HttpRequest, election_id: int) -> HttpResponse:
    """The request itself, for one election."""
    election = get_object_or_404(Election.objects.select_related("rule_set"), pk=election_id)
    filing = Filing(request, election)
    mandate = filing.submit() if request.method == "POST" else None
    if mandate:
        tell_filed(request)
        return redirect("mandate_status", code_of(mandate))
    context = {"election": election, "form": filing.form, "closed": filing.why_closed()}
    return render(request, "mandates/request.html", context, status=filing.http_status)


@never_cache
@csrf_exempt  # checked by take_document: the check reads the body
@declare(Permission.REQUEST_MANDATE)
def mandate_status(request: HttpRequest, code: str) -> HttpResponse:
    """Where a mandate stands, for whoever has its code; a refused one is mended and filed again here."""
    mandate = find_by_code(code)
    if mandate is None:
        raise Http404
    filing = None
    if mandate.status == "refused":
        filing = Filing(request, mandate.election, mandate)
        if request.method == "POST" and filing.submit():
            tell_filed(request)
            return redirect("mandate_status", code)
    context = {
        "mandate": mandate,
        "code": code_of(mandate),
        "form": filing.form if filing else None,
        "closed": filing.why_closed() if filing else "",
    }
    return render(request, "mandates/status.html", context, status=filing.http_status if filing else 200)


class Filing:
    """One form with a document on its way in: the public pages and the counter take it alike.

    ``mandate`` is the refused one that is filed again, ``pair`` the one an officer chose.
    """

    def __init__(
        self,
        request: HttpRequest,
        election: Election,
        mandate: Mandate | None = None,
        pair: Pair | None = None,
    ) -> None:
        self.http_status = 200
        self._request, self._election, self._mandate, self._pair = request, election, mandate, pair
        keeps = mandate.document.name if mandate else ""
        self._more: dict[str, Any] = {"keeps_document": keeps}
        self.form = MandateForm(election, initial=told(mandate) if mandate else None, **self._more)

    def why_closed(self) -> str:
        """Why nothing can be filed now, or nothing."""
        return sentence_of(operations.refuse_filing, self._election, self._by)

    @property
    def _by(self) -> User | None:
        return operations.filer(self._request.user)

    def submit(self) -> Mandate | None:
        """Take the document, check the form, file the mandate; None when the form says what is wrong."""
        try:
            if self.why_closed():  # says so on the page, with what was typed
                return self._too_late()
            document = take_document(self._request, key_scope(self._election), required=self._mandate is None)
        except Refused as refusal:
            return self._refused(refusal)
        self._bind()
        if not self.form.is_valid():
            drop_document(document)
            self.http_status = 422
            return None
        return self._file(document)

    def _too_late(self) -> None:
        read_fields(self._request)
        self._bind()
        self.http_status = 422

    def _file(self, document: Document | None) -> Mandate | None:
        wanted = self.form.request(self._pair)
        try:
            with dropped_if_refused(document):
                if self._mandate:
                    return operations.submit_again(self._mandate, wanted, by=self._by, document=document)
                return operations.submit_mandate(self._election, wanted, by=self._by, document=document)
        except AlreadySubmitted as refusal:
            letters.tell_received(refusal.mandate)
            return self._refused(refusal)
        except Refused as refusal:
            return self._refused(refusal)

    def _refused(self, refusal: Refused) -> None:
        if not self.form.is_bound:
            self._bind()
            self.form.is_valid()
        add_refusal(self.form, refusal)
        self.http_status = refusal.http_status

    def _bind(self) -> None:
        self.form = MandateForm(self._election, self._request.POST, **self._more)


def tell_filed(request: HttpRequest) -> None:
    """Say on the next page that it was received."""
    messages.success(request, _("Mandat sudah diterima. Simpan kode tanda terimanya."))
