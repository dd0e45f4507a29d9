"""Ages are checked again when the voting day moves: what three rules say about the rows of one round, set-based.

The birth dates are sealed: they are opened in whole columns, a portion of rows at a time, and forgotten. Only what
changed is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.db.models import Max, Min

from foundation import seal, sql
from foundation.jobs.runner import Run
from supports.checks import Terms
from supports.duplicates import CODES as DUPLICATES
from supports.duplicates import find_duplicates, rows_of
from supports.ingest.dates import parse_dates
from supports.ingest.prepare import FIELD_END, SEALED_FIELDS, RowKeys
from supports.models import Submission, Support, UploadTally, first_id
from supports.removal import as_array
from supports.rules import BY_CODE
from supports.standards import Standards, standards_of

# Rounds whose rows were not handed in: the others keep what was said about them.
STILL_DRAFTS = ("draft", "returned")
# The rules that look at the voting day and a birth date that could be read.
OF_AGE = [BY_CODE[code] for code in ("BIRTH_DATE_INVALID", "UNDER_AGE", "MARRIED_MINOR")]
NUMBERS = [rule.number for rule in OF_AGE]
PORTION = 25_000
BORN = SEALED_FIELDS.index("birth_date_given")
ROWS = {
    "id": pl.Int64,
    "birth_date": pl.String,
    "marital": pl.String,
    "statement": pl.Boolean,
    "sealed": pl.String,
    "codes": pl.List(pl.Int16),
}
PAIRS = {"code": pl.Int16, "id": pl.Int64}


@dataclass(frozen=True)
class Changed:
    """(code, id) of the findings that no longer are, and of those that now are."""

    gone: pl.DataFrame
    new: pl.DataFrame

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each rule went and came."""
        return {
            name: {rule.code: frame.filter(code=rule.number).height for rule in OF_AGE}
            for name, frame in (("gone", self.gone), ("new", self.new))
        }


def recheck_round(submission: Submission, run: Run) -> dict[str, dict[str, int]]:
    """Say anew what the age rules say about every row of the round, which the caller holds with its counts."""
    standards = standards_of(submission)
    changed = _compare(submission, standards, run)
    touched = pl.concat([changed.gone["id"], changed.new["id"]]).unique()
    if touched.len():
        _write(submission, standards, changed, touched)
    return changed.counts()


def _compare(submission: Submission, standards: Standards, run: Run) -> Changed:
    keys, total, done = standards.keys(), rows_of(submission), 0
    gone, new = [pl.DataFrame(schema=PAIRS)], [pl.DataFrame(schema=PAIRS)]
    for first, last in _portions(submission):
        run.progress("ages", done, total)
        rows = sql.rows(
            "supports/list_births", submission=submission.pk, first=first, last=last, codes=NUMBERS
        )
        if not rows:
            continue
        frame = _opened(pl.DataFrame(rows, schema=ROWS, orient="row"), keys, standards.terms)
        before, now = _said(frame), _judged(frame, standards.terms)
        gone.append(before.join(now, on=["code", "id"], how="anti"))
        new.append(now.join(before, on=["code", "id"], how="anti"))
        done += frame.height
    return Changed(pl.concat(gone), pl.concat(new))


def _portions(submission: Submission) -> Iterator[tuple[int, int]]:
    """Half-open ranges of ids that together hold every row of the round, each inside one upload."""
    held = UploadTally.objects.filter(submission=submission, key="rows", n__gt=0).order_by("upload_id")
    for upload in list(held.values_list("upload_id", flat=True)):
        rows = Support.objects.filter(pk__gte=first_id(upload), pk__lt=first_id(upload + 1))
        ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
        if ends["last"] is not None:
            for first in range(ends["first"], ends["last"] + 1, PORTION):
                yield first, min(first + PORTION, ends["last"] + 1)


def _opened(rows: pl.DataFrame, keys: RowKeys, terms: Terms) -> pl.DataFrame:
    """The rows with their birth dates in clear: sealed by themselves, or as they were given beside an unread NIK."""
    dates = seal.open_birth_dates(rows["birth_date"], keys.birth_date)
    texts = seal.open_texts(rows["sealed"], rows["id"], keys.text)
    written = texts.str.split(FIELD_END).list.get(BORN, null_on_oob=True).replace("", None)
    given = parse_dates(written, terms.voting_day).alias("given")
    return rows.with_columns(
        birth_date=pl.select(pl.coalesce(dates, given)).to_series(), birth_date_given=written
    )


def _said(frame: pl.DataFrame) -> pl.DataFrame:
    """What was said before, as (code, id)."""
    return frame.select(code="codes", id="id").explode("code").drop_nulls("code").select("code", "id")


def _judged(frame: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """What the rules say now, as (code, id)."""
    said = [
        frame.filter(rule.faulty(terms).fill_null(False)).select(
            pl.lit(rule.number, pl.Int16).alias("code"), "id"
        )
        for rule in OF_AGE
    ]
    return pl.concat(said)


def _write(submission: Submission, standards: Standards, changed: Changed, touched: pl.Series) -> None:
    sql.run(
        "supports/say_again",
        submission=submission.pk,
        gone_codes=as_array(changed.gone["code"]),
        gone=as_array(changed.gone["id"]),
        new_codes=as_array(changed.new["code"]),
        new=as_array(changed.new["id"]),
    )
    unsound = sorted(standards.blocking - set(DUPLICATES))
    niks = sql.rows(
        "supports/restate_sound", submission=submission.pk, unsound=unsound, ids=as_array(touched)
    )
    find_duplicates(submission, standards, sorted({nik.replace("-", "") for (nik,) in niks if nik}))
