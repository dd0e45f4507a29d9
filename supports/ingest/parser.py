"""The parser: a process of its own that reads one file from stdin and writes frames to stdout.

``read`` starts it with ``python -m supports.ingest.parser OPTIONS``. It limits its own memory and processor
time before the first byte of the file, so that a hostile file ends this process and nothing else. Nothing of
a file's rows ever goes to stderr, into a message or onto a disk.

The answer is a row of messages: one letter, the length in 8 bytes (little-endian), the content.
K kind of file, before it is opened · H header (JSON) · F frame (Arrow IPC stream) · T totals (JSON) · E why the
file is unreadable (JSON).
"""

import contextlib
import csv
import dataclasses
import io
import json
import resource
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl

from supports.ingest import container
from supports.ingest.csv_file import Header, Totals, read_csv
from supports.ingest.text import BLOCK
from supports.ingest.unreadable import Unreadable
from supports.ingest.workbook import read_workbook

type_of_reader = Callable[[BinaryIO, int, Sequence[str], int], Iterator[Header | pl.DataFrame | Totals]]

# By what the file's first bytes are: the same arguments, the same messages.
READERS: dict[str, type_of_reader] = {"csv": read_csv, "workbook": read_workbook}
EXIT_OUT_OF_MEMORY = 3


def main(options: dict) -> int:
    """Read stdin as ``options`` say; the exit code is 0 when every message was written."""
    _limit(options["memory"], options["cpu"])
    csv.field_size_limit(2 * BLOCK)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        start = source.read(container.START)
        kind = container.kind_of(start)
        _write(out, b"K", kind.encode())
        told = (options["frame_rows"], options["own"], options["most_rows"])
        for item in READERS[kind](Rejoined(start, source), *told):
            _send(out, item)
    except Unreadable as refusal:
        _write(out, b"E", json.dumps({"code": refusal.code, "message": refusal.message}).encode())
    except BrokenPipeError:
        return 1  # nobody reads any more: cancelled
    except MemoryError:
        return EXIT_OUT_OF_MEMORY
    except BaseException as error:  # polars' panics are no Exception; the text of an error may quote the file
        places = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        fault = {"code": "PARSER_DIED", "fault": type(error).__name__, "places": places}
        _write(out, b"E", json.dumps(fault).encode())
    return 0


class Rejoined(io.RawIOBase):
    """A stream of which the first bytes have been read already."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start, self._rest = start, rest

    def read(self, size: int = -1) -> bytes:
        """As many bytes as asked for, fewer only at the end; all of them without a size."""
        start, self._start = self._start, b""
        return start + self._rest.read(size if size < 0 else max(size - len(start), 0))


def _limit(memory: int, cpu: int) -> None:
    """Bytes of address space for the file and seconds of processor; no core dump, which would hold rows in clear.

    What the libraries have mapped counts on top. Below that even the loader fails, and ends us in its own ways.
    """
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    # When the machine itself runs out of memory, Linux ends this process before any other.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _send(out: BinaryIO, item: Header | pl.DataFrame | Totals) -> None:
    if isinstance(item, pl.DataFrame):
        buffer = io.BytesIO()
        # Plain texts rather than views: half the time to write, and read without copying.
        item.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
        _write(out, b"F", buffer.getbuffer())
    else:
        letter = b"H" if isinstance(item, Header) else b"T"
        _write(out, letter, json.dumps(dataclasses.asdict(item)).encode())


def _write(out: BinaryIO, letter: bytes, content: bytes | memoryview) -> None:
    out.write(letter + len(content).to_bytes(8, "little"))
    out.write(content)
    out.flush()


def warm_up() -> None:
    """Read an invented file while no other is there: what is loaded and compiled at its first use is then ready."""
    rows = b"NIK,Nama,Alamat\n" + b'6474010101909001,"Budi Contoh",Jl. Contoh\n' * 20
    for item in read_csv(io.BytesIO(rows), 10):
        _send(io.BytesIO(), item)


if __name__ == "__main__":
    warm_up()
    # The options are the first line; without one nobody needs this parser any more.
    first_line = sys.stdin.buffer.readline()
    sys.exit(main(json.loads(first_line)) if first_line else 0)
