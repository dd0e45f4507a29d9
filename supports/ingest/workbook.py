"""A workbook (XLSX, XLSB, XLS, ODS) → frames of text cells, as ``csv_file`` gives them.

Runs in the parser's own process. The bytes stay in memory and are looked over before anything is opened
(``container``). Visible sheets with headings follow each other: the rows of a later one are numbered from the next
multiple of ten thousand, so that every row of a workbook has a number of its own, and the sheet and the row in it can
be told from it.
"""

import gc
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO

import polars as pl
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from supports.ingest import container
from supports.ingest.cells import texts
from supports.ingest.columns import map_headings
from supports.ingest.csv_file import CELL_LENGTH, MAX_ROWS, Header, Totals, cell, refuse_too_many
from supports.ingest.layout import MAX_COLUMNS, refuse_data_as_heading
from supports.ingest.ours import is_ours
from supports.ingest.sheets import (
    NAME_LENGTH,
    PREVIEW,
    STEP,
    Columns,
    Headings,
    find_headings,
    place_of,
    printable,
    read_headings,
)
from supports.ingest.total_row import cut_total_row
from supports.ingest.unreadable import Unreadable, note

KEPT_CELLS = 5_000_000  # of sheets that stay loaded between a look at their headings and their rows

_SEEN = r"[^\s\x00-\x1f\u200b\ufeff]"  # what makes a cell more than blank


@dataclass(frozen=True)
class Table:
    """One sheet with headings. Rows count from 0; ``places``: the workbook's column for each of its own."""

    index: int
    name: str
    headings: Headings
    places: tuple[int, ...]
    height: int
    offset: int = 0

    @property
    def first_row(self) -> int:
        """The row below the headings."""
        return self.headings.last + 1

    @property
    def rows(self) -> int:
        """How many rows stand below the headings, blank ones among them."""
        return self.height - self.first_row


def read_workbook(
    stream: BinaryIO, frame_rows: int, own: Sequence[str] = (), most_rows: int = MAX_ROWS
) -> Iterator[Header | pl.DataFrame | Totals]:
    """Yield a Header, then frames of at most ``frame_rows`` rows, then Totals. Raises Unreadable."""
    gc.disable()  # millions of cells come and go, none in a circle: looking for circles takes half of the time
    data = stream.read()
    kind = container.inspect(data)
    book = Book(data)
    del data
    columns = Columns(own)
    tables, notes = _find_tables(book, columns)
    header = _header(kind, tables, columns, notes)
    yield header
    rows, last_row, sheets, dropped = 0, 0, [], []
    for table, sheet in zip(tables, header.sheets, strict=True):
        before = rows
        for frame, total_row in _frames(book, table, len(columns.headings), frame_rows):
            rows += frame.height
            last_row = frame["row_no"][-1] if frame.height else last_row
            refuse_too_many(rows, last_row, most_rows)
            dropped += [_total_row_note(total_row, header)] if total_row else []
            if frame.height:
                yield frame
        sheets.append(sheet | {"rows": rows - before})
    if not rows:
        raise _without_rows(tables[0].name, tables[0].headings.last + 1)
    yield Totals("", rows, 0, last_row, tuple(sheets), tuple(dropped))


