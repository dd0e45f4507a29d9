"""The counts of a territory as a table to keep: pairs × areas, numbers only, never a person."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter

from foundation import sql
from foundation.accounts.models import User
from foundation.workflow import engine
from supports.desk.territory import Line
from supports.privacy.sums import cells_of
from supports.progress import UNPLACED
from supports.rules import RULES, TEAM

HEADINGS = (
    "Pemilihan", "Kode daerah", "Daerah", "Bakal pasangan calon", "Keadaan", "Minimum", "Sebaran minimum",
    "Kode wilayah", "Wilayah", "Baris", "MS", "BMS", "TMS", "Belum diperiksa", "Terhitung", "Perlu dibenahi",
    "Temuan",
)  # fmt: skip
WHOLE = "Seluruh wilayah"
SHEET = "Jumlah dukungan"
WIDTHS = (36, 12, 24, 36, 28, 12, 12, 14, 28, *(12,) * 8)
LINES_A_PIECE = 500
# What a spreadsheet would run: names are typed by people.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cells = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Area:
    """What one pair has in one area."""

    code: int
    name: str
    ms: int
    bms: int
    tms: int
    unverified: int
    counted: int

    @property
    def rows(self) -> int:
        """All rows of the area."""
        return self.ms + self.bms + self.tms + self.unverified

    @property
    def cells(self) -> Cells:
        """The numbers, in the order of the headings."""
        numbers = (self.rows, self.ms, self.bms, self.tms, self.unverified, self.counted)
        return (*numbers, self.rows - self.counted)


def record_export(user: User, kind: str, lines: Sequence[Line]) -> None:
    """That somebody took the counts of so many pairs with them."""
    engine.record("counts_exported", user, by=user, format=kind, pairs=len(lines))


def rows_of(lines: Sequence[Line], *, findings: bool, sums_only: bool = False) -> Iterator[Cells]:
    """For each pair its sum and its areas. ``findings``: whether the reader may know how many there are.

    ``sums_only``: for who may not read small counts (``supports.privacy.sums``).
    """
    pairs = [line.pair for line in lines]
    areas: dict[int, list[Area]] = defaultdict(list)
    for pair, code, name, *counts in sql.rows("supports/list_area_counts", pairs=pairs):
        areas[pair].append(Area(code, name or UNPLACED, *counts))
    found = _findings(pairs) if findings else {}
    for line in lines:
        own = (
            line.election_name, line.region, line.region_name, line.name, line.state_title, line.minimum,
            line.min_spread,
        )  # fmt: skip
        whole = _sum(areas[line.pair])
        cells, parts = whole.cells, [area.cells for area in areas[line.pair]]
        if sums_only:
            cells, parts = cells_of(cells, [area.counted for area in areas[line.pair]])
        yield (*own, None, WHOLE, *cells, found.get(line.pair, 0) if findings else None)
        for area, part in zip(areas[line.pair], parts, strict=True):
            yield (*own, area.code or None, area.name, *part, None)


def _sum(areas: Sequence[Area]) -> Area:
    names = ("ms", "bms", "tms", "unverified", "counted")
    return Area(0, WHOLE, *(sum(getattr(area, name) for area in areas) for name in names))


def _findings(pairs: Sequence[int]) -> dict[int, int]:
    rules = [str(rule.number) for rule in RULES if rule.audience == TEAM]
    return dict(sql.rows("supports/count_findings", pairs=pairs, rules=rules))


def csv_pieces(rows: Iterator[Cells]) -> Iterator[bytes]:
    """The table as a CSV that Excel opens, a few hundred lines at a time."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, delimiter=";")
    out.write("\ufeff")
    lines.writerow(HEADINGS)
    for number, row in enumerate(rows, 1):
        lines.writerow([_tame(cell) for cell in row])
        if number % LINES_A_PIECE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return piece


def _tame(cell: str | int | None) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def workbook(rows: Iterator[Cells]) -> bytes:
    """The table as an XLSX: numbers are numbers, nothing is a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(SHEET)
        bold, number = (
            book.add_format({"bold": True, "text_wrap": True}),
            book.add_format({"num_format": "#,##0"}),
        )
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(at, column, cell, number if column not in (1, 7) else None)
                elif cell is not None:
                    sheet.write_string(at, column, cell)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
