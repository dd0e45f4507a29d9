"""Birth dates as people in Indonesia write them → dates. Pure; day before month, always; never a guess."""

from datetime import date

import polars as pl

EARLIEST = date(1900, 1, 1)
OLDEST_AGE = 110  # years; decides the century of a two-digit year

_MONTH_NAMES = (
    ("jan", "januari", "january"),
    ("feb", "peb", "februari", "pebruari", "february", "febuari"),
    ("mar", "mrt", "maret", "march"),
    ("apr", "april"),
    ("mei", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("agu", "ags", "agt", "agst", "agust", "agustus", "aug", "august"),
    ("sep", "sept", "september"),
    ("okt", "oct", "oktober", "october"),
    ("nov", "nop", "november", "nopember"),
    ("des", "dec", "desember", "december"),
)
MONTHS: dict[str, str] = {name: str(i) for i, names in enumerate(_MONTH_NAMES, 1) for name in names}

_WEEKDAY = r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)[\s,]+"
_TIME = r"[t\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:z|wib|wita|wit)?$"
_GAP = r"\s*[-/., ]\s*"

# Each way to write a date; ``m`` is a number or the name of a month.
_FORMS = (
    rf"^(?<d>\d{{1,2}}){_GAP}(?<m>\d{{1,2}}){_GAP}(?<y>\d{{4}}|\d{{2}})$",
    rf"^(?<y>\d{{4}}){_GAP}(?<m>\d{{1,2}}){_GAP}(?<d>\d{{1,2}})$",
    r"^(?<d>\d{1,2})[-/., ]*(?<m>[a-z]{3,9})[-/., ]*(?<y>\d{4}|\d{2})$",
    r"^(?<m>[a-z]{3,9})[. ]*(?<d>\d{1,2})[, ]+(?<y>\d{4})$",
    r"^(?<d>\d{2})(?<m>\d{2})(?<y>(?:19|20)\d{2})$",
    r"^(?<y>(?:19|20)\d{2})(?<m>\d{2})(?<d>\d{2})$",
)
# Excel's day number; shorter ones are years, longer ones are no birth date.
_SERIAL = r"^(\d{5})(?:\.\d+)?$"
_SERIAL_ZERO = date(1899, 12, 30)


def parse_dates(texts: pl.Series, today: date) -> pl.Series:
    """The date that each text means, or null when it means none or more than one.

    Dates before 1900 and after ``today`` are none. A month above 12 is not taken for a day.
    """
    # The usual form for all, with other separators for the rest, every other form for what is left then.
    dates = _parse_usual(texts, today)
    for parse in (_parse_separated, _parse_others):
        rest = (dates.is_null() & texts.is_not_null()).arg_true()
        if not rest.len():
            break
        dates = dates.scatter(rest, parse(texts.gather(rest), today))
    return dates


def _parse_usual(texts: pl.Series, today: date) -> pl.Series:
    dates = texts.str.to_date("%d-%m-%Y", strict=False, cache=False)
    return dates.set(~dates.is_between(EARLIEST, today), None)


def _parse_separated(texts: pl.Series, today: date) -> pl.Series:
    return _parse_usual(texts.str.replace_all(r"[/. ]", "-"), today)


def _parse_others(texts: pl.Series, today: date) -> pl.Series:
    distinct = texts.unique()
    return texts.replace_strict(distinct, _parse_distinct(distinct, today), return_dtype=pl.Date)


def _parse_distinct(texts: pl.Series, today: date) -> pl.Series:
    text = (
        pl.col("text").str.to_lowercase().str.replace(_WEEKDAY, "").str.replace(_TIME, "").str.strip_chars()
    )
    parts = [pl.col("clear").str.extract_groups(form).alias(f"form{i}") for i, form in enumerate(_FORMS)]
    frame = texts.alias("text").to_frame().with_columns(clear=text).with_columns(parts)
    day, month, year = (
        pl.coalesce(pl.col(f"form{i}").struct.field(part) for i in range(len(_FORMS))) for part in "dmy"
    )
    frame = frame.with_columns(d=day, m=month.replace(MONTHS), y=year)
    serial = pl.lit(_SERIAL_ZERO) + pl.duration(days=pl.col("clear").str.extract(_SERIAL).cast(pl.Int32))
    frame = frame.with_columns(
        given=_date(pl.col("y")),
        in_2000s=_date("20" + pl.col("y")),
        in_1900s=_date("19" + pl.col("y")),
        serial=serial.cast(pl.Date),
    )
    short = pl.col("y").str.len_bytes() == 2
    found = pl.coalesce(pl.when(short).then(_in_a_century(today)).otherwise(pl.col("given")), "serial")
    return frame.select(pl.when(found.is_between(EARLIEST, today)).then(found)).to_series()


def _date(year: pl.Expr) -> pl.Expr:
    """The calendar date of the columns d and m and a year, null when there is none."""
    parts = [year, pl.col("m").str.zfill(2), pl.col("d").str.zfill(2)]
    return pl.concat_str(parts, separator="-").str.to_date("%Y-%m-%d", strict=False)


def _in_a_century(today: date) -> pl.Expr:
    """A two-digit year: the century in which the person can live; null when both are possible."""
    oldest = date(today.year - OLDEST_AGE, 1, 1)
    early, late = pl.col("in_1900s"), pl.col("in_2000s")
    early_fits = early.is_not_null() & (early >= oldest)
    late_fits = late.is_not_null() & (late <= today)
    return pl.when(late_fits & ~early_fits).then(late).when(early_fits & ~late_fits).then(early)
