"""Frames through binary COPY into a real table."""

import io
import uuid

import polars as pl
import pytest
from django.db import connection

from foundation import binary_copy, sql

ROWS = {
    "big": [7, -(2**63), None],
    "small": [0, 32_767, None],
    "truth": [True, False, None],
    "words": ['Siti, "Ayu"\n\\.', "É Ⅳ", None],
    "blob": [b"\x00\xff\n", b"", None],
    "block": [bytes(range(16)), b"\xff" * 16, None],
}
SCHEMA = {
    "big": pl.Int64,
    "small": pl.Int16,
    "truth": pl.Boolean,
    "words": pl.String,
    "blob": pl.Binary,
    "block": pl.Binary,
}


@pytest.fixture
def table(db):
    sql.execute(
        "CREATE TEMPORARY TABLE copied (big bigint, small smallint, truth boolean, words varchar(20), blob bytea,"
        " block uuid)"
    )


def copy(*frames):
    rows = b"".join([binary_copy.BEGIN, *map(binary_copy.encode, frames), binary_copy.END])
    return sql.copy_rows("copied", list(SCHEMA), io.BytesIO(rows), binary=True)


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM copied")
        return [(*row[:4], row[4] and bytes(row[4]), row[5]) for row in cursor.fetchall()]


def test_every_value_arrives_as_it_was(table):
    frame = pl.DataFrame(ROWS, schema=SCHEMA)

    assert copy(frame.head(1), frame.slice(1)) == 3

    blocks = [block and uuid.UUID(bytes=block) for block in ROWS["block"]]
    expected = list(zip(*[ROWS[name] for name in list(SCHEMA)[:5]], blocks, strict=True))
    assert [(*row[:4], b"" if row[4] == b"" else row[4], row[5]) for row in stored()] == expected


def test_frames_put_together_from_several_arrive_whole(table):
    frame = pl.DataFrame(ROWS, schema=SCHEMA)

    assert copy(pl.concat([frame, frame, frame], rechunk=False).slice(2, 5)) == 5
    assert [row[0] for row in stored()] == [None, 7, -(2**63), None, 7]


def test_a_frame_without_rows_adds_none(table):
    assert copy(pl.DataFrame(schema=SCHEMA)) == 0
    assert stored() == []
