"""How a NIK is written: separators, wrappers, letters, and what spreadsheets do to sixteen digits."""

from datetime import date

import polars as pl
import pytest

from supports import nik

VOTING_DAY = date(2024, 11, 27)
SOUND = "6474011708909001"


@pytest.mark.parametrize(
    "text",
    [
        " 6474011708909001 ",
        "\t6474011708909001\r\n",
        "6474 0117 0890 9001",
        "6474\u00a00117\u00a00890\u00a09001",
        "6474\u202f0117\u20090890\u30009001",
        "64-74-01-17-08-90-9001",
        "64\u201374\u201301\u2013170890\u20129001",
        "64\u221274\u2212011708909001",
        "64.74.01.170890.9001",
        "64.74.01.17.08.90.9001",
        "64/74/01/170890/9001",
        "647401_170890_9001",
        "'6474011708909001",
        "\u20196474011708909001",
        '"6474011708909001"',
        '="6474011708909001"',
        "=6474011708909001",
        "`6474011708909001",
        "\ufeff6474011708909001",
        "6474\u200b011708\u200d909001",
        "\u202a6474011708909001\u202c",
        "6474\u00ad011708909001",
        "６４７４０１１７０８９０９００１",
        "６４７４．０１１７０８－９０９００１",
    ],
)
def test_separators_and_wrappers_are_taken_out(text):
    assert nik.parse(text, today=VOTING_DAY) == nik.parse(SOUND, today=VOTING_DAY)


@pytest.mark.parametrize("text", [None, "", " ", "\u00a0", "\u200b", "-", "--", ".", "'", '=""', "_ _"])
def test_missing(text):
    assert nik.parse(text, today=VOTING_DAY) == nik.Nik("", False, None, None, "", ("NIK_MISSING",))


@pytest.mark.parametrize(
    "text",
    ["0", "1", "647401170890900", "64740117089090011", "64.74.01.170890.900", "6" * 40, "6474-0117-0890-900"],
)
def test_length(text):
    assert nik.parse(text, today=VOTING_DAY) == nik.Nik("", False, None, None, "", ("NIK_LENGTH",))


@pytest.mark.parametrize(
    "text",
    [
        "6474O11708909001",
        "6474o11708909001",
        "647401I708909001",
        "647401l708909001",
        "647401170890900l",
        "NIK 6474011708909001",
        "6474011708909001 (KTP)",
        "+6474011708909001",
        "6474011708909001;",
        "6474,0117,0890,9001",
        "٦٤٧٤٠١١٧٠٨٩٠٩٠٠١",
        "#N/A",
        "NULL",
        "nan",
        "tidak ada",
        "6474E11708909001",
        "64740117089E0001",
        "E",
    ],
)
def test_not_digits(text):
    assert nik.parse(text, today=VOTING_DAY) == nik.Nik("", False, None, None, "", ("NIK_NOT_DIGITS",))


@pytest.mark.parametrize(
    "text",
    [
        "6.47E+15",
        "6,47E+15",
        "6.47401170890900E+15",
        "6,47401E+15",
        "6.47e15",
        "6E+15",
        "647E+13",
        " 6,47401E+15 ",
        "'6.47E+15",
        "6474011708909000.0",
        "6474011708909000,0",
        "6474011708909000.00",
        "6474011708909000,00",
        "6.474.011.708.909.000",
        "6,474,011,708,909,000",
        "6.474.011.708.909.000,00",
        "6,474,011,708,909,000.00",
    ],
)
def test_from_number(text):
    assert nik.parse(text, today=VOTING_DAY) == nik.Nik("", False, None, None, "", ("NIK_FROM_NUMBER",))


def test_a_number_cell_of_a_workbook_is_never_taken_for_a_nik():
    frame = pl.DataFrame(
        {"nik": [SOUND, SOUND, "", "12345", None], "number": [True, False, True, True, None]}
    )
    found = nik.read_niks(frame, today=VOTING_DAY, from_number="number")
    assert found["NIK_FROM_NUMBER"].to_list() == [True, False, False, True, False]
    assert found["NIK_MISSING"].to_list() == [False, False, True, False, True]
    assert found["nik_digits"].to_list() == [None, SOUND, None, None, None]
    assert found["nik_valid"].to_list() == [False, True, False, False, False]
    assert found["NIK_LENGTH"].sum() == 0


def test_a_wrong_form_is_the_only_fault_said():
    """One fault, one code: 15 digits or a letter do not also count as an impossible date or region."""
    texts = ["999999999999999", "99999999999999999", "99999999999999X9", "9.99E+15", ""]
    found = nik.read_niks(pl.DataFrame({"nik": texts}), today=VOTING_DAY)
    form = found.select("NIK_MISSING", "NIK_FROM_NUMBER", "NIK_NOT_DIGITS", "NIK_LENGTH")
    content = found.select("NIK_DATE", "NIK_REGION", "NIK_SERIAL")
    assert form.select(pl.sum_horizontal(pl.all())).to_series().to_list() == [1] * 5
    assert content.select(pl.sum_horizontal(pl.all())).to_series().to_list() == [0] * 5
