"""What a NIK says, and what is wrong with it.

Pure. One definition, as polars expressions, so that a column of a million is checked at once; ``parse`` runs the
same expressions on a single value.

A NIK has 16 digits, PP KK CC DDMMYY SSSS: province, kabupaten/kota and kecamatan of the first registration, the
birth date (day + 40 for a woman), a serial from 0001 (PP 37/2007 pasal 37). It is given once: a wrong date in it
is never corrected (PP 40/2019 pasal 30 ayat (2)) and the codes of regions that were split or renamed stay in it.
So whatever disagrees with the row is something to look at, and letters are never guessed to be digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

import polars as pl

from foundation.regions.table import known_prefixes

LENGTH = 16
WOMAN = 40  # added to the day of birth

# Spaces of every kind (NBSP among them), invisible characters, dashes, dots, slashes, underscores.
_SEPARATORS = r"[\s\p{Cf}\p{Cc}\p{Pd}\u{2212}.\u{FF0E}\u{B7}/\u{FF0F}_\u{FF3F}]+"
# What spreadsheets and people put around a text that must not become a number: '317…, ="317…", “317…”.
_WRAPPERS = "='\"`´‘’“”＇＂"
_FULL_WIDTH = {chr(0xFF10 + digit): str(digit) for digit in range(10)}

# How a number looks once a spreadsheet has had it: 3.17E+15 and 3,17402E+15; 3171011708450000.0 and …,00;
# 3.171.011.708.450.000 with separators of thousands (a NIK in groups is never written 1-3-3-3-3-3).
_AROUND = r"[\s\p{Cf}\p{Cc}='\"`´‘’“”]*"
_NUMBER = (
    r"(?:[0-9]{1,3}(?:[.,][0-9]*)?\s*[eE]\s*\+?[0-9]{1,2}"
    r"|[0-9]+[.,]0{1,2}"
    r"|[0-9](?:[.][0-9]{3}){5}(?:,0+)?"
    r"|[0-9](?:,[0-9]{3}){5}(?:[.]0+)?)"
)
_FROM_NUMBER = f"^{_AROUND}{_NUMBER}{_AROUND}$"


@dataclass(frozen=True)
class Nik:
    """One NIK, read. ``digits`` and ``region_code`` are "" and the others None where the text does not tell.

    ``valid``: it could be a real NIK (16 digits after separators are taken out, a calendar date, a kecamatan of
    some edition of the region list, a serial that is not 0000). ``codes`` are rule codes, one for each fault.
    """

    digits: str
    valid: bool
    birth_date: date | None
    sex: str | None
    region_code: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """Expressions over one column of NIKs as they were given; null where a NIK does not tell.

    ``cleaned``: the text without separators. ``digits``: those of 16 digits, as text; ``number``: the same as
    integer, which the comparisons below take. ``region``: the longest known prefix as integer (6, 4 or 2
    digits). ``faults``: rule code -> whether the row has that fault, never null.
    """

    cleaned: pl.Expr
    digits: pl.Expr
    number: pl.Expr
    sex: pl.Expr
    birth_date: pl.Expr
    region: pl.Expr
    valid: pl.Expr
    faults: Mapping[str, pl.Expr]


def parse(
    text: str | None, *, today: date | None = None, sex: str | None = None, birth_date: date | None = None
) -> Nik:
    """Read one NIK; with ``sex`` ("L"/"P") or ``birth_date`` also say whether they disagree with it.

    ``today`` (else the day in Indonesia) decides the century: nobody is born after it.
    """
    row = pl.DataFrame(
        {"nik": [text], "sex": [sex], "birth_date": [birth_date]},
        schema={"nik": pl.String, "sex": pl.String, "birth_date": pl.Date},
    )
    found = row.select(**_columns_of_one(today or _today())).row(0, named=True)
    return Nik(
        digits=found.pop("digits") or "",
        valid=found.pop("valid"),
        birth_date=found.pop("born"),
        sex=found.pop("sex"),
        region_code=str(found.pop("region") or ""),
        codes=tuple(code for code, holds in found.items() if holds),
    )


def read(text: pl.Expr, *, today: date, from_number: pl.Expr | None = None) -> Reading:
    """Everything a column of NIKs says.

    ``from_number`` is true where the cell of a workbook held a number: only 15 of the 16 digits survive there,
    so such a NIK is never taken for one, however it looks.
    """
    cleaned = clean(text)
    missing = cleaned.is_null() | (cleaned == "")
    numeric = ~missing & _filled(came_from_number(text) | (from_number if from_number is not None else False))
    only_digits = _filled(cleaned.str.contains(r"^[0-9]+$"))
    whole = only_digits & ~numeric & (cleaned.str.len_bytes() == LENGTH)
    digits = pl.when(whole).then(cleaned)
    number = digits.cast(pl.Int64)
    born = birth_date(number, today=today)
    told = number.is_not_null()
    faults = {
        "NIK_MISSING": missing,
        "NIK_FROM_NUMBER": numeric,
        "NIK_NOT_DIGITS": ~missing & ~numeric & ~only_digits,
        "NIK_LENGTH": only_digits & ~numeric & ~whole,
        "NIK_DATE": told & born.is_null(),
        "NIK_REGION": told & ~_filled(district_is_known(number)),
        "NIK_SERIAL": _filled(number % 10_000 == 0),
    }
    sound = ~pl.any_horizontal(faults.values())
    return Reading(cleaned, digits, number, sex(number), born, region(number), sound, faults)


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


def sex(number: pl.Expr) -> pl.Expr:
    """ "L" or "P"; null when the date in the NIK cannot be (then its day says nothing)."""
    woman = _day(number) > WOMAN
    return pl.when(_is_calendar_date(number)).then(pl.when(woman).then(pl.lit("P")).otherwise(pl.lit("L")))


def birth_date(number: pl.Expr, *, today: date) -> pl.Expr:
    """The date in the NIK, in the latest century that does not lie in the future and has that day; else null."""
    this = today.year - today.year % 100 + _year(number)
    day, month = _plain_day(number), _month(number)
    future = this * 10_000 + month * 100 + day > today.year * 10_000 + today.month * 100 + today.day
    year = pl.when(future | ~_has_day(this, month, day)).then(this - 100).otherwise(this)
    real = _has_day(year, month, day)
    return pl.date(*(pl.when(real).then(part) for part in (year, month, day)))


def regency(number: pl.Expr) -> pl.Expr:
    """The kab/kota the NIK was first registered in (four digits as integer), known or not."""
    return number // 10**12


def region(number: pl.Expr) -> pl.Expr:
    """The longest beginning that is a region of some edition, as integer: kecamatan, kab/kota, province or null."""
    return pl.coalesce(
        pl.when(_is_one_of(prefix, _codes(size))).then(prefix)
        for prefix, size in ((number // 10**10, 6), (regency(number), 4), (number // 10**14, 2))
    )


def district_is_known(number: pl.Expr) -> pl.Expr:
    """Whether the first six digits are a kecamatan of some edition."""
    return _is_one_of(number // 10**10, _codes(6))


def birth_date_differs(number: pl.Expr, birth_date: pl.Expr) -> pl.Expr:
    """Whether a possible date in the NIK is not the row's. A NIK has no century, so none is compared."""
    same = (
        (_plain_day(number) == birth_date.dt.day())
        & (_month(number) == birth_date.dt.month())
        & (_year(number) == birth_date.dt.year() % 100)
    )
    return _filled(_is_calendar_date(number) & ~same)


