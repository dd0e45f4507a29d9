"""Pages of supporters: ids by keyset from the narrowest index first, then everything about those few rows.

The number of queries is constant and no page counts rows. Half a million rows deep costs as much as the first page.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl
from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import Http404

from foundation import seal
from foundation.errors import Refused
from foundation.keys.keyring import keyring
from foundation.regions.codes import area_range
from foundation.workflow.table import VERMIN
from supports.ingest.sheets import place_of
from supports.models import Finding, Standing, Submission, Support, Upload, first_id
from supports.privacy.marks import hides, marks_of
from supports.repairs.showing import Place, places_beside
from supports.rules import BY_CODE, BY_NUMBER, COMMISSION, RULES, TEAM, Rule
from supports.standards import key_scope

PAGE = 50
MASK = "•" * 12


@dataclass(frozen=True)
class Filter:
    """What is asked for. ``reach`` are the region codes the reader may see rows of; None for all.

    ``own`` are the uploads the reader typed, for who may see nothing else, wherever those rows lie.
    """

    finding: str | None = None
    area: int | None = None
    status: str | None = None
    upload: int | None = None
    reach: Sequence[int] | None = None
    audience: str = TEAM
    own: Sequence[int] | None = None

    @property
    def by_id(self) -> bool:
        """Whether the rows come in the order of their files rather than by area."""
        return bool(self.finding or self.upload or self.own is not None)


@dataclass(frozen=True)
class Row:
    """One supporter as a list shows it: the identity masked.

    ``sheet`` names the sheet of a workbook with several ("" elsewhere), ``row_no`` is the row in it. ``restricted``:
    its person asked for that, and the reader sees nothing of the row but that it is there. ``marks`` are the kinds of
    what their requests left (``supports.privacy.marks``). ``replaced_by`` is the row of a later round that mends it,
    ``replaces`` the one of an earlier round that it mends.
    """

    id: int
    name: str | None
    nik_masked: str | None
    sex: str | None
    village: str | None
    district: str | None
    area: int
    status: str
    clean: bool
    upload_id: int
    upload_name: str
    sheet: str
    row_no: int
    revision: int
    findings: list[Rule] = field(default_factory=list)
    restricted: bool = False
    marks: tuple[str, ...] = ()
    replaced_by: Place | None = None
    replaces: Place | None = None


@dataclass(frozen=True)
class Page:
    """Rows, and the cursors of the pages after and before; None at the ends."""

    rows: list[Row]
    next: str | None
    previous: str | None


def list_supports(submission: Submission, wanted: Filter, *, cursor: str = "", limit: int = PAGE) -> Page:
    """One page of a round. Refuses an unknown finding code, status or cursor.

    By finding, upload or typist the rows come in file order; otherwise by area, then in file order.
    """
    order = ("support_id",) if wanted.by_id else ("area", "support_id")
    keys, onwards, backwards = keys_of_page(matching(submission, wanted), order, cursor, limit)
    rows = rows_of([key[-1] for key in keys], submission, wanted.audience)
    # Where what is counted stays and its rows are destroyed, nothing is left to page through.
    return Page(rows, onwards, backwards) if rows else Page([], None, None)


def matching(submission: Submission, wanted: Filter) -> QuerySet:
    """Rows with the ``support_id`` of everything the filter shows. Refuses an unknown finding code or status."""
    return _found_by_id(submission, wanted) if wanted.by_id else _standing(submission, wanted)


def standings_matching(submission: Submission, wanted: Filter) -> QuerySet[Standing]:
    """The same rows as Standings."""
    found = matching(submission, wanted)
    if found.model is Standing:
        return found
    return Standing.objects.filter(submission=submission, pk__in=found.values("support_id"))


def _standing(submission: Submission, wanted: Filter) -> QuerySet:
    """Standing rows of the round inside the asked area, the reader's reach, and the asked status."""
    found = Standing.objects.filter(submission=submission)
    if wanted.area is not None:
        found = found.filter(area__range=area_range(wanted.area) if wanted.area else (0, 0))
    if wanted.own is not None:
        found = found.filter(_of_uploads(wanted.own))
    elif wanted.reach is not None:
        reach = Q(pk__in=[])
        for code in wanted.reach:
            reach |= Q(area__range=area_range(code))
        found = found.filter(reach)
    if wanted.status:
        if wanted.status not in VERMIN.states:
            raise Refused("status_unknown", f"Status “{wanted.status}” tidak dikenal.", field="status")
        found = found.filter(vermin=wanted.status)
    return found


