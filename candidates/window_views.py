"""One election's page: when each round may be filled and handed in, what is open now, a new window."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from candidates import operations, refusals
from candidates.forms import WindowForm
from candidates.models import Election
from candidates.queries import elections_visible_to, now, requirement_of, windows_visible_to
from candidates.thresholds import AREA_NAMES
from candidates.timetable import timetable
from foundation.accounts.access import declare, may
from foundation.accounts.matrix import Permission
from foundation.errors import Refused, sentence_of
from foundation.web import add_refusal


@never_cache
@declare(GET=Permission.VIEW_ELECTION, POST=Permission.MANAGE_WINDOWS)
def election_page(request: HttpRequest, election_id: int) -> HttpResponse:
    """The windows of an election in its local zone; POST schedules one more."""
    permission = Permission.MANAGE_WINDOWS if request.method == "POST" else Permission.VIEW_ELECTION
    visible = elections_visible_to(request.user, permission).prefetch_related("areas")
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
    moment = now()
    rows = windows_visible_to(request.user, election).filter(pair=None)
    own = windows_visible_to(request.user, election).exclude(pair=None).select_related("pair", "ruling")
    context = {
        "election": election,
        "requirement": requirement_of(election),
        "area_name": AREA_NAMES[election.level],
        "rounds": timetable(election, rows, moment),
        "rounds_of_pairs": timetable(election, own, moment),
        "form": form,
        "why_not": sentence_of(
            refusals.refuse_outside, request.user, Permission.MANAGE_WINDOWS, election.region_id
        ),
        "may_schedule": may(request.user, Permission.MANAGE_WINDOWS),
    }
    return render(request, "candidates/election.html", context, status=422 if form.errors else 200)
