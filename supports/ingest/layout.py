"""How a CSV file is laid out: delimiter, heading row, width. Pure; runs in the parser's process."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from supports.ingest.columns import REQUIRED, is_heading_row, known_headings
from supports.ingest.unreadable import Unreadable

DELIMITERS = (";", "\t", ",", "|")
HEADING_WITHIN = 20  # rows: titles above the headings are usual
JOINED_LINES = 20  # a cell with more line breaks than this is a forgotten quote
MAX_COLUMNS = 500
MAX_HEADING_LINE = 1 << 18  # characters
HEADING_LENGTH = 200
_SAMPLE_ROWS = 50
_SPARE_COLUMNS = 50  # blank cells that may follow the last heading before a row takes the slow way

_END = "\x1f"  # control characters were taken out, so no file contains it


@dataclass(frozen=True)
class Layout:
    """``columns`` headings; rows may have up to ``width`` cells when those beyond are blank."""

    delimiter: str
    headings: tuple[str, ...]
    heading_row: int
    width: int

    @property
    def columns(self) -> int:
        """How many cells of a row count."""
        return len(self.headings)


def take_apart(text: str, delimiter: str, *, skip_blanks: bool = False) -> tuple[list[str], bool]:
    """The cells of one line, and whether its last quote is still open at the end."""
    reader = csv.reader([text + "\n", _END], delimiter=delimiter, skipinitialspace=skip_blanks)
    try:
        cells = next(reader)
    except csv.Error:  # a line break outside quotes, in lines joined on trial
        return [], False
    is_open = cells[-1].endswith(_END) if cells else False
    return cells, is_open


def records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Yield (cells, number of lines) of each record; lines are joined while a quote is open."""
    at = 0
    while at < len(lines):
        cells, is_open = take_apart(lines[at], delimiter)
        taken = 1
        for more in range(2, JOINED_LINES + 2) if is_open else ():
            joined, still_open = take_apart("\n".join(lines[at : at + more]), delimiter)
            if not still_open:
                cells, taken = joined, min(more, len(lines) - at)
                break
        yield cells, taken
        at += taken


def find_layout(block: bytes, first_row: int, own: Sequence[str]) -> tuple[Layout, int]:
    """The layout that a file's first lines tell, and the number of bytes up to the row below the headings.

    ``first_row``: the row number of the first line. Refuses a file without headings, or with too many.
    """
    offset = 0
    lines = block[: 4 * MAX_HEADING_LINE].decode("utf-8", "ignore").split("\n")[:400]
    if any(len(line) > MAX_HEADING_LINE for line in lines[:HEADING_WITHIN]):
        raise Unreadable.because("LINE_TOO_LONG", row=first_row)
    delimiters: Sequence[str] = DELIMITERS
    if told := re.match(r"sep=(.)\r?$", lines[0], re.IGNORECASE):
        # Excel's own note about the delimiter; Excel does not show it as a row.
        delimiters, offset, lines = (told[1],), len(lines[0].encode()) + 1, lines[1:]
    delimiter, rows = max(
        ((d, _first_rows(lines, d)) for d in delimiters), key=lambda choice: _score(choice[1], own)
    )
    at = heading_index(rows, own)
    if at is None:
        at = next((i for i, (cells, _) in enumerate(rows) if any(map(str.strip, cells))), 0)
        refuse_data_as_heading(rows[at][0], first_row + at)
    taken = sum(count for _, count in rows[: at + 1])
    layout = _layout(delimiter, rows[at][0], first_row + at, lines[taken : taken + _SAMPLE_ROWS])
    return layout, offset + sum(len(line.encode()) + 1 for line in lines[:taken])


def _first_rows(lines: Sequence[str], delimiter: str) -> list[tuple[list[str], int]]:
    rows = records(lines, delimiter)
    return [row for row, _ in zip(rows, range(HEADING_WITHIN), strict=False)]


def heading_index(rows: Sequence[tuple[list[str], int]], own: Sequence[str]) -> int | None:
    """The first heading row, one that names a required field before others: titles may name regions too."""
    first = None
    for i, (cells, _) in enumerate(rows):
        if is_heading_row(cells, own):
            if known_headings(cells) & set(REQUIRED):
                return i
            first = i if first is None else first
    return first


def _score(rows: Sequence[tuple[list[str], int]], own: Sequence[str]) -> tuple[int, int]:
    """How well a delimiter explains the first rows: known headings, then rows of the same number of cells."""
    known = max((len(known_headings(cells, own)) for cells, _ in rows), default=0)
    sizes = Counter(len(cells) for cells, _ in rows if len(cells) > 1)
    return known if known > 1 else 0, max((size * alike for size, alike in sizes.items()), default=0)


def refuse_data_as_heading(cells: Sequence[str], row: int) -> None:
    """Data must not be taken for headings: they would be shown and stored as such."""
    if any(re.fullmatch(r"\D{0,3}\d{15,17}\D{0,3}", cell.strip()) for cell in cells):
        raise Unreadable.because("FILE_NO_HEADINGS", row=row)


def _layout(delimiter: str, cells: Sequence[str], row: int, lines: Sequence[str]) -> Layout:
    sample = [take_apart(line, delimiter)[0] for line in lines]
    used = max((last_filled(found) for found in (cells, *sample)), default=0)
    # A row that is longer by mistake must not stretch the table: only columns with a heading cell count.
    columns = max(min(used, len(cells)), last_filled(cells))
    if columns > MAX_COLUMNS:
        raise Unreadable.because("FILE_TOO_WIDE", row=row, columns=columns, limit=MAX_COLUMNS)
    widest = max((len(found) for found in (cells, *sample)), default=0)
    headings = tuple(" ".join(cell.split())[:HEADING_LENGTH] for cell in cells[:columns])
    return Layout(delimiter, headings, row, max(columns, min(widest, columns + _SPARE_COLUMNS)))


def last_filled(cells: Sequence[str]) -> int:
    """Number of cells up to the last one that is not blank."""
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)
