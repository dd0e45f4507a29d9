"""The template: a workbook to be filled in, with the columns that are recognised and lists of what they take.

NIK, phone and date are text columns, so that a spreadsheet neither rounds nor turns them. The lists are of the pair's
election; they advise and do not forbid where a KTP-el may still bear an older name.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from candidates.models import Election
from foundation.regions.codes import DISTRICT, REGENCY, VILLAGE
from foundation.regions.queries import subtree
from supports.ingest.columns import FIELDS
from supports.ingest.ours import GUIDE_MARK, TEMPLATE_VERSION

FILE_NAME = f"templat-dukungan-v{TEMPLATE_VERSION}.xlsx"
SHEET, GUIDE, LISTS = "Dukungan", "Petunjuk", "Daftar"
AS_TEXT = 49  # the number of the format “Teks” in every spreadsheet
LAST_ROW = 1_048_575  # of a sheet, counted from 0
# Spreadsheets offer to turn digits in a text cell into a number, at one click: a NIK would not survive it.
NO_OFFERS = {"number_stored_as_text": "A1:XFD1048576"}
# A list of more names than this is no help to anybody.
LONGEST_LIST = 1_000
# Without these a row does not count; the others help verification, or are left blank where they say nothing.
NEEDED = ("nik", "name", "birth_date", "sex", "marital", "village", "district")


@dataclass(frozen=True)
class Entry:
    """What one column takes: the sentence of the guide, an example, the width; ``text`` keeps what is typed."""

    says: str
    example: str
    width: int = 18
    text: bool = False


ENTRIES: dict[str, Entry] = {
    "nik": Entry("16 angka sesuai KTP-el atau surat keterangan, tanpa spasi.", "6474012711909001", 20, True),
    "name": Entry("Nama lengkap sesuai KTP-el, tanpa gelar yang tidak tercantum di sana.", "Budi Contoh", 28),
    "birth_place": Entry("Tempat lahir sesuai KTP-el.", "Bontang"),
    "birth_date": Entry("Tanggal-bulan-tahun, misalnya 27-11-1990.", "27-11-1990", 16, True),
    "sex": Entry("Pilih L (laki-laki) atau P (perempuan).", "L", 10),
    "marital": Entry("Pilih Belum kawin, Sudah kawin, atau Pernah kawin (cerai hidup dan cerai mati).", "Sudah kawin"),
    "address": Entry("Jalan, gang, dan nomor rumah sesuai KTP-el.", "Jl. Contoh 12", 32),
    "rt": Entry("Nomor RT, angka saja.", "001", 8, True),
    "rw": Entry("Nomor RW, angka saja.", "002", 8, True),
    "village": Entry("Nama desa atau kelurahan sesuai KTP-el.", "Bontang Kuala", 22),
    "district": Entry("Nama kecamatan sesuai KTP-el; pilih dari daftar.", "Bontang Utara", 22),
    "regency": Entry(
        "Nama kabupaten/kota, lengkap dengan “Kabupaten” atau “Kota”. Boleh kosong dalam pemilihan bupati atau wali "
        "kota.",
        "Kota Bontang",
        24,
    ),
    "occupation": Entry("Pekerjaan sesuai KTP-el.", "Nelayan", 22),
    "phone": Entry("Nomor HP dalam bentuk 08…; membantu petugas menghubungi pendukung.", "081210000000", 18, True),
    "email": Entry("Alamat surel, bila ada.", "budi@contoh.id", 24),
    "document": Entry("Pilih jenis dokumen identitas yang dilampirkan.", "KTP-el", 20),
    "statement": Entry(
        "“ya” bila surat pernyataan identitas dilampirkan (belum 17 tahun tetapi sudah kawin, atau pekerjaan yang "
        "dilarang mendukung dan sudah tidak dijabat).",
        "tidak",
        22,
    ),
    "sheet": Entry("Nomor lembar atau berkas formulir, agar mudah dicari kembali.", "12", 18, True),
    "ref": Entry("Kode milik tim sendiri; tidak diperiksa.", "UTARA-0012", 18, True),
}  # fmt: skip
# The same in every election; the names of regions are added to them.
FIXED_LISTS: dict[str, tuple[str, ...]] = {
    "sex": ("L", "P"),
    "marital": ("Belum kawin", "Sudah kawin", "Pernah kawin"),
    "document": ("KTP-el", "suket", "biodata", "IKD"),
    "statement": ("ya", "tidak"),
}
RULES = (
    "Isi lembar “Dukungan”, satu pendukung satu baris, tanpa baris kosong di antaranya dan tanpa baris jumlah.",
    "Kolom bertanda (wajib) harus terisi agar barisnya terhitung. Kolom lain boleh kosong.",
    "Jangan mengubah judul kolom. Kolom tambahan boleh; isinya disimpan tetapi tidak diperiksa.",
    "NIK, tanggal lahir, dan nomor HP diketik sebagai teks. Bila menyalin dari berkas lain, pilih "
    "Tempel Khusus > Nilai, agar kolomnya tetap Teks.",
    "NIK yang pernah tersimpan sebagai angka kehilangan digit terakhirnya dan harus diketik ulang dari KTP-el.",
    "Hasil pemeriksaan adalah temuan. Status pendukung ditetapkan oleh KPU.",
)  # fmt: skip


def template_of(election: Election) -> bytes:
    """The template as a workbook, with the regions of the election in its lists. Nothing touches a disk."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {"title": "Templat dukungan", "comments": f"Versi {TEMPLATE_VERSION}", "author": "Silon Terbuka"}
    )
    table, guide = book.add_worksheet(SHEET), book.add_worksheet(GUIDE)
    sources = _write_lists(book, FIXED_LISTS | _regions(election))
    _write_table(book, table, sources)
    _write_guide(book, guide, election)
    book.close()
    return out.getvalue()


