"""A schedule as a picture: one lane for each round and kind, where windows lie in time, and what does not fit together.

Positions are percents of the picture's width, as SVG takes them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from candidates import zones
from candidates.models import Election, Window
from candidates.queries import rules_of

MOST_TICKS = 6
STEPS = (1, 2, 3, 7, 14, 30, 61, 92, 183, 366)
FILLING, HANDING_IN = Window.Kind.FILLING, Window.Kind.HANDING_IN


@dataclass(frozen=True)
class Bar:
    """One window: where it begins, how long it is, how it looks, and what it says to who cannot see it."""

    x: str
    width: str
    tone: str
    label: str


@dataclass(frozen=True)
class Lane:
    """What one kind of windows of one round looks like."""

    title: str
    kind: str
    bars: list[Bar]


@dataclass(frozen=True)
class Tick:
    """A day that is written above the picture."""

    x: str
    text: str
    late: bool  # so near the right edge that its text stands to its left


@dataclass(frozen=True)
class Timeline:
    """The whole picture; ``today`` is where now is, if it is in it."""

    lanes: list[Lane]
    ticks: list[Tick]
    today: str | None
    warnings: list[str]


def timeline(election: Election, rows: Iterable[Window], moment: datetime) -> Timeline | None:
    """The windows of all pairs of an election; None while there are none."""
    found = sorted(rows, key=lambda row: row.opens_at)
    if not found:
        return None
    scale = _Scale(found, election.zone)
    lanes = [
        Lane(
            f"{one.title} · {kind.label}",
            kind,
            [scale.bar(row, moment) for row in found if (row.stage, row.kind) == (one.key, kind)],
        )
        for one in rules_of(election).rounds
        for kind in Window.Kind
    ]
    today = scale.at(moment) if scale.begins <= moment <= scale.ends else None
    return Timeline([one for one in lanes if one.bars], scale.ticks(), today, warnings(election, found))


class _Scale:
    """From moments to percents, whole local days at both ends."""

    def __init__(self, rows: Sequence[Window], zone: str) -> None:
        self._zone = zone
        self._first = zones.local(min(row.opens_at for row in rows), zone).date()
        last = zones.local(max(row.closes_at for row in rows) - timedelta(seconds=1), zone).date()
        self._days = (last - self._first).days + 1
        self.begins = zones.at(self._first, zones.MIDNIGHT, zone)
        self.ends = self.begins + timedelta(days=self._days)

    def at(self, moment: datetime) -> str:
        """Where a moment is."""
        return f"{100 * ((moment - self.begins) / (self.ends - self.begins)):.3f}%"

    def bar(self, row: Window, moment: datetime) -> Bar:
        """A window, wide enough to be seen."""
        share = 100 * ((row.closes_at - row.opens_at) / (self.ends - self.begins))
        state = "past" if row.closes_at <= moment else "now" if row.opens_at <= moment else "next"
        start, end = zones.say_start(row.opens_at, self._zone), zones.say_end(row.closes_at, self._zone)
        return Bar(self.at(row.opens_at), f"{max(share, 0.8):.3f}%", state, f"{start} – {end}")

    def ticks(self) -> list[Tick]:
        """A few days, evenly apart."""
        step = next((step for step in STEPS if self._days / step <= MOST_TICKS), STEPS[-1])
        days = range(0, self._days, step)
        return [Tick(f"{100 * at / self._days:.3f}%", self._name(at), at / self._days > 0.92) for at in days]

    def _name(self, at: int) -> str:
        day: date = self._first + timedelta(days=at)
        return f"{day.day} {zones.MONTHS[day.month - 1][:3]}"


def warnings(election: Election, rows: Sequence[Window]) -> list[str]:
    """What of a schedule does not fit together: nothing of it is forbidden, all of it is probably a slip."""
    found: list[str] = []
    previous: list[Window] = []
    for one in rules_of(election).rounds:
        own = [row for row in rows if row.stage == one.key]
        found += [f"{one.title}: {sentence}" for sentence in _gaps(own, election.zone)]
        if own and previous and min(row.opens_at for row in own) < max(row.closes_at for row in previous):
            found.append(_("%(round)s: dimulai sebelum putaran sebelumnya berakhir.") % {"round": one.title})
        previous = own or previous
    midnight = zones.at(election.voting_day, zones.MIDNIGHT, election.zone)
    if any(row.closes_at > midnight for row in rows):
        found.append(_("Ada masa yang berakhir sesudah hari pemungutan suara dimulai. Periksa tanggalnya."))
    return found


def _gaps(rows: Sequence[Window], zone: str) -> Iterable[str]:
    """How the filling and the handing in of one round lie to each other."""
    filling = [row for row in rows if row.kind == FILLING]
    handing_in = [row for row in rows if row.kind == HANDING_IN]
    if filling and not handing_in:
        yield _("belum ada masa penyerahan, sehingga yang diisi belum dapat diserahkan.")
    if handing_in and not filling:
        yield _("ada masa penyerahan tanpa masa pengisian.")
    if not filling or not handing_in:
        return
    filled_until = max(row.closes_at for row in filling)
    opens, closes = min(row.opens_at for row in handing_in), max(row.closes_at for row in handing_in)
    if opens < min(row.opens_at for row in filling):
        yield _("penyerahan dimulai sebelum pengisian dimulai.")
    if opens > filled_until:
        words = {"end": zones.say_end(filled_until, zone), "start": zones.say_start(opens, zone)}
        yield _("ada jeda antara akhir pengisian %(end)s dan awal penyerahan %(start)s.") % words
    if closes < filled_until:
        end = zones.say_end(closes, zone)
        yield _("pengisian masih dibuka setelah penyerahan berakhir %(end)s.") % {"end": end}
