"""In which current lists a row's person is, and how one knows them otherwise: looked up when the row is seen.

Nothing of a list is copied to the rows. Equal birth dates are equal when sealed; only those that differ are opened.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from candidates.queries import key_scope
from foundation import seal
from foundation.accounts.models import User
from foundation.keys.keyring import keyring
from foundation.readings.kinds import Kind as Reads
from foundation.readings.operations import record_reading
from foundation.regions.queries import path_names
from supports.models import Support
from verification.rolls.matching import current_rolls
from verification.rolls.models import Kind, Roll, RollEntry

# A list may give a NIK more than once.
MOST_ENTRIES = 3
ABSENT, PRESENT, NOT_LOADED = "absent", "present", "not_loaded"


@dataclass(frozen=True)
class Difference:
    """What was typed, and what the list has; both empty where nothing was opened."""

    field: str
    title: str
    typed: str
    listed: str

    @property
    def masked(self) -> "Difference":
        """Only that it differs."""
        return Difference(self.field, self.title, "", "")


@dataclass(frozen=True)
class Presence:
    """What one list says about a row's person. Without ``differences`` an entry of it agrees with the row."""

    kind: str
    title: str
    state: str
    place: str = ""
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True)
class _Looked:
    """The current ``rolls`` by their kind, the entries ``found`` in each, and those of lists in which none agrees."""

    rolls: Mapping[str, Roll]
    found: Mapping[int, list[RollEntry]]
    differing: Mapping[int, list[RollEntry]]


def presence_of(support: Support, *, by: User) -> list[Presence]:
    """What each kind of list says about a row's person, for whoever has opened the row.

    Empty while the election has no list, or the row no NIK. That birth dates of a list are opened is a Reading.
    """
    looked = _look(support)
    differing = [one for held in looked.differing.values() for one in held]
    born = {one.birth_date for one in differing if _born_otherwise(support, one)}
    opened = _open({*born, support.birth_date}, support, by, looked.rolls) if born else {}
    return _said(looked, lambda entry: _told(support, entry, opened))


def masked_presence_of(support: Support) -> list[Presence]:
    """The same for whoever has not opened it: of what differs only that it does."""
    return _said(_look(support), lambda entry: [one.masked for one in _told(support, entry, {})])


def _look(support: Support) -> _Looked:
    rolls = current_rolls(support.submission.pair.election_id) if support.nik else {}
    found: dict[int, list[RollEntry]] = defaultdict(list)
    if rolls:
        entries = RollEntry.objects.filter(roll_id__in=[one.pk for one in rolls.values()], nik=support.nik)
        for entry in entries.order_by("roll_id", "row_no"):
            found[entry.roll_id].append(entry)
    differing = {pk: held for pk, held in found.items() if not any(_agrees(support, one) for one in held)}
    return _Looked(rolls, found, differing)


def _said(looked: _Looked, tell: Callable[[RollEntry], list[Difference]]) -> list[Presence]:
    return [_presence(kind, looked, tell) for kind in Kind] if looked.rolls else []


def _presence(kind: Kind, looked: _Looked, tell: Callable[[RollEntry], list[Difference]]) -> Presence:
    roll, named = looked.rolls.get(kind), (kind.value, str(kind.label))
    if roll is None:
        return Presence(*named, NOT_LOADED)
    if roll.pk not in looked.found:
        return Presence(*named, ABSENT)
    place = ", ".join(reversed(path_names(looked.found[roll.pk][0].area)[2:]))
    told = [one for entry in looked.differing.get(roll.pk, [])[:MOST_ENTRIES] for one in tell(entry)]
    return Presence(*named, PRESENT, place, list(dict.fromkeys(told)))


def _told(support: Support, entry: RollEntry, opened: Mapping[UUID, str]) -> list[Difference]:
    told = []
    if _named_otherwise(support, entry):
        told.append(Difference("name", _("Nama"), support.name or "", entry.name or ""))
    if _born_otherwise(support, entry):
        typed, listed = (opened.get(one, "") for one in (support.birth_date, entry.birth_date))
        told.append(Difference("birth_date", _("Tanggal lahir"), typed, listed))
    return told


def _agrees(support: Support, entry: RollEntry) -> bool:
    """As verification/rolls/sql/match_rolls.sql says it of all rows."""
    return not _named_otherwise(support, entry) and not _born_otherwise(support, entry)


def _named_otherwise(support: Support, entry: RollEntry) -> bool:
    return bool(support.name and entry.name) and support.name.upper() != entry.name


def _born_otherwise(support: Support, entry: RollEntry) -> bool:
    return bool(support.birth_date and entry.birth_date) and support.birth_date != entry.birth_date


def _open(born: set[UUID], support: Support, by: User, rolls: dict[str, Roll]) -> dict[UUID, str]:
    versions = [str(roll) for roll in rolls.values()]
    whose = {"row": support.pk, "submission": support.submission_id, "upload": support.upload_id}
    record_reading(Reads.IDENTITY, support, by=by, rows=1, **whose, voter_lists=versions)
    key = keyring(key_scope(support.submission.pair.election)).birth_date
    return {sealed: seal.open_birth_date(sealed, key).strftime("%d-%m-%Y") for sealed in born}
