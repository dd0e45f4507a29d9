"""A CSV stream → frames of text cells with their row numbers. Runs in the parser's own process.

polars takes whole blocks apart; lines whose quotes do not add up go to ``mend``. Every line of the file is
accounted for: a row, a blank row, or a part of the row above.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Any, BinaryIO

import polars as pl

from supports.ingest.layout import Layout, find_layout
from supports.ingest.mend import RAW_LENGTH, Mended, mend
from supports.ingest.text import Block, blocks
from supports.ingest.total_row import cut_total_row
from supports.ingest.unreadable import Unreadable, note

MAX_ROWS = 5_000_000
MAX_ROW_NO = 16_000_000  # a row number has 24 bits in a supporter's id
CELL_LENGTH = 10_000  # characters of a cell that are kept
# Taken apart at once: what a piece becomes is several times as large, more so when its lines are short. The first
# pieces are smaller, so that whoever takes them has work early.
PIECE_BYTES, BLOCK_LINES = 2 << 20, 200_000
FIRST_BYTES = PIECE_BYTES // 4

_NO_LETTER = "\ufffd"
_BLANK_LINES = re.compile(rb"(?:[ \t,;|]*\r?\n)+")


@dataclass(frozen=True)
class Header:
    """What is known of a file before its rows.

    ``sheets``: of a workbook, the name of each sheet that was read, the number that its row 1 has
    (``first_row_no``) and its rows; ``notes``: what was left out or put together, in sentences.
    """

    kind: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    heading_row: int
    sheets: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Totals:
    """What is known of a file after its rows.

    ``last_row``: the number of the last row that is not blank; ``sheets``: as in Header, with the rows really read;
    ``notes``: more of them.
    """

    encoding: str
    rows: int
    broken: int
    last_row: int
    sheets: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """Rows of some lines, numbered from 0; how many rows of the file the lines were; what is left of them."""

    frame: pl.DataFrame
    records: int
    unread: bytes


def cell(index: int) -> str:
    """The frame's column for the heading with this index."""
    return f"c{index}"


def read_csv(
    stream: BinaryIO, frame_rows: int, own: Sequence[str] = (), most_rows: int = MAX_ROWS
) -> Iterator[Header | pl.DataFrame | Totals]:
    """Yield a Header, then frames of at most ``frame_rows`` rows, then Totals.

    Each frame has row_no, broken, raw, too_long and one text column per heading. ``own``: headings that the
    team's mapping names. A total row at the end is no row. Raises Unreadable, also for more than ``most_rows``.
    """
    header, held = None, None
    for item in _read(stream, frame_rows, own, most_rows):
        if isinstance(item, Header):
            header = item
            yield item
        elif isinstance(item, Totals):
            yield from _end(header, held, item)
        elif item.height:
            if held is not None:
                yield held
            held = item


def _end(header: Header, frame: pl.DataFrame, totals: Totals) -> Iterator[pl.DataFrame | Totals]:
    """The last frame and the totals, without a total row."""
    frame, row = cut_total_row(frame, [cell(i) for i in range(len(header.headings))])
    if frame.height:
        yield frame
    if row is not None:
        totals = replace(totals, rows=totals.rows - 1, notes=(*totals.notes, note("total_row", row=row)))
    if not totals.rows:
        raise Unreadable.because("FILE_NO_ROWS", where="Berkas", row=header.heading_row)
    yield totals


def _read(
    stream: BinaryIO, frame_rows: int, own: Sequence[str], most_rows: int
) -> Iterator[Header | pl.DataFrame | Totals]:
    """The same with whatever stands in the last row."""
    layout: Layout | None = None
    encoding, row, rows, broken, last_row, unread = "", 1, 0, 0, 0, b""
    damaged: list[int] = []
    sizes = chain([FIRST_BYTES, 2 * FIRST_BYTES], repeat(PIECE_BYTES))
    for block in blocks(stream):
        encoding, text = block.encoding, block.text
        if layout is None:
            row, text = _skip_blank_lines(text, row)
            if not text.strip():
                continue
            layout, body = find_layout(text, row, own)
            row, text = layout.heading_row + 1, text[body:]
            yield Header("csv", encoding, layout.delimiter, layout.headings, layout.heading_row)
        for lines, last in _pieces(text, block, sizes):
            part = _read_lines(unread + lines, layout, last)
            frame = part.frame.with_columns((pl.col("row_no") + row).cast(pl.Int32))
            row, unread = row + part.records, part.unread
            rows, broken = rows + frame.height, broken + frame["broken"].sum()
            last_row = frame["row_no"][-1] if frame.height else last_row
            damaged += _damaged_rows(frame, lines)
            refuse_too_many(rows, last_row, most_rows)
            yield from frame.iter_slices(frame_rows)
    if layout is None:
        raise Unreadable.because("FILE_EMPTY")
    if not rows:
        raise Unreadable.because("FILE_NO_ROWS", where="Berkas", row=layout.heading_row)
    notes = (note("unreadable", rows=dotted(len(damaged)), row=damaged[0]),) if damaged else ()
    yield Totals(encoding, rows, broken, last_row, notes=notes)


