"""The recap of a result by kecamatan with its kelurahan, as a page, a CSV and a workbook show it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

from verification.results.canonical import NUMBERS
from verification.results.models import Result

DISTRICT, NOWHERE = 10_000, "Wilayah tidak diketahui"
UNKNOWN_VILLAGE = "Desa/kelurahan tidak diketahui"
HEADINGS = (
    "Kode wilayah", "Kabupaten/kota", "Kecamatan", "Desa/kelurahan", "Diserahkan", "MS", "BMS", "TMS",
    "Belum diperiksa",
)  # fmt: skip
WIDTHS = (14, 26, 28, 32, 13, 12, 12, 12, 16)
SHEET = "Rekapitulasi"
# What a spreadsheet would run.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class District:
    """One kecamatan: the sum of its lines, and the lines; code 0 for what lies in none."""

    code: int
    regency: str
    name: str
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def numbers(self) -> dict[str, int]:
        """Its sums."""
        return {name: sum(line[name] for line in self.lines) for name in NUMBERS}


def districts_of(lines: Iterable[Mapping[str, Any]], said: Mapping[str, Any]) -> list[District]:
    """The lines of a recap by kecamatan. ``said`` is the sum of the result: it names the kab/kota of a governor's."""
    regencies = {one["code"]: one["name"] for one in said["by_area"] if 999 < one["code"] < 10_000}
    found: dict[int, District] = {}
    for line in lines:
        code = line["area"] // DISTRICT
        if code not in found:
            found[code] = District(code, regencies.get(code // 100, ""), line["district"] or _named(code))
        village = line["village"] or (UNKNOWN_VILLAGE if code else NOWHERE)
        found[code].lines.append({**line, "village": village})
    return sorted(found.values(), key=lambda one: (not one.code, one.code))


def _named(code: int) -> str:
    return f"Kecamatan {code}" if code else NOWHERE


def cells_of(result: Result, lines: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[str | int]]:
    """A line for each kelurahan, and the sum."""
    for district in districts_of(lines, result.body["sum"]):
        for line in district.lines:
            yield (
                line["area"],
                district.regency,
                district.name,
                line["village"],
                *(line[name] for name in NUMBERS),
            )
    yield ("", "", "", "Jumlah", *(getattr(result, name) for name in NUMBERS))


def as_csv(rows: Iterable[Sequence[str | int]]) -> bytes:
    """The table as a CSV that Excel opens."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    lines = csv.writer(out, delimiter=";")
    lines.writerow(HEADINGS)
    lines.writerows([_tame(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _tame(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def workbook(rows: Iterable[Sequence[str | int]]) -> bytes:
    """The table as an XLSX: numbers are numbers, nothing is a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(SHEET)
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(at, column, cell, number if column else None)
                else:
                    sheet.write_string(at, column, cell)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
