"""Identities sealed and opened, a whole column at once. Pure: it knows neither Django nor whence keys come.

A key is 32 random bytes (AES-256; blake2b for the digest) and serves one purpose in one scope. A sealed column is
one of raw bytes, as binary COPY takes it; ``as_hex`` writes its blocks for the parameters of a statement. Stored are:

- NIK, phone: exactly one AES block, no nonce, so that equal values of one scope are equal when sealed (joins,
  duplicates and the index need that) and fit a PostgreSQL `uuid` column.
- birth date: one AES block over the date and the first half of the sealed NIK: equal only within one NIK.
- text (address, birth place, e-mail, anything malformed): AES-GCM bound to the row's id, a `bytea` column.
- digest of a row: 16 bytes of keyed blake2b, for "identical", never opened again.
- two numbers in one AES block: a mark that leaves the house and comes back; who has no key can write none that opens
  to numbers that fit.

A null stays null. An error never carries the value that caused it.
"""

import binascii
import datetime as dt
import hashlib
import os
import uuid
from array import array
from itertools import chain, pairwise
from struct import iter_unpack

import polars as pl
import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BLOCK = 16
KEY_BYTES = 32
NONCE = 12
TAG = 16
DIGITS = b"0123456789"
PHONE_LETTERS = b"+0123456789 "


class SealBroken(ValueError):
    """A sealed value does not open: another key, another row's value, or altered bytes."""


def new_key() -> bytes:
    """A fresh random key for any of the purposes in this module."""
    return os.urandom(KEY_BYTES)


# ---- NIK: sixteen digits, one block --------------------------------------------------------------


def seal_niks(niks: pl.Series, key: bytes) -> pl.Series:
    """Strings of 16 ASCII digits to blocks (a uuid each). Raises ValueError when any is not 16 digits."""
    return _seal_column(niks, key, DIGITS)


def open_niks(sealed: pl.Series, key: bytes) -> pl.Series:
    """Sealed NIKs (hex, dashed uuid, 16 raw bytes or uuid.UUID) back to text. Raises SealBroken."""
    return _open_column(sealed, key, DIGITS)


def seal_nik(nik: str, key: bytes) -> uuid.UUID:
    """One NIK, as it is searched for. Raises ValueError when it is not 16 ASCII digits."""
    return uuid.UUID(bytes=_encrypt(_one_block(nik, DIGITS), key))


def open_nik(sealed: uuid.UUID, key: bytes) -> str:
    """One NIK in clear; the caller answers for the permission. Raises SealBroken."""
    return _checked(_decrypt(sealed.bytes, key), DIGITS).decode("ascii")


# ---- phone: E.164, one block ---------------------------------------------------------------------


def seal_phones(phones: pl.Series, key: bytes) -> pl.Series:
    """E.164 text (`+` and up to 15 digits) to blocks (a uuid each). Raises ValueError when one does not fit."""
    return _seal_column(phones.str.pad_end(BLOCK, " "), key, PHONE_LETTERS)


def open_phones(sealed: pl.Series, key: bytes) -> pl.Series:
    """Sealed phones back to E.164 text. Raises SealBroken."""
    return _open_column(sealed, key, PHONE_LETTERS).str.strip_chars_end(" ")


def seal_phone(phone: str, key: bytes) -> uuid.UUID:
    """One phone, as it is searched for. Raises ValueError when it is no E.164 text."""
    return uuid.UUID(bytes=_encrypt(_one_block(phone.ljust(BLOCK), PHONE_LETTERS), key))


def open_phone(sealed: uuid.UUID, key: bytes) -> str:
    """One phone in clear. Raises SealBroken."""
    return _checked(_decrypt(sealed.bytes, key), PHONE_LETTERS).decode("ascii").rstrip(" ")


# ---- birth date: the date and half of the sealed NIK, one block ----------------------------------


