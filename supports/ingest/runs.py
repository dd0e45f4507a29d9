"""What only a whole upload shows: one phone on many rows, and NIKs or phones that count up one by one. Pure.

A sorted column tells both by comparing it with itself, moved by a few places: no table of a million groups is needed.
"""

import polars as pl

from supports.rules import BY_CODE

# Five in a row by chance is out of the question for phones, and for NIKs of one kecamatan and birth date.
RUN_LENGTH = 5


def findings_of_runs(numbers: pl.DataFrame, phone_shared_from: int) -> pl.DataFrame:
    """PHONE_SHARED and SERIAL_RUN findings over (id, nik_number, phone_number) of one upload."""
    shared = _ids(numbers, "phone_number", repeated(numbers["phone_number"], phone_shared_from))
    runs = [_ids(numbers, column, consecutive(numbers[column])) for column in ("phone_number", "nik_number")]
    return pl.concat([_finding("PHONE_SHARED", shared), _finding("SERIAL_RUN", pl.concat(runs).unique())])


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


def _ids(numbers: pl.DataFrame, column: str, values: pl.Series) -> pl.Series:
    return numbers.filter(pl.col(column).is_in(values.implode()))["id"]


def _finding(code: str, ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"support_id": ids}).select(
        code=pl.lit(BY_CODE[code].number, pl.Int16), support_id="support_id"
    )