class Book:
    """The sheets of a workbook. A look at small ones is not paid twice: they stay until their rows are read."""

    def __init__(self, data: bytes) -> None:
        with _damage_told():
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        self._kept: dict[int, CalamineSheet] = {}
        self._cells = 0
        sheets = [sheet for sheet in enumerate(self._book.sheets_metadata) if _is_table(sheet[1])]
        self.visible = [index for index, sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        self.hidden = [index for index, _ in sheets if index not in self.visible]

    def name(self, index: int) -> str:
        """The sheet's name as it is shown."""
        return printable(self._book.sheet_names[index])[:NAME_LENGTH]

    def names(self, indexes: Sequence[int]) -> str:
        """The names as a list of a sentence."""
        return ", ".join(f"“{self.name(index)}”" for index in indexes)

    def look(self, index: int) -> CalamineSheet:
        """The sheet, loaded; it is kept while all that are kept are small. Refuses one that is far too wide."""
        sheet = self._kept.get(index) or self._load(index)
        size = sheet.width * sheet.height
        if index not in self._kept and self._cells + size <= KEPT_CELLS:
            self._kept[index] = sheet
            self._cells += size
        return sheet

    def take(self, index: int) -> CalamineSheet:
        """The sheet for its last reading."""
        return self._kept.pop(index, None) or self._load(index)

    def _load(self, index: int) -> CalamineSheet:
        with _damage_told():
            sheet = self._book.get_sheet_by_index(index)
        if sheet.end and sheet.width > MAX_COLUMNS:
            corner = f"{container.column_letters(sheet.end[1] + 1)}{sheet.end[0] + 1}"
            raise Unreadable.because("FILE_FAR_CELL", cell=corner)
        return sheet


def _is_table(sheet: SheetMetadata) -> bool:
    return sheet.typ == SheetTypeEnum.WorkSheet


@contextmanager
def _damage_told() -> Iterator[None]:
    """Whatever the reader of workbooks stumbles over is a damaged workbook; its panics are no Exception."""
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable.because("FILE_DAMAGED") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise Unreadable.because("FILE_DAMAGED") from error
        raise


def _find_tables(book: Book, columns: Columns) -> tuple[list[Table], list[str]]:
    """The sheets that are read, with their places in the whole, and notes on those that are not."""
    found: list[Table] = []
    others: list[int] = []
    bare: dict[int, int] = {}
    for index in book.visible:
        table = _find_table(book, index, columns)
        if isinstance(table, Table):
            found.append(table)
        elif table:
            bare[index] = table
        elif table is None:
            others.append(index)
    hidden = [index for index in book.hidden if _lists_people(book.take(index))]
    if not found:
        _refuse_without_rows(book, hidden, bare, others)
        found, others = [_unknown_table(book, others[0], columns)], others[1:]
    left_out = (("hidden", hidden), ("no_headings", others), ("no_rows", list(bare)))
    notes = [note(key, sheets=book.names(sheets)) for key, sheets in left_out if sheets]
    return _numbered(found), notes + _heading_notes(found)


def _find_table(book: Book, index: int, columns: Columns) -> Table | int | None:
    """The sheet with its headings; the row of its headings when it has no other; 0 when blank; None without any.

    A sheet that we wrote ourselves to explain the others counts as blank.
    """
    sheet = book.look(index)
    if sheet.end is None:
        return 0
    rows, top = _preview(sheet)
    if is_ours(rows):
        return 0
    headings = find_headings(rows, _merges(sheet, top), columns.own)
    if headings is None:
        return None
    if sheet.end[0] <= top + headings.last:
        return top + headings.last + 1
    return _table(book, index, sheet, _moved(headings, top), columns)


def _lists_people(sheet: CalamineSheet) -> bool:
    """Whether a hidden sheet has every required heading: lists for drop-downs are hidden too, and nobody's rows."""
    headings = find_headings(_preview(sheet)[0], (), ()) if sheet.end else None
    return headings is not None and map_headings(headings.texts).complete


def _refuse_without_rows(
    book: Book, hidden: Sequence[int], bare: Mapping[int, int], others: Sequence[int]
) -> None:
    """Refuse a workbook in which no visible sheet has data, or only one without a supporter."""
    if hidden:
        raise Unreadable.because("FILE_ALL_HIDDEN", sheets=book.names(hidden))
    for index, row in bare.items():
        raise _without_rows(book.name(index), row)
    if not others:
        raise Unreadable.because("FILE_EMPTY")


def _without_rows(sheet: str, row: int) -> Unreadable:
    return Unreadable.because("FILE_NO_ROWS", where=f"Lembar “{sheet}”", row=row)


def _preview(sheet: CalamineSheet) -> tuple[list[list[str]], int]:
    """The first rows of a sheet as texts, and the number of blank rows above them."""
    top = sheet.start[0] if sheet.start else 0
    rows = islice(sheet.iter_rows(), top, top + PREVIEW)
    return [[text or "" for text in texts(row)] for row in rows], top


def _merges(sheet: CalamineSheet, top: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The merged ranges near the headings, counted from the first row and column that are used."""
    left = sheet.start[1] if sheet.start else 0
    return [
        ((first[0] - top, first[1] - left), (last[0] - top, last[1] - left))
        for first, last in sheet.merged_cell_ranges or ()
        if first[0] - top < PREVIEW
    ]


def _moved(headings: Headings, rows: int) -> Headings:
    return replace(headings, first=headings.first + rows, last=headings.last + rows)


def _table(book: Book, index: int, sheet: CalamineSheet, headings: Headings, columns: Columns) -> Table:
    shown = headings.texts
    if _has_cells_beyond(sheet, headings):
        shown += ("",) * (sheet.width - len(shown))
    return Table(index, book.name(index), headings, tuple(columns.place(shown)), sheet.end[0] + 1)


def _has_cells_beyond(sheet: CalamineSheet, headings: Headings) -> bool:
    """Whether a row has something to the right of the last heading: remarks in the margin are kept too."""
    width = len(headings.texts)
    rows = islice(sheet.iter_rows(), headings.last + 1, None) if sheet.width > width else ()
    return any(any(row[width:]) for row in rows)


def _unknown_table(book: Book, index: int, columns: Columns) -> Table:
    """A sheet without headings that we know, to be mapped by the team. Refuses when it begins with data."""
    sheet = book.look(index)
    rows, top = _preview(sheet)
    first = _fullest(rows)
    refuse_data_as_heading(rows[first], top + first + 1)
    headings = _moved(read_headings(rows, first, _merges(sheet, top)), top)
    if sheet.end[0] <= headings.last:
        raise _without_rows(book.name(index), headings.last + 1)
    return _table(book, index, sheet, headings, columns)


def _fullest(rows: Sequence[list[str]]) -> int:
    """The first row that is not a mere title: it has at least half as many cells as any other."""
    filled = [sum(map(bool, map(str.strip, cells))) for cells in rows]
    return next(i for i, count in enumerate(filled) if 2 * count >= max(filled))


def _numbered(tables: list[Table]) -> list[Table]:
    """The tables with the offsets that make the numbers of their rows differ."""
    end, numbered = 0, []
    for table in tables:
        offset = -(-end // STEP) * STEP
        numbered.append(replace(table, offset=offset))
        end = offset + table.height
    return numbered


def _heading_notes(tables: Sequence[Table]) -> list[str]:
    spread = (table for table in tables if table.headings.last > table.headings.first)
    return [
        note("heading_rows", sheet=t.name, first=t.headings.first + 1, last=t.headings.last + 1)
        for t in spread
    ]


def _header(kind: str, tables: Sequence[Table], columns: Columns, notes: Sequence[str]) -> Header:
    sheets: list[dict[str, Any]] = [
        {"name": table.name, "first_row_no": table.offset + 1, "rows": table.rows} for table in tables
    ]
    heading_row = tables[0].headings.last + 1
    return Header(kind, "", "", tuple(columns.headings), heading_row, tuple(sheets), tuple(notes))


def _total_row_note(row_no: int, header: Header) -> str:
    sheet, row = place_of(header.sheets, row_no)
    return note("total_row_of_sheet", row=row, sheet=sheet) if sheet else note("total_row", row=row)


def _frames(
    book: Book, table: Table, width: int, frame_rows: int
) -> Iterator[tuple[pl.DataFrame, int | None]]:
    """The table's frames without blank rows; with the last one, the number of the total row that it lost."""
    rows = islice(book.take(table.index).iter_rows(), table.first_row, None)
    names = [cell(i) for i in range(width)]
    first_row_no, held = table.offset + table.first_row + 1, None
    while batch := list(islice(rows, frame_rows)):
        frame = _frame(batch, table, first_row_no, names)
        first_row_no += len(batch)
        if held is not None and frame.height:
            yield held, None
            held = None
        held = frame if held is None else held
    if held is not None:
        yield cut_total_row(held, names)


def _frame(
    batch: Sequence[list[object]], table: Table, first_row_no: int, names: Sequence[str]
) -> pl.DataFrame:
    given = dict(zip(table.places, map(texts, zip(*batch, strict=True)), strict=False))
    blank = pl.repeat(None, len(batch), dtype=pl.String, eager=True)
    frame = pl.DataFrame({name: given.get(place, blank) for place, name in enumerate(names)})
    frame, too_long = _cut_cells(frame)
    frame = frame.select(
        pl.int_range(first_row_no, first_row_no + len(batch), dtype=pl.Int32).alias("row_no"),
        pl.lit(False).alias("broken"),
        pl.lit(None, pl.String).alias("raw"),
        too_long.alias("too_long"),
        *names,
    )
    return frame.filter(pl.any_horizontal(pl.col(names).str.contains(_SEEN)))


def _cut_cells(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Expr]:
    """Cut cells to CELL_LENGTH characters; the condition says which rows had a longer one."""
    long = [name for name in frame.columns if (frame[name].str.len_bytes().max() or 0) > CELL_LENGTH]
    if not long:
        return frame, pl.lit(False)
    marks = frame.select(pl.any_horizontal(pl.col(long).str.len_chars() > CELL_LENGTH).fill_null(False))
    return frame.with_columns(pl.col(long).str.slice(0, CELL_LENGTH)), pl.lit(marks.to_series())
