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
    """One frame, ready: rows for Support, (id, area, NIK) for Standing, findings, and what the whole is judged by."""

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
    support = _sealed(known, submission, keys)
    phone = pl.col("phone").str.slice(1).cast(pl.Int64)
    # The sixteen bytes of the digest as one number: as exact, and half as large.
    digest = support["digest"].bin.reinterpret(dtype=pl.Int128, endianness="little")
    return Prepared(
        support=support,
        standing=known.select("area", "nik_number", support_id="id"),
        findings=_findings(check(known, terms), ids),
        numbers=known.select("id", "nik_number", phone_number=phone, digest=digest),
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
    digest = seal.digest_rows(_identity(known), keys.digest)
    return known.with_columns(
        submission_id=pl.lit(submission, pl.Int64),
        nik=sealed_nik,
        digest=digest,
        birth_date=seal.seal_birth_dates(known["birth_date"], sealed_nik, keys.birth_date),
        phone=seal.seal_phones(known["phone"], keys.phone),
        sealed=seal.seal_texts(_blob(known), known["id"], keys.text),
        revision=pl.lit(0, pl.Int16),
    ).select(SUPPORT_COLUMNS)


def _identity(known: pl.DataFrame) -> pl.Series:
    """What makes two rows identical: NIK, name, birth date, sex, marital status and address; null without a NIK.

    Upper case and single blanks, so that a row typed twice is recognised. Source: Silon's "ganda identik".
    """
    parts = known.select(
        "nik",
        pl.col("name").str.to_uppercase(),
        pl.col("birth_date").cast(pl.String),
        "sex",
        "marital",
        pl.col("address").str.to_uppercase(),
    )
    return _joined(parts).set(known["nik"].is_null(), None)


def _blob(known: pl.DataFrame) -> pl.Series:
    """The texts that are sealed whole. What could be read and stands in a column of its own is not repeated."""
    unread = {
        "nik_given": pl.col("nik").is_null(),
        "birth_date_given": pl.col("birth_date").is_null() | pl.col("nik").is_null(),
        "sex_given": pl.col("sex").is_null(),
        "marital_given": pl.col("marital").is_null(),
        "phone_given": pl.col("phone").is_null(),
    }
    parts = known.select(
        pl.when(unread[name]).then(pl.col(name)).alias(name) if name in unread else pl.col(name)
        for name in SEALED_FIELDS
    )
    stripped = _joined(parts).str.strip_chars_end(FIELD_END)
    return stripped.set(stripped == "", None)


def _joined(parts: pl.DataFrame) -> pl.Series:
    """One text a row. In stages: an expression that mentions another twice is computed twice."""
    filled = parts.fill_null("")
    return filled.select(pl.concat_str(pl.all(), separator=FIELD_END)).to_series()
