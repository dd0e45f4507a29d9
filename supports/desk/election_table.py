"""The table that elections are created from: its template, and its rows as they stand in a file."""

import io
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from candidates.mass.election_cells import HEADINGS, NEEDED
from candidates.mass.new_elections import MOST_ROWS
from candidates.queries import newest_rule_sets
from candidates.zones import LABELS
from foundation.errors import Refused
from supports.ingest.csv_file import cell
from supports.ingest.read import Limits, Unreadable, frames

FILE_NAME = "templat-pemilihan.xlsx"
SHEET, GUIDE = "Pemilihan", "Petunjuk"
AS_TEXT = 49  # the number of the format “Teks” in every spreadsheet
# A table of elections is small; more is a mistake or worse.
LIMITS = Limits(memory=2 << 30, cpu=30)
EXAMPLE = {
    "level": "wali kota", "region": "6474", "region_name": "Kota Bontang", "base": "131600",
    "base_date": "20-09-2024", "base_note": "DPT", "decree": "Keputusan nomor …", "voting_day": "27-11-2024",
    "rule_set": "pkpu8-2024", "zone": "WITA", "practice": "tidak",
}  # fmt: skip


def template() -> bytes:
    """A workbook to be filled in, with an example on its second sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, guide = book.add_worksheet(SHEET), book.add_worksheet(GUIDE)
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": AS_TEXT})
        for column, (name, heading) in enumerate(HEADINGS.items()):
            sheet.set_column(column, column, max(14, len(heading) + 4), text)
            sheet.write_string(0, column, heading, bold)
            guide.write_string(column + 1, 0, heading + (" (wajib)" if name in NEEDED else ""))
            guide.write_string(column + 1, 1, _says()[name])
            guide.write_string(column + 1, 2, EXAMPLE.get(name, ""))
        guide.set_column(0, 2, 34)
        for column, heading in enumerate(("Kolom", "Cara mengisi", "Contoh")):
            guide.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    return out.getvalue()


def _says() -> dict[str, str]:
    return {
        "level": "gubernur, bupati, atau wali kota; boleh kosong.",
        "region": "Kode Kemendagri provinsi atau kabupaten/kota. Isi kode atau nama.",
        "region_name": "Nama lengkap, dengan “Kabupaten” atau “Kota”.",
        "name": "Boleh kosong: disusun dari jenis, daerah, dan tahun.",
        "base": "Jumlah pemilih dalam DPT, atau jumlah penduduk; angka saja.",
        "base_date": "Tanggal angka dasar.",
        "base_note": "Dari mana angka dasar itu.",
        "decree": "Keputusan yang menetapkannya.",
        "voting_day": "Hari pemungutan suara.",
        "rule_set": "Salah satu: " + ", ".join(newest_rule_sets()) + ".",
        "zone": "Salah satu: " + ", ".join(LABELS.values()) + "; boleh kosong: menurut provinsi.",
        "practice": "ya bila untuk latihan.",
    }


def rows_of_file(file: BinaryIO) -> list[dict[str, Any]]:
    """The rows of a CSV or workbook, each with its ``number`` as a spreadsheet shows it.

    Refuses a file that cannot be read, lacks a heading that is needed, or is longer than any table of elections.
    """
    try:
        with frames(file, limits=LIMITS, own=list(HEADINGS.values())) as found:
            columns = _columns(found.header.headings)
            rows: list[dict[str, Any]] = []
            for frame in found:
                picked = frame.select("row_no", *(cell(at) for at in columns.values())).rows()
                rows += [_row(number, dict(zip(columns, cells, strict=True))) for number, *cells in picked]
                if len(rows) > MOST_ROWS:
                    break
    except Unreadable as error:
        raise Refused(error.code, _told(error), "file") from error
    return [row for row in rows if len(row) > 1]


def _told(error: Unreadable) -> str:
    own = {
        "FILE_NO_ROWS": _("Tabel ini tidak berisi satu baris pun. Isi baris di bawah judulnya."),
        "FILE_NO_HEADINGS": _(
            "Judul kolom tidak ditemukan. Pakai templat, dan jangan mengubah judul kolomnya."
        ),
    }
    return own.get(error.code, error.message)


def _row(number: int, cells: dict[str, str | None]) -> dict[str, Any]:
    filled = {name: " ".join(text.split()) for name, text in cells.items() if text and text.strip()}
    return {"number": number, **filled}


def _columns(headings: tuple[str, ...]) -> dict[str, int]:
    """Field → where its column is. Refuses a table without a heading that is needed."""
    places = {_plain(heading): at for at, heading in reversed(list(enumerate(headings)))}
    found = {name: places[_plain(title)] for name, title in HEADINGS.items() if _plain(title) in places}
    missing = [HEADINGS[name] for name in NEEDED if name not in found]
    if missing or not {"region", "region_name"} & set(found):
        lacking = [*missing, *([] if {"region", "region_name"} & set(found) else [HEADINGS["region"]])]
        message = _(
            "Kolom %(columns)s tidak ada di tabel ini. Pakai templat, dan jangan mengubah judul kolomnya."
        )
        words = {"columns": ", ".join(f"“{one}”" for one in lacking)}
        raise Refused("columns_missing", message % words, "file")
    return found


def _plain(heading: str) -> str:
    return " ".join(heading.replace("(wajib)", "").split()).casefold()
