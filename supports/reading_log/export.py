"""The log as CSV: what the page shows, made while it is sent; that it was taken along is itself a reading."""

import csv
import io
from collections.abc import Iterator, Sequence

from candidates.zones import local
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.readings.kinds import Kind
from foundation.readings.models import Reading
from foundation.readings.operations import record_reading
from foundation.readings.queries import Wanted, ids_of
from supports.desk.exports import FORMULA
from supports.reading_log.log import MOST_EXPORTED, Asked, lines_of, portions_of, wanted_by

HEADINGS = (
    "Nomor", "Waktu", "Nama", "Peran", "Tim sendiri", "Yang dibaca", "Saringan", "Jumlah baris", "Pemilihan",
    "Bakal pasangan calon", "Halaman atau panggilan",
)  # fmt: skip


def export_log(asked: Asked, *, by: User) -> Iterator[bytes]:
    """The readings asked for as pieces of CSV. Refuses more than MOST_EXPORTED."""
    wanted = wanted_by(by, asked)
    rows = len(ids_of(wanted, limit=MOST_EXPORTED + 1))
    if rows > MOST_EXPORTED:
        message = "Log ini lebih dari 100.000 pembacaan. Persempit hari atau pasangannya, lalu unduh lagi."
        raise Refused("log_too_long", message)
    filter = {name: str(value) for name, value in vars(asked).items() if value is not None}
    record_reading(Kind.LOG, None, by=by, rows=rows, asked=filter)
    return _pieces(wanted)


def _pieces(wanted: Wanted) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + _written([HEADINGS])
    for portion in portions_of(wanted):
        yield _written(_cells(portion))


def _cells(portion: Sequence[Reading]) -> list[tuple]:
    return [
        (
            line.reading.pk,
            local(line.reading.at, line.zone).isoformat(timespec="seconds"),
            line.who,
            line.roles,
            "ya" if line.reading.inside else "tidak",
            line.kind,
            line.what,
            line.reading.rows,
            line.election,
            line.pair,
            line.call,
        )
        for line in lines_of(portion)
    ]


def _written(rows: list[tuple]) -> bytes:
    out = io.StringIO(newline="")
    lines = csv.writer(out, delimiter=";")
    lines.writerows([_tame(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _tame(cell: object) -> object:
    """What a spreadsheet would run: names are typed by people."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