def _found_by_id(submission: Submission, wanted: Filter) -> QuerySet:
    """Driven by the finding's index where a finding is asked for, else by the upload's range of ids."""
    standing = _standing(submission, wanted)
    found = standing
    if wanted.finding:
        found = Finding.objects.filter(submission=submission, code=_rule(wanted).number)
        if wanted.own is not None:
            found = found.filter(_of_uploads(wanted.own))
        if wanted.area is not None or wanted.reach is not None or wanted.status:
            found = found.filter(support_id__in=standing.values("support_id"))
    if wanted.upload:
        found = found.filter(_of_uploads([wanted.upload]))
    return found


def _of_uploads(uploads: Sequence[int]) -> Q:
    """Rows that came with these uploads: ranges of ids."""
    found = Q(support_id__in=[])
    for upload in uploads:
        found |= Q(support_id__gte=first_id(upload), support_id__lt=first_id(upload + 1))
    return found


def _rule(wanted: Filter) -> Rule:
    rule = BY_CODE.get(wanted.finding or "")
    if rule is None or (rule.audience == COMMISSION and wanted.audience != COMMISSION):
        raise Refused("finding_unknown", f"Kode temuan “{wanted.finding}” tidak dikenal.", field="finding")
    return rule


def keys_of_page(
    found: QuerySet, order: tuple[str, ...], cursor: str, limit: int = PAGE
) -> tuple[list[tuple[int, ...]], str | None, str | None]:
    """The keys of one page, and the cursors of the pages after and before. Refuses a cursor not made here."""
    forward, position = read_cursor(cursor)
    return ends_of_page(keys_from(found, order, forward, position, limit + 1), cursor, forward, limit)


def ends_of_page(
    keys: list[tuple[int, ...]], cursor: str, forward: bool, limit: int
) -> tuple[list[tuple[int, ...]], str | None, str | None]:
    """One page out of the ``limit`` + 1 keys found from its cursor on, and the cursors of those after and before."""
    more = len(keys) > limit
    keys = keys[:limit] if forward else keys[:limit][::-1]
    onwards = written_cursor(">", keys[-1]) if keys and (more or not forward) else None
    backwards = written_cursor("<", keys[0]) if keys and (bool(cursor) if forward else more) else None
    return keys, onwards, backwards


def keys_from(
    found: QuerySet, order: tuple[str, ...], forward: bool, position: tuple[int, ...] | None, limit: int
) -> list[tuple[int, ...]]:
    """The keys from a position onwards, or before it. Refuses one of another order."""
    if position is not None:
        if len(position) != len(order):
            raise bad_cursor()
        lookup = TupleGreaterThan if forward else TupleLessThan
        single = {f"{order[0]}__{'gt' if forward else 'lt'}": position[0]}
        found = found.filter(lookup(Tuple(*order), position)) if len(order) > 1 else found.filter(**single)
    names = order if forward else tuple(f"-{name}" for name in order)
    return list(found.order_by(*names).values_list(*order)[:limit])


def written_cursor(direction: str, key: tuple[int, ...]) -> str:
    """Where a page ends, and in which direction the next one lies."""
    return direction + ".".join(map(str, key))


def read_cursor(cursor: str) -> tuple[bool, tuple[int, ...] | None]:
    """Whether the page lies onwards, and from where. Refuses what was not made here."""
    if not cursor:
        return True, None
    direction, numbers = cursor[0], cursor[1:].split(".")
    if direction not in "<>" or not all(number.isascii() and number.isdigit() for number in numbers):
        raise bad_cursor()
    position = tuple(map(int, numbers))
    if max(position) >= 1 << 63:
        raise bad_cursor()
    return direction == ">", position


