"""Cells of a workbook → the texts a person sees in them, a whole column at once.

Pure; runs in the parser's own process. A workbook knows only floating numbers: sixteen digits do not fit, so a
number that long is written as Excel shows it (3.17402E+15). It can never pass for a NIK again, and ``nik`` finds
it as one that was kept as a number.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import compress, repeat
from operator import is_

import polars as pl

# From here on a floating number has no room for every digit that a person would have typed.
TOO_LONG = 10**15
DATE = "%d-%m-%Y"
TIME = "%H:%M:%S"


def texts(values: Sequence[object]) -> pl.Series:
    """The text of each cell: "" or null when blank, dates day first, truth as ya/tidak."""
    kinds = list(map(type, values))
    distinct = set(kinds)
    if distinct == {str}:
        return pl.Series(values, dtype=pl.String)
    found = pl.repeat(None, len(kinds), dtype=pl.String, eager=True)
    for kind in distinct:
        chosen = list(map(is_, kinds, repeat(kind)))
        write = _WRITERS.get(kind, _as_they_are)
        rows = pl.Series(chosen, dtype=pl.Boolean).arg_true()
        found = found.scatter(rows, write(list(compress(values, chosen))))
    return found


def _strings(values: list) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


def _as_they_are(values: Iterable[object]) -> pl.Series:
    return pl.Series(list(map(str, values)), dtype=pl.String)


def _numbers(values: list) -> pl.Series:
    numbers = pl.Series(values, dtype=pl.Float64, strict=False)
    whole = ((numbers.abs() < TOO_LONG) & (numbers == numbers.round())).fill_null(value=False)
    written = numbers.cast(pl.Int64, strict=False).cast(pl.String)
    rest = (~whole).arg_true()
    return written.scatter(rest, list(map(_number, numbers.gather(rest)))) if rest.len() else written


def _number(value: float) -> str:
    return f"{value:.6G}" if abs(value) >= TOO_LONG else f"{value:.15G}"


def _dates(values: list) -> pl.Series:
    return pl.Series(values, dtype=pl.Date).dt.strftime(DATE)


def _moments(values: list) -> pl.Series:
    """A date, with its time unless that is midnight."""
    moments = pl.Series(values, dtype=pl.Datetime)
    midnight = moments.dt.time() == time()
    return moments.dt.strftime(DATE).zip_with(midnight, moments.dt.strftime(f"{DATE} {TIME}"))


def _times(values: list) -> pl.Series:
    return pl.Series(values, dtype=pl.Time).dt.strftime(TIME)


def _truths(values: list) -> pl.Series:
    return pl.Series(values, dtype=pl.Boolean).replace_strict(
        {True: "ya", False: "tidak"}, return_dtype=pl.String
    )


_WRITERS: dict[type, Callable[[list], pl.Series]] = {
    str: _strings,
    float: _numbers,
    int: _numbers,
    bool: _truths,
    date: _dates,
    datetime: _moments,
    time: _times,
    timedelta: _as_they_are,
}
