"""What only a whole upload shows. Pure.

One phone on many rows, and NIKs or phones that count up one by one: a sorted column tells both by comparing it with
itself, moved by a few places; no table of a million groups is needed. And a column of NIKs that a spreadsheet once
held as numbers: it kept fifteen digits and put a 0 in place of the sixteenth.
"""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from supports.rules import BY_CODE

# Five in a row by chance is out of the question for phones, and for NIKs of one kecamatan and birth date.
RUN_LENGTH = 5
# Serials are given out from 0001 upwards, so at most one NIK in ten ends in 0. That nine in ten different ones of a
# column do, and at least ten of them, happens by chance once in a thousand million columns (binomial, p = 0.1: ten of
# eleven, the likeliest case, 1e-9).
ZEROS_FROM, ZEROS_SHARE = 10, 0.9


def findings_of_runs(
    numbers: pl.DataFrame, phone_shared_from: int, sheets: Sequence[int] = ()
) -> pl.DataFrame:
    """PHONE_SHARED, SERIAL_RUN and NIK_FROM_NUMBER findings over (id, nik_number, phone_number) of one upload.

    ``sheets``: the id that the first row of each sheet would have; each has its own column of NIKs.
    """
    shared = _ids(numbers, "phone_number", repeated(numbers["phone_number"], phone_shared_from))
    runs = [_ids(numbers, column, consecutive(numbers[column])) for column in ("phone_number", "nik_number")]
    return pl.concat(
        [
            _finding("PHONE_SHARED", shared),
            _finding("SERIAL_RUN", pl.concat(runs).unique()),
            _finding("NIK_FROM_NUMBER", zeroed(numbers, sheets)),
        ]
    )


def repeated(values: pl.Series, at_least: int) -> pl.Series:
    """The values that come at least that often."""
    ordered = values.drop_nulls().sort()
    return ordered.filter(ordered == ordered.shift(at_least - 1)).unique()


def consecutive(values: pl.Series) -> pl.Series:
    """The values that are part of a run: RUN_LENGTH or more different ones, each one above the last."""
    ordered = values.drop_nulls().sort()
    distinct = ordered.filter((ordered != ordered.shift(1)).fill_null(value=True))
    ends = distinct.filter(distinct - distinct.shift(RUN_LENGTH - 1) == RUN_LENGTH - 1)
    return pl.concat([ends - step for step in range(RUN_LENGTH)]).unique()


def zeroed(numbers: pl.DataFrame, sheets: Sequence[int] = ()) -> pl.Series:
    """The ids of the rows whose NIK ends in 0 where nearly every NIK of its sheet does.

    Copies of one NIK are one. What ends in 0000 has its own finding (NIK_SERIAL), which says the same.
    """
    ends = numbers["id"].search_sorted(pl.Series(sorted(sheets)[1:], dtype=pl.Int64))
    columns = [numbers.slice(first, end - first) for first, end in pairwise([0, *ends, numbers.height])]
    found = [column for column in columns if _is_zeroed(column["nik_number"])]
    rows = pl.concat([numbers.clear(), *found])
    return rows.filter((pl.col("nik_number") % 10 == 0) & (pl.col("nik_number") % 10_000 != 0))["id"]


def _is_zeroed(niks: pl.Series) -> bool:
    zeros = niks.filter(niks % 10 == 0)
    if zeros.len() < max(ZEROS_FROM, ZEROS_SHARE * niks.count()):
        return False  # every honest file: its different NIKs need no counting
    different = zeros.n_unique()
    return different >= max(ZEROS_FROM, ZEROS_SHARE * niks.drop_nulls().n_unique())


def _ids(numbers: pl.DataFrame, column: str, values: pl.Series) -> pl.Series:
    return numbers.filter(pl.col(column).is_in(values.implode()))["id"]


def _finding(code: str, ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"support_id": ids}).select(
        code=pl.lit(BY_CODE[code].number, pl.Int16), support_id="support_id"
    )
