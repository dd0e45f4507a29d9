"""Many windows moved by one decree: to new times, or by a number of days, each on the clocks of its own zone."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import queries, refusals, schedules, zones
from candidates.mass.plans import (
    Chosen,
    Plan,
    Step,
    elections_chosen,
    finish,
    hold,
    refuse_other_plan,
    terms_of,
    without_clashes,
)
from candidates.models import MassChange, Window
from foundation.accounts.models import User
from foundation.errors import Refused

MOST_DAYS = 366


@dataclass(frozen=True)
class Move:
    """Which windows (stage, kind; empty: all) move how: by ``days``, or to new times on local clocks.

    ``opens`` and ``closes`` carry no zone: 08.00 is 08.00 in every zone. ``only_end`` leaves the beginning as it is.
    """

    stage: str = ""
    kind: str = ""
    days: int | None = None
    only_end: bool = False
    opens: datetime | None = None
    closes: datetime | None = None


def plan_moves(chosen: Chosen, move: Move, *, decree: str, by: User | None) -> Plan:
    """What moving these windows would change, and what cannot move. Changes nothing; a constant number of queries.

    Refuses without a decree, and a move that says neither days nor times.
    """
    decree = " ".join(decree.split())
    _refuse_empty(move, decree)
    elections = elections_chosen(chosen, by)
    rows = list(
        Window.objects.filter(pair=None, election__in=elections.order_by().values("pk"))
        .select_related("election")
        .order_by("election__name", "election_id", "opens_at", "id")
    )
    moment = queries.now()
    wanted = [row for row in rows if move.stage in ("", row.stage) and move.kind in ("", row.kind)]
    steps = [_step(row, move, decree, moment) for row in wanted]
    terms = terms_of(chosen=chosen, move=move)
    return Plan(MassChange.Kind.MOVED, decree, without_clashes(steps, rows), terms)


@transaction.atomic
def move_windows(chosen: Chosen, move: Move, *, decree: str, digest: str, by: User | None) -> MassChange:
    """Move the windows exactly as the plan of that digest said. Conflict when it would be another plan now."""
    hold(elections_chosen(chosen, by))
    plan = plan_moves(chosen, move, decree=decree, by=by)
    refuse_other_plan(plan, digest)
    Window.objects.bulk_update([step.window for step in plan.changes], [*schedules.TIMES, "decree"])
    return finish(plan, "window_changed", by=by)


def _step(row: Window, move: Move, decree: str, moment: datetime) -> Step:
    before, was = schedules.told(row), {name: getattr(row, name) for name in schedules.MOVABLE}
    moved = copy(row)
    moved.opens_at, moved.closes_at = _times(row, move)
    moved.decree = decree
    return Step(moved, before, schedules.told(moved), _why_not(moved, was, moment))


def _times(row: Window, move: Move) -> tuple[datetime, datetime]:
    """When the window would begin and end."""
    zone = row.election.zone
    if move.days is not None:
        shift = timedelta(days=move.days)
        return row.opens_at if move.only_end else row.opens_at + shift, row.closes_at + shift
    opens = zones.on_clock(move.opens, zone) if move.opens else row.opens_at
    closes = (
        zones.whole_last_minute(zones.on_clock(move.closes, zone), zone) if move.closes else row.closes_at
    )
    return opens, closes


def _why_not(window: Window, was: dict, moment: datetime) -> str:
    if (window.opens_at, window.closes_at) == (was["opens_at"], was["closes_at"]):
        return _("Waktunya sudah demikian.")
    try:
        refusals.refuse_strange_times(opens_at=window.opens_at, closes_at=window.closes_at)
        schedules.refuse_change(window, was, moment)
        refusals.refuse_empty_window(window)
    except Refused as refusal:
        return refusal.message
    return ""


def _refuse_empty(move: Move, decree: str) -> None:
    if not decree:
        message = _("Nomor keputusan belum diisi. Jadwal hanya dipindahkan berdasarkan keputusan.")
        raise Refused("decree_missing", message, "decree")
    if move.days is None and not (move.opens or move.closes):
        message = _("Perubahan belum diisi. Isi jumlah hari, atau waktu mulai dan waktu berakhir yang baru.")
        raise Refused("move_missing", message, "days")
    if move.days is not None and (move.opens or move.closes):
        message = _("Isi salah satu: jumlah hari, atau waktu yang baru; tidak keduanya.")
        raise Refused("move_twice", message, "days")
    if move.days is not None and not 0 < abs(move.days) <= MOST_DAYS:
        message = _(
            "%(days)s hari tidak mungkin. Isi dengan angka 1 sampai dengan %(most)s, atau negatifnya."
        )
        raise Refused("impossible_number", message % {"days": move.days, "most": MOST_DAYS}, "days")