def bad_cursor() -> Refused:
    """What is said of a cursor that was not made here."""
    return Refused(
        "cursor_unknown", "Penanda halaman tidak dikenal. Mulai lagi dari halaman pertama.", field="cursor"
    )


def row_of(support_id: int, submission: Submission, audience: str) -> Row:
    """One row as a list shows it. Raises Http404 when somebody took it away since it was looked up."""
    found = rows_of([support_id], submission, audience)
    if not found:
        raise Http404
    return found[0]


def rows_of(ids: Sequence[int], submission: Submission, audience: str) -> list[Row]:
    """Everything a list shows about these rows, in the given order; identities masked."""
    found_rows = Support.objects.filter(pk__in=ids, submission=submission)
    supports = {row.pk: row for row in found_rows.defer("sealed")}
    standings = {row.support_id: row for row in Standing.objects.filter(support_id__in=ids)}
    found = Upload.objects.filter(pk__in={pk >> 24 for pk in ids})
    uploads = {
        pk: (name, sheets or []) for pk, name, sheets in found.values_list("pk", "name", "columns__sheets")
    }
    unknown: tuple[str, list] = ("", [])
    places = {pk: place_of(uploads.get(pk >> 24, unknown)[1], row.row_no) for pk, row in supports.items()}
    findings = _findings(ids, submission, audience)
    masks = masked_niks(list(supports.values()), submission)
    marks = marks_of([row.nik for row in supports.values()], submission.pair.election_id)
    beside = places_beside(list(supports))
    rows = [
        Row(
            id=pk,
            name=supports[pk].name,
            nik_masked=masks[pk],
            sex=supports[pk].sex,
            village=supports[pk].village,
            district=supports[pk].district,
            area=standings[pk].area,
            status=standings[pk].vermin,
            clean=standings[pk].clean,
            upload_id=pk >> 24,
            upload_name=uploads.get(pk >> 24, unknown)[0],
            sheet=places[pk][0],
            row_no=places[pk][1],
            revision=supports[pk].revision,
            findings=findings[pk],
            marks=tuple(marks.get(supports[pk].nik, ())),
            replaced_by=beside.replaced_by.get(pk),
            replaces=beside.replaces.get(pk),
        )
        for pk in ids
        if pk in supports and pk in standings
    ]
    return [without_its_person(row) if audience == TEAM and hides(row.marks) else row for row in rows]


def without_its_person(row: Row) -> Row:
    """A row of which nothing is told but that it is there, and where the team's own file has it."""
    nobody = dict.fromkeys(("name", "nik_masked", "sex", "village", "district"))
    return replace(row, **nobody, findings=[], restricted=True)


def mask(nik: str) -> str:
    """The first four digits and twelve dots."""
    return f"{nik[:4]}{MASK}"


def masked_niks(supports: Sequence[Support], submission: Submission) -> dict[int, str | None]:
    """Each row's NIK as a list shows it: nothing that the other columns do not give away."""
    if not supports:
        return {}
    key = keyring(key_scope(submission.pair.election)).nik
    sealed = pl.Series([row.nik.hex if row.nik else None for row in supports], dtype=pl.String)
    opened = seal.open_niks(sealed, key)
    return {row.pk: mask(nik) if nik else None for row, nik in zip(supports, opened.to_list(), strict=True)}


def _findings(ids: Sequence[int], submission: Submission, audience: str) -> dict[int, list[Rule]]:
    """The rules that speak of each row; reached through the short list of codes, which is the index's order."""
    codes = [rule.number for rule in RULES if audience == COMMISSION or rule.audience == TEAM]
    found: dict[int, list[Rule]] = defaultdict(list)
    rows = Finding.objects.filter(submission=submission, code__in=codes, support_id__in=ids).order_by("code")
    for code, support_id in rows.values_list("code", "support_id"):
        found[support_id].append(BY_NUMBER[code])
    return found