def seal_birth_dates(dates: pl.Series, sealed_niks: pl.Series, key: bytes) -> pl.Series:
    """Dates beside their sealed NIKs to blocks (a uuid each); null where either is missing.

    Equal dates of two people differ when sealed, so that the column cannot be counted like a calendar.
    Raises ValueError for a year outside 1–9999.
    """
    both = dates.is_not_null() & sealed_niks.is_not_null()
    days, niks = dates.filter(both), sealed_niks.filter(both)
    if not days.dt.year().is_between(1, 9999).all():
        raise ValueError("a birth date has a year outside 1-9999")
    numbers = days.dt.year() * 10_000 + days.dt.month().cast(pl.Int32) * 100 + days.dt.day().cast(pl.Int32)
    blocks = bytearray(BLOCK * len(days))
    halves = memoryview(blocks).cast("Q")
    halves[0::2] = memoryview(_flat(numbers.cast(pl.String).str.zfill(8))).cast("Q")
    halves[1::2] = memoryview(_raw(niks)).cast("Q")[0::2]
    return _scatter(_encrypt(blocks, key), BLOCK, both).alias(dates.name)


def open_birth_dates(sealed: pl.Series, key: bytes) -> pl.Series:
    """Sealed birth dates back to dates; the NIK is not needed. Raises SealBroken."""
    halves = memoryview(_decrypt(_raw(sealed), key)).cast("Q")
    texts = _scatter(_checked(halves[0::2].tobytes(), DIGITS), 8, sealed.is_not_null())
    dates = texts.cast(pl.String).str.to_date("%Y%m%d", strict=False)
    if dates.null_count() != sealed.null_count():
        raise SealBroken("a sealed birth date does not open")
    return dates.alias(sealed.name)


def seal_birth_date(date: dt.date, sealed_nik: uuid.UUID, key: bytes) -> uuid.UUID:
    """One birth date beside its sealed NIK."""
    digits = f"{date.year:04d}{date.month:02d}{date.day:02d}".encode("ascii")
    return uuid.UUID(bytes=_encrypt(digits + sealed_nik.bytes[:8], key))


def open_birth_date(sealed: uuid.UUID, key: bytes) -> dt.date:
    """One birth date in clear. Raises SealBroken."""
    digits = _checked(_decrypt(sealed.bytes, key)[:8], DIGITS).decode("ascii")
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise SealBroken("a sealed birth date does not open") from error


# ---- text of a row: AES-GCM bound to the row's id ------------------------------------------------


def seal_texts(texts: pl.Series, ids: pl.Series, key: bytes) -> pl.Series:
    """Texts to blobs (nonce, ciphertext, tag), each bound to its row's id.

    Null and empty give null. About 250 bytes of memory per row while it runs: hand it one frame, not a file.
    """
    widths = texts.str.len_bytes().fill_null(0).cast(pl.Int64)
    present = widths > 0
    plain = texts.filter(present).cast(pl.Binary).to_list()
    random = os.urandom(NONCE * len(plain))
    nonces = [nonce for (nonce,) in iter_unpack(f"{NONCE}s", random)]
    row_ids = [row_id for (row_id,) in iter_unpack("8s", _big_endian(ids.filter(present)))]
    encrypt = _gcm(key).encrypt
    sealed = list(map(encrypt, nonces, plain, row_ids))
    blobs = b"".join(chain.from_iterable(zip(nonces, sealed, strict=True)))
    cut = _cut(blobs, (widths + (NONCE + TAG)) * present)
    return _only_where(present, cut).alias(texts.name)


def open_texts(sealed: pl.Series, ids: pl.Series, key: bytes) -> pl.Series:
    r"""Blobs (`\x…` text or raw bytes) and the ids they are bound to, back to texts. Raises SealBroken."""
    present = sealed.is_not_null()
    blobs, row_ids = _blob_list(sealed.filter(present)), iter_unpack("8s", _big_endian(ids.filter(present)))
    decrypt = _gcm(key).decrypt
    try:
        plain = [
            decrypt(blob[:NONCE], blob[NONCE:], row_id)
            for blob, (row_id,) in zip(blobs, row_ids, strict=True)
        ]
    except (InvalidTag, ValueError) as error:
        raise SealBroken("a sealed text does not open for its row") from error
    opened = pl.Series(plain, dtype=pl.Binary).cast(pl.String)
    return opened.gather(_only_where(present, present.cum_sum().cast(pl.Int64) - 1)).alias(sealed.name)


