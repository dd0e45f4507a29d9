"""Catatan gangguan: the log everybody reads, and the pages on which the commission keeps it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from candidates import extensions, outages, queries
from candidates.forms import DigestForm, ExtensionForm, LetterForm, OutageForm, SeenForm
from candidates.models import Election, Outage, Zone
from candidates.templatetags.wording import span
from candidates.timetable import tag_of_ruling
from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.operations import Document, dropped_if_refused, take_document
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal, tell_refusal
from foundation.workflow.models import Event

OUTAGES_PER_PAGE = 25
ELECTIONS_NAMED = 5


@dataclass(frozen=True)
class Shown:
    """An outage with the zone of its times, how long it was, and what was told before."""

    outage: Outage
    zone: str
    length: str
    elections: list[Election]
    more: int
    corrections: list[tuple[Event, list[tuple[str, str]]]]


@never_cache
@declare(Permission.VIEW_OUTAGES)
def outage_log(request: HttpRequest) -> HttpResponse:
    """Every outage, for everybody: when, how long, what, what was decided."""
    page = Paginator(queries.outages_listed(), OUTAGES_PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "outages": shown(list(page)),
        "may_record": may(request.user, Permission.RECORD_OUTAGE),
        "own": set(_own(request.user, page.object_list)),
    }
    return render(request, "candidates/outages.html", context)


def _own(user: User, found: Sequence[Outage]) -> list[int]:
    if not may(user, Permission.RECORD_OUTAGE):
        return []
    touching = queries.outages_touching(user, Permission.RECORD_OUTAGE)
    return list(touching.filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))


def shown(found: Sequence[Outage]) -> list[Shown]:
    """Outages as a page tells them; their elections are prefetched."""
    corrections = queries.corrections_of(found)
    moment = queries.now()
    return [_shown(one, corrections[one.pk], span((one.ended_at or moment) - one.began_at)) for one in found]


def _shown(outage: Outage, events: list[Event], length: str) -> Shown:
    zone = queries.zone_of(outage)
    elections = list(outage.elections.all())
    more = max(0, len(elections) - ELECTIONS_NAMED)
    told = [(event, outages.told_before(event, zone)) for event in events]
    return Shown(outage, zone, length, elections[:ELECTIONS_NAMED], more, told)


@never_cache
@declare(Permission.RECORD_OUTAGE)
def record_outage(request: HttpRequest) -> HttpResponse:
    """A new outage."""
    form = _form(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outage = outages.record_outage(by=request.user, **form.told)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Gangguan sudah dicatat dan dapat dibaca semua orang."))
            return redirect("outage", outage.pk)
    status = 422 if form.errors else 200
    return render(request, "candidates/outage_form.html", {"form": form}, status=status)


def _form(request: HttpRequest, data: Any, outage: Outage | None = None) -> OutageForm:
    """About the elections of the user's territory, in their zone if they have one only."""
    held = scopes(request.user, Permission.RECORD_OUTAGE)
    visible = queries.elections_visible_to(request.user, Permission.RECORD_OUTAGE).order_by("name")
    elections = [one for one in visible if held.contains_region(one.region_id)]
    zones_held = {one.zone for one in elections}
    zone = queries.zone_of(outage) if outage else zones_held.pop() if len(zones_held) == 1 else Zone.WIB
    return OutageForm(elections, zone, data, outage=outage, nationwide=held.nation)


def _outage_or_404(request: HttpRequest, outage_id: int) -> Outage:
    return get_object_or_404(queries.outages_touching(request.user, Permission.RECORD_OUTAGE), pk=outage_id)


@never_cache
@declare(Permission.RECORD_OUTAGE)
def outage_page(request: HttpRequest, outage_id: int) -> HttpResponse:
    """One outage: end it, correct it, and make up for it."""
    outage = _outage_or_404(request, outage_id)
    form = _form(request, request.POST or None, outage)
    if request.method == "POST" and form.is_valid():
        try:
            outages.correct_outage(outage, by=request.user, **form.changes)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("Catatan sudah diperbarui. Yang tertulis sebelumnya tetap dapat dibaca.")
            )
            return redirect("outage", outage.pk)
    return _show(request, outage, form=form)


@require_POST
@declare(Permission.RECORD_OUTAGE)
def end_outage(request: HttpRequest, outage_id: int) -> HttpResponse:
    """The outage is over now."""
    outage = _outage_or_404(request, outage_id)
    try:
        outages.end_outage(outage, by=request.user)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, _("Gangguan dicatat berakhir sekarang."))
    return redirect("outage", outage.pk)


@require_POST
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.MANAGE_WINDOWS)
def propose_extensions(request: HttpRequest, outage_id: int) -> HttpResponse:
    """A ruling for each chosen pair that lost time, all with the one document."""
    outage = _touching_or_404(request, outage_id)
    document, refusal = _taken(request, outage)
    form = _extension_form(outage, extensions.losses_of(outage, request.user), request.POST)
    try:
        with dropped_if_refused(document):
            if form.is_valid() and refusal is None:
                return _proposed(request, outage, form.cleaned_data, document)
            raise refusal or _Incomplete
    except Refused as error:
        add_refusal(form, error)
    except _Incomplete:
        pass
    return _show(request, outage, extension_form=form)


