"""Jadwal tahapan, for everybody: which elections there are, their schedule now, and how it was before each change."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from candidates.history import said_changes
from candidates.models import Election, ScheduleVersion, Window
from candidates.queries import elections_announced, now
from candidates.schedules import windows_of
from candidates.timeline import timeline
from candidates.timetable import Headline, headline, timetable
from foundation.accounts.access import declare
from foundation.accounts.matrix import Permission

ELECTIONS_PER_PAGE = 25
WINDOWS_OF_ALL = Prefetch("windows", Window.objects.filter(pair=None))


@dataclass(frozen=True)
class Listed:
    """One election in the list: what is open now, or comes next."""

    election: Election
    headline: Headline


@dataclass(frozen=True)
class Told:
    """One version, and what made it in sentences."""

    version: ScheduleVersion
    lines: list[str]


@never_cache
@declare(Permission.VIEW_SCHEDULE)
def schedules(request: HttpRequest) -> HttpResponse:
    """The elections, found by name or region: a constant number of queries."""
    wanted = request.GET.get("cari", "").strip()[:100]
    elections = _asked(request).filter(practice=_practice(request)).order_by("-voting_day", "name", "id")
    if wanted:
        elections = elections.filter(Q(name__icontains=wanted) | Q(region_name__icontains=wanted))
    elections = elections.prefetch_related(WINDOWS_OF_ALL)
    page = Paginator(elections, ELECTIONS_PER_PAGE).get_page(request.GET.get("halaman"))
    moment = now()
    listed = [Listed(one, headline(one, one.windows.all(), moment)) for one in page]
    context = {"page": page, "wanted": wanted, "listed": listed, "practice": _practice(request)}
    return render(request, "candidates/schedules.html", context)


@never_cache
@declare(Permission.VIEW_SCHEDULE)
def schedule(request: HttpRequest, election_id: int) -> HttpResponse:
    """The schedule in force, with its versions."""
    election = get_object_or_404(_asked(request).prefetch_related(WINDOWS_OF_ALL), pk=election_id)
    return _show(request, election, list(election.windows.all()))


@never_cache
@declare(Permission.VIEW_SCHEDULE)
def schedule_version(request: HttpRequest, election_id: int, number: int) -> HttpResponse:
    """The schedule as it was after one change."""
    election = get_object_or_404(_asked(request), pk=election_id)
    version = get_object_or_404(ScheduleVersion.objects.filter(election=election), number=number)
    version.election = election
    return _show(request, election, windows_of(version), version)


def _show(
    request: HttpRequest, election: Election, rows: list[Window], shown: ScheduleVersion | None = None
) -> HttpResponse:
    request.election = election
    moment: datetime = now()
    versions = list(ScheduleVersion.objects.filter(election=election))
    later = [one for one in versions if shown and one.number > shown.number]
    context = {
        "election": election,
        "voting_day": shown.voting_day if shown else election.voting_day,
        "rounds": timetable(election, rows, moment),
        "timeline": timeline(election, rows, moment),
        "headline": headline(election, rows, moment),
        "versions": [Told(one, said_changes(election, one)) for one in versions],
        "shown": shown,
        "latest": versions[0] if versions else None,
        "replaced_at": later[-1].created_at if later else None,
        "moment": moment,
        "query": "?latihan=ya" if election.practice else "",
    }
    return render(request, "candidates/schedule.html", context)


def _asked(request: HttpRequest) -> QuerySet[Election]:
    """What everybody may know of; practice only when it is asked for."""
    return elections_announced(practice=_practice(request))


def _practice(request: HttpRequest) -> bool:
    return request.GET.get("latihan") == "ya"
