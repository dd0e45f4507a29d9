"""Files as no team should send them, and as teams do send them. ``tests/data/bad_input.csv`` says what each is told.

By name: what is sent as which file. Two people are in every file that can be read.
"""

import io
import random
import zipfile

from tests.factories import HEADINGS, as_csv, person
from tests.supports.ingest.test_workbook import (
    ENCRYPTED_PART,
    WRITER,
    archive,
    bomb,
    entities,
    far,
    lying_bomb,
    ods_far,
    sheet_xml,
)
from tests.workbooks import Sheet, Xml, ods, ole, xls, xlsx

TITLES = list(HEADINGS.values())
LAST_ROW = 1_048_576


def row(number, **changes):
    """A person as the cells of a sheet."""
    one = person(number, **changes)
    return [one.get(name) for name in HEADINGS]


PEOPLE = [row(1), row(2)]
CSV = as_csv([person(1), person(2)])
BOOK = xlsx([TITLES, *PEOPLE])


def line(number, **changes):
    """A person as a line of CSV."""
    return as_csv([person(number, **changes)]).split(b"\n", 1)[1]


def styled_rows(rows):
    """A sheet whose rows all have a style and whose last 1,048,000 have nothing else, as after a pulled-down format."""
    filled = xlsx([TITLES, *rows])
    with zipfile.ZipFile(io.BytesIO(filled)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    yield sheet.partition("</sheetData>")[0].partition("<sheetData>")[2]
    for number in range(len(rows) + 2, LAST_ROW + 1):
        yield f'<row r="{number}" s="1" customFormat="1"><c r="A{number}" s="1"/><c r="N{number}" s="1"/></row>'


ORDER = ("nik", "name", "birth_place", "birth_date", "address", "rt", "village", "district", "sex", "marital")


def two_heading_rows():
    """Headings in two rows, some of them merged, as in the official form."""
    above = [
        "No",
        "NIK",
        "Nama",
        "Lahir",
        None,
        "Alamat",
        None,
        None,
        None,
        "Jenis Kelamin",
        "Status Perkawinan",
    ]
    below = [None, None, None, "Tempat", "Tanggal", "Jalan", "RT", "Kelurahan/Desa", "Kecamatan", None, None]
    people = [[str(n), *(one[name] for name in ORDER)] for n, one in enumerate((person(1), person(2)), 1)]
    merges = ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:I1", "J1:J2", "K1:K2")
    return xlsx(Sheet([above, below, *people], "Dukungan", merges=merges))


def merged_heading():
    """A heading over two columns, the second of which has none."""
    titles = [*TITLES, "Keterangan", None]
    return xlsx(Sheet([titles, *([*one, "a", "b"] for one in PEOPLE)], merges=("O1:P1",)))


# Sent as → its bytes (or what makes them, where that takes long).
FILES = {
    # Nothing, or nothing but headings.
    "hanya baris kosong.csv": b"\n \n;;;\n" * 500,
    "buku kerja kosong.xlsx": xlsx([]),
    "hanya judul.csv": as_csv([]),
    "hanya judul.xlsx": xlsx(Sheet([["Daftar pendukung"], TITLES], "Kec. Utara")),
    "hanya judul dan jumlah.csv": as_csv([]) + b"JUMLAH,0\n",
    "tanpa judul.csv": CSV.split(b"\n", 1)[1],
    "tanpa judul.xlsx": xlsx(PEOPLE),
    "judul tidak dikenal.csv": b"kolom a,kolom b\nx,Budi Contoh\n",
    # Other than their names say.
    "buku kerja bernama.csv": BOOK,
    "teks bernama.xlsx": CSV,
    "pindaian bernama.xlsx": b"%PDF-1.7\n1 0 obj" + random.Random(1).randbytes(5_000),
    "foto bernama.csv": b"\xff\xd8\xff\xe0" + random.Random(2).randbytes(5_000),
    "word bernama.xlsx": archive(*WRITER),
    "word lama bernama.xls": ole(("WordDocument", b"x")),
    "arsip bernama.xlsx": archive(("pendukung.csv", CSV)),
    "arsip dalam arsip.xlsx": archive(("kecamatan.zip", archive(("pendukung.csv", CSV)))),
    "nama bagian keluar.xlsx": xlsx(
        [TITLES, *PEOPLE], parts=[("../../../keluar.xml", b"<x/>"), ("__MACOSX/xl/._workbook.xml", b"x")]
    ),
    "halaman web bernama.xls": b"<html><table><tr><td>NIK</td></tr></table></html>",
    "acak.csv": random.Random(3).randbytes(300_000),
    # Locked, damaged, or meant to do harm.
    "terkunci.xlsx": ole(("EncryptionInfo", b"x"), ("EncryptedPackage", b"x")),
    "terkunci.xls": xls([TITLES, *PEOPLE], password=True),
    "terkunci.ods": ods([TITLES, *PEOPLE], manifest=ENCRYPTED_PART),
    "makro.xlsm": xlsx([TITLES, *PEOPLE], parts=[("xl/vbaProject.bin", b"x")]),
    "makro.xls": xls([TITLES, *PEOPLE], streams=[("_VBA_PROJECT_CUR", b"x")]),
    "terpotong.xlsx": BOOK[:-200],
    "bom zip.xlsx": lambda: bomb(80 << 20),
    "bom zip yang berbohong.xlsx": lying_bomb,
    "bom entitas.xlsx": entities,
    "A1 dan XFD1048576.xlsx": xlsx(far("XFD1048576", LAST_ROW)),
    "A1 dan XFD1048576.ods": ods_far(),
    "A1 dan KZ1048576.xlsx": xlsx(far("KZ1048576", LAST_ROW)),
    # Sheets.
    "semua lembar tersembunyi.xlsx": xlsx(Sheet([TITLES, *PEOPLE], "Rahasia", state="hidden")),
    "satu lembar tersembunyi.xlsx": xlsx(
        Sheet([TITLES, *PEOPLE], "Data"), Sheet([TITLES, row(3)], "Lama", state="hidden")
    ),
    "lembar petunjuk.xlsx": xlsx(Sheet([["Cara mengisi"]], "Petunjuk"), Sheet([TITLES, *PEOPLE], "Data")),
    "lembar tanpa baris.xlsx": xlsx(Sheet([TITLES, *PEOPLE], "Data"), Sheet([TITLES], "Baru")),
    "judul gabungan.xlsx": merged_heading(),
    "judul dua baris.xlsx": two_heading_rows(),
    "baris jumlah.xlsx": xlsx([TITLES, *PEOPLE, ["JUMLAH", None, 2]]),
    "baris jumlah.csv": CSV + b"Jumlah,2 orang\n",
    "dimensi palsu.xlsx": xlsx(Sheet([TITLES, *PEOPLE], dimension="A1:B1")),
    "dimensi palsu besar.xlsx": xlsx(Sheet([TITLES, *PEOPLE], dimension="A1:XFD1048576")),
    "sejuta baris berformat.xlsx": lambda: xlsx(Sheet(parts=sheet_xml(styled_rows(PEOPLE)))),
    "sejuta baris berformat tanpa isi.xlsx": lambda: xlsx(Sheet(parts=sheet_xml(styled_rows([])))),
    # Cells and bytes.
    "sel berbaris-baris.csv": as_csv([person(1, address="Jl. Mawar\nRT 3\n\nBontang"), person(2)]),
    "sel berbaris-baris.xlsx": xlsx([TITLES, row(1, address="Jl. Mawar\nRT 3\n\nBontang"), row(2)]),
    "byte NUL.csv": CSV.replace(b"Budi", b"Bu\0di"),
    "hanya byte NUL.csv": bytes(5_000),
    "byte tak terbaca.csv": as_csv(
        [person(1, name="Renée Contoh", address="Jl. Curaçao – Lé"), person(2)]
    ).replace(b"Jl. Contoh 2", b"Jl. \xff\xfe 2"),
    "sel 10 MB.csv": as_csv([person(1)]) + line(2, address="x" * 10_000_000),
    "sel 10 MB.xlsx": lambda: xlsx([TITLES, row(1), row(2, address="x" * 10_000_000)]),
    "tanda kutip terbuka.csv": CSV + b'6474010101809001,"Budi Contoh,Bontang\n',
    "baris tanpa akhir.csv": as_csv([]) + b"6474010101819001,Budi " * 500_000,
    "600 kolom.csv": b",".join(b"kolom%d" % n for n in range(600)) + b"\n1,2,3\n",
    "60.000 kolom.csv": b",".join(b"kolom%d" % n for n in range(60_000)) + b"\n1,2,3\n",
    "NIK sebagai angka.xlsx": xlsx([TITLES, row(1, nik=int(row(1)[0])), row(2)]),
    "NIK Papua sebagai angka.xlsx": xlsx([TITLES, row(1, nik=9471010101609001), row(2)]),
}


def content_of(name):
    """The bytes that are sent under this name."""
    made = FILES[name]
    return made() if callable(made) else made


__all__ = ["BOOK", "CSV", "FILES", "PEOPLE", "TITLES", "Xml", "content_of", "line", "row"]
