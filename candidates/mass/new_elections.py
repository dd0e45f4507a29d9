"""Many elections created from one table: each row is checked where it stands, and all are created or none.

What a row says is what ``create_election`` takes, and it is refused for the same reasons; here the regions, areas and
rule sets of all rows are read together.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from candidates import queries, refusals, thresholds, zones
from candidates.mass.election_cells import Cells, read_cells
from candidates.models import Election, ElectionArea, Level, MassChange, RuleSet
from candidates.rule_sets import RuleSet as Rules
from candidates.thresholds import Requirement
from foundation import sql
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.regions.codes import PROVINCE, REGENCY, kind_of, level_of
from foundation.regions.models import Region
from foundation.workflow import engine

MOST_ROWS = 2_000
TWINS_NAMED = 5
# Held while elections are created from a table: two officers with the same table wait for each other.
CREATING = 5_121_000_000_000


@dataclass
class Line:
    """One row of the table: the election it would become with its requirement, or what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    faults: list[str] = field(default_factory=list)
    election: Election | None = None
    areas: list[tuple[int, str]] = field(default_factory=list)
    requirement: Requirement | None = None

    @property
    def title(self) -> str:
        """What the row is called: the election, else the region as it was written."""
        written = self.cells.get("name") or self.cells.get("region_name") or self.cells.get("region")
        return self.election.name if self.election else written or "–"


