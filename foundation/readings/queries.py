"""Reading the readings: a page of them by keyset, and those that covered one row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from foundation import sql
from foundation.readings.kinds import OF_MANY_ROWS, Kind
from foundation.readings.models import Reading

PAGE = 50
LAST = (1 << 63) - 1
BEGINNING, END = datetime(1, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
# Ids are given at the insert, moments are those of the transaction: one may begin long before the other.
LONGEST_TRANSACTION = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
    """Which readings: of ``elections`` (None: everywhere) or, where given, of ``pairs``; [since, until).

    ``team`` says whether the pairs' own teams are meant too.
    """

    elections: Sequence[int] | None = ()
    pairs: Sequence[int] | None = None
    team: bool = True
    person: int | None = None
    kinds: Sequence[Kind] = field(default_factory=lambda: tuple(Kind))
    since: datetime = BEGINNING
    until: datetime = END


def list_readings(wanted: Wanted, *, before: int = LAST, limit: int = PAGE) -> list[Reading]:
    """The newest readings below the id ``before``; as quick among millions of readings as among ten."""
    return list(Reading.objects.filter(pk__in=ids_of(wanted, before=before, limit=limit)).order_by("-pk"))


def ids_of(wanted: Wanted, *, before: int = LAST, limit: int) -> list[int]:
    """The ids of ``list_readings``."""
    name, places = _statement(wanted)
    asked = {
        "kinds": [str(kind) for kind in wanted.kinds],
        "before": before,
        "from_id": _first_id_since(wanted.since),
        "since": wanted.since,
        "until": wanted.until,
        "limit": limit,
    }
    if wanted.until != END:
        asked["before"] = min(before, _first_id_since(wanted.until + 2 * LONGEST_TRANSACTION))
    return [pk for (pk,) in sql.rows(name, **asked, **places)]


def _statement(wanted: Wanted) -> tuple[str, dict[str, object]]:
    """The statement that begins at the narrowest index, and what it binds of places and people."""
    pairs = {"pairs": list(wanted.pairs or ()), "team": wanted.team}
    if wanted.person is not None:
        everywhere = wanted.elections is None and wanted.pairs is None
        elections = [] if wanted.pairs is not None else list(wanted.elections or ())
        places = {"person": wanted.person, "everywhere": everywhere, "elections": elections}
        return "readings/list_readings_of_person", {**places, **pairs}
    if wanted.pairs is not None:
        return "readings/list_readings_of_pairs", pairs
    if wanted.elections is not None:
        return "readings/list_readings_of_elections", {"elections": list(wanted.elections)}
    return "readings/list_readings", {}


def _first_id_since(moment: datetime) -> int:
    """An id below which every reading is older than ``moment``."""
    if moment <= BEGINNING + LONGEST_TRANSACTION:
        return 0
    later = Reading.objects.filter(at__gte=moment - LONGEST_TRANSACTION).order_by("at", "id")
    found = later.values_list("pk", flat=True).first()
    return LAST if found is None else found


def readings_covering(
    row: int, *, pair: int, submission: int, upload: int, area: int, nik: str | None = None
) -> QuerySet[Reading]:
    """The readings that opened this row: it alone, or among others by round, upload or area; the newest first.

    Of the others it is certain that their filter covered the row, not that it had its present content then. ``nik``
    is the row's sealed NIK: then searches for exactly that NIK are among them.
    """
    many = Q(row_id=None, pair_id=pair, kind__in=[str(kind) for kind in OF_MANY_ROWS])
    many &= Q(submission_id=None) | Q(submission_id=submission)
    many &= Q(upload_id=None) | Q(upload_id=upload)
    many &= Q(area_from=None) | Q(area_from__lte=area, area_to__gt=area)
    found = Q(row_id=row) | many
    if nik:
        found |= Q(pair_id=pair, kind=str(Kind.SEARCH), filter__nik=nik)
    return Reading.objects.filter(found).order_by("-pk")


def people_of(readings: Iterable[Reading]) -> set[int]:
    """The ids of who read."""
    return {reading.by_id for reading in readings if reading.by_id}
