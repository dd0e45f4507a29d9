"""What stands in the columns of a file: a few values each, so that a person sees what a column holds.

Numbers that could be an identity are masked before anything is kept, and what is kept is sealed like the rows.
"""

import base64
import json
import re

import polars as pl

from foundation import seal
from foundation.keys.keyring import keyring
from supports.ingest.csv_file import cell
from supports.models import Upload, first_id
from supports.standards import key_scope

SAMPLES, LOOKED_AT = 3, 1_000
LENGTH = 60  # characters of a value that are shown
# A NIK, a card's or a phone's number has more digits than any date; of those the first few stay.
IDENTITY_FROM, KEPT_DIGITS = 9, 4


def samples_of(frame: pl.DataFrame, columns: int) -> list[list[str]]:
    """For each column the first different values that are not blank, masked."""
    head = frame.head(LOOKED_AT)
    return [_values(head[cell(at)]) for at in range(columns)]


def _values(texts: pl.Series) -> list[str]:
    tidy = texts.str.strip_chars().str.replace_all(r"\s+", " ").str.slice(0, LENGTH)
    found = tidy.filter((tidy != "").fill_null(value=False)).unique(maintain_order=True)
    return [masked(text) for text in found.head(SAMPLES)]


def masked(text: str) -> str:
    """The text with a dot for every digit but the first few, where it has as many digits as an identity."""
    if len(re.findall(r"\d", text)) < IDENTITY_FROM:
        return text
    seen = 0

    def dot(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return match[0] if seen <= KEPT_DIGITS else "•"

    return re.sub(r"\d", dot, text)


def sealed_samples(frame: pl.DataFrame, columns: int, upload_id: int, key: bytes) -> str:
    """The samples of a file's first frame, as they are kept. They are bound to row 0 of the upload, which is no row."""
    text = json.dumps(samples_of(frame, columns), ensure_ascii=False)
    return base64.b64encode(seal.seal_text(text, first_id(upload_id), key)).decode()


def open_samples(upload: Upload) -> list[list[str]]:
    """The samples of an upload; none for one that was read before there were any. Raises SealBroken."""
    kept = upload.columns.get("samples")
    if not kept:
        return []
    key = keyring(key_scope(upload.submission.pair.election)).text
    return json.loads(seal.open_text(base64.b64decode(kept), first_id(upload.pk), key))
