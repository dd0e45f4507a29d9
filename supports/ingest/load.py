"""Prepared frames → Support, Standing and Finding, by COPY: one stream per table, inside the caller's transaction.

The rows of Support stream while later frames are still being read, checked and sealed in another thread; Standing
and Finding are narrow and wait in memory (about 30 bytes a row) until the whole upload has been seen.
"""

import io
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from foundation import sql
from supports.ingest.prepare import FINDING_SCHEMA, SUPPORT_COLUMNS, Prepared

STANDING_COLUMNS = ("support_id", "submission_id", "area", "sound", "clean", "vermin")
FINDING_COLUMNS = ("submission_id", "code", "support_id")
# Frames prepared ahead of the COPY: enough to keep both processors busy, few enough to keep memory flat.
AHEAD = 2
# Rows of a narrow table written as text at once.
NARROW_ROWS = 100_000
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
    """What stays in memory of the frames that have gone to Support."""

    def __init__(self) -> None:
        self.rows = 0
        self._standing: list[pl.DataFrame] = []
        self._findings: list[pl.DataFrame] = []
        self._numbers: list[pl.DataFrame] = []

    def add(self, prepared: Prepared) -> bytes:
        """Keep the narrow parts of a frame and return its Support rows as CSV."""
        self.rows += prepared.support.height
        self._standing.append(prepared.standing)
        self._findings.append(prepared.findings)
        self._numbers.append(prepared.numbers)
        return _csv(prepared.support)

    @property
    def numbers(self) -> pl.DataFrame:
        """(id, nik_number, phone_number) of all rows."""
        return pl.concat(self._numbers)

    def findings(self, more: pl.DataFrame) -> pl.DataFrame:
        """All findings in key order."""
        return pl.concat([*self._findings, more]).sort("code", "support_id")

    def standing(self, findings: pl.DataFrame, blocking: list[int]) -> pl.DataFrame:
        """Standing rows: sound unless a finding with effect TMS or BMS speaks of the row."""
        faulty = findings.filter(pl.col("code").is_in(blocking))["support_id"]
        return pl.concat(self._standing).with_columns(sound=~pl.col("support_id").is_in(faulty.implode()))


def copy_supports(frames: Iterable[Prepared], loaded: Loaded) -> None:
    """COPY the Support rows of all frames as one stream."""
    pieces = (loaded.add(prepared) for prepared in frames)
    with Ahead(pieces) as ready:
        stream = CopyStream(ready)
        try:
            sql.copy_rows("supports_support", SUPPORT_COLUMNS, stream)
        except Exception:
            # The driver only says that reading failed; what failed is the reader's to say.
            if stream.error is not None:
                raise stream.error from None
            raise


def copy_standing(standing: pl.DataFrame, submission: int) -> None:
    """COPY the Standing rows; ``clean`` begins as ``sound``, the search for duplicates takes it back."""
    rows = standing.select(
        "support_id",
        submission_id=pl.lit(submission),
        area="area",
        sound="sound",
        clean="sound",
        vermin=pl.lit("unverified"),
    )
    _copy_narrow("supports_standing", STANDING_COLUMNS, rows)


def copy_findings(findings: pl.DataFrame, submission: int) -> None:
    """COPY the Finding rows, which come in key order."""
    rows = findings.select(submission_id=pl.lit(submission), code="code", support_id="support_id")
    _copy_narrow("supports_finding", FINDING_COLUMNS, rows)


def _copy_narrow(table: str, columns: tuple[str, ...], rows: pl.DataFrame) -> None:
    """COPY a narrow table in one stream, without ever holding all of it as text."""
    sql.copy_rows(table, columns, CopyStream(_csv(piece) for piece in rows.iter_slices(NARROW_ROWS)))


def no_findings() -> pl.DataFrame:
    """An empty frame of findings."""
    return pl.DataFrame(schema=FINDING_SCHEMA)


def _csv(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_csv(out, include_header=False)
    return out.getvalue()
