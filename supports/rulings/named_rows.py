"""Which rows of a round a list names: one a line, by the ID of a report, by NIK, or by the team's own reference.

NIKs are sealed before they are looked for, and kept nowhere: of a list stays which rows it named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from candidates.models import Pair
from candidates.thresholds import digits
from foundation import seal, sql
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.readings.kinds import Kind
from foundation.readings.operations import record_reading
from supports import nik as niks
from supports.ingest.normalise import clean
from supports.models import Submission
from supports.removal import as_array
from supports.row_ids import LETTER, key_of_rows, read_row_ids
from supports.standards import standards_of

SHOWN = 10
HEADINGS = {"id baris", "row_id", "nik", "rujukan", "nomor rujukan", "ref"}
_FIRST_CELL = r'^\s*"?([^",;\t]*)'
_ROW_ID = rf"(?i)^{LETTER}[0-9a-f]{{32}}$"
_FOUND = {"line": pl.Int64, "id": pl.Int64}


@dataclass(frozen=True)
class NamedRows:
    """What a list came to: its lines, those that repeat an earlier one, the numbers of those that name no row of the
    round, and the ids of the rows that it names.
    """

    lines: int
    repeated: int
    missing: list[int]
    ids: list[int]

    @property
    def found(self) -> int:
        """Lines that name a row of the round."""
        return self.lines - len(self.missing)

    @property
    def first_missing(self) -> list[int]:
        """The first of the lines that name none."""
        return self.missing[:SHOWN]


def find_named_rows(pair: Pair, stage: str, lines: Sequence[str]) -> NamedRows:
    """Look for what a list names among the rows of a round of the pair; in three queries, however long it is."""
    listed = _listed(lines)
    rounds = Submission.objects.select_related("pair__election", "rule_set")
    submission = rounds.filter(pair=pair, kind=Submission.Kind.ROUND, stage=stage).first()
    found = _found(submission, listed) if submission else pl.DataFrame(schema=_FOUND)
    found = found.sort("line", "id").with_columns(new=pl.col("id").is_first_distinct())
    of_line = found.group_by("line").agg(pl.col("new").any())
    return NamedRows(
        lines=listed.height,
        repeated=of_line.height - of_line["new"].sum(),
        missing=listed.join(of_line, on="line", how="anti")["line"].sort().to_list(),
        ids=found.filter("new")["id"].sort().to_list(),
    )


def preview_named_rows(pair: Pair, stage: str, lines: Sequence[str], *, by: User) -> NamedRows:
    """``find_named_rows`` for a person who has not proposed anything yet; on record as a reading, for it tells whose
    rows there are.
    """
    named = find_named_rows(pair, stage, lines)
    record_reading(Kind.SEARCH, pair, by=by, rows=len(named.ids), by_what=["list"])
    return named


def refuse_missing(named: NamedRows, *, skip: bool) -> None:
    """Refuse a list with lines that name no row of the round, unless they are left out; and one that names none."""
    if not named.missing or (skip and named.ids):
        return
    words = {
        "missing": digits(len(named.missing)),
        "lines": digits(named.lines),
        "first": ", ".join(digits(line) for line in named.first_missing),
    }
    message = _(
        "%(missing)s dari %(lines)s baris daftar tidak ditemukan pada putaran itu (yang pertama: baris %(first)s). "
        "Betulkan daftarnya, atau pilih untuk melewati baris yang tidak ditemukan."
    )
    raise Refused("rows_not_found", message % words, "rows")


def _listed(lines: Sequence[str]) -> pl.DataFrame:
    """(line, text) of every line that says something, without the heading."""
    cells = pl.Series("text", list(lines), dtype=pl.String).str.extract(_FIRST_CELL, 1)
    frame = pl.DataFrame({"text": clean(cells, code=True)}).with_row_index("line", 1)
    frame = frame.with_columns(pl.col("line").cast(pl.Int64)).drop_nulls("text")
    return frame.slice(1) if frame.height and frame["text"][0].casefold() in HEADINGS else frame


def _found(submission: Submission, listed: pl.DataFrame) -> pl.DataFrame:
    """(line, id) of every row of the round that a line names."""
    keys = standards_of(submission).keys()
    listed = listed.with_columns(nik=niks.clean(pl.col("text")))
    is_id, is_nik = pl.col("text").str.contains(_ROW_ID), pl.col("nik").str.contains(r"^[0-9]{16}$")
    by_id, by_nik = listed.filter(is_id), listed.filter(is_nik & ~is_id)
    by_ref = listed.filter(~is_id & ~is_nik)
    read = read_row_ids(by_id["text"], [submission.pk], key_of_rows(keys.digest))
    by_id = by_id.with_columns(id=read["origin_id"]).drop_nulls("id")
    rows = sql.rows(
        "supports/find_named_rows",
        submission=submission.pk,
        ids=as_array(by_id["id"]),
        id_lines=as_array(by_id["line"]),
        niks=as_array(seal.as_hex(seal.seal_niks(by_nik["nik"], keys.nik))),
        nik_lines=as_array(by_nik["line"]),
    )
    if by_ref.height:
        refs, lines = _quoted(by_ref["text"]), as_array(by_ref["line"])
        rows += sql.rows("supports/find_rows_by_ref", submission=submission.pk, refs=refs, ref_lines=lines)
    return pl.DataFrame(rows, schema=_FOUND, orient="row")


def _quoted(texts: pl.Series) -> str:
    """Texts as one value that PostgreSQL reads as an array."""
    plain: Iterable[str] = texts.str.replace_all("\\", "\\\\", literal=True).str.replace_all(
        '"', '\\"', literal=True
    )
    return as_array(f'"{text}"' for text in plain)