def seal_text(text: str, row_id: int, key: bytes) -> bytes:
    """One text, as raw bytes for a bytea column."""
    nonce = os.urandom(NONCE)
    return nonce + _gcm(key).encrypt(nonce, text.encode("utf-8"), row_id.to_bytes(8, "big"))


def open_text(sealed: bytes | memoryview, row_id: int, key: bytes) -> str:
    """One text in clear. Raises SealBroken, also when the blob was moved here from another row."""
    blob = bytes(sealed)
    try:
        return _gcm(key).decrypt(blob[:NONCE], blob[NONCE:], row_id.to_bytes(8, "big")).decode("utf-8")
    except (InvalidTag, ValueError) as error:
        raise SealBroken("a sealed text does not open for its row") from error


def spans(parts: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """All blocks there can be, cut into ranges (both ends inside), over which sealed ones are spread evenly."""
    width = (1 << 8 * BLOCK) // parts
    ends = [width * part for part in range(parts)] + [1 << 8 * BLOCK]
    return [(uuid.UUID(int=first), uuid.UUID(int=end - 1)) for first, end in pairwise(ends)]


# ---- keyed digest of a row -----------------------------------------------------------------------


def digest_rows(texts: pl.Series, key: bytes) -> pl.Series:
    """16 bytes of keyed blake2b per text (a uuid each): they tell only which texts are equal."""
    fresh = hashlib.blake2b(digest_size=BLOCK, key=key).copy
    plain = texts.drop_nulls().cast(pl.Binary).to_list()
    # Copying the keyed state saves hashing the key per row; update() returns None, hence the `if not`.
    digests = b"".join([state.digest() for text in plain if not (state := fresh()).update(text)])
    return _scatter(digests, BLOCK, texts.is_not_null()).alias(texts.name)


def digest_row(text: str, key: bytes) -> uuid.UUID:
    """The digest of one row's text."""
    return uuid.UUID(bytes=hashlib.blake2b(text.encode("utf-8"), digest_size=BLOCK, key=key).digest())


def as_hex(sealed: pl.Series) -> list[str]:
    """Sealed blocks, nulls left out, as a statement takes them for uuids."""
    return sealed.drop_nulls().bin.encode("hex").to_list()


# ---- two numbers that leave the house and come back -----------------------------------------------


def derive_key(key: bytes, purpose: str) -> bytes:
    """A key for one more purpose, which tells nothing about ``key``."""
    return hashlib.blake2b(purpose.encode("utf-8"), digest_size=KEY_BYTES, key=key).digest()


def seal_numbers(first: pl.Series, second: pl.Series, key: bytes) -> pl.Series:
    """Two columns of whole numbers (64 bits, no nulls) to 32 hex digits a row."""
    blocks = bytearray(BLOCK * len(first))
    halves = memoryview(blocks).cast("q")
    halves[0::2] = array("q", first.cast(pl.Int64).to_list())
    halves[1::2] = array("q", second.cast(pl.Int64).to_list())
    return _cut(_encrypt(blocks, key), pl.repeat(BLOCK, len(first), eager=True)).bin.encode("hex")


def open_numbers(sealed: pl.Series, key: bytes) -> tuple[pl.Series, pl.Series]:
    """What ``seal_numbers`` sealed (no nulls). A forged value opens to some numbers too: the caller checks them."""
    halves = array("q", _decrypt(_raw(sealed), key))
    return pl.Series(halves[0::2], dtype=pl.Int64), pl.Series(halves[1::2], dtype=pl.Int64)


# ---- blocks and buffers --------------------------------------------------------------------------


def _cipher(key: bytes) -> Cipher:
    """AES-256 on single blocks: every value here is exactly one block, so there is nothing to chain."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - equality of sealed values is the purpose


def _gcm(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return AESGCM(key)


def _encrypt(blocks: bytes | bytearray, key: bytes) -> bytes:
    return _cipher(key).encryptor().update(blocks)


def _decrypt(blocks: bytes, key: bytes) -> bytes:
    return _cipher(key).decryptor().update(blocks)


def _one_block(text: str, letters: bytes) -> bytes:
    block = text.encode("utf-8")
    if len(block) != BLOCK or block.translate(None, letters):
        raise ValueError("the value does not have the form of its field")
    return block


def _checked(plain: bytes, letters: bytes) -> bytes:
    """Only these letters can have been sealed; anything else means a wrong key or altered bytes."""
    if plain.translate(None, letters):
        raise SealBroken("a sealed value does not open")
    return plain


def _seal_column(texts: pl.Series, key: bytes, letters: bytes) -> pl.Series:
    blocks = _flat(texts)
    if not (texts.str.len_bytes() == BLOCK).all() or blocks.translate(None, letters):
        raise ValueError(f"a value in column {texts.name!r} does not have the form of its field")
    return _scatter(_encrypt(blocks, key), BLOCK, texts.is_not_null()).alias(texts.name)


def _open_column(sealed: pl.Series, key: bytes, letters: bytes) -> pl.Series:
    plain = _checked(_decrypt(_raw(sealed), key), letters)
    return _scatter(plain, BLOCK, sealed.is_not_null()).cast(pl.String).alias(sealed.name)


def _raw(sealed: pl.Series) -> bytes:
    """The sealed blocks without nulls, from any form in which a uuid column arrives. Raises SealBroken."""
    values = sealed.drop_nulls()
    if values.dtype == pl.Object:
        return b"".join([value.bytes for value in values])
    is_text = values.dtype == pl.String
    if is_text:
        values = values.str.replace_all("-", "", literal=True)
    sizes = values.str.len_bytes() // 2 if is_text else values.bin.size()
    if not (sizes == BLOCK).all():
        raise SealBroken("a sealed value does not have 16 bytes")
    try:
        return binascii.unhexlify(_flat(values)) if is_text else _flat(values)
    except binascii.Error as error:
        raise SealBroken("a sealed value is not hexadecimal") from error


def _flat(values: pl.Series) -> bytes:
    """All values of a text or binary column, nulls left out, one after the other."""
    column = values.drop_nulls().cast(pl.Binary).to_arrow().cast(pa.large_binary())
    if len(column) == 0:
        return b""
    _, ends, data = column.buffers()
    ends = memoryview(ends).cast("B").cast("q")
    return data.to_pybytes()[ends[column.offset] : ends[column.offset + len(column)]]


def _scatter(data: bytes, width: int, present: pl.Series) -> pl.Series:
    """Cut `data` into pieces of equal width and put them where `present`, null elsewhere."""
    return _only_where(present, _cut(data, present.cast(pl.Int64) * width))


def _only_where(present: pl.Series, values: pl.Series) -> pl.Series:
    return values if present.all() else pl.select(pl.when(present).then(values)).to_series()


def _cut(data: bytes, widths: pl.Series) -> pl.Series:
    """Cut `data` into pieces of the given widths in bytes, without a Python object per row."""
    ends = pl.concat([pl.Series([0], dtype=pl.Int64), widths.cum_sum().cast(pl.Int64)], rechunk=True)
    return pl.Series(
        pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(widths), [None, ends.to_arrow().buffers()[1], pa.py_buffer(data)]
        )
    )


def _big_endian(ids: pl.Series) -> bytes:
    """Eight bytes per id, big-endian, as `int.to_bytes(8, "big")` writes them."""
    column = ids.cast(pl.Int64).to_arrow()
    if len(column) == 0:
        return b""
    numbers = array("q", column.buffers()[1].slice(column.offset * 8, len(column) * 8).to_pybytes())
    numbers.byteswap()
    return numbers.tobytes()


def _blob_list(sealed: pl.Series) -> list[bytes]:
    if sealed.dtype != pl.String:
        return [bytes(blob) for blob in sealed]
    blobs = sealed.str.strip_prefix("\\x").str.decode("hex", strict=False)
    if blobs.null_count():
        raise SealBroken("a sealed text is no bytea")
    return blobs.to_list()
