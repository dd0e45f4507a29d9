"""The rows of a round in clear, portion by portion in the order of their ids: as they are hashed, and as the team
gets them.

Whole columns at once (``supports.handing_in.rows`` says the same for one row). Only the hashing itself takes the rows
one by one: a hash has no columns. Nothing per row is kept; memory is that of two portions.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.db.models import Max, Min

from foundation import seal, sql
from foundation.keys.keyring import keyring
from supports.handing_in.merkle import LEAF
from supports.handing_in.rows import FIELDS
from supports.ingest.prepare import FIELD_END, SEALED_FIELDS
from supports.models import Submission, Support, UploadTally, first_id
from supports.standards import key_scope

PORTION = 25_000  # row numbers read at once
READ = {
    "id": pl.Int64,
    "area": pl.Int64,
    **dict.fromkeys(
        ("nik", "birth_date", "phone", "name", "sex", "marital", "village", "district"), pl.String
    ),
    **dict.fromkeys(("regency", "occupation", "document", "statement", "sheet", "ref", "sealed"), pl.String),
}
AREA_DIGITS = 10


@dataclass(frozen=True)
class Sealing:
    """What opens the rows of one round, and salts them."""

    nik: bytes
    phone: bytes
    birth_date: bytes
    text: bytes
    salt: bytes


def sealing_of(submission: Submission) -> Sealing:
    """The keys. Refuses when they were destroyed.

    The salts come from a key of their own for each round: they need not be kept, and go with the election's keys.
    """
    ring = keyring(key_scope(submission.pair.election))
    salt = seal.derive_key(ring.digest, f"salts of submission {submission.pk}")
    return Sealing(ring.nik, ring.phone, ring.birth_date, ring.text, salt)


def read_portions(submission: Submission) -> Iterator[bytes]:
    """The rows as PostgreSQL gives them, in the order of ids; ``open_portion`` reads them."""
    held = UploadTally.objects.filter(submission=submission, key="rows", n__gt=0)
    for upload_id in held.order_by("upload_id").values_list("upload_id", flat=True):
        rows = Support.objects.filter(pk__gte=first_id(upload_id), pk__lt=first_id(upload_id + 1))
        ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
        for first in range(ends["first"] or 0, (ends["last"] or -1) + 1, PORTION):
            file = io.BytesIO()
            bounds = {"first": first, "last": first + PORTION}
            sql.copy_out("supports/list_rows_to_hash", file, submission=submission.pk, **bounds)
            yield file.getvalue()


def open_portion(portion: bytes, keys: Sealing) -> pl.DataFrame:
    """``salt`` and the ``FIELDS`` of each row as text in form NFC, "" for what is not there. Raises SealBroken."""
    rows = pl.read_csv(portion, has_header=False, schema=READ) if portion else pl.DataFrame(schema=READ)
    blob = _opened_blob(rows, keys)
    day = seal.open_birth_dates(rows["birth_date"], keys.birth_date).dt.strftime("%Y-%m-%d")
    opened = rows.with_columns(
        *blob.get_columns(),
        nik=seal.open_niks(rows["nik"], keys.nik),
        phone=seal.open_phones(rows["phone"], keys.phone),
        birth_date=day,
        statement=rows["statement"].replace({"t": "ya", "f": "tidak"}),
        salt=seal.seal_numbers(rows["id"], rows["area"], keys.salt),
    ).with_columns(
        *(pl.coalesce(name, f"{name}_given") for name in ("nik", "birth_date", "sex", "marital", "phone")),
        area=pl.col("area").cast(pl.String).str.zfill(AREA_DIGITS),
        id=pl.col("id").cast(pl.String),
    )
    return opened.select("salt", *(pl.col(name).fill_null("").str.normalize("NFC") for name in FIELDS))


def _opened_blob(rows: pl.DataFrame, keys: Sealing) -> pl.DataFrame:
    """The texts that are sealed whole, each a column."""
    texts = seal.open_texts(rows["sealed"], rows["id"], keys.text)
    parts = texts.str.split_exact(FIELD_END, len(SEALED_FIELDS) - 1).struct.rename_fields(SEALED_FIELDS)
    return parts.struct.unnest().select(pl.all().replace("", None))


def hash_rows(opened: pl.DataFrame) -> list[bytes]:
    """The leaf of each row of ``open_portion``."""
    pieces = [pl.lit(LEAF.decode())]
    for name in ("salt", *FIELDS):
        pieces += [pl.col(name).str.len_bytes().cast(pl.String), pl.lit(":"), pl.col(name), pl.lit(",")]
    hashed = opened.select(pl.concat_str(pieces)).to_series().cast(pl.Binary)
    sha256 = hashlib.sha256
    return [sha256(data).digest() for data in hashed.to_list()]