class _Incomplete(Exception):
    """The form says by itself what is wrong."""


def _taken(request: HttpRequest, outage: Outage) -> tuple[Document | None, Refused | None]:
    try:
        return take_document(request, extensions.key_scope(outage), field="letter"), None
    except Refused as refusal:
        return None, refusal


def _proposed(
    request: HttpRequest, outage: Outage, said: dict[str, Any], document: Document | None
) -> HttpResponse:
    pairs = [int(one) for one in said["pairs"]]
    terms = {"document": said["document"], "hours": said["hours"], "letter": document, "pair_ids": pairs}
    made = extensions.propose_extensions(outage, by=request.user, **terms)
    message = _("%(n)s perpanjangan sudah diusulkan. Semuanya menunggu persetujuan dua orang KPU RI.")
    messages.success(request, message % {"n": len(made)})
    return redirect("outage", outage.pk)


@require_POST
@csrf_exempt  # checked in take_document: the check reads the body
@declare(Permission.MANAGE_WINDOWS)
def attach_to_extensions(request: HttpRequest, outage_id: int) -> HttpResponse:
    """The document of all rulings of the outage that are not opened."""
    outage = _touching_or_404(request, outage_id)
    document, refusal = _taken(request, outage)
    try:
        with dropped_if_refused(document):
            if refusal:
                raise refusal
            done = extensions.attach_to_extensions(outage, by=request.user, letter=document)
    except Refused as error:
        tell_refusal(request, error)
    else:
        message = _(
            "Dokumen surat sudah dilampirkan pada %(n)s usulan. Persetujuan sebelumnya tidak berlaku."
        )
        messages.success(request, message % {"n": done})
    return redirect("outage", outage.pk)


@require_POST
@declare(Permission.APPROVE_RULING)
def approve_extensions(request: HttpRequest, outage_id: int) -> HttpResponse:
    """One approval of KPU RI to all rulings of the outage that wait for it."""
    outage = _touching_or_404(request, outage_id)
    message = _("%(n)s usulan sudah disetujui. Setiap usulan memerlukan persetujuan dua orang KPU RI.")
    seen = {"digest": DigestForm.sent(request.POST)}
    return _do_all(request, outage, extensions.approve_extensions, message, **seen)


@never_cache
@declare(Permission.MANAGE_WINDOWS)
def open_extensions(request: HttpRequest, outage_id: int) -> HttpResponse:
    """Check what would be opened for whom, then open all of it."""
    outage = _touching_or_404(request, outage_id)
    if request.method == "POST":
        message = _("%(n)s perpanjangan sudah dibuka. Tim langsung melihatnya di baris masa.")
        form = SeenForm(request.POST)
        count = form.cleaned_data["count"] if form.is_valid() else 0
        return _do_all(request, outage, extensions.open_extensions, message, count=count)
    context = {"outage": outage, "rulings": extensions.steps_left(outage, request.user).open}
    return render(request, "candidates/extension_opening.html", context)


def _touching_or_404(request: HttpRequest, outage_id: int) -> Outage:
    touching = queries.outages_touching(request.user, Permission.MANAGE_WINDOWS)
    return get_object_or_404(touching, pk=outage_id)


def _do_all(
    request: HttpRequest, outage: Outage, operation: Callable[..., int], message: str, **seen: Any
) -> HttpResponse:
    """Do it, when what was ``seen`` is still so."""
    try:
        done = operation(outage, by=request.user, **seen)
    except Refused as refusal:
        tell_refusal(request, refusal)
    else:
        messages.success(request, message % {"n": done})
    return redirect("outage", outage.pk)


def _extension_form(outage: Outage, losses: list[extensions.Loss], data: Any = None) -> ExtensionForm:
    pairs = {loss.pair.pk: f"{loss.pair.name} · {loss.pair.election.name}" for loss in losses}
    return ExtensionForm(pairs.items(), extensions.hours_lost(outage) or 1, data)


def _show(
    request: HttpRequest,
    outage: Outage,
    *,
    form: OutageForm | None = None,
    extension_form: ExtensionForm | None = None,
) -> HttpResponse:
    losses = extensions.losses_of(outage, request.user)
    moment = queries.now()
    rulings = queries.rulings_visible_to(request.user).filter(outage=outage).prefetch_related("windows")
    context = {
        "shown": shown([outage])[0],
        "outage": outage,
        "form": form or _form(request, None, outage),
        "out_of_reach": sentence_of(outages.refuse_out_of_reach, outage, request.user),
        "why_no_extension": sentence_of(extensions.refuse_extensions, outage, losses),
        "extension_form": extension_form or _extension_form(outage, losses),
        "losses": losses,
        "steps": extensions.steps_left(outage, request.user),
        "letter_form": LetterForm(auto_id="id_%s_again"),
        "may_approve": may(request.user, Permission.APPROVE_RULING),
        "rulings": [(ruling, tag_of_ruling(ruling, moment)) for ruling in rulings.order_by("pair", "id")],
    }
    faulty = (form and form.errors) or (extension_form and extension_form.errors)
    return render(request, "candidates/outage.html", context, status=422 if faulty else 200)
