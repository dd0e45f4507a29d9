"""Of the lines on a card the NIK, or nothing where there is any doubt."""

import pytest

from supports.scans.card_nik import nik_on

NIK, OTHER = "6474010101909001", "6474020202909002"


@pytest.mark.parametrize(
    "line",
    [NIK, f": {NIK}", f"NIK : {NIK}", f"NIK：{NIK}", f"N1K: {NIK}", "6474 0101 0190 9001", f"nik:{NIK}."],
)
def test_a_line_of_sixteen_digits_is_the_nik(line):
    assert nik_on([("KOTA BONTANG", 0.99), (line, 0.97), ("Nama: BUDI", 0.9)]) == NIK


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(NIK, 0.7)],
        [(NIK[:-1], 0.99)],
        [(NIK + "1", 0.99)],
        [(NIK.replace("0", "O", 1), 0.99)],
        [("6474013313909001", 0.99)],
        [(NIK[:-4] + "0000", 0.99)],
        [(NIK, 0.99), (OTHER, 0.99)],
        [(NIK, 0.99), (OTHER, 0.5)],
        [("٦٤٧٤٠١٠١٠١٩٠٩٠٠١", 0.99)],
        [(f"{NIK} BUDI", 0.99)],
    ],
    ids=[
        "no line", "unsure", "a digit short", "a digit more", "a letter", "no date", "no serial", "two people",
        "another one seen", "other digits", "more than a NIK",
    ],
)  # fmt: skip
def test_in_doubt_nothing_is_claimed(lines):
    assert nik_on(lines) is None


def test_the_same_nik_twice_is_one():
    assert nik_on([(NIK, 0.95), (f"NIK {NIK}", 0.99)]) == NIK
