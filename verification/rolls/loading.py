"""A received voter list → its entries, all or none, in the caller's transaction; then it is current.

The rows stream through the limited parser and are sealed in a thread while PostgreSQL takes those before. They go to a
temporary table first, without an index: from there they are written once, in the order of their sealed NIKs. Written as
they come, each of tens of millions of rows would touch another page of the index.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

import polars as pl
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from candidates.queries import key_scope
from foundation import binary_copy, sql
from foundation.errors import Refused
from foundation.jobs.runner import Run
from foundation.keys.keyring import keyring
from foundation.regions.queries import full_names, name_index
from foundation.workflow import engine
from supports.ingest import read
from supports.ingest.columns import HeadingMap
from supports.ingest.load import Ahead, copy_encoded
from supports.ingest.places import Territory
from verification.rolls.columns import described, map_roll
from verification.rolls.models import CURRENT, Roll
from verification.rolls.reading import COLUMNS, Bench, Counted, entries_of
from verification.rolls.words import reworded

FRAME_ROWS = 50_000
# More voters than any province has; the parser's minutes for them.
LIMITS = read.Limits(cpu=3600, rows=40_000_000)
ARRIVING = "rolls_arriving"
# Sealed already: nothing in it is another's to read, and it goes with the transaction.
CREATE_ARRIVING = f"""
CREATE TEMP TABLE {ARRIVING} (
    nik uuid NOT NULL, row_no integer NOT NULL, name text, birth_date uuid, area bigint NOT NULL
) ON COMMIT DROP
"""
ANALYZE_FROM = 100_000
HEADINGS_NAMED = 12


def load(run: Run, roll: Roll, source: BinaryIO) -> None:
    """Load one list. Refuses what cannot be read, what has no column of NIKs, and what has no usable NIK."""
    sql.make_room()
    sql.execute(CREATE_ARRIVING)
    try:
        mapping, counted = _take(run, roll, source)
    except read.Unreadable as refusal:
        raise reworded(refusal) from refusal
    run.progress("storing", counted.entries, counted.entries)
    stored = sql.run("rolls/store_entries", roll=roll.pk)
    if stored != counted.entries:
        raise AssertionError(f"{stored} entries of {counted.entries}")
    if not stored:
        raise _without_usable()
    ((repeated, again),) = sql.rows("rolls/count_repeated", roll=roll.pk)
    if stored >= ANALYZE_FROM:
        sql.execute("ANALYZE (SKIP_LOCKED) rolls_rollentry")
    run.progress("done", counted.rows, counted.rows)
    told = {"unusable_rows": counted.told, "repeated_rows": again}
    _make_current(roll, counted, repeated, described(mapping) | told)


def _take(run: Run, roll: Roll, source: BinaryIO) -> tuple[HeadingMap, Counted]:
    """Copy every usable row into the temporary table. Raises Unreadable."""
    counted = Counted()
    with read.frames(source, frame_rows=FRAME_ROWS, limits=LIMITS) as reader:
        mapping = map_roll(reader.header.headings)
        if "nik" in mapping.missing:
            raise _without_niks(reader.header.headings)
        with Ahead(_encoded(run, chain(reader), _bench(roll, mapping), counted)) as rows:
            copy_encoded(ARRIVING, COLUMNS, rows)
        if reader.totals.rows != counted.rows:
            raise AssertionError(f"{counted.rows} rows of {reader.totals.rows}")
    return mapping, counted


def _bench(roll: Roll, mapping: HeadingMap) -> Bench:
    election, ring = roll.election, keyring(key_scope(roll.election))
    region = election.region_id
    territory = Territory(region, name_index([region]), frozenset(election.parent_region_ids))
    known = territory.knowing(territory.learnt(full_names(region)))
    return Bench(mapping, known, election.voting_day, ring.nik, ring.birth_date)


def _encoded(run: Run, frames: Iterable[pl.DataFrame], bench: Bench, counted: Counted) -> Iterator[bytes]:
    for frame in frames:
        entries = entries_of(frame, bench, counted)
        run.progress("reading", counted.rows)
        yield binary_copy.encode(entries)


def _make_current(roll: Roll, counted: Counted, repeated: int, columns: dict) -> None:
    for older in Roll.objects.filter(election=roll.election, kind=roll.kind, status=CURRENT):
        engine.move(older, "supersede", by=None, data={"by_version": roll.version})
    facts = {
        "rows": counted.rows,
        "entries": counted.entries,
        "unusable": counted.unusable,
        "repeated": repeated,
    }
    engine.move(roll, "load", by=None, data=facts, columns=columns, loaded_at=Now(), **facts)


def _without_niks(headings: Iterable[str]) -> Refused:
    seen = [heading for heading in headings if heading]
    more = "" if len(seen) <= HEADINGS_NAMED else " …"
    message = _(
        "Kolom NIK tidak ditemukan, sehingga daftar ini tidak dimuat. Judul yang terbaca: %(headings)s. Beri judul "
        "“NIK” pada kolomnya, lalu unggah kembali."
    )
    named = ", ".join(f"“{heading}”" for heading in seen[:HEADINGS_NAMED]) + more
    return Refused("roll_without_nik", message % {"headings": named or "–"}, "file")


def _without_usable() -> Refused:
    message = _(
        "Tidak satu baris pun memuat NIK 16 angka, sehingga daftar ini tidak dimuat. NIK yang disamarkan dengan "
        "bintang tidak dapat dicocokkan: gunakan daftar dengan NIK lengkap."
    )
    return Refused("roll_without_usable_nik", message, "file")
