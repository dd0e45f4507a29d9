"""What the row rules look at, as polars expressions. Pure; ``supports.rules`` gives them their names and words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from string import ascii_lowercase

import polars as pl

from supports import nik
from supports.occupations import forbidden_occupation


@dataclass(frozen=True)
class Terms:
    """What the rules need to know about an election."""

    voting_day: date
    minimum_age: int


Expression = Callable[[Terms], pl.Expr]

# One pattern, because one look at a million names costs less than three.
_ONE_LETTER = "|".join(f"(?:{letter}[ .'-]*)+" for letter in ascii_lowercase)
_SUSPECT_NAME = rf"(?i)[0-9@#*_=<>]|^\P{{L}}*(?:\p{{L}}\P{{L}}*)?$|^[ .'-]*(?:{_ONE_LETTER})$"

# The kab/kota of the row's address; null where it is unknown.
REGENCY = pl.when(pl.col("area") > 0).then(pl.col("area") // 1_000_000)


def fault_of_nik(code: str) -> Expression:
    """What ``supports.nik`` says under this code."""
    return lambda terms: pl.col(code)


def fault_of_place(code: str) -> Expression:
    """What ``supports.ingest.places`` says under this code."""
    return lambda terms: pl.col("place_fault") == code


def _born_by(terms: Terms) -> date:
    """Who was born after this day has not reached the minimum age on voting day."""
    day = terms.voting_day
    try:
        return day.replace(year=day.year - terms.minimum_age)
    except ValueError:  # 29 February
        return date(day.year - terms.minimum_age, 2, 28)


def _under_age(terms: Terms) -> pl.Expr:
    return pl.col("birth_date") > _born_by(terms)


def _impossible_birth(terms: Terms) -> pl.Expr:
    oldest = date(terms.voting_day.year - 120, 1, 1)
    return (pl.col("birth_date") > terms.voting_day) | (pl.col("birth_date") < oldest)


def birth_date_invalid(terms: Terms) -> pl.Expr:
    """Written but not read, after voting day, or more than 120 years ago."""
    unreadable = pl.col("birth_date").is_null() & pl.col("birth_date_given").is_not_null()
    return unreadable | _impossible_birth(terms)


def suspect_name(terms: Terms) -> pl.Expr:
    """Digits or signs, fewer than two letters, or one letter repeated: typed to fill the cell, or the wrong column."""
    return pl.col("name").str.contains(_SUSPECT_NAME)


def _without_statement(fault: pl.Expr) -> pl.Expr:
    return fault & ~pl.col("statement").fill_null(False)


def unmarried_minor(terms: Terms) -> pl.Expr:
    """Under age on voting day and certainly unmarried; where the marital status cannot be read, that is the fault."""
    return _under_age(terms) & ~_impossible_birth(terms) & (pl.col("marital") == "B")


def married_minor(terms: Terms) -> pl.Expr:
    """Under age but married or once married, and the identity statement that says so is not there."""
    married = _under_age(terms) & ~_impossible_birth(terms) & pl.col("marital").is_in(["S", "P"])
    return _without_statement(married)


def forbidden_work(terms: Terms) -> pl.Expr:
    """An occupation that may not support, and no identity statement that it has ended."""
    return _without_statement(forbidden_occupation(pl.col("occupation")).is_not_null())


def blank(name: str) -> Expression:
    """Nothing that could be read stands in the column."""
    return lambda terms: pl.col(name).is_null()


def unread(name: str) -> Expression:
    """Something is written that could not be read."""
    return lambda terms: pl.col(name).is_null() & pl.col(f"{name}_given").is_not_null()


def birth_date_missing(terms: Terms) -> pl.Expr:
    """Nothing is written at all."""
    return pl.col("birth_date").is_null() & pl.col("birth_date_given").is_null()


def flag(name: str) -> Expression:
    """A column that is itself the answer."""
    return lambda terms: pl.col(name)


def nik_birth_date_differs(terms: Terms) -> pl.Expr:
    """The NIK tells another birth date."""
    return nik.birth_date_differs(pl.col("nik_birth_date"), pl.col("birth_date"))


def nik_sex_differs(terms: Terms) -> pl.Expr:
    """The NIK tells the other sex."""
    return nik.sex_differs(pl.col("nik_sex"), pl.col("sex"))


def nik_area_differs(terms: Terms) -> pl.Expr:
    """The NIK was given out in another kab/kota than the address."""
    return nik.regency_differs(pl.col("nik_regency"), REGENCY)
