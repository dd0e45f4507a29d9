"""A file → its header and frames of text cells, read by a limited process of its own.

Pure: no Django. The file streams through pipes: nothing of it is ever written to disk in clear, and memory
does not grow with it. Workers of Celery may not start ``multiprocessing`` children and polars must not be
used before a fork, so the parser is a program that is started and fed.
"""

import contextlib
import io
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import polars as pl
import pyarrow as pa
from pyarrow import ipc

from supports.ingest.csv_file import MAX_ROWS, Header, Totals
from supports.ingest.parser import EXIT_OUT_OF_MEMORY
from supports.ingest.unreadable import Unreadable

__all__ = [
    "LIMITS",
    "Frames",
    "Header",
    "Limits",
    "Totals",
    "Unreadable",
    "frames",
    "keep_spare",
    "renew_spare",
]

log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parents[2]
_CHUNK = 1 << 20  # bytes; also the size asked for the pipes
# Rows of a frame on its way: the parser's memory is that of a few of them, and the first one is soon there.
_PIECE_ROWS = 15_000
# glibc gives big blocks back to the system and takes them anew, for every block of the file: half a second.
_KEEP_BLOCKS = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(1 << 30))
_LOADER_OUT_OF_MEMORY = 127  # glibc found no memory for a thread's own data
_TOO_HEAVY = {EXIT_OUT_OF_MEMORY, _LOADER_OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGABRT}


@dataclass(frozen=True)
class Limits:
    """What a file may use: bytes of address space, seconds of processor; and the rows it may have.

    A CSV touches a small part of it; a full sheet of a workbook (1,048,576 rows of 15 columns) 1.5 GB.
    """

    memory: int = 4 << 30
    cpu: int = 300
    rows: int = MAX_ROWS


LIMITS = Limits()


def frames(
    source: BinaryIO | Path | str,
    *,
    frame_rows: int = 50_000,
    limits: Limits = LIMITS,
    own: Sequence[str] = (),
) -> "Frames":
    """Start reading ``source``: an open binary stream (not closed here) or a path.

    ``frame_rows``: how many rows a frame has at most; the first ones are smaller, so that there is work early.
    ``own``: the headings that the team's mapping names. Raises Unreadable, here or later while iterating.
    """
    return Frames(source, frame_rows, limits, own)


class Frames:
    """Iterates over the frames of one file. ``header`` is there at once, ``totals`` after the last frame.

    A frame has row_no (Int32, as a spreadsheet shows it), broken, raw (the line, when broken), too_long, and
    one text column c0, c1, … per heading. ``close`` kills the parser at once; leaving ``with`` does too.
    """

    def __init__(
        self, source: BinaryIO | Path | str, frame_rows: int, limits: Limits, own: Sequence[str]
    ) -> None:
        self.totals: Totals | None = None
        self._faults: list[BaseException] = []
        self._kind = ""
        piece_rows = min(frame_rows, _PIECE_ROWS)
        self._most, self._wanted = frame_rows - piece_rows, 0
        options = {"frame_rows": piece_rows, "own": [heading for heading in own if heading]}
        self._child = _spare.take()
        self._tell(options | {"memory": limits.memory, "cpu": limits.cpu, "most_rows": limits.rows})
        # The thread must not know this object: forgetting it has to end the parser and so the thread.
        self._feeder = threading.Thread(target=_feed, args=(source, self._child, self._faults), daemon=True)
        self._feeder.start()
        try:
            _, content = self._message()
        except BaseException:
            self.close()
            raise
        self.header = Header(**_facts(content))

    def _tell(self, options: dict) -> None:
        """What the parser reads first. A spare that died while it waited is replaced."""
        line = json.dumps(options).encode() + b"\n"
        try:
            self._child.stdin.write(line)
            self._child.stdin.flush()
        except BrokenPipeError:
            _end(self._child)
            self._child = _start()
            self._child.stdin.write(line)
            self._child.stdin.flush()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return self

    def __next__(self) -> pl.DataFrame:
        pieces = list(self._pieces(self._wanted))
        if not pieces:
            raise StopIteration
        frame = pl.concat(pieces, rechunk=True)
        self._wanted = min(frame.height * 3 // 2, self._most)
        return frame

    def _pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """What the parser sends, until there are more than ``rows``."""
        while rows >= 0 and not self.totals:
            try:
                letter, content = self._message()
            except BaseException:
                self.close()
                raise
            if letter == b"F":
                piece = pl.from_arrow(ipc.open_stream(pa.py_buffer(content)).read_all())
                rows -= piece.height
                yield piece
            else:
                self.totals = Totals(**_facts(content))
                self.close()

    def __enter__(self) -> "Frames":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_child"):
            self.close()

    def close(self) -> None:
        """Kill the parser if it still runs, and wait until nothing reads the source any more."""
        if self._child.stdout.closed:
            return
        self._child.kill()
        self._child.wait()
        self._feeder.join()
        _end(self._child)

    def _message(self) -> tuple[bytes, bytearray]:
        """The parser's next message, a refusal raised."""
        head = self._child.stdout.read(9)
        size = int.from_bytes(head[1:], "little")
        content = bytearray(size)
        if len(head) < 9 or self._child.stdout.readinto(content) < size:
            raise self._death()
        if head[:1] == b"E":
            raise _refusal(json.loads(content))
        if head[:1] == b"K":
            self._kind = content.decode()
            return self._message()
        return head[:1], content

    def _death(self) -> BaseException:
        """Why the messages ended early: the source's own fault, or how the parser died."""
        code = self._child.wait()
        self._feeder.join()
        if self._faults:
            return self._faults[0]
        log.error("parser ended with %s", code)
        heavy = "WORKBOOK_TOO_HEAVY" if self._kind == "workbook" else "FILE_TOO_HEAVY"
        return Unreadable.because(heavy if code in _TOO_HEAVY else "PARSER_DIED")


def _facts(content: bytes | bytearray) -> dict:
    """A header or totals as they were before JSON made lists of their tuples."""
    facts = json.loads(content)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}


