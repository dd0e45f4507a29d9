"""The story of Bontang 2024 as files: what a team uploads in each round, made so that the published numbers come out.

Every person is invented; only the sums are those of 2024: 16,395 rows handed in, of which verification found 10,011 MS,
1,324 BMS and 5,060 TMS; then 5,290 rows in Perbaikan Kesatu, of which 1,228 TMS; 14,073 MS together. How many rows fail
for which reason was never published: the shares below are chosen. Pure.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate

import polars as pl

from supports.ingest.columns import map_headings
from supports.synthetic import HEADINGS, Place, pieces

SEED = 2024
SHEET = "Nomor Lembar"
MS, BMS, TMS = 10_011, 1_324, 5_060
FIRST_ROWS, SECOND_ROWS, SECOND_TMS, TOTAL_MS = 16_395, 5_290, 1_228, 14_073


def _outside(rows: pl.DataFrame) -> pl.DataFrame:
    elsewhere = {"Kelurahan/Desa": "Sangatta Utara", "Kecamatan": "Sangatta Utara"}
    return _set(rows, **elsewhere, **{"Kabupaten/Kota": "Kabupaten Kutai Timur"})


def _under_age(rows: pl.DataFrame) -> pl.DataFrame:
    """Born in 2010 and unmarried; the NIK says so too."""
    at = pl.col(SHEET).str.slice(2).cast(pl.Int64)
    born = pl.date(2010, at % 12 + 1, at // 12 % 28 + 1)
    day = born.dt.day().cast(pl.Int64) + 40 * (pl.col("Jenis Kelamin") == "P").cast(pl.Int64)
    serial = (9000 + at // 336).cast(pl.String)  # a sheet number makes it nobody else's
    nik = pl.concat_str(
        pl.col("NIK").str.slice(0, 6), day.cast(pl.String).str.zfill(2), born.dt.strftime("%m%y"), serial
    )
    return rows.with_columns(
        nik.alias("NIK"),
        born.dt.strftime("%d-%m-%Y").alias("Tanggal Lahir"),
        pl.lit("Belum kawin").alias("Status Perkawinan"),
    )


def _nik_cut(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("NIK").str.slice(0, 15))


def _set(rows: pl.DataFrame, **values: str) -> pl.DataFrame:
    return rows.with_columns(pl.lit(value).alias(heading) for heading, value in values.items())


# What is wrong with how many rows of the first list, one after the other; the copies come on top.
SHARES: Sequence[tuple[str, int, Callable[[pl.DataFrame], pl.DataFrame]]] = (
    ("clean", MS, lambda rows: rows),
    ("OUTSIDE_AREA", 1_729, _outside),
    ("UNDER_AGE", 1_300, _under_age),
    ("NIK_LENGTH", 300, _nik_cut),
    ("BIRTH_DATE_MISSING", 250, lambda rows: _set(rows, **{"Tanggal Lahir": ""})),
    ("NAME_MISSING", 200, lambda rows: _set(rows, Nama="")),
    ("OCCUPATION", 150, lambda rows: _set(rows, Pekerjaan="Tentara Nasional Indonesia")),
    ("DUPLICATE_NIK", 424, lambda rows: rows),  # each gets the NIK of a clean row, see ``first_list``
)
COPIES = 2_031  # whole, of clean rows: DUPLICATE_IDENTICAL
WHOLE = sum(count for _name, count, _damage in SHARES)
STARTS = dict(
    zip((name for name, *_rest in SHARES), accumulate((n for _n, n, _d in SHARES), initial=0), strict=False)
)
# Of the second list: mended wrongly, and new rows that fail again.
STILL_CUT, STILL_DOUBLE = 124, 100
NEW = (("clean", 2_962), ("OUTSIDE_AREA", 404), ("UNDER_AGE", 300), ("DUPLICATE_ROUND", 300))


def _people(places: Sequence[Place], start: int, count: int) -> pl.DataFrame:
    """Invented people, none of them twice, each with a sheet number of its own."""
    made = pl.concat(pieces(start + count, places, seed=SEED, defects=False)).slice(start)
    number = pl.int_range(start + 1, start + count + 1)
    sheet = pl.concat_str(pl.lit("L-"), number.cast(pl.String).str.zfill(5))
    return made.with_columns(sheet.alias(SHEET))


def first_list(places: Sequence[Place]) -> pl.DataFrame:
    """What the team uploads first: 16,395 rows, of which 10,011 have nothing that keeps them from counting."""
    people = _people(places, 0, WHOLE)
    parts = [damage(people.slice(STARTS[name], count)) for name, count, damage in SHARES]
    clean = parts[0]
    doubles = parts.pop().with_columns(clean["NIK"].slice(COPIES, 424).alias("NIK"))
    copies = clean.head(COPIES)
    # Mixed as such lists are; what repeats an earlier row comes after it.
    once = pl.concat(parts).sample(fraction=1, shuffle=True, seed=SEED)
    return pl.concat([once, pl.concat([doubles, copies]).sample(fraction=1, shuffle=True, seed=SEED)])


def second_list(places: Sequence[Place], asked: pl.DataFrame) -> pl.DataFrame:
    """What the team uploads in Perbaikan Kesatu: the list of BMS rows as it was downloaded, mended, and new people.

    Columns of ``asked`` that ``first_list`` does not fill stay as they came; the sheet number says who it is.
    """
    given = asked.rename(_same_columns(asked.columns))
    truth = _people(places, 0, WHOLE).join(_still_wrong(places), on=SHEET, how="left")
    truth = truth.with_columns(pl.coalesce("wrong", "NIK").alias("NIK")).select(HEADINGS)
    mended = given.select(pl.exclude(set(HEADINGS) - {SHEET})).join(
        truth, on=SHEET, how="left", maintain_order="left"
    )
    return pl.concat([mended, new_people(places)], how="diagonal")


def _same_columns(headings: Sequence[str]) -> dict[str, str]:
    """Heading of a download → heading of ``HEADINGS`` that means the same field."""
    mine, theirs = map_headings(HEADINGS).fields, map_headings(headings).fields
    return {headings[at]: HEADINGS[mine[field]] for field, at in theirs.items() if field in mine}


def _still_wrong(places: Sequence[Place]) -> pl.DataFrame:
    """The sheets whose NIK was not mended: still cut, or still somebody else's."""
    rows = first_list(places).select(SHEET, wrong="NIK")
    number = pl.col(SHEET).str.slice(2).cast(pl.Int64) - 1
    kept = [
        number.is_between(STARTS[name], STARTS[name] + count, closed="left")
        for name, count in (("NIK_LENGTH", STILL_CUT), ("DUPLICATE_NIK", STILL_DOUBLE))
    ]
    return rows.filter(pl.any_horizontal(kept))


def new_people(places: Sequence[Place]) -> pl.DataFrame:
    """3,966 rows that the team had not given before, or says so."""
    counts = dict(NEW)
    again = counts.pop("DUPLICATE_ROUND")
    people = _people(places, WHOLE, sum(counts.values()))
    damages = {name: damage for name, _n, damage in SHARES}
    parts = [
        damages[name](people.slice(start, count))
        for (name, count), start in zip(counts.items(), accumulate(counts.values(), initial=0), strict=False)
    ]
    # People who count already, of the clean rows that nothing else repeats.
    parts.append(_people(places, 0, MS).tail(again))
    return pl.concat(parts).sample(fraction=1, shuffle=True, seed=SEED)
