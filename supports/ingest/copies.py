"""Which rows of one file give a person whom another of its rows gives too. Pure.

The answers of ``sql/find_copies_inside.sql`` for rows that nothing else stands beside: of each NIK one row stays, the
first sound one, else the first.
"""

from collections.abc import Collection

import polars as pl

from supports.ingest.runs import repeated
from supports.rules import BY_CODE

IDENTICAL = BY_CODE["DUPLICATE_IDENTICAL"].number
SAME_NIK = BY_CODE["DUPLICATE_NIK"].number


def given_again(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows whose NIK (``nik_number``) comes more than once; those without one are nobody's."""
    return rows.filter(pl.col("nik_number").is_in(repeated(rows["nik_number"], 2).implode()))


def copies_of_others(rows: pl.DataFrame, unsound: pl.Series) -> pl.DataFrame:
    """Findings of the rows that do not stay. ``rows`` has id, nik_number and digest; ``unsound`` ids of faulty rows."""
    again = given_again(rows).with_columns(faulty=pl.col("id").is_in(unsound.implode())).sort("faulty", "id")
    stays = again["nik_number"].is_first_distinct()
    first = again.select(pl.struct("nik_number", "digest").is_first_distinct()).to_series()
    code = pl.when(first).then(SAME_NIK).otherwise(IDENTICAL).cast(pl.Int16)
    return again.select(code=code, support_id="id").filter(~stays)


def later_copies(rows: pl.DataFrame, blocking: Collection[int]) -> pl.Series:
    """The ids of sound rows that come after a sound row of the same NIK: whatever else is there, they do not stay.

    None where a copy counts nevertheless. ``rows``: support_id, nik_number, sound.
    """
    if not {IDENTICAL, SAME_NIK} <= set(blocking):
        return rows["support_id"].clear()
    again = given_again(rows.filter("sound")).sort("support_id")
    return again.filter(~again["nik_number"].is_first_distinct())["support_id"]
