"""One election's page: what it asks for, when each round may be filled and handed in, its pairs, its history."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates import operations, refusals, schedules
from candidates.election_forms import DecreeForm, WindowChangeForm
from candidates.forms import WindowForm
from candidates.history import history
from candidates.models import Election, Window
from candidates.queries import (
    elections_visible_to,
    explanation_of,
    now,
    operators_allowed_in,
    pairs_visible_to,
    requirement_of,
    rules_of,
    windows_visible_to,
)
from candidates.thresholds import AREA_NAMES
from candidates.timeline import timeline
from candidates.timetable import timetable
from foundation.accounts.access import declare, may, scopes
from foundation.accounts.matrix import Permission
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal


@never_cache
@declare(GET=Permission.VIEW_ELECTION, POST=Permission.MANAGE_WINDOWS)
def election_page(request: HttpRequest, election_id: int) -> HttpResponse:
    """The windows of an election in its local zone; POST schedules one more."""
    permission = Permission.MANAGE_WINDOWS if request.method == "POST" else Permission.VIEW_ELECTION
    visible = elections_visible_to(request.user, permission).prefetch_related(
        "areas", Prefetch("pairs", pairs_visible_to(request.user).order_by("name"))
    )
    election = get_object_or_404(visible, pk=election_id)
    form = WindowForm(election, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.open_window(election, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Masa sudah dijadwalkan. Tim langsung melihatnya di baris masa."))
            return redirect("election", election.pk)
    return _show(request, election, form)


def _show(request: HttpRequest, election: Election, form: WindowForm) -> HttpResponse:
    request.election = election
    moment = now()
    found = list(windows_visible_to(request.user, election).select_related("pair", "ruling"))
    rows = [one for one in found if one.pair_id is None]
    own = [one for one in found if one.pair_id is not None]
    context = {
        "election": election,
        "rules": rules_of(election),
        "requirement": requirement_of(election),
        "explanation": explanation_of(election),
        "operators": operators_allowed_in(election),
        "area_name": AREA_NAMES[election.level],
        "timeline": timeline(election, rows, moment),
        "rounds": timetable(election, rows, moment),
        "rounds_of_pairs": timetable(election, own, moment),
        "form": form,
        "moment": moment,
        **_abilities(request, election),
    }
    return render(request, "candidates/election.html", context, status=422 if form.errors else 200)


def _abilities(request: HttpRequest, election: Election) -> dict[str, Any]:
    """What this user may do here, and who may read what was done."""
    user, region = request.user, election.region_id
    why_not = sentence_of(refusals.refuse_outside, user, Permission.MANAGE_WINDOWS, region)
    reads = may(user, Permission.VIEW_EVENTS) and scopes(user, Permission.VIEW_EVENTS).contains_region(region)
    return {
        "why_not": why_not,
        "may_schedule": may(user, Permission.MANAGE_WINDOWS),
        "may_manage": may(user, Permission.MANAGE_WINDOWS) and not why_not,
        "may_change": scopes(user, Permission.CHANGE_ELECTION).contains_region(region),
        "may_view_rolls": scopes(user, Permission.VIEW_ROLLS).contains_region(region),
        "may_add_pair": scopes(user, Permission.CREATE_PAIR).contains_region(region),
        "history": history(election, [one.pk for one in election.pairs.all()]) if reads else None,
    }


@never_cache
@declare(Permission.MANAGE_WINDOWS)
def change_window(request: HttpRequest, election_id: int, window_id: int) -> HttpResponse:
    """One window of an election: it is moved by decree, or taken back on the page's other form."""
    window = _window(request, election_id, window_id)
    form = WindowChangeForm(window, window.opens_at <= now(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            schedules.change_window(window, by=request.user, **form.changes)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("Masa sudah diubah. Jadwal versi baru sudah dapat dibaca semua orang.")
            )
            return redirect("election", election_id)
    return _show_window(request, window, form, DecreeForm(prefix="batal"))


@never_cache
@declare(Permission.MANAGE_WINDOWS)
def cancel_window(request: HttpRequest, election_id: int, window_id: int) -> HttpResponse:
    """A window that has not begun is taken back."""
    window = _window(request, election_id, window_id)
    form = DecreeForm(request.POST or None, prefix="batal")
    if request.method == "POST" and form.is_valid():
        try:
            schedules.cancel_window(window, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Masa sudah dibatalkan. Jadwal semula tetap dapat dibaca."))
            return redirect("election", election_id)
    return _show_window(request, window, WindowChangeForm(window, window.opens_at <= now()), form)


def _window(request: HttpRequest, election_id: int, window_id: int) -> Window:
    visible = elections_visible_to(request.user, Permission.MANAGE_WINDOWS)
    election = get_object_or_404(visible, pk=election_id)
    window = get_object_or_404(Window.objects.filter(election=election, pair=None), pk=window_id)
    window.election = request.election = election
    return window


def _show_window(
    request: HttpRequest, window: Window, form: WindowChangeForm, cancelling: DecreeForm
) -> HttpResponse:
    election, moment = window.election, now()
    region = election.region_id
    titles = {one.key: one.title for one in rules_of(election).rounds}
    context = {
        "election": election,
        "window": window,
        "stage": titles.get(window.stage, window.stage),
        "begun": window.opens_at <= moment,
        "ended": window.closes_at <= moment,
        "form": form,
        "cancelling": cancelling,
        "why_not": sentence_of(refusals.refuse_outside, request.user, Permission.MANAGE_WINDOWS, region),
    }
    status = 422 if form.errors or cancelling.errors else 200
    return render(request, "candidates/window.html", context, status=status)
