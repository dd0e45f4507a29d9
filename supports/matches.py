"""Pages of the people whom several pairs of an election gave. For the commission only; identities masked."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db.models import Exists, OuterRef

from candidates.models import Election, Pair
from foundation import seal, sql
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.keys.keyring import keyring
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from supports.ingest.sheets import place_of
from supports.listing import mask
from supports.matching import rounds_of
from supports.models import ROW_BITS, PairMatch, Submission, Support, Upload
from supports.standards import key_scope

PAGE = 25


@dataclass(frozen=True)
class Given:
    """What one pair gave of a person: its first row, where that stands, and how many rows there are in all."""

    pair: Pair
    support_id: int
    name: str | None
    village: str | None
    district: str | None
    upload_id: int
    upload_name: str
    sheet: str
    row_no: int
    copies: int


@dataclass(frozen=True)
class MatchedPerson:
    """One person, and what each pair gave of them."""

    nik_masked: str
    given: list[Given]


@dataclass(frozen=True)
class MatchPage:
    """People in the order of their sealed NIKs; ``next`` is the cursor of the page after, None at the end."""

    people: list[MatchedPerson]
    next: str | None


def list_matches(election: Election, *, cursor: str = "", within: Submission | None = None) -> MatchPage:
    """One page of an election's matches, those of people ``within`` one round where it is named.

    Refuses an unknown cursor. The number of queries is constant.
    """
    found = PairMatch.objects.filter(election=election)
    if within:
        own = Support.objects.filter(nik=OuterRef("nik"), submission=within)
        found = found.filter(Exists(own))
    if cursor:
        found = found.filter(nik__gt=_position(cursor))
    niks = list(found.order_by("nik").values_list("nik", flat=True)[: PAGE + 1])
    shown = niks[:PAGE]
    given = _given(election, shown)
    masked = _masked(election, shown)
    people = [MatchedPerson(masked[nik], given[nik]) for nik in shown]
    return MatchPage(people, shown[-1].hex if len(niks) > PAGE else None)


def read_matches(
    election: Election, *, by: User, cursor: str = "", within: Submission | None = None
) -> MatchPage:
    """``list_matches`` for a person, on record as a reading of the rows it shows beside each other."""
    page = list_matches(election, cursor=cursor, within=within)
    shown = sum(len(person.given) for person in page.people)
    record_reading(Kind.MATCHES, election, by=by, rows=shown, people=len(page.people))
    return page


def _position(cursor: str) -> UUID:
    try:
        return UUID(hex=cursor)
    except ValueError as error:
        message = "Penanda halaman tidak dikenal. Mulai lagi dari halaman pertama."
        raise Refused("cursor_unknown", message, field="cursor") from error


def _given(election: Election, niks: list[UUID]) -> dict[UUID, list[Given]]:
    rounds = rounds_of(election.pk)
    lines = sql.rows(
        "supports/list_given_rows",
        niks=[str(nik) for nik in niks],
        rounds=list(rounds),
        pairs=list(rounds.values()),
    )
    pairs = Pair.objects.in_bulk({pair for _nik, pair, _first, _copies in lines})
    rows = Support.objects.defer("sealed").in_bulk([first for _nik, _pair, first, _copies in lines])
    uploads = Upload.objects.in_bulk({pk >> ROW_BITS for pk in rows})
    found: dict[UUID, list[Given]] = defaultdict(list)
    for nik, pair, first, copies in lines:
        if first in rows:
            found[UUID(nik)].append(_of_row(pairs[pair], rows[first], uploads, copies))
    return found


def _of_row(pair: Pair, row: Support, uploads: dict[int, Upload], copies: int) -> Given:
    upload = uploads[row.upload_id]
    sheet, row_no = place_of(upload.columns.get("sheets", []), row.row_no)
    return Given(
        pair=pair,
        support_id=row.pk,
        name=row.name,
        village=row.village,
        district=row.district,
        upload_id=upload.pk,
        upload_name=upload.name,
        sheet=sheet,
        row_no=row_no,
        copies=copies,
    )


def _masked(election: Election, niks: list[UUID]) -> dict[UUID, str]:
    if not niks:
        return {}
    key = keyring(key_scope(election)).nik
    opened = seal.open_niks(pl.Series([nik.hex for nik in niks], dtype=pl.String), key)
    return {nik: mask(digits) for nik, digits in zip(niks, opened.to_list(), strict=True)}
