"""Pengumuman: the list everybody reads, the form of the commission, and putting one away."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates import announcements
from candidates.announcement_forms import AnnouncementForm, WithdrawalForm
from candidates.models import Announcement, Zone
from candidates.queries import now
from candidates.territory import elections_governed_by
from candidates.timetable import Tag
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.web import add_refusal

PER_PAGE = 20


@dataclass(frozen=True)
class Shown:
    """An announcement with its state, and whether the reader may withdraw it."""

    announcement: Announcement
    tag: Tag
    own: bool


@never_cache
@declare(Permission.READ_ANNOUNCEMENTS)
def announcement_list(request: HttpRequest) -> HttpResponse:
    """All announcements for this reader, the latest first, ended ones too."""
    visible = announcements.announcements_visible_to(request.user).select_related("created_by")
    page = Paginator(visible, PER_PAGE).get_page(request.GET.get("halaman"))
    own = set()
    if may(request.user, Permission.ANNOUNCE):
        mine = announcements.announcements_withdrawable_by(request.user)
        own = set(mine.filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True))
    moment = now()
    context = {
        "page": page,
        "found": [Shown(one, _tag(one, moment), one.pk in own) for one in page],
        "may_announce": may(request.user, Permission.ANNOUNCE),
    }
    return render(request, "candidates/announcements.html", context)


def _tag(one: Announcement, moment: datetime) -> Tag:
    if one.withdrawn_at:
        return Tag("undo-2", "quiet", _("Ditarik"))
    if moment < one.shown_from:
        return Tag("hourglass", "info", _("Belum ditampilkan"))
    if one.shown_until and one.shown_until <= moment:
        return Tag("lock", "quiet", _("Berakhir"))
    return Tag("pin", "info", _("Disematkan")) if one.pinned else Tag("megaphone", "good", _("Berlaku"))


@never_cache
@declare(Permission.ANNOUNCE)
def new_announcement(request: HttpRequest) -> HttpResponse:
    """The form of a new announcement."""
    elections = list(elections_governed_by(request.user, Permission.ANNOUNCE).order_by("name"))
    zones = {one.zone for one in elections}
    zone = zones.pop() if len(zones) == 1 else Zone.WIB
    form = AnnouncementForm(elections, zone, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            announcements.announce(by=request.user, **form.told)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Pengumuman sudah disimpan dan ditampilkan sesuai waktunya."))
            return redirect("announcements")
    status = 422 if form.errors else 200
    return render(request, "candidates/announcement_form.html", {"form": form}, status=status)


@never_cache
@declare(Permission.ANNOUNCE)
def withdraw_announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Why it is withdrawn, and the withdrawal."""
    mine = announcements.announcements_withdrawable_by(request.user)
    announcement = get_object_or_404(mine, pk=announcement_id)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            announcements.withdraw_announcement(announcement, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Pengumuman sudah ditarik. Catatannya tetap dapat dibaca."))
            return redirect("announcements")
    context = {"form": form, "announcement": announcement}
    status = 422 if form.errors else 200
    return render(request, "candidates/announcement_withdrawal.html", context, status=status)


@require_POST
@declare(Permission.OWN_PROFILE)
def dismiss_announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Put an announcement away, and stay on the page one is on."""
    visible = announcements.announcements_visible_to(request.user)
    announcements.dismiss(get_object_or_404(visible, pk=announcement_id), by=request.user)
    here = request.POST.get("halaman_ini", "")
    safe = url_has_allowed_host_and_scheme(here, {request.get_host()}, require_https=request.is_secure())
    return redirect(here if safe else "announcements")
