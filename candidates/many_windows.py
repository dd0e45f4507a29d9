"""The windows of many pairs, judged together: a constant number of queries however many pairs there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from candidates import windows
from candidates.models import Ruling, Window
from candidates.queries import as_window
from candidates.windows import Waiting, WindowState


@dataclass(frozen=True)
class Asked:
    """A pair and the round it is asked about; ``title`` is how the round is read, empty for the first."""

    pair: int
    election: int
    stage: str
    title: str
    zone: str


def states(asked: Sequence[Asked], moment: datetime) -> dict[int, WindowState]:
    """By pair, whether it may hand in at ``moment``, in words; whether it may fill, while that was never scheduled."""
    rows = list(_rows(asked).select_related("ruling"))
    waiting = _waiting(asked)
    return {one.pair: _state(one, rows, waiting, moment) for one in asked}


def _rows(asked: Iterable[Asked]) -> QuerySet[Window]:
    elections, pairs = {one.election for one in asked}, {one.pair for one in asked}
    own = Q(pair=None) | Q(pair__in=pairs)
    return Window.objects.filter(
        own, election__in=elections, stage__in={one.stage for one in asked}
    ).order_by()


def _waiting(asked: Iterable[Asked]) -> dict[tuple[int, str], list[Ruling]]:
    rulings = Ruling.objects.filter(
        pair__in={one.pair for one in asked}, windows=None, withdrawn_at=None
    ).order_by("id")
    found: dict[tuple[int, str], list[Ruling]] = defaultdict(list)
    for ruling in rulings:
        found[ruling.pair_id, ruling.stage].append(ruling)
    return found


def _state(
    one: Asked, rows: Iterable[Window], waiting: Mapping[tuple[int, str], list[Ruling]], moment: datetime
) -> WindowState:
    own = [
        row
        for row in rows
        if row.election_id == one.election and row.pair_id in (None, one.pair) and row.stage == one.stage
    ]
    kind = Window.Kind.HANDING_IN
    if not any(row.kind == kind for row in own):
        kind = Window.Kind.FILLING
    both = (kind, Ruling.Opens.BOTH)
    return windows.judge(
        [as_window(row) for row in own if row.kind == kind],
        kind=kind,
        stage=one.title,
        zone=one.zone,
        now=moment,
        waiting=[
            Waiting(ruling.document, ruling.approved, ruling.planned_at)
            for ruling in waiting.get((one.pair, one.stage), [])
            if ruling.opens in both
        ],
    )
