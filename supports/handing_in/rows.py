"""A handed-in row as it is hashed: the same bytes for everybody, for ever. Pure: the standard library only.

``docs/receipt.md`` describes it for those who write a verifier of their own. The text of each field in Unicode's form
NFC, in UTF-8, behind its length in bytes and followed by a comma (a "netstring": ``5:Siti ,``), in the order of
``FIELDS``, the salt in front. So no two rows have the same bytes, and who sees a hash cannot guess the row.
"""

import unicodedata
from collections.abc import Mapping

from supports.handing_in.merkle import leaf_hash

FORMAT = "silon-row-1"
FIELDS = (
    "id",
    "area",
    "nik",
    "name",
    "birth_place",
    "birth_date",
    "sex",
    "marital",
    "address",
    "rt",
    "rw",
    "village",
    "district",
    "regency",
    "occupation",
    "phone",
    "email",
    "document",
    "statement",
    "sheet",
    "ref",
    "extra",
    "raw",
)


def netstring(text: str) -> bytes:
    """The text behind its length: ``5:Siti ,``."""
    data = unicodedata.normalize("NFC", text).encode()
    return b"%d:%b," % (len(data), data)


def row_bytes(salt: str, row: Mapping[str, str | None]) -> bytes:
    """What is hashed of one row; a field that is not there is empty."""
    return netstring(salt) + b"".join(netstring(row.get(name) or "") for name in FIELDS)


def hash_row(salt: str, row: Mapping[str, str | None]) -> bytes:
    """The leaf of one row."""
    return leaf_hash(row_bytes(salt, row))
