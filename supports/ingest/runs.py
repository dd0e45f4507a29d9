"""What only a whole upload shows: one phone on many rows, and NIKs or phones that count up one by one. Pure."""

import polars as pl

from supports.rules import BY_CODE

# Five in a row by chance is out of the question for phones, and for NIKs of one kecamatan and birth date.
RUN_LENGTH = 5


def findings_of_runs(numbers: pl.DataFrame, phone_shared_from: int) -> pl.DataFrame:
    """PHONE_SHARED and SERIAL_RUN findings over (id, nik_number, phone_number) of one upload."""
    shared = _shared(numbers, "phone_number", phone_shared_from)
    runs = pl.concat([_runs(numbers, "phone_number"), _runs(numbers, "nik_number")]).unique()
    return pl.concat([_finding("PHONE_SHARED", shared), _finding("SERIAL_RUN", runs)])


def _shared(numbers: pl.DataFrame, column: str, at_least: int) -> pl.Series:
    many = numbers.drop_nulls(column).group_by(column).len().filter(pl.col("len") >= at_least)
    return numbers.join(many, on=column, how="semi")["id"]


def _runs(numbers: pl.DataFrame, column: str) -> pl.Series:
    distinct = numbers.select(column).drop_nulls().unique().sort(column)
    step = pl.col(column).diff() != 1
    groups = distinct.with_columns(group=step.fill_null(value=True).cum_sum())
    long = groups.filter(pl.len().over("group") >= RUN_LENGTH)
    return numbers.join(long, on=column, how="semi")["id"]


def _finding(code: str, ids: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"support_id": ids}).select(
        code=pl.lit(BY_CODE[code].number, pl.Int16), support_id="support_id"
    )