def sex_differs(number: pl.Expr, sex_given: pl.Expr) -> pl.Expr:
    """Whether the NIK is a man's and the row a woman's ("L"/"P"), or the other way round."""
    return _filled(sex(number) != sex_given)


def regency_differs(number: pl.Expr, regency_given: pl.Expr) -> pl.Expr:
    """Whether the NIK was first registered in another kab/kota than the row's (four digits as integer).

    People move and regions are split, so this is common. An unknown region in the NIK is NIK_REGION's business.
    """
    return _filled(district_is_known(number) & (regency(number) != regency_given))


@lru_cache(maxsize=8)
def _columns_of_one(today: date) -> dict[str, pl.Expr]:
    reading = read(pl.col("nik"), today=today)
    return {
        "digits": reading.digits,
        "valid": reading.valid,
        "born": reading.birth_date,
        "sex": reading.sex,
        "region": reading.region,
        **reading.faults,
        "NIK_BIRTH_DATE": birth_date_differs(reading.number, pl.col("birth_date")),
        "NIK_SEX": sex_differs(reading.number, pl.col("sex")),
    }


def _today() -> date:
    """The day that has begun in Indonesia, in its easternmost zone."""
    return datetime.now(timezone(timedelta(hours=9))).date()


@lru_cache(maxsize=3)
def _codes(size: int) -> pl.Series:
    return pl.Series([code for code in known_prefixes() if len(str(code)) == size], dtype=pl.Int64)


def _is_one_of(code: pl.Expr, known: pl.Series) -> pl.Expr:
    return code.is_in(known.implode())


def _filled(condition: pl.Expr) -> pl.Expr:
    return condition.fill_null(value=False)


def _day(number: pl.Expr) -> pl.Expr:
    return number // 10**8 % 100


def _plain_day(number: pl.Expr) -> pl.Expr:
    day = _day(number)
    return pl.when(day > WOMAN).then(day - WOMAN).otherwise(day)


def _month(number: pl.Expr) -> pl.Expr:
    return number // 10**6 % 100


def _year(number: pl.Expr) -> pl.Expr:
    return number // 10**4 % 100


def _is_calendar_date(number: pl.Expr) -> pl.Expr:
    """Whether some century has that day: 29 February in years divisible by four (of 1900 and 2000 the latter)."""
    return _has_day(2000 + _year(number), _month(number), _plain_day(number))


def _has_day(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    # 31 or 30 by turns, the turn shifting in August.
    days = (
        pl.when(month == 2)
        .then(pl.when(leap).then(29).otherwise(28))
        .otherwise(30 + (month + month // 8) % 2)
    )
    return month.is_between(1, 12) & day.is_between(1, days)
