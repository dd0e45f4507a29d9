"""What a NIK says, and what is wrong with it.

Pure. One definition, as polars expressions, so that a column of a million is read at once; ``parse`` runs the
same ones on a single value.

A NIK has 16 digits, PP KK CC DDMMYY SSSS: province, kabupaten/kota and kecamatan of the first registration,
the birth date (day + 40 for a woman), a serial from 0001 (PP 37/2007 pasal 37). It is given once: a wrong
date in it is never corrected (PP 40/2019 pasal 30 ayat (2)), and codes of regions that were split or renamed
stay in it. So what disagrees with the row is something to look at. Letters are never guessed to be digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache

import polars as pl

from foundation.regions.table import known_prefixes

LENGTH = 16
WOMAN = 40  # added to the day of birth

# Rule codes, one for each fault of a NIK by itself, and those of a NIK against its row.
OF_FORM = ("NIK_MISSING", "NIK_FROM_NUMBER", "NIK_NOT_DIGITS", "NIK_LENGTH")
FAULTS = (*OF_FORM, "NIK_DATE", "NIK_REGION", "NIK_SERIAL")

# Spaces of every kind (NBSP among them), invisible characters, dashes, dots, slashes, underscores.
_SEPARATORS = r"[\s\p{Cf}\p{Cc}\p{Pd}\u{2212}.\u{FF0E}\u{B7}/\u{FF0F}_\u{FF3F}]+"
# What spreadsheets and people put around a text that must not become a number: '317…, ="317…", “317…”.
_WRAPPERS = "='\"`´‘’“”＇＂"
_FULL_WIDTH = {chr(0xFF10 + digit): str(digit) for digit in range(10)}

# How a number looks once a spreadsheet has had it: 3.17E+15 and 3,17402E+15; 3171011708450000.0 and …,00;
# 3.171.011.708.450.000 with separators of thousands (nobody writes the parts of a NIK as 1-3-3-3-3-3).
_AROUND = r"[\s\p{Cf}\p{Cc}='\"`´‘’“”＇＂]*"
_NUMBER = (
    r"(?:[0-9]{1,3}(?:[.,][0-9]*)?\s*[eE]\s*\+?[0-9]{1,2}"
    r"|[0-9]+[.,]0{1,2}"
    r"|[0-9](?:[.][0-9]{3}){5}(?:,0+)?"
    r"|[0-9](?:,[0-9]{3}){5}(?:[.]0+)?)"
)
_FROM_NUMBER = f"^{_AROUND}{_NUMBER}{_AROUND}$"


@dataclass(frozen=True)
class Nik:
    """One NIK, read. ``digits`` and ``region_code`` are "", the others None where the text does not tell.

    ``valid``: it could be a real NIK (16 digits after separators are taken out, a calendar date, a kecamatan
    of some edition of the region list, a serial that is not 0000). ``codes``: rule codes, one for each fault.
    """

    digits: str
    valid: bool
    birth_date: date | None
    sex: str | None
    region_code: str
    codes: tuple[str, ...]


def parse(
    text: str | None, *, today: date | None = None, sex: str | None = None, birth_date: date | None = None
) -> Nik:
    """Read one NIK; with ``sex`` ("L"/"P") or ``birth_date`` also say whether they disagree with it.

    ``today`` (by default the day in Indonesia) decides the century: nobody is born after it.
    """
    given = pl.DataFrame(
        {"nik": [text], "sex": [sex], "birth_date": [birth_date]},
        schema={"nik": pl.String, "sex": pl.String, "birth_date": pl.Date},
    )
    found = read_niks(given, today=today or _today()).with_columns(
        NIK_BIRTH_DATE=birth_date_differs(pl.col("nik_birth_date"), pl.col("birth_date")),
        NIK_SEX=sex_differs(pl.col("nik_sex"), pl.col("sex")),
    )
    row = found.row(0, named=True)
    return Nik(
        digits=row["nik_digits"] or "",
        valid=row["nik_valid"],
        birth_date=row["nik_birth_date"],
        sex=row["nik_sex"],
        region_code=str(row["nik_region"] or ""),
        codes=tuple(code for code in (*FAULTS, "NIK_BIRTH_DATE", "NIK_SEX") if row[code]),
    )


def read_niks(
    frame: pl.DataFrame, column: str = "nik", *, today: date, from_number: str | None = None
) -> pl.DataFrame:
    """The frame with everything its column of NIKs (text as given) says, in new columns.

    ``nik_cleaned`` the text without separators · ``nik_digits`` the 16 digits as text, ``nik_number`` as
    integer · ``nik_birth_date`` · ``nik_sex`` "L"/"P" · ``nik_region`` the longest known prefix (6, 4 or 2
    digits, integer) · ``nik_regency`` the kab/kota (4 digits, integer) · ``nik_valid`` · and a boolean for
    each of FAULTS. Null where a NIK does not tell; ``nik_valid`` and the faults are never null.

    ``today`` decides the century. ``from_number`` names a boolean column that is true where the cell of a
    workbook held a number: only 15 of the 16 digits survive there, so it is never taken for a NIK.
    """
    # In stages: an expression that mentions another twice is computed twice, and the next one four times.
    frame = frame.with_columns(_forms(frame, column, from_number))
    frame = frame.with_columns(nik_number=_number())
    frame = frame.with_columns(**_parts(pl.col("nik_number")))
    frame = frame.with_columns(_year=_year(today))
    frame = frame.with_columns(
        _real=_is_calendar_day(), _district=_if_known(pl.col("nik_number") // 10**10, 6)
    )
    frame = frame.with_columns(**_said(), **_faults_of_content())
    frame = frame.with_columns(nik_valid=~pl.any_horizontal(FAULTS))
    return frame.drop("_day", "_woman", "_month", "_year", "_real", "_district")


def clean(text: pl.Expr) -> pl.Expr:
    """The text without separators, wrappers and invisible characters, full-width digits made ordinary ones.

    Whatever else stands in it stays, so that it can be seen and refused. Null stays null.
    """
    return (
        text.str.replace_all(_SEPARATORS, "")
        .str.strip_chars(_WRAPPERS)
        .str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))
    )


def came_from_number(text: pl.Expr) -> pl.Expr:
    """Whether the text as given shows that a spreadsheet held it as a number (digits were lost)."""
    return text.str.contains(_FROM_NUMBER)


def birth_date_differs(nik_birth_date: pl.Expr, birth_date: pl.Expr) -> pl.Expr:
    """Whether the row's day of birth is not the NIK's. A NIK has no century, so none is compared."""
    same = (
        (nik_birth_date.dt.day() == birth_date.dt.day())
        & (nik_birth_date.dt.month() == birth_date.dt.month())
        & (nik_birth_date.dt.year() % 100 == birth_date.dt.year() % 100)
    )
    return _sure(~same)


def sex_differs(nik_sex: pl.Expr, sex: pl.Expr) -> pl.Expr:
    """Whether the NIK is a man's and the row a woman's, or the other way round ("L"/"P")."""
    return _sure(nik_sex != sex)


def regency_differs(nik_regency: pl.Expr, regency: pl.Expr) -> pl.Expr:
    """Whether the NIK was first registered in another kab/kota than the row's (4 digits, integer).

    People move and regions are split, so this is common. An unknown region in a NIK is not compared.
    """
    return _sure(nik_regency != regency)


def _forms(frame: pl.DataFrame, column: str, from_number: str | None) -> pl.DataFrame:
    """``nik_cleaned`` and the faults of form. Most texts are sixteen digits already: only the others are looked at."""
    given = frame.select(column, *([from_number] if from_number else []))
    usual = given[column].str.contains(r"^[0-9]{16}$").fill_null(False)
    if from_number:
        usual &= ~given[from_number].fill_null(False)
    odd = given.filter(~usual).with_columns(nik_cleaned=clean(pl.col(column)))
    odd = odd.with_columns(**_faults_of_form(column, from_number))
    rows = (~usual).arg_true()
    forms = {name: pl.repeat(False, frame.height, eager=True).scatter(rows, odd[name]) for name in OF_FORM}
    return pl.DataFrame({"nik_cleaned": given[column].clone().scatter(rows, odd["nik_cleaned"]), **forms})


def _faults_of_form(column: str, from_number: str | None) -> dict[str, pl.Expr]:
    """At most one of these holds: the text is missing, was a number, is not digits, or is of wrong length."""
    cleaned = pl.col("nik_cleaned")
    there = _sure(cleaned != "")
    number = came_from_number(pl.col(column))
    if from_number is not None:
        number |= _sure(pl.col(from_number))
    digits = cleaned.str.contains(r"^[0-9]+$")
    return {
        "NIK_MISSING": ~there,
        "NIK_FROM_NUMBER": there & number,
        "NIK_NOT_DIGITS": there & ~number & ~digits,
        "NIK_LENGTH": there & ~number & digits & (cleaned.str.len_bytes() != LENGTH),
    }


def _number() -> pl.Expr:
    faulty = pl.any_horizontal(OF_FORM)
    return pl.when(~faulty).then(pl.col("nik_cleaned")).cast(pl.Int64)


def _parts(number: pl.Expr) -> dict[str, pl.Expr]:
    day = number // 10**8 % 100
    return {
        "_woman": day > WOMAN,
        "_day": day - WOMAN * (day > WOMAN).cast(pl.Int64),
        "_month": number // 10**6 % 100,
        "_year": number // 10**4 % 100,
    }


def _year(today: date) -> pl.Expr:
    """The year of birth: in the latest century that does not put it into the future and has that day."""
    year = pl.col("_year") + (today.year - today.year % 100)
    day = year * 10_000 + pl.col("_month") * 100 + pl.col("_day")
    future = day > today.year * 10_000 + today.month * 100 + today.day
    never = (pl.col("_month") == 2) & (pl.col("_day") == 29) & ~_is_leap(year)
    return pl.when(future | never).then(year - 100).otherwise(year)


def _is_calendar_day() -> pl.Expr:
    day, month = pl.col("_day"), pl.col("_month")
    # 31 and 30 by turns, the turn shifting in August.
    ordinary = 30 + (month + month // 8) % 2
    last = pl.when(month != 2).then(ordinary).otherwise(28 + _is_leap(pl.col("_year")).cast(pl.Int64))
    return month.is_between(1, 12) & day.is_between(1, last)


def _is_leap(year: pl.Expr) -> pl.Expr:
    return (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))


def _said() -> dict[str, pl.Expr]:
    """What stands in the number. Where the date cannot be, its day tells no sex either."""
    number, real, district = pl.col("nik_number"), pl.col("_real"), pl.col("_district")
    sex = pl.when(pl.col("_woman")).then(pl.lit("P")).otherwise(pl.lit("L"))
    return {
        "nik_digits": pl.when(number.is_not_null()).then(pl.col("nik_cleaned")),
        "nik_birth_date": pl.date(
            *(pl.when(real).then(pl.col(part)) for part in ("_year", "_month", "_day"))
        ),
        "nik_sex": pl.when(real).then(sex),
        "nik_region": pl.coalesce(district, _if_known(number // 10**12, 4), _if_known(number // 10**14, 2)),
        "nik_regency": district // 100,
    }


def _faults_of_content() -> dict[str, pl.Expr]:
    """Each about its own part of a number of 16 digits."""
    number = pl.col("nik_number")
    return {
        "NIK_DATE": _sure(~pl.col("_real")),
        "NIK_REGION": number.is_not_null() & pl.col("_district").is_null(),
        "NIK_SERIAL": _sure(number % 10_000 == 0),
    }


def _if_known(code: pl.Expr, size: int) -> pl.Expr:
    """The code where some edition of the region list has it, else null."""
    return pl.when(code.is_in(_codes(size).implode())).then(code)


@cache
def _codes(size: int) -> pl.Series:
    """The region codes of so many digits, of every edition."""
    return pl.Series([code for code in known_prefixes() if len(str(code)) == size], dtype=pl.Int64)


def _sure(condition: pl.Expr) -> pl.Expr:
    """What is not known is not said."""
    return condition.fill_null(value=False)


def _today() -> date:
    """The day that has begun in Indonesia, in its easternmost zone."""
    return datetime.now(timezone(timedelta(hours=9))).date()
