"""Prepared frames → Support, Standing and Finding, by binary COPY, inside the caller's transaction.

The rows stream while later frames are still being read, checked, sealed and encoded in another thread, in portions: a
COPY of Support, then one of Standing, so that the server has work all the while. Finding is narrow and waits in memory
until the whole upload has been seen.
"""

import io
import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

import polars as pl

from foundation import binary_copy, memory, sql
from supports.ingest.copies import copies_of_others, later_copies
from supports.ingest.prepare import FINDING_SCHEMA, SUPPORT_COLUMNS, Prepared
from supports.ingest.runs import findings_of_runs, repeated
from supports.removal import as_array

SUPPORT, STANDING, FINDING = "supports_support", "supports_standing", "supports_finding"
COLUMNS = {
    SUPPORT: SUPPORT_COLUMNS,
    STANDING: ("support_id", "submission_id", "area", "sound", "clean", "vermin"),
    FINDING: ("submission_id", "code", "support_id"),
}
# Rows of Support before those of Standing follow: each portion costs a count of all areas.
PORTION_ROWS = 200_000
# What is prepared ahead: one is on its way, one waits, and one is being made.
AHEAD = 1
_END = object()


class CopyStream(io.RawIOBase):
    """A readable stream over pieces of bytes that another thread makes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.error: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; b"" at the end."""
        while not self._rest:
            try:
                piece = next(self._pieces, None)
            except BaseException as error:
                self.error = error
                raise
            if piece is None:
                return b""
            if size < 0 or len(piece) <= size:
                return piece
            self._rest = memoryview(piece)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)


class Ahead:
    """Draws from an iterator in a thread of its own, a few items ahead; an error in it is raised here."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items
        self._queue: queue.Queue = queue.Queue(AHEAD)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._draw, name="ahead", daemon=True)

    def __enter__(self) -> Iterator[Any]:
        self._thread.start()
        return self._give()

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        while self._thread.is_alive():
            self._drop()
            self._thread.join(0.05)

    def _draw(self) -> None:
        try:
            for item in self._items:
                self._queue.put((item, None))
                if self._stopped.is_set():
                    break
            self._queue.put((_END, None))
        except BaseException as error:
            self._queue.put((_END, error))
        finally:
            close = getattr(self._items, "close", None)
            if close:
                close()

    def _give(self) -> Iterator[Any]:
        while True:
            item, error = self._queue.get()
            if error is not None:
                raise error
            if item is _END:
                return
            yield item

    def _drop(self) -> None:
        try:
            self._queue.get_nowait()
        except queue.Empty:
            return


class Loaded:
    """What stays in memory of the frames that have gone to the tables.

    ``early``: ids of the rows that went there as copies. Once all have come: ``of_the_whole``, findings that only all
    of them show, and ``again``, the rows whose NIK comes more than once.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.early = pl.Series(dtype=pl.Int64)
        self.of_the_whole = no_findings()
        self.again = pl.DataFrame(schema={"id": pl.Int64, "nik_number": pl.Int64, "digest": pl.Int128})
        self._findings: list[pl.DataFrame] = []
        self._numbers: list[pl.DataFrame] = []

    def keep(self, prepared: Prepared) -> None:
        """Remember what the whole upload is looked at for."""
        self.rows += prepared.support.height
        self._findings.append(prepared.findings)
        self._numbers.append(prepared.numbers)

    def look_at_the_whole(self, phone_shared_from: int, sheets: Sequence[int]) -> None:
        """Called when all rows have come; ``sheets`` as in ``runs.findings_of_runs``."""
        niks = repeated(pl.concat(frame["nik_number"] for frame in self._numbers), 2).implode()
        again = [frame.filter(pl.col("nik_number").is_in(niks)) for frame in self._numbers]
        self.again = pl.concat(again).select(self.again.columns)
        # Without the digests, which are half of it: all rows are there twice for a moment.
        numbers = pl.concat(frame.drop("digest") for frame in self._numbers)
        self._numbers.clear()
        self.of_the_whole = findings_of_runs(numbers, phone_shared_from, sheets)

    def findings(self, late: pl.DataFrame) -> pl.DataFrame:
        """All findings in key order."""
        return pl.concat([*self._findings, late]).sort("code", "support_id")


def copy_frames(frames: Iterable[Prepared], loaded: Loaded, *, submission: int, blocking: list[int]) -> None:
    """COPY the rows of all frames to Support and Standing, portion by portion."""
    with Ahead(_encoded(frames, loaded, submission, blocking)) as ready:
        for table, pieces in groupby(ready, key=itemgetter(0)):
            copy_encoded(table, COLUMNS[table], (rows for _table, rows in pieces))