def _damaged_rows(frame: pl.DataFrame, lines: bytes) -> list[int]:
    """The rows in which bytes made no letter: they stand there as U+FFFD."""
    if lines.isascii() or _NO_LETTER.encode() not in lines:
        return []
    texts = pl.col(pl.String).str.contains(_NO_LETTER, literal=True)
    return frame.filter(pl.any_horizontal(texts).fill_null(False))["row_no"].to_list()


def dotted(number: int) -> str:
    """A number with its thousands marked: 5.000.000."""
    return f"{number:,}".replace(",", ".")


def _pieces(text: bytes, block: Block, sizes: Iterator[int]) -> Iterator[tuple[bytes, bool]]:
    """Cut ``text``, what is left of a block: yield (whole lines of about the next size; whether they are the last)."""
    length = len(text)
    most = length * BLOCK_LINES // (block.ends + 1) + 1
    at = 0
    while at < length or (block.last and not at):
        end = text.find(b"\n", at + min(most, next(sizes))) + 1 or length
        yield text[at:end], block.last and end == length
        at = max(end, 1)


def _skip_blank_lines(lines: bytes, row: int) -> tuple[int, bytes]:
    found = _BLANK_LINES.match(lines)
    return (row + found[0].count(b"\n"), lines[found.end() :]) if found else (row, lines)


def refuse_too_many(rows: int, last_row: int, most_rows: int = MAX_ROWS) -> None:
    highest = max(MAX_ROW_NO, 2 * most_rows)
    if rows > most_rows or last_row > highest:
        limit = most_rows if rows > most_rows else highest
        raise Unreadable.because("FILE_TOO_MANY_ROWS", limit=dotted(limit), row=last_row)


def _read_lines(block: bytes, layout: Layout, last: bool) -> _Part:
    """Take lines apart: the good ones by polars at once, the odd ones by ``mend``."""
    lines = _split(block)
    blank = lines.str.contains(rf'^(?:[\s\u200b\ufeff{re.escape(layout.delimiter)}]|"\s*")*$')
    for odd in _suspicions(block, lines, blank, layout):
        mended = mend(lines.to_list(), odd.arg_true().to_list(), layout, last=last) if odd.any() else Mended()
        taken = _taken(odd, mended)
        # Without odd lines the block is read as it stands, which is the rule and saves joining its lines.
        kept = ~(taken | blank) if taken.any() else ~taken
        source = "\n".join(lines.filter(kept)).encode() if taken.any() else block
        cells = _cells(source, kept.sum(), layout)
        if cells is not None:
            return _assemble(cells.with_columns(row_no=kept.arg_true()), lines, blank, mended, layout)
    raise AssertionError("the last suspicion leaves polars nothing")


def _split(block: bytes) -> pl.Series:
    """The lines of a block, without their line ends; blank ones are empty texts."""
    frame = pl.read_csv(
        b"-\n" + block, has_header=False, schema={"line": pl.String}, separator="\0", quote_char=None
    )
    lines = frame["line"].slice(1).fill_null("")
    if lines.len() != block.count(b"\n") + (not block.endswith(b"\n") and block != b""):
        raise AssertionError("polars counts the lines of a block otherwise")
    return lines


