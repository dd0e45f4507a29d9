"""Changing an election and its pairs: what may change when, each change an Event with the old and the new value.

Before any support is there everything may change. Afterwards what the support was checked by stays: level, region,
areas, base, rule set, zone. What decrees change in the middle of an election (voting day, official numbers, names of
documents, number of operators) may change always. Whether support is there, ``supports`` knows and says.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import queries, refusals, schedules, zones
from candidates.models import Election, ElectionArea, Pair, Window
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.workflow import engine

TEXTS = ("name", "base_note", "decree", "override_decree")
ALWAYS = (
    *TEXTS, "base_date", "voting_day", "override_minimum", "override_spread", "operators_allowed",
)  # fmt: skip
# What support was checked by, and how a refusal names it.
CHECKED_BY = {
    "level": "jenis pemilihan",
    "region_id": "wilayah",
    "areas": "daftar wilayah sebaran",
    "base": "angka dasar",
    "rule_set": "kumpulan aturan",
    "zone": "zona waktu",
    "parent_region_ids": "daerah induk",
    "practice": "tanda latihan",
}
TITLES = {
    **CHECKED_BY,
    "region_name": "nama wilayah",
    "name": "nama",
    "base_date": "tanggal angka dasar",
    "base_note": "sumber angka dasar",
    "decree": "keputusan",
    "voting_day": "hari pemungutan suara",
    "override_minimum": "minimum resmi",
    "override_spread": "sebaran resmi",
    "override_decree": "keputusan angka resmi",
    "operators_allowed": "jumlah operator",
}


@transaction.atomic
def change_election(
    election: Election, *, by: User | None, begun: bool, **changes: Any
) -> dict[str, list[Any]]:
    """Change an election; returns what changed: {field: [before, after]}.

    The fields are those of ``create_election``. ``begun`` says whether support is there. Refuses what may not change
    any more, what creating refuses, regions out of reach, and a change that changes nothing.
    """
    current = Election.objects.select_for_update(of=("self",)).select_related("rule_set").get(pk=election.pk)
    refusals.refuse_outside(by, Permission.CHANGE_ELECTION, current.region_id)
    before = told(current)
    areas = _apply(current, changes, by)
    after = told(current) | {"areas": [list(one) for one in areas]}
    changed = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
    if not changed:
        raise Refused("nothing_changed", _("Tidak ada isian yang berubah, jadi tidak ada yang disimpan."))
    _refuse_begun(changed, begun)
    _refuse_windows(current, changed)
    refusals.refuse_numbers(current, len(areas))
    refusals.save(current)
    if "areas" in changed:
        _store_areas(current, areas)
    engine.record("election_changed", current, by=by, changes=changed)
    if "voting_day" in changed:
        was, now = changed["voting_day"]
        change = {"what": "voting_day", "before": was, "after": now}
        schedules.publish(current, [change], by=by, decree=current.decree)
    election.refresh_from_db()
    return changed


def _apply(election: Election, changes: dict[str, Any], by: User | None) -> list[tuple[int, str]]:
    """Put the changes on the election, checked as creating checks them; returns its areas."""
    for name in {*ALWAYS, "base", "level", "region_id", "zone", "practice"} & set(changes):
        value = changes[name]
        setattr(election, name, " ".join(value.split()) if name in TEXTS else value)
    refusals.refuse_voting_day(election.voting_day)
    if "rule_set" in changes and changes["rule_set"] != election.rule_set.code:
        election.rule_set = refusals.rule_set_of(changes["rule_set"])
    moved = {"region_id", "level"} & set(changes)
    if moved:
        refusals.refuse_outside(by, Permission.CHANGE_ELECTION, election.region_id)
        election.region_name = refusals.region_of(election.level, election.region_id).name
        election.zone = election.zone if changes.get("zone") else zones.zone_of(election.region_id)
    if "parent_region_ids" in changes:
        parents = changes["parent_region_ids"]
        election.parent_region_ids = refusals.parents_of(election.region_id, parents)
    if "areas" in changes:
        return sorted(refusals.areas_of(election.region_id, changes["areas"]))
    stored = list(election.areas.values_list("code", "name"))
    if any(code // 100 != election.region_id for code, _name in stored):
        return sorted(refusals.areas_of(election.region_id, None))
    return stored


def _store_areas(election: Election, areas: Iterable[tuple[int, str]]) -> None:
    election.areas.all().delete()
    ElectionArea.objects.bulk_create(
        [ElectionArea(election=election, code=code, name=name) for code, name in areas]
    )


def _refuse_begun(changed: dict[str, list[Any]], begun: bool) -> None:
    for name, title in CHECKED_BY.items():
        if begun and name in changed:
            message = _(
                "Dukungan sudah ada dan diperiksa menurut %(what)s yang berlaku, sehingga %(what)s tidak dapat "
                "diubah lagi. Bila keputusan menetapkan angka lain, isi angka resmi beserta keputusannya."
            )
            raise Refused("support_is_there", message % {"what": title}, name)


def _refuse_windows(election: Election, changed: dict[str, list[Any]]) -> None:
    """Windows that are scheduled were promised in their zone and for the rounds of their rule set."""
    windows = Window.objects.filter(election=election)
    if "zone" in changed and windows.exists():
        message = _(
            "Jadwal sudah ada dalam zona waktu semula. Batalkan masa yang dijadwalkan, lalu ubah zonanya."
        )
        raise Refused("windows_are_there", message, "zone")
    if "rule_set" in changed:
        known = [one.key for one in queries.rules_of(election).rounds]
        if windows.exclude(stage__in=known).exists():
            message = _(
                "Ada masa yang dijadwalkan untuk putaran yang tidak ada dalam aturan baru. Batalkan masa itu lebih "
                "dahulu."
            )
            raise Refused("windows_are_there", message, "rule_set")


@transaction.atomic
def change_pair(pair: Pair, *, by: User | None, **names: str) -> Pair:
    """Correct how a pair (``name``) or its people (``head``, ``deputy``) are written; replacing one is another step.

    Refuses a name that the election already has, a pair that no longer stands, and a change that changes nothing.
    """
    Election.objects.select_for_update().get(pk=pair.election_id)
    current = Pair.objects.select_related("election").get(pk=pair.pk)
    refusals.refuse_outside(by, Permission.CREATE_PAIR, current.election.region_id)
    if current.status != Pair.machine.initial:
        message = _("Pasangan ini berstatus “%(status)s”, sehingga namanya tidak dapat diubah lagi.")
        raise Refused("pair_not_active", message % {"status": current.get_status_display()})
    before = {name: getattr(current, name) for name in ("name", "head", "deputy")}
    for name, value in names.items():
        setattr(current, name, " ".join(value.split()))
    changed = {
        name: [was, getattr(current, name)] for name, was in before.items() if was != getattr(current, name)
    }
    if not changed:
        raise Refused("nothing_changed", _("Tidak ada isian yang berubah, jadi tidak ada yang disimpan."))
    refusals.refuse_taken_name(current)
    refusals.save(current)
    engine.record("pair_renamed", current, by=by, changes=changed)
    return current


def told(election: Election) -> dict[str, Any]:
    """Everything an officer enters about an election, as an Event keeps it."""
    names = (*ALWAYS, "base", "level", "region_id", "region_name", "zone", "practice", "parent_region_ids")
    values = {name: getattr(election, name) for name in names}
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    areas = [list(one) for one in election.areas.values_list("code", "name")]
    return values | {"rule_set": str(election.rule_set), "areas": areas}
