"""A ruling with its document: proposed with it, given another one, read by whoever may read the pair's documents."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from candidates import refusals, ruling_letters, zones
from candidates.forms import LetterForm
from candidates.models import Pair, Ruling
from candidates.ruling_forms import RulingForm
from candidates.territory import pairs_governed_by
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission
from foundation.attachments.operations import Document, drop_document, dropped_if_refused, take_document
from foundation.attachments.serving import document_response
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal
from supports.models import Upload
from supports.reopening import nameable_uploads, propose_ruling
from supports.rulings.list_file import ListInMemory
from supports.rulings.named_rows import NamedRows, preview_named_rows
from supports.rulings.views import ruling_or_404
from supports.standards import key_scope
from supports.views import pair_or_404


def _taken(request: HttpRequest, pair: Pair) -> tuple[Document | None, Refused | None]:
    """The document of a request, or why it is none; what stands beside it can be read in both cases."""
    try:
        beside = [ListInMemory("rows_file", request)]
        return take_document(request, key_scope(pair.election), field="letter", beside=beside), None
    except Refused as refusal:
        return None, refusal


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.MANAGE_WINDOWS)
def ruling_proposal(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Propose that something is opened again for the pair, with the document that says so."""
    pair = pair_or_404(request, pair_id, Permission.MANAGE_WINDOWS)
    document, refusal = _taken(request, pair) if request.method == "POST" else (None, None)
    uploads = [(one.pk, _upload_title(one, pair)) for one in nameable_uploads(pair)]
    form = RulingForm(pair.election, uploads, request.POST or None, request.FILES or None)
    looked = "check" in request.POST
    if looked:
        drop_document(document)
    elif request.method == "POST" and _proposed(request, pair, form, document, refusal):
        messages.success(
            request, _("Usulan sudah dicatat. Sebelum dibuka, dua orang KPU RI harus menyetujuinya.")
        )
        return redirect("rulings", pair.pk)
    context = {"pair": pair, "form": form, "named": _looked_up(request, pair, form) if looked else None}
    return render(request, "supports/ruling_proposal.html", context, status=422 if form.errors else 200)


def _looked_up(request: HttpRequest, pair: Pair, form: RulingForm) -> NamedRows | None:
    """What the list of a form names. What else is wrong with the form is said when it is proposed."""
    for name in set(form.errors) - {"stage", "rows"}:
        del form.errors[name]
    if form.errors:
        return None
    lines = form.lines
    if not lines:
        form.add_error("rows", _("Daftar baris belum diisi. Tempel daftarnya, atau pilih berkas CSV."))
        return None
    return preview_named_rows(pair, form.cleaned_data["stage"], lines, by=request.user)


def _proposed(
    request: HttpRequest, pair: Pair, form: RulingForm, document: Document | None, refusal: Refused | None
) -> bool:
    """Whether it was proposed; else the form says what is wrong, and nothing is left of the document."""
    try:
        with dropped_if_refused(document):
            if not form.is_valid():
                raise refusal or _Incomplete
            if refusal:
                raise refusal
            propose_ruling(pair, by=request.user, letter=document, **form.terms)
    except Refused as error:
        add_refusal(form, error)
    except _Incomplete:
        return False
    return not form.errors


class _Incomplete(Exception):
    """The form says by itself what is wrong."""


def _upload_title(upload: Upload, pair: Pair) -> str:
    received = zones.say_start(upload.received_at, pair.election.zone)
    return _("%(name)s (diterima %(received)s)") % {"name": upload.name, "received": received}


@never_cache
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.MANAGE_WINDOWS)
def attach_letter(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """Attach the document, or another in its place; approvals that were given are void then."""
    ruling = ruling_or_404(request, ruling_id)
    form = LetterForm()
    if request.method == "POST":
        document, refusal = _taken(request, ruling.pair)
        form = LetterForm({})
        form.is_valid()
        try:
            with dropped_if_refused(document):
                if refusal:
                    raise refusal
                ruling_letters.attach_letter(ruling, by=request.user, letter=document)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                _("Dokumen surat sudah dilampirkan. Yang disetujui adalah dokumen ini dan isi usulannya."),
            )
            return redirect("rulings", ruling.pair_id)
    return _show_letter(request, ruling, form)


def _show_letter(request: HttpRequest, ruling: Ruling, form: LetterForm) -> HttpResponse:
    context: dict[str, Any] = {
        "pair": ruling.pair,
        "ruling": ruling,
        "form": form,
        "why_not": sentence_of(refusals.refuse_withdrawal, ruling, request.user),
    }
    return render(request, "supports/ruling_letter.html", context, status=422 if form.errors else 200)


@never_cache
@declare(Permission.VIEW_PAIR_DOCUMENTS)
def ruling_letter(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """The document of a ruling."""
    pairs = pairs_governed_by(request.user, Permission.VIEW_PAIR_DOCUMENTS).order_by().values("pk")
    found = Ruling.objects.filter(pair__in=pairs).exclude(attachment=None)
    ruling = get_object_or_404(found.select_related("attachment__stored_file"), pk=ruling_id)
    return document_response(ruling.attachment, of=ruling, by=request.user)