@dataclass(frozen=True)
class ElectionPlan:
    """All rows, in the order of the file."""

    lines: Sequence[Line]

    @property
    def faulty(self) -> list[Line]:
        """Those that cannot become an election as they are."""
        return [line for line in self.lines if line.faults]

    @cached_property
    def digest(self) -> str:
        """Of everything that a preview shows."""
        seen = [
            [
                line.number,
                dict(line.cells),
                line.faults,
                line.requirement and line.requirement.minimum,
                line.areas,
            ]
            for line in self.lines
        ]
        return hashlib.sha256(json.dumps(seen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class _Known:
    """What the rows are compared with."""

    regions: Mapping[int, Region]
    by_name: Mapping[str, list[Region]]
    areas: Mapping[int, list[tuple[int, str]]]
    rule_sets: Mapping[str, RuleSet]
    rules: Mapping[str, Rules]
    there: frozenset[tuple]


def plan_elections(rows: Sequence[Mapping[str, Any]], *, by: User | None) -> ElectionPlan:
    """What each row of a table would become: ``number`` and the cells by field. Changes nothing; four queries.

    Refuses a table without rows, and one with more than MOST_ROWS.
    """
    if not rows:
        raise Refused("table_empty", _("Tabel ini tidak berisi satu baris pun. Isi baris di bawah judulnya."))
    if len(rows) > MOST_ROWS:
        message = _("Tabel ini berisi %(n)s baris; paling banyak %(most)s. Bagi menjadi beberapa berkas.")
        raise Refused("table_too_long", message % {"n": len(rows), "most": MOST_ROWS})
    lines = [Line(row["number"], {k: v for k, v in row.items() if k != "number"}) for row in rows]
    read = {id(line): read_cells(line.cells) for line in lines}
    known = _known(read.values())
    for line in lines:
        cells = read[id(line)]
        line.faults.extend(cells.faults)
        _judge(line, cells, known, by)
    _refuse_twice(lines)
    return ElectionPlan(lines)


@transaction.atomic
def create_elections(rows: Sequence[Mapping[str, Any]], *, digest: str, by: User | None) -> MassChange:
    """Create every election of the table, exactly as it was previewed.

    Refuses a table with a faulty row; Conflict when the rows would become something else now.
    """
    sql.execute("SELECT pg_advisory_xact_lock(%s)", [CREATING])
    plan = plan_elections(rows, by=by)
    if plan.digest != digest:
        message = _(
            "Keadaan sudah berubah sejak pratinjau itu dibuat, jadi tidak ada yang dibuat. Periksa pratinjau yang baru."
        )
        raise Conflict("plan_changed", message)
    if plan.faulty:
        message = _(
            "%(n)s baris masih salah, jadi tidak ada yang dibuat. Perbaiki berkasnya, lalu unggah lagi."
        )
        raise Refused("rows_faulty", message % {"n": len(plan.faulty)})
    return _create(plan, by)


def _create(plan: ElectionPlan, by: User | None) -> MassChange:
    for line in plan.lines:
        line.election.created_by = by
    made = Election.objects.bulk_create([line.election for line in plan.lines])
    ElectionArea.objects.bulk_create(
        ElectionArea(election=line.election, code=code, name=name)
        for line in plan.lines
        for code, name in line.areas
    )
    told = [
        (line.election, {"rule_set": str(line.election.rule_set), "areas": len(line.areas)})
        for line in plan.lines
    ]
    engine.record_each("election_created", told, by=by)
    change = MassChange.objects.create(
        kind=MassChange.Kind.CREATED,
        digest=plan.digest,
        changed=len(made),
        elections=len(made),
        created_by=by,
    )
    engine.record(change.kind, change, by=by, elections=len(made), ids=[one.pk for one in made])
    return change


def _known(read: Iterable[Cells]) -> _Known:
    rows = list(read)
    codes = {row.region for row in rows if row.region}
    names = {row.region_name.casefold() for row in rows if row.region_name and not row.region}
    wanted = Region.objects.filter(level__lte=REGENCY)
    regions = {one.pk: one for one in wanted}
    by_name: dict[str, list[Region]] = defaultdict(list)
    for one in regions.values():
        if one.current and one.name.casefold() in names:
            by_name[one.name.casefold()].append(one)
    held = {one.pk for found in by_name.values() for one in found} | codes
    rule_sets = queries.newest_rule_sets()
    return _Known(
        regions=regions,
        by_name=by_name,
        areas=_areas(held, regions),
        rule_sets=rule_sets,
        rules={code: Rules.from_json(row.body) for code, row in rule_sets.items()},
        there=frozenset(
            Election.objects.filter(region_id__in=held).values_list("region_id", "voting_day", "practice")
        ),
    )


def _areas(held: set[int], regions: Mapping[int, Region]) -> dict[int, list[tuple[int, str]]]:
    """The areas of each region as they are in force; of a former region, those it had."""
    former = [code for code in held if code in regions and not regions[code].current]
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Region.objects.filter(Q(current=True) | Q(parent__in=former), parent__in=held).order_by("code")
    for parent, code, name in rows.values_list("parent", "pk", "name"):
        found[parent].append((code, name))
    return found


def _judge(line: Line, cells: Cells, known: _Known, by: User | None) -> None:
    """Make the election of a row, or say what is wrong with it."""
    region = _region(line, cells, known)
    rule_set = _rule_set(line, cells, known)
    if region is None or rule_set is None or line.faults:
        return
    level = refusals.ELECTED_IN.get(_kind(region))
    try:
        refusals.refuse_outside(by, Permission.CREATE_ELECTION, region.pk)
        refusals.refuse_voting_day(cells.voting_day)
        election = _election(cells, region, level, rule_set)
        refusals.refuse_misfit(election)
        line.areas = list(known.areas.get(region.pk, []))
        line.requirement = thresholds.requirement(
            known.rules[rule_set.code], level, cells.base, len(line.areas)
        )
    except thresholds.Impossible as error:
        line.faults.append(str(error))
        return
    except Refused as refusal:
        line.faults.append(refusal.message)
        return
    if (region.pk, cells.voting_day, cells.practice) in known.there:
        message = _("Pemilihan %(region)s dengan pemungutan suara %(day)s sudah ada.")
        line.faults.append(message % {"region": region.name, "day": zones.say_day(cells.voting_day)})
    line.election = election


def _kind(region: Region) -> str:
    return "provinsi" if level_of(region.pk) == PROVINCE else kind_of(region.pk)


def _election(cells: Cells, region: Region, level: str, rule_set: RuleSet) -> Election:
    return Election(
        name=cells.name or _name(region, level, cells.voting_day.year),
        level=level, region_id=region.pk, region_name=region.name, rule_set=rule_set, base=cells.base,
        base_date=cells.base_date, base_note=cells.base_note, decree=cells.decree, voting_day=cells.voting_day,
        zone=cells.zone or zones.zone_of(region.pk), practice=cells.practice,
    )  # fmt: skip


def _name(region: Region, level: str, year: int) -> str:
    """Pemilihan Wali Kota Bontang 2024: the region without the title that the level says already."""
    titles = {Level.BUPATI: "Kabupaten ", Level.WALIKOTA: "Kota "}
    words = {
        "level": Level(level).label.split(" dan ")[0],
        "region": region.name.removeprefix(titles.get(level, "")),
        "year": year,
    }
    return _("Pemilihan %(level)s %(region)s %(year)s") % words


def _region(line: Line, cells: Cells, known: _Known) -> Region | None:
    """The region of a row, by code or by name, of the level the row says."""
    if cells.region:
        found = known.regions.get(cells.region)
        if found is None:
            message = _("Kode daerah %(code)s tidak dikenal. Isi dengan kode Kemendagri, misalnya 6474.")
            line.faults.append(message % {"code": cells.region})
            return None
    elif cells.region_name:
        named = known.by_name.get(cells.region_name.casefold(), [])
        fitting = [one for one in named if cells.level in ("", refusals.ELECTED_IN.get(_kind(one)))]
        if len(fitting) != 1:
            message = _(
                "Nama daerah “%(name)s” tidak dikenal. Tulis lengkap, misalnya Kota Bontang, atau isi kodenya."
            )
            line.faults.append(message % {"name": cells.region_name})
            return None
        found = fitting[0]
    else:
        line.faults.append(_("Daerah belum diisi. Isi kode atau nama lengkapnya."))
        return None
    level = refusals.ELECTED_IN.get(_kind(found))
    if level is None or (cells.level and cells.level != level):
        message = _("%(region)s tidak memilih %(level)s. Periksa jenis pemilihan dan daerahnya.")
        label = Level(cells.level).label if cells.level else _("kepala daerah")
        line.faults.append(message % {"region": found.name, "level": label})
        return None
    return found


def _rule_set(line: Line, cells: Cells, known: _Known) -> RuleSet | None:
    found = known.rule_sets.get(cells.rule_set)
    if found is None:
        message = _("Aturan “%(code)s” tidak dikenal. Isi salah satu: %(known)s.")
        line.faults.append(message % {"code": cells.rule_set, "known": ", ".join(known.rule_sets)})
    return found


def _refuse_twice(lines: Sequence[Line]) -> None:
    """Two rows of one table for the same election: both say so."""
    numbers: dict[tuple, list[int]] = defaultdict(list)
    made = [line for line in lines if line.election]
    for line in made:
        numbers[_key(line.election)].append(line.number)
    message = _("Pemilihan yang sama juga ada di baris %(rows)s. Hapus salah satunya.")
    for line in made:
        twins = [str(number) for number in numbers[_key(line.election)] if number != line.number]
        if twins:
            line.faults.append(message % {"rows": ", ".join(twins[:TWINS_NAMED])})


def _key(election: Election) -> tuple:
    return (election.region_id, election.voting_day, election.practice)