def keep_spare() -> None:
    """Have the next parser start before its file comes: starting takes longer than reading 20,000 rows."""
    _spare.keep()


def renew_spare() -> None:
    """Start the next one, where spares are kept: when a file is loaded, and no longer needs the processors itself."""
    _spare.renew()


class _Spare:
    """A parser that waits for its file, in a process that reads many. It ends when this process does."""

    def __init__(self) -> None:
        self._kept = False
        self._child: subprocess.Popen | None = None
        self._lock = threading.Lock()

    def keep(self) -> None:
        """From now on, and again with each ``renew``."""
        with self._lock:
            self._kept = True
            if self._child is None:
                self._child = _start()

    def take(self) -> subprocess.Popen:
        """The waiting parser, or a new one."""
        with self._lock:
            child, self._child = self._child, None
        return child or _start()

    def renew(self) -> None:
        """Start the next one, where spares are kept."""
        if self._kept:
            self.keep()


_spare = _Spare()


def _start() -> subprocess.Popen:
    """The parser, knowing nothing of our environment: it needs no key and no database."""
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "POLARS_MAX_THREADS": "1"} | _KEEP_BLOCKS
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return subprocess.Popen(
        [sys.executable, "-m", "supports.ingest.parser"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=environment,
        pipesize=_CHUNK,
    )


def _end(child: subprocess.Popen) -> None:
    """End a parser and give back its pipes."""
    child.kill()
    child.wait()
    child.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()


def _feed(source: BinaryIO | Path | str, child: subprocess.Popen, faults: list[BaseException]) -> None:
    """Pump the source into the parser. A source that fails kills it: half a file is no file."""
    try:
        if isinstance(source, (str, Path)):
            with Path(source).open("rb") as stream:
                _pump(stream, child.stdin)
        else:
            _pump(source, child.stdin)
    except BrokenPipeError:
        return  # the parser ended first and has said why, or was cancelled
    except BaseException as fault:
        faults.append(fault)
        child.kill()


def _pump(source: BinaryIO, target: io.BufferedWriter) -> None:
    while chunk := source.read(_CHUNK):
        target.write(chunk)
    target.close()


def _refusal(facts: dict) -> Unreadable:
    if "fault" in facts:
        log.error("parser failed: %s at %s", facts["fault"], " < ".join(reversed(facts["places"])))
        return Unreadable.because("PARSER_DIED")
    return Unreadable(facts["code"], facts["message"], field="file")
