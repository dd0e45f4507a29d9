"""Jadwal tahapan: windows are moved or taken back by decree, and every change makes a version that everybody reads.

What has begun is promised: of a window that is open only the end moves, and only to a later moment. A window of one
pair comes from a ruling and is never changed here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from candidates import queries, refusals, zones
from candidates.models import Election, ScheduleVersion, Window
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow import engine

TIMES = ("opens_at", "closes_at")
DAILY = ("daily_from", "daily_until")
MOVABLE = (*TIMES, *DAILY)

# One change of a schedule as its version keeps it: what was done, and the window before and after.
Change = dict[str, Any]


@transaction.atomic
def change_window(window: Window, *, by: User | None, decree: str, **changes: Any) -> Window:
    """Move a window by decree: ``opens_at``, ``closes_at``, ``daily_from``, ``daily_until``, those that change.

    One that has not begun may move anywhere; of one that has begun only the end, and only later. Refuses one that has
    ended, one of a pair, a change without a decree, and what ``open_window`` refuses.
    """
    current = _held(window, by)
    before, was = told(current), {name: getattr(current, name) for name in MOVABLE}
    for name, value in changes.items():
        setattr(current, name, value)
    refusals.refuse_strange_times(opens_at=current.opens_at, closes_at=current.closes_at)
    current.closes_at = zones.whole_last_minute(current.closes_at, current.election.zone)
    current.decree = _tidy(decree)
    if all(getattr(current, name) == value for name, value in was.items()):
        raise Refused("nothing_changed", _("Tidak ada isian yang berubah, jadi tidak ada yang disimpan."))
    refuse_change(current, was, queries.now())
    _refuse_without_decree(current.decree)
    refusals.refuse_empty_window(current)
    refusals.refuse_clash(current)
    refusals.save(current)
    after = told(current)
    engine.record("window_changed", current, by=by, decree=current.decree, before=before, after=after)
    change = {"what": "changed", "before": before, "after": after}
    publish(current.election, [change], by=by, decree=current.decree)
    return current


@transaction.atomic
def cancel_window(window: Window, *, by: User | None, decree: str) -> None:
    """Take back, by decree, a window that has not begun. It stays to be read in the versions of the schedule."""
    current = _held(window, by)
    if current.opens_at <= queries.now():
        message = _(
            "Masa yang sudah dimulai tidak dapat dibatalkan. Yang dapat diubah hanya waktu berakhirnya."
        )
        raise Refused("window_has_begun", message)
    decree = _tidy(decree)
    _refuse_without_decree(decree)
    before, election = told(current), current.election
    engine.record("window_cancelled", current, by=by, decree=decree, before=before)
    current.delete()
    publish(election, [{"what": "cancelled", "before": before, "after": None}], by=by, decree=decree)


def refuse_change(window: Window, was: Mapping[str, Any], moment: datetime) -> None:
    """Refuse what may no longer be changed about a window, whose times were ``was``, at a moment."""
    if moment < was["opens_at"]:
        return
    zone = window.election.zone
    if moment >= was["closes_at"]:
        message = _(
            "Masa ini sudah berakhir %(end)s, sehingga tidak dapat diubah. Jadwalkan masa baru bila perlu."
        )
        raise Refused("window_has_ended", message % {"end": zones.say_end(was["closes_at"], zone)})
    for name in ("opens_at", *DAILY):
        if getattr(window, name) != was[name]:
            message = _("Masa ini sudah dimulai, sehingga yang dapat diubah hanya waktu berakhirnya.")
            raise Refused("window_has_begun", message, name)
    if window.closes_at < was["closes_at"]:
        message = _(
            "Masa yang sedang berjalan tidak dapat dipersingkat: tim sudah mengandalkan %(end)s. Isi waktu yang "
            "lebih lambat."
        )
        end = zones.say_end(was["closes_at"], zone)
        raise Refused("window_would_be_shortened", message % {"end": end}, "closes_at")


def publish(election: Election, changes: list[Change], *, by: User | None, decree: str = "") -> None:
    """Write the next version of one schedule; the caller holds the election."""
    publish_all({election.pk: changes}, by=by, decree=decree)


def publish_all(changes: Mapping[int, list[Change]], *, by: User | None, decree: str = "") -> None:
    """Write the next version of many schedules, by election; the caller holds the elections. Four statements."""
    elections = Election.objects.filter(pk__in=changes).only("voting_day", "zone")
    numbers = _numbers(changes)
    rows: dict[int, list[Change]] = {pk: [] for pk in changes}
    for window in Window.objects.filter(election__in=changes, pair=None).order_by("opens_at", "id"):
        rows[window.election_id].append(told(window))
    ScheduleVersion.objects.bulk_create(
        ScheduleVersion(
            election=one,
            number=numbers.get(one.pk, 0) + 1,
            voting_day=one.voting_day,
            windows=rows[one.pk],
            changes=changes[one.pk],
            decree=decree,
            created_by=by,
        )
        for one in elections
    )


def _numbers(elections: Iterable[int]) -> dict[int, int]:
    latest = ScheduleVersion.objects.filter(election__in=elections).order_by().values("election")
    return dict(latest.annotate(latest=Max("number")).values_list("election", "latest"))


def added(window: Window) -> Change:
    """That a window was scheduled."""
    return {"what": "added", "before": None, "after": told(window)}


def told(window: Window) -> dict[str, Any]:
    """A window as versions and Events keep it."""
    daily = [f"{clock:%H:%M}" for clock in (window.daily_from, window.daily_until) if clock]
    return {
        "id": window.pk,
        "stage": window.stage,
        "kind": window.kind,
        "opens_at": window.opens_at.isoformat(),
        "closes_at": window.closes_at.isoformat(),
        "daily": daily,
        "decree": window.decree,
    }


def windows_of(version: ScheduleVersion) -> list[Window]:
    """The windows of a version as they were, not to be stored again."""
    return [_as_row(version.election, one) for one in version.windows]


def _as_row(election: Election, window: Mapping[str, Any]) -> Window:
    daily = [time.fromisoformat(clock) for clock in window["daily"]] or [None, None]
    return Window(
        election=election, stage=window["stage"], kind=window["kind"], decree=window["decree"],
        opens_at=datetime.fromisoformat(window["opens_at"]),
        closes_at=datetime.fromisoformat(window["closes_at"]), daily_from=daily[0], daily_until=daily[1],
    )  # fmt: skip


def _held(window: Window, by: User | None) -> Window:
    """The window as it is now, its election held. Refuses out of reach, and windows of a pair."""
    refusals.refuse_outside(by, Permission.MANAGE_WINDOWS, window.election.region_id)
    # The election first: who schedules another window of it waits here.
    election = (
        Election.objects.select_for_update(of=("self",)).select_related("rule_set").get(pk=window.election_id)
    )
    current = Window.objects.filter(pk=window.pk).first()
    if current is None:
        raise Conflict("window_gone", _("Masa ini sudah dibatalkan orang lain. Muat ulang halaman."))
    if current.pair_id is not None:
        message = _(
            "Masa ini berasal dari putusan untuk satu pasangan, sehingga tidak diubah melalui jadwal."
        )
        raise Refused("window_of_a_pair", message)
    current.election = election
    return current


def _refuse_without_decree(decree: str) -> None:
    if not decree:
        message = _(
            "Dasar perubahan belum diisi. Perubahan jadwal selalu berdasarkan keputusan: isi nomornya."
        )
        raise Refused("decree_missing", message, "decree")


def _tidy(text: str) -> str:
    return " ".join(text.split())
