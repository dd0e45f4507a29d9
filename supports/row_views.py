"""One row of the list: opened in its place, mended, its identity shown, removed. Without script, a page of its own."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates.templatetags.wording import number
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal, tell_refusal
from supports import identities, rows
from supports.forms import SupportForm
from supports.listing import Page, row_of, rows_of
from supports.models import Submission, Support, Upload
from supports.opening import open_row
from supports.privacy.marks import refuse_restricted
from supports.privacy.notes import read_corrections
from supports.queries import audience_of, supports_visible_to
from supports.rounds import why_closed
from supports.rows import StaleRow
from supports.rules import Rule
from supports.rulings.coverage import rows_asked_for
from supports.scans.queries import scans_of
from supports.standards import key_scope, standards_of
from supports.views import pair_or_404, people_context


@never_cache
@declare(Permission.EDIT_SUPPORTS)
def support(request: HttpRequest, pair_id: int, support_id: int) -> HttpResponse:
    """The form of one row; POST saves it, checks it anew and says what is found now."""
    found = _support_or_404(request, pair_id, support_id, Permission.EDIT_SUPPORTS)
    refuse_restricted(found.nik, found.submission.pair.election_id)
    if request.method != "POST":
        return _form_answer(request, found)
    opened = bool(request.POST.get("terbuka")) and may(request.user, Permission.OPEN_IDENTITY)
    form = SupportForm(found, request.POST, present=_present(found), opened=opened)
    if not form.is_valid():
        return _form_answer(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not form.changes:
        return _form_answer(request, found, said=_("Tidak ada isian yang diubah."))
    try:
        saved = rows.edit_support(found, by=request.user, changes=form.changes, revision=_revision(request))
    except StaleRow as refusal:
        return _stale(request, found, form, refusal)
    except Refused as refusal:
        add_refusal(form, refusal)
        return _form_answer(request, found, form, status=refusal.http_status)
    return _saved(request, saved)


def _stale(request: HttpRequest, found: Support, form: SupportForm, refusal: StaleRow) -> HttpResponse:
    """Somebody was first: the row as it is now, with what was typed beside it."""
    current = _related(Support.objects).filter(pk=found.pk).first()
    if current is None:
        return _gone(request, found, refusal.message)
    message = _(
        "Baris ini sudah diubah orang lain sejak Anda membukanya, sehingga perubahan Anda belum disimpan. Inilah "
        "isinya sekarang; isian Anda tertulis di sampingnya."
    )
    typed = {name: value for name, value in form.changes.items() if value}
    return _form_answer(request, current, said=message, tone="warn", typed=typed, status=refusal.http_status)


def _saved(request: HttpRequest, saved: Support) -> HttpResponse:
    row = row_of(saved.pk, saved.submission, audience_of(request.user, saved.submission.pair))
    if row.findings:
        said = _("Tersimpan dan diperiksa: %(n)s temuan masih ada.") % {"n": number(len(row.findings))}
    else:
        said = _("Tersimpan dan diperiksa: tidak ada temuan.")
    if not request.htmx:
        messages.success(request, said)
        return redirect("support", saved.submission.pair_id, saved.pk)
    if row.findings:
        return _form_answer(request, saved, said=said, tone="warn")
    return _row_answer(request, saved, said)


@never_cache
@declare(Permission.VIEW_SUPPORTS)
def support_row(request: HttpRequest, pair_id: int, support_id: int) -> HttpResponse:
    """Fragment: the row as the list shows it."""
    return _row_answer(request, _support_or_404(request, pair_id, support_id, Permission.VIEW_SUPPORTS))


@never_cache
@require_POST
@declare(Permission.OPEN_IDENTITY)
def open_identity(request: HttpRequest, pair_id: int, support_id: int) -> HttpResponse:
    """The form with every value in clear; that it was opened is an Event."""
    found = _support_or_404(request, pair_id, support_id, Permission.EDIT_SUPPORTS)
    if not supports_visible_to(request.user, Permission.OPEN_IDENTITY).filter(pk=found.pk).exists():
        return redirect("support", pair_id, found.pk)
    present = identities.open_identity(found, by=request.user)
    form = SupportForm(found, present=present, opened=True)
    return _form_answer(
        request, found, form, said=_("Identitas dibuka. Pembukaan ini tercatat."), tone="info"
    )


@require_POST
@declare(Permission.EDIT_SUPPORTS)
def remove_support(request: HttpRequest, pair_id: int, support_id: int) -> HttpResponse:
    """Take the row away."""
    found = _support_or_404(request, pair_id, support_id, Permission.EDIT_SUPPORTS)
    try:
        rows.remove_support(found, by=request.user, revision=_revision(request))
    except Refused as refusal:
        if not request.htmx:
            tell_refusal(request, refusal)
            return redirect("supports", pair_id)
        if isinstance(refusal, StaleRow):
            return _stale_removal(request, found, refusal)
        return _form_answer(request, found, said=refusal.message, tone="bad", status=refusal.http_status)
    return _gone(request, found, _("Baris ini dihapus dan semua jumlah sudah dihitung ulang."))


def _stale_removal(request: HttpRequest, found: Support, refusal: StaleRow) -> HttpResponse:
    current = _related(Support.objects).filter(pk=found.pk).first()
    if current is None:
        return _gone(request, found, refusal.message)
    return _form_answer(request, current, said=refusal.message, tone="warn", status=refusal.http_status)


def _gone(request: HttpRequest, found: Support, said: str) -> HttpResponse:
    """In place of a row that is there no longer."""
    if not request.htmx:
        messages.info(request, said)
        return redirect("supports", found.submission.pair_id)
    return render(request, "supports/_gone.html", {"row_id": found.pk, "said": said})


def _row_answer(request: HttpRequest, found: Support, said: str = "") -> HttpResponse:
    submission = found.submission
    page = Page(rows_of([found.pk], submission, audience_of(request.user, submission.pair)), None, None)
    context = people_context(request, submission, page) | {"row": page.rows[0], "said": said, "focus": True}
    return render(request, "supports/_row.html", context)


def _form_answer(
    request: HttpRequest,
    found: Support,
    form: SupportForm | None = None,
    *,
    said: str = "",
    tone: str = "info",
    typed: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form in the list, or on a page of its own."""
    submission = found.submission
    row = row_of(found.pk, submission, audience_of(request.user, submission.pair))
    form = form or SupportForm(found, present=_present(found))
    context: dict[str, Any] = {
        **people_context(request, submission),
        "row": row,
        "form": form,
        "fields": _fields(form, row.findings, typed or {}),
        "corrections": read_corrections(found, by=request.user),
        "general": [rule for rule in row.findings if rule.field not in form.fields],
        "revision": found.revision,
        "draft_scope": key_scope(submission.pair.election),
        "closed": _why_closed(found, submission),
        "may_open": may(request.user, Permission.OPEN_IDENTITY),
        "scans": scans_of([found.pk]) if may(request.user, Permission.VIEW_SUPPORT_SCANS) else [],
        "said": said,
        "tone": tone,
        "inline": bool(request.htmx),
    }
    template = "supports/_edit_row.html" if request.htmx else "supports/support.html"
    return render(request, template, context, status=status)


def _why_closed(found: Support, submission: Submission) -> Refused | None:
    """Why the row cannot be changed now, if so."""
    upload = Upload.objects.get(pk=found.upload_id)
    return why_closed(submission, [upload], rows_asked_for(submission, upload, found.pk))


def _fields(form: SupportForm, findings: list[Rule], typed: dict[str, str]) -> list[dict[str, Any]]:
    """Each field with the findings that speak of it, and what was typed there before somebody else was first."""
    return [
        {
            "field": field,
            "rules": [rule for rule in findings if rule.field == field.name],
            "typed": typed.get(field.name, ""),
        }
        for field in form
    ]


def _present(found: Support) -> dict[str, Any]:
    """What is stored, to compare with and to know what is there; shown only by ``open_identity``."""
    return open_row(found, standards_of(found.submission).keys())


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revisi", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _support_or_404(request: HttpRequest, pair_id: int, support_id: int, permission: Permission) -> Support:
    pair = pair_or_404(request, pair_id, permission)
    visible = _related(supports_visible_to(request.user, permission))
    return get_object_or_404(visible, pk=support_id, submission__pair=pair)


def _related(supports: Any) -> Any:
    return supports.select_related("submission__pair__election__rule_set", "submission__rule_set")
