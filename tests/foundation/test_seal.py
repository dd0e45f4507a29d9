import datetime as dt
import uuid

import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation import seal

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))
NIK = "6474015302799001"

niks = st.from_regex(r"[0-9]{16}", fullmatch=True)
phones = st.from_regex(r"\+[0-9]{6,15}", fullmatch=True)
dates = st.dates(min_value=dt.date(1, 1, 1))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
ids = st.integers(min_value=0, max_value=2**63 - 1)


def column(values, dtype=pl.String):
    return pl.Series("x", values, dtype=dtype)


# ---- NIK


@given(st.lists(st.none() | niks))
def test_nik_column_opens_to_what_was_sealed(values):
    sealed = seal.seal_niks(column(values), KEY)

    assert sealed.name == "x"
    assert [value is None for value in sealed] == [value is None for value in values]
    assert all(len(value) == 16 for value in sealed if value)
    assert seal.open_niks(sealed, KEY).to_list() == values


@given(st.lists(niks, min_size=1))
def test_nik_column_and_single_nik_are_sealed_alike(values):
    column_of_uuids = [uuid.UUID(bytes=value) for value in seal.seal_niks(column(values), KEY)]

    assert column_of_uuids == [seal.seal_nik(value, KEY) for value in values]
    assert [seal.open_nik(value, KEY) for value in column_of_uuids] == values


def test_nik_is_plain_aes_256_of_its_digits():
    encryptor = Cipher(algorithms.AES(KEY), modes.ECB()).encryptor()  # noqa: S305 - the expected value, by hand

    assert seal.seal_nik(NIK, KEY).bytes == encryptor.update(NIK.encode())


def test_nik_opens_from_every_form_of_a_uuid_column():
    sealed = seal.seal_nik(NIK, KEY)
    forms = [
        column([sealed.hex, None]),
        column([str(sealed), None]),
        column([sealed.bytes, None], pl.Binary),
        column([sealed, None], pl.Object),
    ]

    assert [seal.open_niks(form, KEY).to_list() for form in forms] == [[NIK, None]] * 4


def test_nik_in_a_slice_of_a_frame_opens():
    values = [f"64740153027{serial}" + "1" for serial in range(9000, 9020)]
    piece = pl.concat([column(values), column([None]), column(values)]).slice(7, 20)

    assert (
        seal.open_niks(seal.seal_niks(piece, KEY).slice(3, 9), KEY).to_list() == piece.slice(3, 9).to_list()
    )


@pytest.mark.parametrize(
    "wrong", ["", "647401530279900", NIK + "1", "64740153O2799001", "６474015302799", "é" * 8]
)
def test_nik_that_is_not_sixteen_digits_is_refused_without_being_named(wrong):
    with pytest.raises(ValueError) as refused:
        seal.seal_niks(column([NIK, wrong]), KEY)
    with pytest.raises(ValueError) as refused_alone:
        seal.seal_nik(wrong, KEY)

    for message in (str(refused.value), str(refused_alone.value)):
        assert NIK not in message
        assert not wrong or wrong not in message


def test_two_wrong_lengths_that_add_up_to_whole_blocks_are_refused():
    with pytest.raises(ValueError):
        seal.seal_niks(column([NIK[:15], NIK + "1"]), KEY)


def test_nik_does_not_open_with_another_key():
    sealed = seal.seal_nik(NIK, KEY)

    with pytest.raises(seal.SealBroken):
        seal.open_nik(sealed, OTHER)
    with pytest.raises(seal.SealBroken):
        seal.open_niks(column([sealed.hex]), OTHER)


@pytest.mark.parametrize("position", range(16))
def test_nik_with_one_byte_changed_does_not_open(position):
    raw = bytearray(seal.seal_nik(NIK, KEY).bytes)
    raw[position] ^= 1

    with pytest.raises(seal.SealBroken):
        seal.open_nik(uuid.UUID(bytes=bytes(raw)), KEY)


@pytest.mark.parametrize("not_a_block", ["", "ab", "0" * 31, "0" * 33, "0" * 64, "g" * 32])
def test_nik_column_with_something_else_in_it_does_not_open(not_a_block):
    with pytest.raises(seal.SealBroken):
        seal.open_niks(column([seal.seal_nik(NIK, KEY).hex, not_a_block]), KEY)


@pytest.mark.parametrize("key", [b"", KEY[:16], KEY + b"x"])
def test_key_of_another_length_is_refused(key):
    with pytest.raises(ValueError):
        seal.seal_nik(NIK, key)
    with pytest.raises(ValueError):
        seal.seal_text("x", 1, key)


