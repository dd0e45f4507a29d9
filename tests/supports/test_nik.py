"""What a NIK says: published cases, every date there is, regions of every edition, and its row."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.rule_sets import DEFAULT_EFFECTS
from supports import nik

CASES = Path(__file__).parents[1] / "data" / "nik.csv"
SEXES = {"M": "L", "F": "P", "": None}
VOTING_DAY = date(2024, 11, 27)
# Bontang Utara, 17 August 1990, a man; serials from 9000 upwards are nobody's.
SOUND = "6474011708909001"


def published():
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(*texts, today=VOTING_DAY, **options):
    frame = pl.DataFrame({"nik": texts}, schema={"nik": pl.String})
    return nik.read_niks(frame, today=today, **options)


def codes(text, today=VOTING_DAY):
    return nik.parse(text, today=today).codes


@pytest.mark.parametrize("case", published(), ids=lambda case: case["nik"])
def test_published_case(case):
    read_today = nik.parse(case["nik"])
    assert read_today.valid == (case["expected_valid"] == "yes")
    assert bool(read_today.codes) != read_today.valid
    if case["expected_birthdate"]:
        assert read_today.birth_date == date.fromisoformat(case["expected_birthdate"])
        assert read_today.sex == SEXES[case["expected_gender"]]
    if case["expected_region_code"]:
        assert read_today.region_code == case["expected_region_code"]


def test_published_cases_were_read():
    assert sum(case["expected_valid"] == "yes" for case in published()) == 21
    assert len(published()) == 44


def test_a_sound_nik_says_everything():
    assert nik.parse(SOUND, today=VOTING_DAY) == nik.Nik(
        digits=SOUND,
        valid=True,
        birth_date=date(1990, 8, 17),
        sex="L",
        region_code="647401",
        codes=(),
    )


def test_without_a_day_the_day_of_indonesia_decides():
    now = datetime.now(UTC).date()
    yesterday, later = now - timedelta(days=1), now + timedelta(days=2)
    assert nik.parse(f"647401{yesterday:%d%m%y}9001").birth_date == yesterday
    assert nik.parse(f"647401{later:%d%m%y}9001").birth_date < now - timedelta(days=36_500)


# Dates


def test_every_date_a_nik_can_write_is_read_and_no_other():
    """All million combinations of six digits, against the calendar of the hundred years to the voting day."""
    days = [VOTING_DAY - timedelta(days=back) for back in range(36_525)]
    expected = {f"{day:%d%m%y}": (day, "L") for day in days}
    expected |= {f"{day.day + 40}{day:%m%y}": (day, "P") for day in days}
    assert len(expected) == 2 * 36_525

    six = pl.int_range(1_000_000, eager=True).cast(pl.String).str.zfill(6).alias("six")
    frame = six.to_frame().with_columns(nik="647401" + pl.col("six") + "9001")
    found = nik.read_niks(frame, today=VOTING_DAY)
    dated = found.filter(~pl.col("NIK_DATE")).select("six", "nik_birth_date", "nik_sex")
    assert {six: (day, sex) for six, day, sex in dated.iter_rows()} == expected
    without = found.filter("NIK_DATE")
    assert without["nik_birth_date"].null_count() == without["nik_sex"].null_count() == without.height
    assert found["nik_valid"].sum() == len(expected)


@pytest.mark.parametrize(
    ("day", "born", "sex"),
    [
        ("00", None, None),
        ("01", 1, "L"),
        ("31", 31, "L"),
        ("32", None, None),
        ("40", None, None),
        ("41", 1, "P"),
        ("71", 31, "P"),
        ("72", None, None),
        ("81", None, None),
        ("99", None, None),
    ],
)
def test_day_bounds(day, born, sex):
    result = nik.parse(f"647401{day}01909001", today=VOTING_DAY)
    assert (result.birth_date.day if result.birth_date else None, result.sex) == (born, sex)
    assert result.codes == (() if born else ("NIK_DATE",))


@pytest.mark.parametrize(
    "six", ["300290", "700290", "310490", "710690", "010090", "011390", "290201", "290223"]
)
def test_days_that_never_were(six):
    assert codes(f"647401{six}9001") == ("NIK_DATE",)


@pytest.mark.parametrize(
    ("six", "today", "born"),
    [
        ("290200", VOTING_DAY, date(2000, 2, 29)),  # 1900 had no 29 February
        ("690200", VOTING_DAY, date(2000, 2, 29)),
        ("290204", VOTING_DAY, date(2004, 2, 29)),
        ("290228", VOTING_DAY, date(1928, 2, 29)),
        ("290224", date(2024, 2, 28), date(1924, 2, 29)),
        ("290224", date(2024, 2, 29), date(2024, 2, 29)),
        ("271124", VOTING_DAY, date(2024, 11, 27)),  # born on the day itself
        ("281124", VOTING_DAY, date(1924, 11, 28)),
        ("671124", VOTING_DAY, date(2024, 11, 27)),
        ("010124", VOTING_DAY, date(2024, 1, 1)),
        ("311223", VOTING_DAY, date(2023, 12, 31)),
        ("010125", VOTING_DAY, date(1925, 1, 1)),
        ("010100", VOTING_DAY, date(2000, 1, 1)),
        ("311299", VOTING_DAY, date(1999, 12, 31)),
        ("170845", VOTING_DAY, date(1945, 8, 17)),
        ("010125", date(2015, 12, 9), date(1925, 1, 1)),
        ("010125", date(2025, 1, 1), date(2025, 1, 1)),
        ("290200", date(2101, 1, 1), date(2000, 2, 29)),  # nor will 2100 have one
    ],
)
def test_the_century_is_the_latest_that_is_possible(six, today, born):
    assert nik.parse(f"647401{six}9001", today=today).birth_date == born


# Regions


@pytest.mark.parametrize(
    ("prefix", "region", "faults"),
    [
        ("647401", "647401", ()),
        ("910101", "910101", ()),  # Merauke, in Papua until 2022
        ("920101", "920101", ()),  # Kabupaten Sorong, in Papua Barat until 2022
        ("930101", "930101", ()),
        ("940101", "940101", ()),
        ("950101", "950101", ()),  # Papua Pegunungan
        ("960101", "960101", ()),  # Papua Barat Daya
        ("650101", "650101", ()),
        ("647400", "6474", ("NIK_REGION",)),
        ("647499", "6474", ("NIK_REGION",)),
        ("649901", "64", ("NIK_REGION",)),
        ("640001", "64", ("NIK_REGION",)),
        ("100101", "", ("NIK_REGION",)),
        ("990101", "", ("NIK_REGION",)),
        ("000000", "", ("NIK_REGION",)),
        ("006474", "", ("NIK_REGION",)),  # as a number this would be Kota Bontang
        ("000064", "", ("NIK_REGION",)),
    ],
)
def test_region_is_the_longest_known_prefix_of_any_edition(prefix, region, faults):
    result = nik.parse(f"{prefix}1708909001", today=VOTING_DAY)
    assert (result.region_code, result.codes) == (region, faults)
    assert result.valid == (not faults)
    assert (result.birth_date, result.sex) == (date(1990, 8, 17), "L")


def test_serial_0000_was_never_given():
    result = nik.parse("6474011708900000", today=VOTING_DAY)
    assert (result.valid, result.codes) == (False, ("NIK_SERIAL",))
    assert result.digits == "6474011708900000"


def test_faults_of_different_parts_are_said_separately():
    assert codes("9999999999990000") == ("NIK_DATE", "NIK_REGION", "NIK_SERIAL")


def test_every_fault_has_an_effect():
    assert set(nik.FAULTS) | {"NIK_BIRTH_DATE", "NIK_SEX", "NIK_AREA"} <= set(DEFAULT_EFFECTS)


# A column


def test_a_column_is_read_like_its_cells_and_keeps_the_others():
    texts = [case["nik"] for case in published()] + [None, "", "6.47E+15", "’6474011708909001"]
    frame = pl.DataFrame({"row": range(len(texts)), "given": texts})
    found = nik.read_niks(frame, "given", today=VOTING_DAY)
    assert found.columns == [
        "row",
        "given",
        "nik_cleaned",
        *nik.FAULTS[:4],
        "nik_number",
        "nik_digits",
        "nik_birth_date",
        "nik_sex",
        "nik_region",
        "nik_regency",
        *nik.FAULTS[4:],
        "nik_valid",
    ]
    for text, row in zip(texts, found.iter_rows(named=True), strict=True):
        one = nik.parse(text, today=VOTING_DAY)
        assert (row["nik_digits"] or "", row["nik_valid"]) == (one.digits, one.valid)
        assert (row["nik_birth_date"], row["nik_sex"]) == (one.birth_date, one.sex)
        assert str(row["nik_region"] or "") == one.region_code
        assert tuple(code for code in nik.FAULTS if row[code]) == one.codes


def test_faults_and_validity_are_never_null():
    found = read(None, "", "X", SOUND, "1")
    assert found.select(*nik.FAULTS, "nik_valid").null_count().row(0) == (0,) * (len(nik.FAULTS) + 1)


def test_number_is_that_of_the_digits():
    found = read(SOUND, "６４７４０１１７０８９０９００１", "12345", None)
    assert found["nik_number"].to_list() == [int(SOUND), int(SOUND), None, None]
    assert found["nik_cleaned"].to_list() == [SOUND, SOUND, "12345", None]


def test_an_empty_column():
    assert read().height == 0


@given(st.text(max_size=30))
def test_any_text_gets_a_verdict_that_fits(text):
    result = nik.parse(text, today=VOTING_DAY)
    assert result.valid == (result.codes == ())
    assert result.digits == "" or (
        len(result.digits) == 16 and result.digits.isascii() and result.digits.isdigit()
    )
    if result.digits:
        assert "".join(char for char in text if char in "0123456789" or "０" <= char <= "９") != ""


@given(
    st.dates(date(1924, 11, 28), VOTING_DAY), st.booleans(), st.integers(9000, 9999), st.sampled_from(" -./_")
)
def test_what_is_written_is_read_back(day, woman, serial, separator):
    parts = ("64", "74", "01", f"{day.day + 40 * woman:02d}", f"{day:%m}", f"{day:%y}", str(serial))
    result = nik.parse(separator.join(parts), today=VOTING_DAY)
    assert (result.valid, result.birth_date, result.sex) == (True, day, "P" if woman else "L")


# Against the row


@pytest.mark.parametrize(
    ("text", "birth_date", "differs"),
    [
        (SOUND, date(1990, 8, 17), False),
        (SOUND, date(1990, 8, 18), True),
        (SOUND, date(1990, 7, 17), True),
        (SOUND, date(1991, 8, 17), True),
        (SOUND, None, False),
        ("6474015708909001", date(1990, 8, 17), False),
        # Born in 1924: the NIK could also be that of somebody born in 2024, so the century is not compared.
        ("6474010505249001", date(1924, 5, 5), False),
        ("6474013002909001", date(1990, 3, 2), False),  # an impossible date is NIK_DATE, not two faults
        ("123", date(1990, 8, 17), False),
    ],
)
def test_birth_date_of_the_row(text, birth_date, differs):
    result = nik.parse(text, today=VOTING_DAY, birth_date=birth_date)
    assert ("NIK_BIRTH_DATE" in result.codes) == differs


@pytest.mark.parametrize(
    ("text", "sex", "differs"),
    [
        (SOUND, "L", False),
        (SOUND, "P", True),
        (SOUND, None, False),
        ("6474015708909001", "P", False),
        ("6474015708909001", "L", True),
        ("6474013202909001", "P", False),  # day 32 tells nothing
        ("", "P", False),
    ],
)
def test_sex_of_the_row(text, sex, differs):
    result = nik.parse(text, today=VOTING_DAY, sex=sex)
    assert ("NIK_SEX" in result.codes) == differs


def test_the_row_does_not_make_a_nik_invalid():
    result = nik.parse(SOUND, today=VOTING_DAY, sex="P", birth_date=date(2001, 1, 1))
    assert (result.valid, result.codes) == (True, ("NIK_BIRTH_DATE", "NIK_SEX"))


def test_regency_of_the_row():
    found = read(SOUND, SOUND, SOUND, "6474991708909001", "123", None).with_columns(
        regency=pl.Series([6474, 6472, None, 6472, 6472, 6472])
    )
    differs = found.select(nik.regency_differs(pl.col("nik_regency"), pl.col("regency"))).to_series()
    # A NIK of an unknown kecamatan has NIK_REGION and is not compared.
    assert differs.to_list() == [False, True, False, False, False, False]