def _encoded(
    frames: Iterable[Prepared], loaded: Loaded, submission: int, blocking: list[int]
) -> Iterator[tuple[str, bytes]]:
    """(table, rows as they are sent): the Support rows of some frames, and then the Standing rows that go with them."""
    portion = Portion(submission, blocking)
    for prepared in frames:
        loaded.keep(prepared)
        portion.add(prepared)
        rows = support_rows(prepared.support)
        del prepared  # so that the rows are in memory once while they wait
        yield SUPPORT, rows
        if portion.rows >= PORTION_ROWS:
            yield STANDING, portion.standing_rows(loaded)
            portion = Portion(submission, blocking)
            memory.give_back()
    if portion.rows:
        yield STANDING, portion.standing_rows(loaded)


def support_rows(support: pl.DataFrame) -> bytes:
    """The Support rows in the order of the sealed NIKs.

    The index of them, whose values are random, is then written in order too: that saves the server a fifth of the
    work, and where in the table a row stands means nothing.
    """
    start = support["nik"].bin.slice(0, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big")
    return binary_copy.encode(support[start.arg_sort()])


class Portion:
    """What the Standing rows of some frames are made of."""

    def __init__(self, submission: int, blocking: list[int]) -> None:
        self.rows = 0
        self._submission, self._blocking = submission, blocking
        self._standing: list[pl.DataFrame] = []
        self._findings: list[pl.DataFrame] = []

    def add(self, prepared: Prepared) -> None:
        """Each frame in the order of its areas: so both indexes are written a piece at a time, areas and ids."""
        self.rows += prepared.support.height
        self._standing.append(prepared.standing.sort("area", "support_id"))
        self._findings.append(prepared.findings)

    def standing_rows(self, loaded: Loaded) -> bytes:
        """Sound unless a finding with effect TMS or BMS speaks of the row.

        ``clean`` begins as ``sound``, but for copies that this portion shows already (``Loaded.early``); the search for
        duplicates takes it back from the others.
        """
        faulty = pl.concat(self._findings).filter(pl.col("code").is_in(self._blocking))["support_id"]
        rows = pl.concat(self._standing)
        rows = rows.with_columns(sound=~rows["support_id"].is_in(faulty.implode()))
        copies = later_copies(rows, self._blocking)
        loaded.early = pl.concat([loaded.early, copies])
        return binary_copy.encode(
            rows.select(
                "support_id",
                pl.lit(self._submission, pl.Int64).alias("submission_id"),
                "area",
                "sound",
                clean=pl.col("sound") & ~pl.col("support_id").is_in(copies.implode()),
                vermin=pl.lit("unverified"),
            )
        )


def copy_findings(
    loaded: Loaded, late: pl.DataFrame, *, submission: int, blocking: list[int], alone: bool = False
) -> None:
    """COPY all findings in key order; ``late`` are those that the rows one by one do not show.

    ``alone``: nothing stands beside the upload, so that all its duplicates are among its own rows and said here too.
    """
    unsound = _blocked(late, blocking)
    if unsound.len():
        sql.run("supports/mark_unsound", ids=as_array(unsound))
        # A copy of one of them may now be the row that stays.
        _say_clean(loaded.early, clean=True)
        loaded.early = loaded.early.clear()
    if alone:
        late = pl.concat([late, _copies(loaded, late, blocking)])
    findings = loaded.findings(late).select(
        pl.lit(submission, pl.Int64).alias("submission_id"), "code", "support_id"
    )
    copy_encoded(FINDING, COLUMNS[FINDING], [binary_copy.encode(findings)])


def _copies(loaded: Loaded, late: pl.DataFrame, blocking: list[int]) -> pl.DataFrame:
    """Findings of the upload's rows that give a person again; what counts of them does no longer."""
    unsound = _blocked(loaded.findings(late), blocking)
    copies = copies_of_others(loaded.again, unsound)
    counted = _blocked(copies, blocking)
    _say_clean(counted.filter(~counted.is_in(pl.concat([unsound, loaded.early]).implode())), clean=False)
    return copies


def _blocked(findings: pl.DataFrame, blocking: list[int]) -> pl.Series:
    """The rows that some of the findings keep from counting."""
    return findings.filter(pl.col("code").is_in(blocking))["support_id"].unique()


def _say_clean(ids: pl.Series, *, clean: bool) -> None:
    """Say of the sound ones among these rows that they count, or that they do not."""
    if ids.len():
        sql.run("supports/say_clean", ids=as_array(ids), clean=clean)


def copy_encoded(table: str, columns: tuple[str, ...], rows: Iterable[bytes]) -> None:
    """One COPY statement of rows that ``binary_copy.encode`` made; an error in making them is raised as it is."""
    stream = CopyStream(chain([binary_copy.BEGIN], rows, [binary_copy.END]))
    try:
        sql.copy_rows(table, columns, stream, binary=True)
    except Exception:
        # The driver only says that reading failed; what failed is the reader's to say.
        if stream.error is not None:
            raise stream.error from None
        raise


def no_findings() -> pl.DataFrame:
    """An empty frame of findings."""
    return pl.DataFrame(schema=FINDING_SCHEMA)
