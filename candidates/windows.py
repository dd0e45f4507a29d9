"""Whether a pair may fill or hand in at a moment, and in what words. Pure: no Django.

A window is half-open [opens_at, closes_at). With daily hours it is open between these on the clocks of the
election's zone, and on the last day until ``closes_at`` (08.00 to 16.00, on the last day to 24.00: the usual
announcement). What a ruling gives a pair is added to the election's windows: it can lengthen what is open and
never shortens it. A ruling may open for some rows only; of several windows, a row may change if one lets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from candidates import zones

WHAT = {"filling": "pengisian dukungan", "handing_in": "penyerahan dukungan"}
# How a window of a ruling that does not cover all rows says so.
ONLY_FOR = {
    "new": " hanya untuk baris baru",
    "named": " hanya untuk baris dari unggahan yang disebut di dalamnya",
    "rows": " hanya untuk baris yang disebut di dalamnya",
}

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Window:
    """One window as scheduled: ``hours`` are the daily ones, ``ruling`` names what made it a pair's own.

    ``covers`` says which rows may change in it (all, new, named, rows, frozen); ``uploads`` are those of a named
    set, ``names_rows`` is the id of the ruling that names them one by one. ``outage`` is the id of the
    outage that was the reason.
    """

    opens_at: datetime
    closes_at: datetime
    hours: tuple[time, time] | None = None
    ruling: str = ""
    covers: str = "all"
    uploads: frozenset[int] = frozenset()
    outage: int | None = None
    names_rows: int | None = None


@dataclass(frozen=True)
class Waiting:
    """A ruling whose window has not been opened yet; ``planned_at`` is when that was promised."""

    document: str
    approved: bool
    planned_at: datetime | None = None


@dataclass(frozen=True)
class Rows:
    """Which rows may change now: new ones be added, and of those that are there the named ones be changed.

    ``every`` row, those of uploads received ``since`` a moment, those of the ``uploads``, or those that ``rulings``
    name one by one (``supports.rulings.coverage``).
    """

    add: bool = False
    every: bool = False
    since: datetime | None = None
    uploads: frozenset[int] = frozenset()
    rulings: frozenset[int] = frozenset()

    def may_change(self, upload: int, received_at: datetime) -> bool:
        """Whether all rows of an upload may be mended and taken away."""
        new = self.since is not None and received_at >= self.since
        return self.every or new or upload in self.uploads


NO_ROWS = Rows()


@dataclass(frozen=True)
class WindowState:
    """The answer at one moment: ``reason`` says since or until when, and why.

    ``opens_at`` and ``closes_at`` are the ends of the window it speaks of, None when none was ever scheduled.
    ``changes_at`` is when ``open`` changes next as things stand, None when never; ``zone`` WIB, WITA or WIT.
    ``rows`` says which rows may change, ``outage`` which outage has lengthened the window.
    """

    open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    changes_at: datetime | None
    reason: str
    zone: str
    rows: Rows = NO_ROWS
    outage: int | None = None


def judge(
    windows: Sequence[Window],
    *,
    kind: str,
    stage: str,
    zone: str,
    now: datetime,
    waiting: Sequence[Waiting] = (),
    frozen: Sequence[Window] = (),
) -> WindowState:
    """The state of the windows of one kind ("filling", "handing_in") and stage at ``now``.

    ``stage`` is the title to be read ("Perbaikan Kesatu"), empty for the first round. ``frozen`` are windows of
    rulings that let the pair hand in and leave its rows as they are: a closed filling is explained by them.
    """
    what = f"Masa {WHAT[kind]} {stage}".rstrip()
    open_now = [window for window in windows if _is_open(window, now, zone)]
    if open_now:
        return _open_state(windows, open_now, what, zone, now)
    rest = _upcoming_state(windows, what, zone, now) or _past_state(windows, what, zone)
    return _explained(rest, [one for one in frozen if _is_open(one, now, zone)], waiting, zone)


def rows_of(open_now: Sequence[Window]) -> Rows:
    """What the windows that are open let a team do with rows: whatever one of them lets."""
    covered = {window.covers for window in open_now}
    # What took the place of named rows came since, and may be mended again like what was added.
    since = [window.opens_at for window in open_now if window.covers in ("new", "named", "rows")]
    return Rows(
        add=bool(covered & {"all", "new"}),
        every="all" in covered,
        since=min(since, default=None),
        uploads=frozenset[int]().union(*(window.uploads for window in open_now)),
        rulings=frozenset(window.names_rows for window in open_now if window.names_rows),
    )


def span_from(window: Window, moment: datetime, zone: str) -> Span | None:
    """The opening that holds ``moment`` or is the next after it; None when the window does not open again."""
    if window.hours is None:
        return (window.opens_at, window.closes_at) if moment < window.closes_at else None
    today = zones.local(max(moment, window.opens_at), zone).date()
    for day in (today, today + timedelta(days=1)):
        opening = _span_of_day(window, window.hours, day, zone)
        if opening and moment < opening[1]:
            return opening
    return None


def last_day(window: Window, zone: str) -> date:
    """The local day on which the window ends; an end at 24.00 belongs to the day before."""
    return zones.local(window.closes_at - timedelta(microseconds=1), zone).date()


def _span_of_day(window: Window, hours: tuple[time, time], day: date, zone: str) -> Span | None:
    opens = max(window.opens_at, zones.at(day, hours[0], zone))
    closes = window.closes_at
    if day < last_day(window, zone):
        closes = zones.whole_last_minute(zones.at(day, hours[1], zone), zone)
    return (opens, closes) if opens < closes and day <= last_day(window, zone) else None


def _is_open(window: Window, moment: datetime, zone: str) -> bool:
    opening = span_from(window, moment, zone)
    return opening is not None and opening[0] <= moment


def last_of_chain(windows: Sequence[Window], first: Window) -> Window:
    """The window with which time ends that goes on without a break from ``first``: one begins where another ends."""
    last = first
    while more := [one for one in windows if one.opens_at <= last.closes_at < one.closes_at]:
        last = max(more, key=lambda window: window.closes_at)
    return last


def overlaps(window: Window, start: datetime, end: datetime, zone: str) -> bool:
    """Whether the window was open at some moment of [start, end)."""
    opening = span_from(window, start, zone)
    return opening is not None and opening[0] < end


def _open_state(
    windows: Sequence[Window], open_now: Sequence[Window], what: str, zone: str, now: datetime
) -> WindowState:
    last = max(open_now, key=lambda window: window.closes_at)
    final = last_of_chain(windows, last)
    until = _open_until(windows, zone, now)
    end = zones.say_end(final.closes_at, zone)
    end += f", diperpanjang berdasarkan {final.ruling}" if final is not last and final.ruling else ""
    why = _why_open(open_now, last)
    if until >= final.closes_at:
        reason = f"{what} dibuka{why} sampai {end}."
    else:
        reason = f"{what} dibuka{why} {_pause(until, zone, now)} dan berakhir {end}."
    return WindowState(
        open=True,
        opens_at=last.opens_at,
        closes_at=final.closes_at,
        changes_at=until,
        reason=reason,
        zone=zones.LABELS[zone],
        rows=rows_of(open_now),
        outage=final.outage or last.outage,
    )


def _why_open(open_now: Sequence[Window], last: Window) -> str:
    """Which ruling it is open by, and for which rows, where the election's own window is not."""
    if any(not window.ruling for window in open_now):
        return ""
    alike = len({window.covers for window in open_now}) == 1
    return f" berdasarkan {last.ruling}{ONLY_FOR.get(last.covers, '') if alike else ''}"