def test_new_keys_differ():
    keys = {seal.new_key() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


def test_sealed_blocks_are_written_as_a_statement_takes_them():
    values = [NIK, None, "6474015302799002"]

    written = seal.as_hex(seal.seal_niks(column(values), KEY))

    assert [uuid.UUID(value) for value in written] == [seal.seal_nik(value, KEY) for value in values if value]


# ---- phone


@given(st.lists(st.none() | phones))
def test_phone_column_opens_to_what_was_sealed(values):
    sealed = seal.seal_phones(column(values), KEY)

    assert seal.open_phones(sealed, KEY).to_list() == values
    singles = [uuid.UUID(bytes=value) for value in sealed if value]
    assert singles == [seal.seal_phone(value, KEY) for value in values if value]
    assert [seal.open_phone(value, KEY) for value in singles] == [value for value in values if value]


@pytest.mark.parametrize("wrong", ["+6281234567890123", "0812 rumah", "+62８12345678"])
def test_phone_that_is_no_e164_text_is_refused(wrong):
    with pytest.raises(ValueError):
        seal.seal_phones(column([wrong]), KEY)
    with pytest.raises(ValueError):
        seal.seal_phone(wrong, KEY)


def test_phone_does_not_open_with_another_key():
    with pytest.raises(seal.SealBroken):
        seal.open_phones(seal.seal_phones(column(["+6281234567890"]), KEY), OTHER)


# ---- birth date


@given(st.lists(st.tuples(st.none() | dates, st.none() | niks)))
def test_birth_date_column_opens_to_what_was_sealed(rows):
    days = column([day for day, _ in rows], pl.Date)
    sealed_niks = seal.seal_niks(column([nik for _, nik in rows]), KEY)
    sealed = seal.seal_birth_dates(days, sealed_niks, OTHER)

    expected = [day if nik else None for day, nik in rows]
    assert seal.open_birth_dates(sealed, OTHER).to_list() == expected
    singles = [seal.seal_birth_date(day, seal.seal_nik(nik, KEY), OTHER) for day, nik in rows if day and nik]
    assert [uuid.UUID(bytes=value) for value in sealed if value] == singles
    assert [seal.open_birth_date(value, OTHER) for value in singles] == [d for d in expected if d]


def test_birth_dates_are_equal_only_within_one_nik():
    day = dt.date(1979, 2, 13)
    first, second = seal.seal_nik(NIK, KEY), seal.seal_nik("6474015302799002", KEY)

    assert seal.seal_birth_date(day, first, OTHER) == seal.seal_birth_date(day, first, OTHER)
    assert seal.seal_birth_date(day, first, OTHER) != seal.seal_birth_date(day, second, OTHER)


def test_birth_date_of_an_impossible_year_is_refused():
    year_ten_thousand = column([2932897], pl.Int32).cast(pl.Date)

    with pytest.raises(ValueError):
        seal.seal_birth_dates(year_ten_thousand, column([seal.seal_nik(NIK, KEY).hex]), OTHER)


def test_birth_date_does_not_open_with_another_key():
    sealed = seal.seal_birth_date(dt.date(1979, 2, 13), seal.seal_nik(NIK, KEY), OTHER)

    with pytest.raises(seal.SealBroken):
        seal.open_birth_date(sealed, KEY)
    with pytest.raises(seal.SealBroken):
        seal.open_birth_dates(column([sealed.hex]), KEY)


def test_digits_that_are_no_date_do_not_open():
    encryptor = Cipher(algorithms.AES(OTHER), modes.ECB()).encryptor()  # noqa: S305 - as above
    block = encryptor.update(b"19790231" + bytes(8))
    sealed = uuid.UUID(bytes=block)

    with pytest.raises(seal.SealBroken):
        seal.open_birth_date(sealed, OTHER)
    with pytest.raises(seal.SealBroken):
        seal.open_birth_dates(column([sealed.hex]), OTHER)


# ---- text


@given(st.lists(st.tuples(st.none() | texts, ids)))
def test_text_column_opens_to_what_was_sealed(rows):
    values, row_ids = column([text for text, _ in rows]), column([row_id for _, row_id in rows], pl.Int64)
    sealed = seal.seal_texts(values, row_ids, KEY)

    expected = [text or None for text, _ in rows]
    assert seal.open_texts(sealed, row_ids, KEY).to_list() == expected
    for blob, row_id, text in zip(sealed, row_ids, expected, strict=True):
        assert (blob is None) == (text is None)
        if text:
            assert seal.open_text(blob, row_id, KEY) == text


@given(st.lists(st.tuples(texts, ids), min_size=1))
def test_single_texts_open_as_a_column_of_bytes(rows):
    blobs = column([seal.seal_text(text, row_id, KEY) for text, row_id in rows], pl.Binary)
    row_ids = column([row_id for _, row_id in rows], pl.Int64)

    assert seal.open_texts(blobs, row_ids, KEY).to_list() == [text for text, _ in rows]


def test_text_from_the_driver_as_memoryview_opens():
    assert seal.open_text(memoryview(seal.seal_text("JL. ÉTÉ 12, Ⅳ 𝟙", 7, KEY)), 7, KEY) == "JL. ÉTÉ 12, Ⅳ 𝟙"


def test_text_sealed_twice_is_never_the_same():
    sealed = seal.seal_texts(column(["JL. MERDEKA"] * 1000), column([5] * 1000, pl.Int64), KEY)

    assert sealed.n_unique() == 1000
    assert sealed.bin.slice(0, 12).n_unique() == 1000


def test_text_moved_to_another_row_does_not_open():
    blob = seal.seal_text("JL. MERDEKA", 7, KEY)

    with pytest.raises(seal.SealBroken):
        seal.open_text(blob, 8, KEY)
    with pytest.raises(seal.SealBroken):
        seal.open_texts(column([blob], pl.Binary), column([8], pl.Int64), KEY)


def test_text_with_any_byte_changed_does_not_open():
    blob = seal.seal_text("JL. MERDEKA", 7, KEY)

    for position in range(len(blob)):
        broken = bytearray(blob)
        broken[position] ^= 0x80
        with pytest.raises(seal.SealBroken):
            seal.open_text(bytes(broken), 7, KEY)


@pytest.mark.parametrize("broken", ["\\x", "\\x00", "\\xzz", "\\x" + "00" * 40])
def test_text_that_is_no_blob_does_not_open(broken):
    with pytest.raises(seal.SealBroken):
        seal.open_texts(column([broken]), column([7], pl.Int64), KEY)


def test_text_does_not_open_with_another_key():
    with pytest.raises(seal.SealBroken):
        seal.open_text(seal.seal_text("JL. MERDEKA", 7, KEY), 7, OTHER)


def test_text_and_ids_of_different_length_are_refused():
    with pytest.raises((ValueError, pl.exceptions.PolarsError)):
        seal.seal_texts(column(["a", "b"]), column([1], pl.Int64), KEY)


# ---- digest


@given(st.lists(st.none() | texts))
def test_digest_is_the_same_for_a_column_and_for_one_row(values):
    digests = seal.digest_rows(column(values), KEY)

    assert digests.to_list() == [
        None if value is None else seal.digest_row(value, KEY).bytes for value in values
    ]


@given(st.lists(texts, unique=True))
def test_digests_of_different_rows_differ(values):
    assert seal.digest_rows(column(values), KEY).n_unique() == len(values)


def test_digest_depends_on_the_key():
    assert seal.digest_row(NIK, KEY) != seal.digest_row(NIK, OTHER)


# ---- what is stored


@settings(max_examples=20)
@given(niks)
def test_nothing_sealed_contains_what_was_sealed(nik):
    phone, row_ids = f"+{nik[1:]}", column([7], pl.Int64)
    sealed_nik = seal.seal_niks(column([nik]), KEY)
    stored = [
        sealed_nik,
        seal.seal_phones(column([phone]), KEY),
        seal.seal_birth_dates(column([dt.date(1979, 2, 13)], pl.Date), sealed_nik, KEY),
        seal.seal_texts(column([f"JL. {nik}"]), row_ids, KEY),
        seal.digest_rows(column([nik]), KEY),
    ]

    for series in stored:
        for clear in (nik.encode(), phone.encode(), b"19790213"):
            assert clear not in series[0]
            assert clear not in series[0].hex().encode()


# ---- two numbers

numbers = st.integers(min_value=-(2**63), max_value=2**63 - 1)


@given(st.lists(st.tuples(numbers, numbers)))
def test_two_numbers_open_to_what_was_sealed(rows):
    first, second = (column([row[at] for row in rows], pl.Int64) for at in (0, 1))
    sealed = seal.seal_numbers(first, second, KEY)

    assert all(len(value) == 32 for value in sealed)
    assert list(zip(*seal.open_numbers(sealed, KEY), strict=True)) == rows
    if rows:
        assert list(zip(*seal.open_numbers(sealed, OTHER), strict=True)) != rows


def test_a_derived_key_differs_by_purpose_and_from_its_key():
    keys = {KEY, seal.derive_key(KEY, "a"), seal.derive_key(KEY, "b"), seal.derive_key(OTHER, "a")}

    assert len(keys) == 4
    assert {len(key) for key in keys} == {seal.KEY_BYTES}