def _suspicions(block: bytes, lines: pl.Series, blank: pl.Series, layout: Layout) -> Iterator[pl.Series]:
    """Which lines polars shall not see: those with bad quotes; if it stumbles, long ones too; then all."""
    odd = pl.repeat(False, lines.len(), dtype=pl.Boolean, eager=True)
    if b'"' in block:
        d = re.escape(layout.delimiter)
        part = rf'(?:"(?:[^"]|"")*"|[^"{d}]*)'
        # A line without a quote is sound; most have none, and looking for one is cheap.
        quoted = lines.str.contains('"', literal=True).arg_true()
        sound = lines.gather(quoted).str.contains(rf"^{part}(?:{d}{part})*$")
        odd = odd.scatter(quoted.filter(~sound), True) & ~blank
    yield odd
    long = lines.str.count_matches(layout.delimiter, literal=True) >= layout.width
    yield odd | (long & ~blank)
    yield ~blank


def _taken(odd: pl.Series, mended: Mended) -> pl.Series:
    """The lines that ``mend`` has taken apart, or left for the next block."""
    line = pl.int_range(odd.len(), eager=True)
    unread = odd.len() if mended.unread is None else mended.unread
    return odd | line.is_in(sorted(mended.joined)) | (line >= unread) if odd.any() else odd


def _cells(source: bytes, lines: int, layout: Layout) -> pl.DataFrame | None:
    """The cells of well-formed lines, or None when polars does not agree that they are well-formed."""
    columns = {cell(i): pl.String for i in range(layout.width)}
    # The line in front fixes the number of columns, whatever the first line of the block looks like.
    ruler = layout.delimiter.encode() * (layout.width - 1) + b"\n"
    quote = '"' if b'"' in source else None
    try:
        frame = pl.read_csv(
            ruler + source, has_header=False, schema=columns, separator=layout.delimiter, quote_char=quote
        )
    except pl.exceptions.ComputeError:
        return None
    return frame.slice(1) if frame.height == lines + 1 else None


def _assemble(
    frame: pl.DataFrame, lines: pl.Series, blank: pl.Series, mended: Mended, layout: Layout
) -> _Part:
    """One frame of what polars and ``mend`` read, in the order of the file, without blank rows."""
    names = [cell(i) for i in range(layout.columns)]
    frame = frame.filter(~blank.gather(frame["row_no"])) if blank.any() else frame
    frame = _mark_overlong(frame, lines, layout, names)
    if mended.rows:
        schema = {"row_no": pl.UInt32, "broken": pl.Boolean, "raw": pl.String} | dict.fromkeys(
            names, pl.String
        )
        odd = pl.DataFrame(mended.rows, schema=schema, orient="row")
        frame = pl.concat([frame.select(odd.columns), odd]).sort("row_no")
    end = lines.len() if mended.unread is None else mended.unread
    if mended.joined:
        before = pl.int_range(end, eager=True).is_in(sorted(mended.joined)).cum_sum()
        frame = frame.with_columns(row_no=frame["row_no"] - before.gather(frame["row_no"]))
    unread = "".join(line + "\n" for line in lines.slice(end)).encode()
    return _Part(_cut_cells(frame, lines, names), end - len(mended.joined), unread)


def _mark_overlong(frame: pl.DataFrame, lines: pl.Series, layout: Layout, names: list[str]) -> pl.DataFrame:
    """Rows with something in a cell beyond the last heading are broken: no cell can be trusted."""
    beyond = [pl.col(cell(i)).str.strip_chars() != "" for i in range(layout.columns, layout.width)]
    long = frame.select(pl.any_horizontal(beyond).fill_null(False)).to_series() if beyond else None
    if long is None or not long.any():
        return frame.with_columns(broken=pl.lit(False), raw=pl.lit(None, pl.String))
    raw = lines.gather(frame["row_no"]).str.slice(0, RAW_LENGTH)
    return frame.with_columns(
        pl.when(long).then(None).otherwise(pl.col(names)).name.keep(),
        broken=long,
        raw=pl.when(long).then(raw),
    )


def _cut_cells(frame: pl.DataFrame, lines: pl.Series, names: list[str]) -> pl.DataFrame:
    """Cut cells to CELL_LENGTH characters, and say so in ``too_long``."""
    too_long = pl.lit(False)
    # A cell with line breaks may be longer than any of its lines, hence the second condition.
    if (lines.str.len_bytes().max() or 0) > CELL_LENGTH or frame.height < lines.len():
        too_long = pl.any_horizontal(pl.col(names).str.len_chars() > CELL_LENGTH).fill_null(False)
        frame = frame.with_columns(too_long=too_long).with_columns(pl.col(names).str.slice(0, CELL_LENGTH))
        too_long = pl.col("too_long")
    return frame.select("row_no", "broken", "raw", too_long.alias("too_long"), *names)
