"""Normalised rows → rows ready for COPY: NIKs read, places found, rules applied, identities sealed. Pure.

Everything here works on whole columns; one call handles a frame of a file, or the one row of a form.
"""

from dataclasses import dataclass, replace

import polars as pl

from foundation import seal
from supports import nik
from supports.checks import Terms
from supports.ingest.places import Territory
from supports.rules import BY_CODE, ROW_RULES, check

# What one AES-GCM blob per row holds, in this order, joined by FIELD_END; blanks at the end are left away.
SEALED_FIELDS = (
    "address",
    "rt",
    "rw",
    "birth_place",
    "email",
    "nik_given",
    "birth_date_given",
    "sex_given",
    "marital_given",
    "phone_given",
    "extra",
    "raw",
)
FIELD_END = "\x1e"

SUPPORT_COLUMNS = (
    "id",
    "submission_id",
    "nik",
    "digest",
    "birth_date",
    "phone",
    "name",
    "sex",
    "marital",
    "village",
    "district",
    "regency",
    "occupation",
    "document",
    "statement",
    "sheet",
    "ref",
    "sealed",
    "revision",
)
FINDING_SCHEMA = {"code": pl.Int16, "support_id": pl.Int64}


@dataclass(frozen=True)
class RowKeys:
    """The keys of one election that seal a row."""

    nik: bytes
    phone: bytes
    birth_date: bytes
    text: bytes
    digest: bytes


@dataclass(frozen=True)
class Prepared:
    """One frame, ready: rows for Support, (id, area) for Standing, findings, and what runs are looked for in."""

    support: pl.DataFrame
    standing: pl.DataFrame
    findings: pl.DataFrame
    numbers: pl.DataFrame


def replace_support(prepared: Prepared, support: pl.DataFrame) -> Prepared:
    """The same frame with other Support rows (an edit raises their revision)."""
    return replace(prepared, support=support)


def prepare(
    frame: pl.DataFrame, ids: pl.Series, *, submission: int, terms: Terms, territory: Territory, keys: RowKeys
) -> Prepared:
    """Check and seal normalised rows; ``ids`` are the Support ids, in the frame's order."""
    read = nik.read_niks(frame, "nik_given", today=terms.voting_day).with_columns(nik="nik_digits")
    known = territory.locate(read).with_columns(ids.alias("id"))
    return Prepared(
        support=_sealed(known, submission, keys),
        standing=known.select(support_id="id", area="area"),
        findings=_findings(check(known, terms), ids),
        numbers=known.select("id", "nik_number", phone_number=pl.col("phone").str.slice(1).cast(pl.Int64)),
    )


def _findings(faults: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    found = [
        pl.DataFrame({"support_id": ids.filter(faults[rule.code])}).select(
            code=pl.lit(BY_CODE[rule.code].number, pl.Int16), support_id="support_id"
        )
        for rule in ROW_RULES
        if faults[rule.code].any()
    ]
    return pl.concat(found) if found else pl.DataFrame(schema=FINDING_SCHEMA)


def _sealed(known: pl.DataFrame, submission: int, keys: RowKeys) -> pl.DataFrame:
    sealed_nik = seal.seal_niks(known["nik"], keys.nik)
    digest = seal.digest_rows(known.select(_identity()).to_series(), keys.digest)
    return known.with_columns(
        submission_id=pl.lit(submission, pl.Int64),
        nik=sealed_nik,
        digest=digest,
        birth_date=seal.seal_birth_dates(known["birth_date"], sealed_nik, keys.birth_date),
        phone=seal.seal_phones(known["phone"], keys.phone),
        sealed=seal.seal_texts(known.select(_blob()).to_series(), known["id"], keys.text),
        revision=pl.lit(0, pl.Int16),
    ).select(SUPPORT_COLUMNS)


def _identity() -> pl.Expr:
    """What makes two rows identical: NIK, name, birth date, sex, marital status and address; null without a NIK.

    Upper case and single blanks, so that a row typed twice is recognised. Source: Silon's "ganda identik".
    """
    parts = [
        pl.col("nik"),
        pl.col("name").str.to_uppercase(),
        pl.col("birth_date").cast(pl.String),
        pl.col("sex"),
        pl.col("marital"),
        pl.col("address").str.to_uppercase(),
    ]
    text = pl.concat_str([part.fill_null("") for part in parts], separator=FIELD_END)
    return pl.when(pl.col("nik").is_not_null()).then(text)


def _blob() -> pl.Expr:
    """The texts that are sealed whole. What could be read and stands in a column of its own is not repeated."""
    unread = {
        "nik_given": pl.col("nik").is_null(),
        "birth_date_given": pl.col("birth_date").is_null() | pl.col("nik").is_null(),
        "sex_given": pl.col("sex").is_null(),
        "marital_given": pl.col("marital").is_null(),
        "phone_given": pl.col("phone").is_null(),
    }
    parts = [
        pl.when(unread[name]).then(pl.col(name)) if name in unread else pl.col(name) for name in SEALED_FIELDS
    ]
    joined = pl.concat_str([part.fill_null("") for part in parts], separator=FIELD_END)
    stripped = joined.str.strip_chars_end(FIELD_END)
    return pl.when(stripped != "").then(stripped)
