"""Log pembacaan: who read which identities, for the offices of a territory and for the pair whose people they are.

An office sees every reading in its elections; a pair's LO those about its own pair by anybody else. What concerns
several pairs at once (matches) has no pair, so no team sees it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.translation import gettext as _

from candidates.models import Election, Pair, Zone
from candidates.territory import elections_governed_by
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission, Role
from foundation.accounts.models import User
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.queries import PAGE, Wanted, list_readings, people_of, readings_covering
from supports.models import Standing, Support
from supports.reading_log.wording import said_filter

FURTHER = "sebelum"
# Where an id stands in the address of a call: <int:pair_id>.
PLACE_OF_ID = re.compile("<[^>]*>")
# A day of another year says nothing: every reading lies after the one end and before the other.
YEARS = range(2000, 2200)
# A portion of an export, and the most it holds: narrower filters give the rest.
PORTION, MOST_EXPORTED = 5_000, 100_000


@dataclass(frozen=True)
class Asked:
    """What the log is asked for; ``since`` and ``until`` are days, both included, in WIB."""

    pair: int | None = None
    person: int | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether not everything is shown."""
        return any((self.pair, self.person, self.kind, self.since, self.until))


@dataclass(frozen=True)
class Line:
    """One reading in words."""

    reading: Reading
    who: str
    roles: str
    kind: str
    what: str
    election: str
    pair: str
    zone: str
    call: str


@dataclass(frozen=True)
class LogPage:
    """The lines, newest first, and the id below which the next ones lie; None at the end."""

    lines: list[Line]
    further: int | None


def wanted_by(user: AnyUser, asked: Asked) -> Wanted:
    """What this user may see of what is asked for. Raises Http404 for a pair whose log the user may not see."""
    held = scopes(user, Permission.VIEW_READINGS)
    more = {"person": asked.person, "kinds": _kinds(asked), **_moments(asked)}
    office = held.nation or bool(held.regions)
    if asked.pair is not None:
        governed = elections_governed_by(user, Permission.VIEW_READINGS)
        inside = office and Pair.objects.filter(pk=asked.pair, election__in=governed).exists()
        if not inside and asked.pair not in held.pairs:
            raise Http404
        return Wanted(pairs=[asked.pair], team=inside, **more)
    if not office:
        return Wanted(pairs=list(held.pairs), team=False, **more)
    if held.nation:
        return Wanted(elections=None, **more)
    governed = elections_governed_by(user, Permission.VIEW_READINGS).order_by().values_list("pk", flat=True)
    return Wanted(elections=list(governed), **more)


def read_log(user: AnyUser, asked: Asked, *, limit: int = PAGE) -> LogPage:
    """One page for this user. A constant number of queries."""
    before = {} if asked.before is None else {"before": asked.before}
    found = list_readings(wanted_by(user, asked), limit=limit + 1, **before)
    shown = found[:limit]
    return LogPage(lines_of(shown), shown[-1].pk if len(found) > limit else None)


def portions_of(wanted: Wanted) -> Iterator[list[Reading]]:
    """Everything that is wanted, newest first, up to MOST_EXPORTED, a portion at a time."""
    before, left = {}, MOST_EXPORTED
    while left and (found := list_readings(wanted, limit=min(PORTION, left), **before)):
        yield found
        before, left = {"before": found[-1].pk}, left - len(found)


def lines_of(readings: Sequence[Reading]) -> list[Line]:
    """Readings in words, the names in three queries."""
    people = dict(User.objects.filter(pk__in=people_of(readings)).values_list("pk", "name"))
    elections = Election.objects.in_bulk({one.election_id for one in readings} - {None})
    pairs = dict(
        Pair.objects.filter(pk__in={one.pair_id for one in readings} - {None}).values_list("pk", "name")
    )
    return [_line(one, people, elections, pairs) for one in readings]


def readings_about(support: Support) -> list[Line]:
    """Every reading that covered this row, alone or among others, in words."""
    area = Standing.objects.filter(pk=support.pk).values_list("area", flat=True).first() or 0
    covering = readings_covering(
        support.pk,
        pair=support.submission.pair_id,
        submission=support.submission_id,
        upload=support.upload_id,
        area=area,
        nik=str(support.nik) if support.nik else None,
    )
    return lines_of(list(covering))


def _line(
    reading: Reading, people: dict[int, str], elections: dict[int, Election], pairs: dict[int, str]
) -> Line:
    election = elections.get(reading.election_id)
    return Line(
        reading=reading,
        who=people.get(reading.by_id, _("Sistem")) if reading.by_id else _("Sistem"),
        roles=", ".join(Role(role).title for role in reading.roles.split(",") if role in set(Role)),
        kind=Kind(reading.kind).title,
        what=said_filter(reading),
        election=election.name if election else "",
        pair=pairs.get(reading.pair_id, ""),
        zone=election.zone if election else Zone.WIB,
        call=PLACE_OF_ID.sub("…", reading.call),
    )


def _kinds(asked: Asked) -> tuple[Kind, ...]:
    return (Kind(asked.kind),) if asked.kind else tuple(Kind)


def _moments(asked: Asked) -> dict[str, datetime]:
    zone, found = ZoneInfo(Zone.WIB), {}
    if asked.since and asked.since.year in YEARS:
        found["since"] = datetime.combine(asked.since, time(), zone)
    if asked.until and asked.until.year in YEARS:
        found["until"] = datetime.combine(asked.until + timedelta(days=1), time(), zone)
    return found
