"""The log of outages: recorded, ended and corrected, for everybody to read.

An outage lengthens no deadline by itself; ``candidates.extensions`` proposes rulings that do.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import queries, refusals, zones
from candidates.models import Election, Outage
from foundation.accounts.access import scopes
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow import engine
from foundation.workflow.models import Event

TEXTS = ("affected", "description", "decision", "decree")
TIMES = ("began_at", "ended_at")
TITLES = {
    **{name: Outage._meta.get_field(name).verbose_name for name in (*TIMES, *TEXTS)},
    "everywhere": "seluruh pemilihan",
    "election_ids": "pemilihan",
}


def told_before(event: Event, zone: str) -> list[tuple[str, str]]:
    """What an Event of a correction says was told before: (title of the field, its value in words)."""
    return [(str(TITLES[name]), _in_words(name, value, zone)) for name, value in event.data["before"].items()]


def _in_words(name: str, value: Any, zone: str) -> str:
    if name in TIMES:
        return zones.say_start(datetime.fromisoformat(value), zone) if value else _("belum diisi")
    if name == "everywhere":
        return _("ya") if value else _("tidak")
    if name == "election_ids":
        return _("%(n)s pemilihan") % {"n": len(value)}
    return value or _("belum diisi")


@transaction.atomic
def record_outage(
    *,
    by: User | None,
    affected: str,
    description: str,
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
    everywhere: bool = False,
    election_ids: Iterable[int] = (),
    decision: str = "",
    decree: str = "",
) -> Outage:
    """Enter an outage of some elections, or of all (``everywhere``, KPU RI only); without ``ended_at`` it lasts.

    ``began_at`` is now unless given. Refuses times in the future or in the wrong order, and elections out of reach.
    """
    moment = queries.now()
    texts = {"affected": affected, "description": description, "decision": decision, "decree": decree}
    outage = Outage(
        began_at=began_at or moment,
        ended_at=ended_at,
        everywhere=everywhere,
        created_by=by,
        **{name: _tidy(text) for name, text in texts.items()},
    )
    elections = _elections(by, everywhere, election_ids)
    _refuse_times(outage, moment)
    refusals.save(outage)
    outage.elections.set(elections)
    engine.record("outage_recorded", outage, by=by, **_told(outage))
    return outage


def end_outage(outage: Outage, *, by: User | None, ended_at: datetime | None = None, **more: Any) -> Outage:
    """Say that an outage is over, now unless told otherwise. Conflict when somebody has said so already."""
    with transaction.atomic():
        if Outage.objects.select_for_update().get(pk=outage.pk).ended_at:
            raise Conflict("outage_ended", _("Gangguan ini sudah dicatat berakhir. Muat ulang halaman."))
        return correct_outage(outage, by=by, ended_at=ended_at or queries.now(), **more)


@transaction.atomic
def correct_outage(outage: Outage, *, by: User | None, reason: str = "", **changes: Any) -> Outage:
    """Change what is told about an outage. What was told before stays readable in the Event, with the ``reason``.

    Filling in what was empty (its end, the decision) needs no reason. Refuses when nothing changes, and what
    ``record_outage`` refuses.
    """
    current = Outage.objects.select_for_update().get(pk=outage.pk)
    before = _told(current)
    refuse_out_of_reach(current, by)
    for name in (*TEXTS, *TIMES, "everywhere"):
        if name in changes:
            value = changes[name]
            setattr(current, name, _tidy(value) if name in TEXTS else value)
    ids = changes.get("election_ids", before["election_ids"])
    elections = _elections(by, current.everywhere, ids)
    _refuse_times(current, queries.now())
    refusals.save(current)
    current.elections.set(elections)
    after = _told(current)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        raise Refused("nothing_changed", _("Tidak ada isian yang berubah, jadi tidak ada yang disimpan."))
    _record_change(current, by, _tidy(reason), {name: (before[name], after[name]) for name in changed})
    outage.refresh_from_db()
    return outage


def _record_change(outage: Outage, by: User | None, reason: str, changed: dict[str, tuple[Any, Any]]) -> None:
    if any(before not in ("", None) for before, _after in changed.values()):
        refusals.refuse_without_reason(reason, "reason")
        name = "outage_corrected"
    else:
        name = "outage_ended" if "ended_at" in changed else "outage_completed"
    was, now = ({field: pair[at] for field, pair in changed.items()} for at in (0, 1))
    engine.record(name, outage, by=by, reason=reason, before=was, after=now)


def refuse_out_of_reach(outage: Outage, by: User | None) -> None:
    """Refuse who may not record an outage of all the elections that this one concerns."""
    _elections(by, outage.everywhere, [one.pk for one in outage.elections.all()])


def _elections(by: User | None, everywhere: bool, ids: Iterable[int]) -> list[Election]:
    """The elections concerned. Refuses unknown ones, none at all, and those where ``by`` may not record."""
    if everywhere:
        if by is not None and not scopes(by, Permission.RECORD_OUTAGE).nation:
            message = _(
                "Gangguan seluruh pemilihan hanya dicatat oleh KPU RI. Pilih pemilihan di wilayah Anda."
            )
            raise NotAllowed("outside_your_region", message)
        return []
    wanted = set(ids)
    found = list(Election.objects.filter(pk__in=wanted))
    if len(found) != len(wanted) or not wanted:
        message = _("Pilih paling sedikit satu pemilihan yang terganggu dari daftar pemilihan.")
        raise Refused("election_unknown", message, "elections")
    for election in found:
        refusals.refuse_outside(by, Permission.RECORD_OUTAGE, election.region_id)
    return found


def _refuse_times(outage: Outage, moment: datetime) -> None:
    """Refuse a beginning or an end that is still to come, and an end before the beginning."""
    times = {name: getattr(outage, name) for name in TIMES if getattr(outage, name) is not None}
    refusals.refuse_strange_times(**times)
    for name, value in times.items():
        if value > moment:
            message = _(
                "Waktu ini masih akan datang. Gangguan dicatat setelah terjadi; periksa tanggal dan jamnya."
            )
            raise Refused("time_in_the_future", message, name)
    if "ended_at" not in times:
        return
    if outage.ended_at <= outage.began_at:
        message = _("Waktu berakhir tidak lebih lambat daripada waktu mulai. Perbaiki salah satunya.")
        raise Refused("outage_ends_before_it_begins", message, "ended_at")


def _told(outage: Outage) -> dict[str, Any]:
    """Everything that is told about an outage, as an Event keeps it."""
    times = {name: getattr(outage, name) for name in TIMES}
    return {
        **{name: value.isoformat() if value else None for name, value in times.items()},
        **{name: getattr(outage, name) for name in TEXTS},
        "everywhere": outage.everywhere,
        "election_ids": sorted(outage.elections.values_list("pk", flat=True)),
    }


def _tidy(text: str) -> str:
    """Typed text without doubled blanks."""
    return " ".join(text.split())
