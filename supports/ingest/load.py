"""Prepared frames → Support, Standing and Finding, by binary COPY, inside the caller's transaction.

The rows stream while later frames are still being read, checked and sealed in another thread, in portions: a COPY of
Support, then one of Standing, so that the server has work all the while. Finding is narrow and waits in memory until
the whole upload has been seen.
"""

import io
import queue
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import polars as pl

from foundation import binary_copy, memory, sql
from supports.ingest.prepare import FINDING_SCHEMA, SUPPORT_COLUMNS, Prepared
from supports.removal import as_array

STANDING_COLUMNS = ("support_id", "submission_id", "area", "sound", "clean", "vermin")
FINDING_COLUMNS = ("submission_id", "code", "support_id")
# Rows of Support before those of Standing follow: each portion costs a count of all areas.
PORTION_ROWS = 200_000
# Frames prepared ahead: enough to keep preparing while a portion's Standing is written, and memory flat.
AHEAD = 4
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
    """What stays in memory of the frames that have gone to the tables."""

    def __init__(self) -> None:
        self.rows = 0
        self._findings: list[pl.DataFrame] = []
        self._numbers: list[pl.DataFrame] = []

    def keep(self, piece: "Piece") -> None:
        """Remember what the whole upload is looked at for."""
        self.rows += piece.rows
        self._findings.append(piece.findings)
        self._numbers.append(piece.numbers)

    @property
    def numbers(self) -> pl.DataFrame:
        """(id, nik_number, phone_number) of all rows."""
        return pl.concat(self._numbers)

    def findings(self, late: pl.DataFrame) -> pl.DataFrame:
        """All findings in key order."""
        return pl.concat([*self._findings, late]).sort("code", "support_id")


@dataclass(frozen=True)
class Piece:
    """One frame on its way: the rows of Support only as they are sent, so that they are in memory once."""

    rows: int
    support: bytes
    standing: pl.DataFrame
    findings: pl.DataFrame
    numbers: pl.DataFrame

    @classmethod
    def of(cls, prepared: Prepared) -> "Piece":
        """Write the Support rows in the order of the sealed NIKs.

        The index of them, whose values are random, is then written in order too: that saves the server a fifth of the
        work, and where in the table a row stands means nothing.
        """
        support = prepared.support
        start = support["nik"].bin.slice(0, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big")
        encoded = binary_copy.encode(support[start.arg_sort()])
        return cls(support.height, encoded, prepared.standing, prepared.findings, prepared.numbers)


def copy_frames(frames: Iterable[Prepared], loaded: Loaded, *, submission: int, blocking: list[int]) -> None:
    """COPY the rows of all frames to Support and Standing, portion by portion."""
    with Ahead(Piece.of(prepared) for prepared in frames) as ready:
        for first in ready:
            portion = Portion(chain([first], ready), loaded)
            _copy("supports_support", SUPPORT_COLUMNS, portion)
            _copy("supports_standing", STANDING_COLUMNS, [portion.standing(submission, blocking)])
            if portion.rows >= PORTION_ROWS:
                memory.give_back()


class Portion:
    """Some of the frames: iterating gives their Support rows, and ``standing`` then what goes with them."""

    def __init__(self, ready: Iterator[Piece], loaded: Loaded) -> None:
        self.rows = 0
        self._ready = ready
        self._loaded = loaded
        self._standing: list[pl.DataFrame] = []
        self._findings: list[pl.DataFrame] = []

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._ready:
            self._loaded.keep(piece)
            self._standing.append(piece.standing.sort("area", "support_id"))
            self._findings.append(piece.findings)
            yield piece.support
            self.rows += piece.rows
            if self.rows >= PORTION_ROWS:
                return

    def standing(self, submission: int, blocking: list[int]) -> bytes:
        """Standing rows: sound unless a finding with effect TMS or BMS speaks of the row.

        ``clean`` begins as ``sound``, the search for duplicates takes it back. Each frame in the order of its areas:
        so both indexes are written a piece at a time, that of the areas and that of the ids.
        """
        faulty = pl.concat(self._findings).filter(pl.col("code").is_in(blocking))["support_id"]
        rows = pl.concat(self._standing)
        sound = ~rows["support_id"].is_in(faulty.implode())
        return binary_copy.encode(
            rows.select(
                "support_id",
                pl.lit(submission, pl.Int64).alias("submission_id"),
                "area",
                sound.alias("sound"),
                sound.alias("clean"),
                pl.lit("unverified").alias("vermin"),
            )
        )


def copy_findings(loaded: Loaded, late: pl.DataFrame, *, submission: int, blocking: list[int]) -> None:
    """COPY all findings in key order; ``late`` are those that only the whole upload has shown."""
    findings = loaded.findings(late).select(
        pl.lit(submission, pl.Int64).alias("submission_id"), "code", "support_id"
    )
    _copy("supports_finding", FINDING_COLUMNS, [binary_copy.encode(findings)])
    unsound = late.filter(pl.col("code").is_in(blocking))["support_id"].unique()
    if unsound.len():
        sql.run("supports/mark_unsound", ids=as_array(unsound))


def _copy(table: str, columns: tuple[str, ...], rows: Iterable[bytes]) -> None:
    """One COPY statement."""
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
