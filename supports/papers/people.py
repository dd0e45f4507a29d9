"""The people of a list in clear: for a paper or a file of the own team, page by page, never kept.

Each is opened for the Reading on record; for none (None) by a job that seals the paper again at once.
"""

from collections.abc import Iterator

import polars as pl

from foundation import seal, sql
from foundation.keys.keyring import keyring
from foundation.readings.models import Reading
from supports.ingest.prepare import FIELD_END, SEALED_FIELDS
from supports.models import Submission
from supports.privacy.marks import hidden_niks
from supports.report import MARITAL
from supports.standards import key_scope

SCHEMA = {
    "id": pl.Int64,
    "area": pl.Int64,
    **dict.fromkeys(("nik", "birth_date", "name", "sex", "marital", "occupation", "sealed"), pl.String),
}
PAGE = 10_000
# In place of the name of somebody who asked for it.
RESTRICTED = "Dibatasi atas permintaan pemilik data"
# As they stand on the list, after the running number.
FIELDS = ("nik", "name", "sex", "birth_place", "birth_date", "marital", "address", "rt", "rw", "occupation")


def people_of(
    submission: Submission, area: int, *, skip: int, limit: int, reading: Reading | None
) -> pl.DataFrame:
    """``limit`` people of one area from the ``skip``-th on: FIELDS, as text. Raises SealBroken."""
    rows = _rows(submission, area, area + 1, skip=skip, limit=limit)
    return _open(rows, submission)


def pages_of(submission: Submission, first: int, end: int, *, reading: Reading) -> Iterator[pl.DataFrame]:
    """All people of the areas [first, end): area and FIELDS, a page at a time. Raises SealBroken."""
    after = (-1, 0)
    while True:
        rows = _rows(submission, first, end, after=after, limit=PAGE)
        if rows.is_empty():
            return
        after = rows["area"][-1], rows["id"][-1]
        yield _open(rows, submission)


def _rows(
    submission: Submission,
    first: int,
    end: int,
    *,
    after: tuple[int, int] = (-1, 0),
    skip: int = 0,
    limit: int,
) -> pl.DataFrame:
    found = sql.rows(
        "supports/list_people_of_areas",
        submission=submission.pk,
        area_from=first,
        area_to=end,
        after_area=after[0],
        after=after[1],
        skip=skip,
        limit=limit,
    )
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _open(rows: pl.DataFrame, submission: Submission) -> pl.DataFrame:
    """The rows in clear; what could not be read as it was given.

    Of people who asked that their data be used no more there is the line and nothing else: the numbers stay.
    """
    keys = keyring(key_scope(submission.pair.election))
    without = [str(nik) for nik in hidden_niks(submission.pair.election_id)]
    nobody = rows["nik"].is_in(without).fill_null(False)
    texts = seal.open_texts(rows["sealed"], rows["id"], keys.text)
    parts = texts.str.split_exact(FIELD_END, len(SEALED_FIELDS) - 1).struct.rename_fields(SEALED_FIELDS)
    given = parts.struct.unnest().select(pl.all().replace("", None))
    opened = rows.drop("sealed").with_columns(
        seal.open_niks(rows["nik"], keys.nik), seal.open_birth_dates(rows["birth_date"], keys.birth_date)
    )
    people = opened.hstack(given).select(
        "area",
        nik=pl.coalesce("nik", "nik_given"),
        name="name",
        sex=pl.coalesce("sex", "sex_given"),
        birth_place="birth_place",
        birth_date=pl.coalesce(pl.col("birth_date").dt.strftime("%d-%m-%Y"), "birth_date_given"),
        marital=pl.coalesce(pl.col("marital").replace(MARITAL), "marital_given"),
        address="address",
        rt="rt",
        rw="rw",
        occupation="occupation",
    )
    withheld = dict.fromkeys(FIELDS) | {"name": RESTRICTED}
    return people.with_columns(
        pl.when(nobody).then(pl.lit(text, pl.String)).otherwise(pl.col(name)).alias(name)
        for name, text in withheld.items()
    )
