"""Rows of a voter list → entries ready for COPY: NIKs read and sealed, names as they are compared. Pure."""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from foundation import seal
from supports import nik
from supports.ingest.columns import HeadingMap
from supports.ingest.normalise import normalise
from supports.ingest.places import Territory

# In the order of the table into which they are copied.
COLUMNS = ("nik", "row_no", "name", "birth_date", "area")
MOST_TOLD = 10


@dataclass(frozen=True)
class Bench:
    """What the preparing thread works with; it never touches the database."""

    mapping: HeadingMap
    territory: Territory
    voting_day: date
    nik_key: bytes = field(repr=False)
    birth_date_key: bytes = field(repr=False)


@dataclass
class Counted:
    """What was read so far: every row is an entry or unusable; the numbers of the first of the latter."""

    rows: int = 0
    entries: int = 0
    told: list[int] = field(default_factory=list)

    @property
    def unusable(self) -> int:
        """Rows without a NIK of 16 digits."""
        return self.rows - self.entries


def entries_of(frame: pl.DataFrame, bench: Bench, counted: Counted) -> pl.DataFrame:
    """The entries of a frame (``supports.ingest.read``); ``counted`` then knows of its rows too."""
    given = normalise(frame, bench.mapping, today=bench.voting_day)
    read = nik.read_niks(given, "nik_given", today=bench.voting_day)
    usable = read["nik_digits"].is_not_null() & ~read["broken"]
    counted.rows += read.height
    counted.entries += int(usable.sum())
    counted.told += read["row_no"].filter(~usable).head(MOST_TOLD - len(counted.told)).to_list()
    return _sealed(bench.territory.locate(read.filter(usable)), bench)


def _sealed(read: pl.DataFrame, bench: Bench) -> pl.DataFrame:
    niks = seal.seal_niks(read["nik_digits"], bench.nik_key)
    return read.with_columns(
        nik=niks,
        # As duplicates compare names (supports.ingest.prepare): single blanks already, upper case here.
        name=pl.col("name").str.to_uppercase(),
        birth_date=seal.seal_birth_dates(read["birth_date"], niks, bench.birth_date_key),
    ).select(COLUMNS)
