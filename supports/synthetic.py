"""Invented supporters for demos, tests and the benchmark. Pure.

Nobody is real: serials 9000–9999 of a NIK are far above what any kecamatan has given out for one birth date, and the
names are combined from lists. The same seed gives the same people, whole or in pieces.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import gcd

import polars as pl

HEADINGS = (
    "NIK",
    "Nama",
    "Tempat Lahir",
    "Tanggal Lahir",
    "Jenis Kelamin",
    "Status Perkawinan",
    "Alamat",
    "RT",
    "RW",
    "Kelurahan/Desa",
    "Kecamatan",
    "Kabupaten/Kota",
    "Pekerjaan",
    "Nomor HP",
    "Nomor Lembar",
)
FIRST_SERIAL, SERIALS = 9000, 1000
FIRST_BIRTH, LAST_BIRTH = date(1950, 1, 1), date(2006, 12, 31)
FIRST = [
    "Budi",
    "Siti",
    "Agus",
    "Dewi",
    "Made",
    "Ketut",
    "Andi",
    "Nur'aini",
    "Yohanes",
    "Maria",
    "Rizky",
    "Putri",
    "Joko",
    "Sri",
    "Bambang",
    "Ayu",
    "Hendra",
    "Lestari",
]
SECOND = ["Contoh", "Rekaan", "Misal", "Umpama", "Purwa", "Karang", "Andai", "Tiruan", "Cipta", "Laras"]
THIRD = [
    "Santoso",
    "Wijaya",
    "Pratama",
    "Siregar",
    "Lumban",
    "Tobing",
    "Wulandari",
    "Hidayat",
    "Kusuma",
    "Saputra",
    "Rahayu",
    "Nasution",
    "Sembiring",
]
OCCUPATIONS = (
    "Nelayan",
    "Petani/Pekebun",
    "Karyawan Swasta",
    "Wiraswasta",
    "Mengurus Rumah Tangga",
    "Buruh Harian Lepas",
    "Pelajar/Mahasiswa",
    "Pedagang",
    "Guru",
    "Pensiunan",
)
MARITAL = ("Belum kawin", "Sudah kawin", "Sudah kawin", "Sudah kawin", "Cerai hidup", "Cerai mati")
PIECE = 100_000


@dataclass(frozen=True)
class Place:
    """One desa/kelurahan with the names above it; ``district_code`` is where the NIKs were given out."""

    village: str
    district: str
    regency: str
    district_code: int


def pieces(rows: int, places: Sequence[Place], *, seed: int, defects: bool) -> Iterator[pl.DataFrame]:
    """``rows`` invented supporters as they would be typed, in pieces of at most 100,000; headings as columns."""
    for start in range(0, rows, PIECE):
        piece = _people(start, min(PIECE, rows - start), places, seed)
        if defects:
            piece = _with_defects(piece, seed)
        yield piece.select(HEADINGS)


# Arithmetic in the field of this prime mixes well and never leaves 64 bits.
_PRIME = 2**31 - 1


def _random(salt: int) -> pl.Expr:
    """A number below _PRIME for each row, told by its ``number`` and the salt alone."""
    first = (pl.col("number") * 48_271 + salt * 69_621 + 12_345) % _PRIME
    second = (first * first + salt) % _PRIME
    third = (second * second + pl.col("number")) % _PRIME
    return (third * 16_807 + salt) % _PRIME


def _pick(words: Sequence[str], salt: int) -> pl.Expr:
    index = _random(salt) % len(words)
    return index.replace_strict(range(len(words)), words, return_dtype=pl.String)


def _people(start: int, count: int, places: Sequence[Place], seed: int) -> pl.DataFrame:
    salt = seed * 1_000
    sheet = pl.DataFrame(
        {
            "place": range(len(places)),
            "Kelurahan/Desa": [one.village for one in places],
            "Kecamatan": [one.district for one in places],
            "Kabupaten/Kota": [one.regency for one in places],
            "district_code": [one.district_code for one in places],
        },
        schema_overrides={"place": pl.Int64},
    )
    numbered = pl.DataFrame({"number": pl.int_range(start, start + count, eager=True)})
    return (
        numbered.with_columns(place=_random(salt + 1) % len(places), **_birth(seed))
        .join(sheet, on="place", how="left", maintain_order="left")
        .with_columns(dice=_random(salt + 2) / _PRIME, **_texts(salt))
        .with_columns(NIK=_nik())
    )


def _birth(seed: int) -> dict[str, pl.Expr]:
    """Birth date, sex and serial: a permutation of all combinations, so that none comes twice."""
    days = (LAST_BIRTH - FIRST_BIRTH).days + 1
    combinations = days * 2 * SERIALS
    step = 15_485_863 + 2 * (seed % 1000)
    while gcd(step, combinations) != 1:
        step += 2
    index = (pl.col("number") * step + seed * 7919) % combinations
    return {
        "born": pl.lit(FIRST_BIRTH) + pl.duration(days=index // (2 * SERIALS)),
        "woman": (index // SERIALS) % 2 == 1,
        "serial": FIRST_SERIAL + index % SERIALS,
    }


def _nik() -> pl.Expr:
    day = pl.col("born").dt.day().cast(pl.Int64) + 40 * pl.col("woman").cast(pl.Int64)
    return pl.concat_str(
        pl.col("district_code"),
        day.cast(pl.String).str.zfill(2),
        pl.col("born").dt.strftime("%m%y"),
        pl.col("serial"),
    )


def _texts(salt: int) -> dict[str, pl.Expr]:
    names = pl.concat_str(
        _pick(FIRST, salt + 3), _pick(SECOND, salt + 4), _pick(THIRD, salt + 5), separator=" "
    )
    number = pl.col("number")
    town = pl.col("Kabupaten/Kota").str.replace("Kota ", "").str.replace("Kabupaten ", "")
    phone = 1_000_000_000 + _random(salt + 10) * 4 % 9_000_000_000
    return {
        "Nama": names,
        "Tempat Lahir": town,
        "Tanggal Lahir": pl.col("born").dt.strftime("%d-%m-%Y"),
        "Jenis Kelamin": pl.when("woman").then(pl.lit("P")).otherwise(pl.lit("L")),
        "Status Perkawinan": _pick(MARITAL, salt + 6),
        "Alamat": pl.format("Jl. Contoh Gang {} No. {}", number // 60, number % 60 + 1),
        "RT": (_random(salt + 7) % 40 + 1).cast(pl.String),
        "RW": (_random(salt + 8) % 12 + 1).cast(pl.String),
        "Pekerjaan": _pick(OCCUPATIONS, salt + 9),
        "Nomor HP": pl.concat_str(pl.lit("08"), phone),
        "Nomor Lembar": (number // 25 + 1).cast(pl.String),
    }


def _with_defects(piece: pl.DataFrame, seed: int) -> pl.DataFrame:
    """About one row in ten damaged, in the ways real lists are."""
    # A copy of an earlier row of the piece, whole (identical) or with another address (same NIK).
    source = _random(seed * 1_000 + 11) % (pl.col("number") - pl.col("number").first() + 1)
    copies = piece[piece.select(source).to_series()].select(pl.col(HEADINGS).name.prefix("copy_"))
    piece = pl.concat([piece, copies], how="horizontal")
    whole = pl.col("dice") < 0.010
    same_nik = pl.col("dice") < 0.015
    piece = piece.with_columns(
        pl.when(same_nik if name == "NIK" else whole).then(f"copy_{name}").otherwise(name).alias(name)
        for name in HEADINGS
    )
    return piece.with_columns(_damaged(heading, damages) for heading, damages in DAMAGES.items())


def _damaged(heading: str, damages: Sequence[tuple[float, float, pl.Expr]]) -> pl.Expr:
    value = pl.col(heading)
    for low, high, damage in damages:
        value = pl.when(pl.col("dice").is_between(low, high, closed="left")).then(damage).otherwise(value)
    return value.alias(heading)


# heading → (from, below, what it becomes): the share of rows is the width of the span.
DAMAGES: dict[str, Sequence[tuple[float, float, pl.Expr]]] = {
    "NIK": (
        (0.020, 0.026, pl.col("NIK").str.slice(0, 15)),
        (0.026, 0.029, pl.lit("")),
        (0.029, 0.032, pl.col("NIK").str.replace("0", "O")),
        (0.032, 0.037, pl.format("{},{}E+15", pl.col("NIK").str.slice(0, 1), pl.col("NIK").str.slice(1, 5))),
        (0.037, 0.040, pl.col("NIK").str.slice(0, 8) + "13" + pl.col("NIK").str.slice(10)),
        (0.040, 0.043, "9999" + pl.col("NIK").str.slice(4)),
    ),
    "Nama": ((0.043, 0.045, pl.lit("")), (0.045, 0.047, pl.col("Nama") + " 2")),
    "Tanggal Lahir": (
        (0.047, 0.049, pl.lit("31-02-1990")),
        (0.049, 0.051, pl.lit("")),
        (0.100, 0.150, pl.col("born").dt.strftime("%Y-%m-%d")),
        (0.150, 0.180, pl.col("born").dt.strftime("%d/%m/%Y")),
    ),
    "Jenis Kelamin": (
        (0.051, 0.053, pl.lit("?")),
        (0.200, 0.250, pl.col("Jenis Kelamin").replace({"L": "Laki-laki", "P": "Perempuan"})),
    ),
    "Status Perkawinan": ((0.053, 0.055, pl.lit("lajang?")),),
    "Kecamatan": ((0.055, 0.060, pl.lit("Kecamatan Entah")), (0.250, 0.300, "Kec. " + pl.col("Kecamatan"))),
    "Kelurahan/Desa": (
        (0.060, 0.068, pl.lit("Desa Entah")),
        (0.300, 0.350, pl.col("Kelurahan/Desa").str.to_uppercase()),
    ),
    "Kabupaten/Kota": ((0.068, 0.074, pl.lit("Kabupaten Malang")),),
    "Pekerjaan": (
        (0.074, 0.079, pl.lit("Pegawai Negeri Sipil (PNS)")),
        (0.079, 0.082, pl.lit("Pensiunan PNS")),
    ),
    "Nomor HP": (
        (0.082, 0.086, pl.lit("0812")),
        (0.086, 0.090, pl.lit("081200000001")),
        (0.350, 0.400, "+62" + pl.col("Nomor HP").str.slice(1)),
    ),
}
