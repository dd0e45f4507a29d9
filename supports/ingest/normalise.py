"""Cells as given → fields with one meaning each. Pure polars, no row is looked at in Python.

What cannot be read becomes null beside its ``…_given`` text: the rules turn that into a finding. Nothing is
guessed, and a NIK is only freed of what the spreadsheet put around it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

import polars as pl

from supports.ingest.columns import PARTS, TITLES, HeadingMap
from supports.ingest.csv_file import cell
from supports.ingest.dates import parse_dates
from supports.ingest.words import DOCUMENTS, MARITAL, SEXES, STATEMENTS

LIMITS: dict[str, int] = {"name": 100, "address": 300}  # characters; every other text 100
OTHER_LIMIT = 100
EXTRA_LIMIT = 300  # characters of one unrecognised cell
EXTRA_SEPARATOR = "\x1f"

SCHEMA: dict[str, pl.DataType] = {
    "row_no": pl.Int32(),
    "broken": pl.Boolean(),
    "raw": pl.String(),
    "too_long": pl.Boolean(),
    "nik_given": pl.String(),
    "name": pl.String(),
    "birth_place": pl.String(),
    "birth_date": pl.Date(),
    "birth_date_given": pl.String(),
    "sex": pl.String(),
    "sex_given": pl.String(),
    "marital": pl.String(),
    "marital_given": pl.String(),
    "address": pl.String(),
    "rt": pl.String(),
    "rw": pl.String(),
    "village": pl.String(),
    "district": pl.String(),
    "regency": pl.String(),
    "occupation": pl.String(),
    "phone": pl.String(),
    "phone_given": pl.String(),
    "email": pl.String(),
    "document": pl.String(),
    "statement": pl.Boolean(),
    "sheet": pl.String(),
    "ref": pl.String(),
    "extra": pl.String(),
}

# Fields in which an apostrophe in front is Excel's mark for text, never part of the value.
CODES = frozenset({"nik", "phone", "birth_date", "rt", "rw", "rt_rw", "sheet", "ref"})

_BLANK = r"(?i)^(?:[-–—.]+|nan|null|none|\(?kosong\)?|#?n/a|#(?:ref|value|name|num|null|div/0)[!?])?$"
# One look tells that a cell needs no cleaning; most do not.
_UNCLEAN = rf"^[ '=]| $|  |[^\x20-\x7e]|{_BLANK.replace('(?i)', '(?i:')})"
# In other fields it is one before what a spreadsheet would run or change: so our report writes such texts.
_MARKED = r"^'[=+\-@0-9]"
_INVISIBLE = r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_FULL_WIDTH = {chr(0xFF10 + i): str(i) for i in range(10)}
_PHONE = r"^(?:(?:\+|00)?62)?0?(8\d{8,11})$"
_NEIGHBOURHOOD = r"(?i)^(?:r\.?[tw]\.?)?[\s:]*(\d+)(?:\.0+)?$"
_PAIRS = {
    # "001/002", "RT 1 RW 2"; one number alone is the RT.
    "rt_rw": r"(?i)^(?:rt)?\D{0,5}?(\d{1,4})(?:\D+(\d{1,4}))?\D*$",
    # The place ends where the first digit begins: "Bontang, 27-11-1990".
    "birth": r"^([^\d]*?)[\s,;/.\-]*(\d.*)?$",
}


def normalise(frame: pl.DataFrame, mapping: HeadingMap, *, today: date | None = None) -> pl.DataFrame:
    """The rows of a frame (``read.frames``) as fields: exactly the columns of ``SCHEMA``.

    ``today`` (UTC's by default) bounds birth dates. The length limits cut a text and set ``too_long``.
    """
    given = {name: clean(_cells(frame, mapping, name), code=name in CODES) for name in (*TITLES, *PARTS)}
    given = _take_pairs_apart(given)
    too_long = frame["too_long"]
    for name in TITLES:
        given[name], cut = _cut(given[name], LIMITS.get(name, OTHER_LIMIT))
        too_long = too_long if cut is None else too_long | cut
    extra, cut = _extra(frame, mapping)
    fields = _read_values(given, today or datetime.now(UTC).date())
    fields |= {name: frame[name] for name in ("row_no", "broken", "raw")}
    fields |= {"too_long": too_long if cut is None else too_long | cut, "extra": extra}
    return pl.DataFrame({name: fields[name] for name in SCHEMA}, schema=SCHEMA)


def as_frame(rows: Sequence[Mapping[str, object]]) -> tuple[pl.DataFrame, HeadingMap]:
    """Rows typed into a form or sent through the API, as ``normalise`` takes them; numbered from 1."""
    texts = {
        cell(i): [None if row.get(name) is None else str(row[name]) for row in rows]
        for i, name in enumerate(TITLES)
    }
    frame = pl.DataFrame(texts, schema=dict.fromkeys(texts, pl.String)).select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("row_no"),
        pl.lit(False).alias("broken"),
        pl.lit(None, pl.String).alias("raw"),
        pl.lit(False).alias("too_long"),
        pl.all(),
    )
    return frame, HeadingMap(tuple(TITLES), {name: i for i, name in enumerate(TITLES)})


def clean(texts: pl.Series, *, code: bool = False) -> pl.Series:
    """Texts trimmed, inner blanks single, composed (NFC), without what cannot be seen; blank ones null.

    ``code``: also without an apostrophe in front, and full-width letters and digits become plain ones.
    """
    if texts.null_count() == texts.len():
        return texts
    return _change(texts, _UNCLEAN, lambda some: _clean_all(some, code=code))


def _clean_all(texts: pl.Series, *, code: bool) -> pl.Series:
    def compose(some: pl.Series) -> pl.Series:
        some = some.str.normalize("NFKC" if code else "NFC").str.replace_all(_INVISIBLE, "")
        return some.str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))

    texts = _change(texts, r"[^\x20-\x7e]", compose)
    texts = _change(texts, r"[^\S ]|  ", lambda some: some.str.replace_all(r"\s+", " ")).str.strip_chars()
    texts = _change(texts, r'^="', lambda some: some.str.replace(r'^="\s*(.*?)\s*"$', "$1"))
    marked = r"^'" if code else _MARKED
    texts = _change(texts, marked, lambda some: some.str.strip_prefix("'").str.strip_chars())
    return texts.set(texts.str.contains(_BLANK), None)


def _change(texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Change those texts that match, and leave the others, which are most, alone."""
    rows = texts.str.contains(pattern).arg_true()
    return texts.clone().scatter(rows, change(texts.gather(rows))) if rows.len() else texts


def _cells(frame: pl.DataFrame, mapping: HeadingMap, name: str) -> pl.Series:
    if name in mapping.fields:
        return frame[cell(mapping.fields[name])]
    return pl.repeat(None, frame.height, dtype=pl.String, eager=True)


def _take_pairs_apart(given: dict[str, pl.Series]) -> dict[str, pl.Series]:
    """Fill fields from a heading that holds two of them, where they have no value of their own."""
    for pair, pattern in _PAIRS.items():
        if given[pair].null_count() < given[pair].len():
            both = given[pair].str.extract_groups(pattern).struct
            for i, name in enumerate(PARTS[pair], 1):
                part = clean(both.field(str(i)), code=name in CODES)
                given[name] = given[name].zip_with(given[name].is_not_null(), part)
    return given


def _cut(texts: pl.Series, limit: int) -> tuple[pl.Series, pl.Series | None]:
    """Texts of at most ``limit`` characters, and which ones were longer (None: none)."""
    if (texts.str.len_bytes().max() or 0) <= limit:
        return texts, None
    return texts.str.slice(0, limit), (texts.str.len_chars() > limit).fill_null(False)


def _read_values(given: dict[str, pl.Series], today: date) -> dict[str, pl.Series]:
    """What the texts mean, beside the texts."""
    fields = given | {
        f"{name}_given": given[name] for name in ("nik", "birth_date", "sex", "marital", "phone")
    }
    fields["birth_date"] = parse_dates(given["birth_date"], today)
    fields["sex"] = _look_up(given["sex"], SEXES, pl.String())
    fields["marital"] = _look_up(given["marital"], MARITAL, pl.String())
    fields["document"] = _look_up(given["document"], DOCUMENTS, pl.String(), keep=True)
    fields["statement"] = _look_up(given["statement"], STATEMENTS, pl.Boolean())
    fields["phone"] = _phone(given["phone"])
    for name in ("rt", "rw"):
        fields[name] = _change(given[name], r"\D", lambda some: some.str.replace(_NEIGHBOURHOOD, "$1"))
    return fields


def _look_up(
    texts: pl.Series, table: Mapping[str, object], kind: pl.DataType, *, keep: bool = False
) -> pl.Series:
    """The value that each text stands for; else null, or the text itself with ``keep``."""
    distinct = texts.drop_nulls().unique()
    if not distinct.len():
        return texts.cast(kind)
    keys = distinct.str.to_lowercase().str.replace_all(r"[^a-z0-9✓✔√☑]", "")
    values = keys.replace_strict(table, default=distinct if keep else None, return_dtype=kind)
    return texts.replace_strict(distinct, values, default=None, return_dtype=kind)


def _phone(texts: pl.Series) -> pl.Series:
    """Indonesian mobile numbers in E.164; null for everything else. No list of prefixes: it changes."""
    usual = texts.str.contains(r"^08\d{8,11}$").fill_null(False)
    phones = pl.select(pl.when(usual).then("+62" + texts.str.slice(1))).to_series()
    rest = (~usual & texts.is_not_null()).arg_true()
    if not rest.len():
        return phones
    bare = texts.gather(rest).str.replace(r"\.0+$", "").str.replace_all(r"[\s().\-]", "")
    return phones.scatter(rest, "+62" + bare.str.extract(_PHONE, 1))


def normal_phone(text: str) -> str | None:
    """One cleaned text as a mobile number in E.164; None when it is none."""
    return _phone(pl.Series([text], dtype=pl.String))[0]


def _extra(frame: pl.DataFrame, mapping: HeadingMap) -> tuple[pl.Series, pl.Series | None]:
    """The cells under headings that mean no field, as "Heading: value"; and which rows had one too long."""
    parts, too_long = [], None
    for heading, index in mapping.extra():
        texts, cut = _cut(clean(frame[cell(index)]), EXTRA_LIMIT)
        parts.append(f"{heading}: " + texts)
        too_long = cut if too_long is None else too_long if cut is None else too_long | cut
    if not parts:
        return pl.repeat(None, frame.height, dtype=pl.String, eager=True), None
    joined = pl.select(pl.concat_str(parts, separator=EXTRA_SEPARATOR, ignore_nulls=True)).to_series()
    return joined.set(joined == "", None), too_long