def title_of(name: str, title: str) -> str:
    """The heading of a field's column; the import reads it without the brackets."""
    return f"{title} (wajib)" if name in NEEDED else title


def _regions(election: Election) -> dict[str, tuple[str, ...]]:
    """The names of the election's regions, level by level, as far as a list of them can be chosen from."""
    levels = {"regency": REGENCY, "district": DISTRICT, "village": VILLAGE}
    names = {
        field: tuple(sorted(set(subtree(election.region_id, level).values_list("name", flat=True))))
        for field, level in levels.items()
    }
    return {field: found for field, found in names.items() if 0 < len(found) <= LONGEST_LIST}


def _write_lists(book: xlsxwriter.Workbook, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A hidden sheet with a column for each list; returns where each of them stands."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    sources = {}
    for column, (field, items) in enumerate(lists.items()):
        sheet.write_column(0, column, items)
        letter = chr(ord("A") + column)
        sources[field] = f"={LISTS}!${letter}$1:${letter}${len(items)}"
    return sources


def _write_table(book: xlsxwriter.Workbook, sheet: Any, sources: Mapping[str, str]) -> None:
    heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#DCDAD3"}
    needed = book.add_format(heading | {"bg_color": "#7A1F2B", "font_color": "#FFFFFF"})
    other = book.add_format(heading | {"bg_color": "#EFEEEA"})
    text = book.add_format({"num_format": AS_TEXT})
    sheet.set_row(0, 36)
    for column, field in enumerate(FIELDS):
        entry = ENTRIES[field.name]
        sheet.set_column(column, column, entry.width, text if entry.text else None)
        sheet.write_string(
            0, column, title_of(field.name, field.title), needed if field.name in NEEDED else other
        )
        sheet.data_validation(1, column, LAST_ROW, column, _checked(field.name, field.title, column, sources))
    sheet.freeze_panes(1, 2)
    sheet.ignore_errors(NO_OFFERS)


def _checked(name: str, title: str, column: int, sources: Mapping[str, str]) -> dict[str, Any]:
    """What the spreadsheet says beside a cell of the column, and what it accepts there."""
    hint = {"input_title": title, "input_message": ENTRIES[name].says[:255], "error_title": title}
    if name in sources:
        error = (
            "Pilih dari daftar."
            if name in FIXED_LISTS
            else "Nama ini tidak ada di daftar. Pakai nama itu bila di KTP-el memang demikian."
        )
        kind = "stop" if name in FIXED_LISTS else "warning"
        return hint | {
            "validate": "list",
            "source": sources[name],
            "error_type": kind,
            "error_message": error,
        }
    if name == "nik":
        rule = {"validate": "length", "criteria": "==", "value": 16, "error_type": "warning"}
        return hint | rule | {"error_message": "NIK tidak 16 angka. Cocokkan dengan KTP-el."}
    return hint | {"validate": "any"}


def _write_guide(book: xlsxwriter.Workbook, sheet: Any, election: Election) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28, wrapped)
    sheet.set_column(1, 1, 10, wrapped)
    sheet.set_column(2, 2, 72, wrapped)
    sheet.set_column(3, 3, 22, wrapped)
    sheet.write_string(0, 0, GUIDE_MARK, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, election.name, book.add_format())
    for row, rule in enumerate(RULES, 3):
        sheet.merge_range(row, 0, row, 3, f"{row - 2}. {rule}", wrapped)
        sheet.set_row(row, 32)
    top = 4 + len(RULES)
    for column, word in enumerate(("Kolom", "Wajib", "Cara mengisi", "Contoh")):
        sheet.write_string(top, column, word, bold)
    for row, field in enumerate(FIELDS, top + 1):
        entry = ENTRIES[field.name]
        cells = (field.title, "wajib" if field.name in NEEDED else "", entry.says, entry.example)
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.hide_gridlines(2)