def _open_until(windows: Sequence[Window], zone: str, now: datetime) -> datetime:
    """The first moment from ``now`` at which none of the windows is open."""
    until = now
    while openings := [span_from(window, until, zone) for window in windows if _is_open(window, until, zone)]:
        until = max(opening[1] for opening in openings if opening)
    return until


def _pause(moment: datetime, zone: str, now: datetime) -> str:
    """Until when it is open without a pause: "hari ini sampai pukul 16.00 WITA", or with its date."""
    if zones.local(moment - timedelta(microseconds=1), zone).date() == zones.local(now, zone).date():
        return f"hari ini sampai {zones.say_end_time(moment, zone)}"
    return f"sampai {zones.say_end(moment, zone)}"


def _upcoming_state(windows: Sequence[Window], what: str, zone: str, now: datetime) -> WindowState | None:
    """Closed now, and open again or for the first time later."""
    coming = [(opening[0], window) for window in windows if (opening := span_from(window, now, zone))]
    if not coming:
        return None
    start, window = min(coming, key=lambda pair: pair[0])
    first = span_from(window, window.opens_at, zone)
    if first and first[1] <= now:
        again = _again(start, zone, now)
        reason = f"{what} dibuka kembali {again} dan berakhir {zones.say_end(window.closes_at, zone)}."
    else:
        reason = f"{what} dijadwalkan {zones.say_start(start, zone)}, belum dibuka."
    return WindowState(False, window.opens_at, window.closes_at, start, reason, zones.LABELS[zone])


def _again(start: datetime, zone: str, now: datetime) -> str:
    if zones.local(start, zone).date() == zones.local(now, zone).date():
        return f"hari ini {zones.say_time(start, zone)}"
    return zones.say_start(start, zone)


def _past_state(windows: Sequence[Window], what: str, zone: str) -> WindowState:
    """Closed, and nothing more is scheduled."""
    if not windows:
        reason = f"{what} belum dijadwalkan. Tunggu pengumuman jadwal dari KPU."
        return WindowState(False, None, None, None, reason, zones.LABELS[zone])
    last = max(windows, key=lambda window: window.closes_at)
    why = f" berdasarkan {last.ruling}" if last.ruling else ""
    reason = f"{what}{why} berakhir {zones.say_end(last.closes_at, zone)}."
    label = zones.LABELS[zone]
    return WindowState(False, last.opens_at, last.closes_at, None, reason, label, outage=last.outage)


def _explained(
    state: WindowState, frozen: Sequence[Window], waiting: Sequence[Waiting], zone: str
) -> WindowState:
    """The same, with what a ruling leaves as it is and what another still waits for."""
    sentences = [state.reason]
    sentences += [
        f"{one.ruling} hanya membuka penyerahan dengan jumlah baris tetap: dukungan tidak dapat ditambah, "
        "diubah, atau dihapus."
        for one in frozen
    ]
    sentences += [_what_it_waits_for(one, zone) for one in waiting]
    return replace(state, reason=" ".join(sentences))


def _what_it_waits_for(one: Waiting, zone: str) -> str:
    planned = f" dijadwalkan {zones.say_start(one.planned_at, zone)}," if one.planned_at else ""
    step = "pembukaan oleh KPU" if one.approved else "persetujuan KPU RI"
    return f"Pembukaan kembali{planned} belum dibuka: menunggu {step} (surat nomor {one.document})."
