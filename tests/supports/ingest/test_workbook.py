"""Every workbook goes through the real parser process, with its limits. What is refused harms no other file."""

import io
import zipfile
from datetime import date, datetime, time
from itertools import pairwise

import polars as pl
import pytest

from supports.ingest import columns, normalise, read
from supports.ingest.sheets import place_of
from supports.ingest.unreadable import NOTES, SENTENCES
from supports.nik import read_niks
from tests.workbooks import MAIN, OASIS, Sheet, Xml, letters, ods, ole, xls, xlsx

HEADINGS = ["NIK", "Nama", "Alamat", "Kecamatan"]
ROW = ["6474010101909001", "Renée Santoso", "Jl. Mawar 5", "Bontang Utara"]
OTHER = ["6474010101909002", "Siti", "Jl. Melati 1", "Bontang Barat"]
GOOD = xlsx([HEADINGS, ROW])


def run(data, **options):
    """Header, {row number: cells}, totals."""
    with read.frames(io.BytesIO(data), **options) as frames:
        names = [f"c{i}" for i in range(len(frames.header.headings))]
        rows = {
            row[0]: tuple(cell or None for cell in row[1:])
            for frame in frames
            for row in frame.select("row_no", *names).rows()
        }
    return frames.header, rows, frames.totals


def cells(data):
    return run(data)[1]


def refusal(data, **options):
    with pytest.raises(read.Unreadable) as caught:
        run(data, **options)
    return caught.value


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("xlsx", xlsx([HEADINGS, ROW])),
        ("xlsx", xlsx([HEADINGS, ROW], shared=True)),
        ("ods", ods([HEADINGS, ROW])),
        ("xls", xls([HEADINGS, ROW])),
    ],
    ids=["xlsx", "xlsx with shared strings", "ods", "xls"],
)
def test_kind_is_told_by_content(kind, data):
    header, rows, totals = run(data)

    assert (header.kind, header.headings, header.heading_row) == (kind, tuple(HEADINGS), 1)
    assert rows == {2: tuple(ROW)}
    assert (totals.rows, totals.broken, totals.last_row, totals.notes) == (1, 0, 2, ())


VALUES = [
    ("6474010101909001", "6474010101909001"),
    ("'6474010101909001", "'6474010101909001"),
    (81234567890, "81234567890"),
    (6281234567890, "6281234567890"),
    (3174020101909001, "3.17402E+15"),
    (3174020101909000.0, "3.17402E+15"),
    (9101010101909001, "9.10101E+15"),
    (6400000000000000, "6.4E+15"),
    (999999999999999, "999999999999999"),
    (1.0, "1"),
    (-0.5, "-0.5"),
    (33204, "33204"),
    (date(1990, 11, 27), "27-11-1990"),
    (datetime.combine(date(1990, 11, 27), time(7, 30)), "27-11-1990 07:30:00"),
    (True, "ya"),
    (False, "tidak"),
]


@pytest.mark.parametrize("make", [xlsx, ods, xls])
def test_cells_are_written_as_a_person_sees_them(make):
    rows = [HEADINGS, *([value, "x"] for value, _ in VALUES)]

    assert [row[0] for row in cells(make(rows)).values()] == [text for _, text in VALUES]


def normalised(data):
    with read.frames(io.BytesIO(data)) as frames:
        mapping = columns.map_headings(frames.header.headings)
        return pl.concat(normalise.normalise(frame, mapping, today=date(2024, 11, 27)) for frame in frames)


@pytest.mark.parametrize("make", [xlsx, ods, xls])
@pytest.mark.parametrize("number", [3174020101909001, 3174020101909000, 9471010101909001, 9471010101909000.0])
def test_nik_kept_as_number_is_named_and_never_a_nik(make, number):
    read_nik = read_niks(
        normalised(make([["NIK", "Nama"], [number, "Budi"]])), "nik_given", today=date(2024, 11, 27)
    )

    assert read_nik.select("NIK_FROM_NUMBER", "NIK_LENGTH", "nik_valid", "nik_digits").row(0) == (
        True, False, False, None,
    )  # fmt: skip


def test_nik_of_papua_kept_as_text_is_whole():
    frame = normalised(xlsx([["NIK", "Nama"], ["'9471010101909999", "Budi"]]))

    assert read_niks(frame, "nik_given", today=date(2024, 11, 27))["nik_digits"].to_list() == [
        "9471010101909999"
    ]


def test_dates_and_phones_of_every_kind_are_read():
    rows = [
        ["NIK", "Nama", "Tanggal Lahir", "No HP"],
        ["1", "A", date(1990, 11, 27), 81234567890],
        ["2", "B", 33204, "081234567890"],
        ["3", "C", "27/11/1990", 6281234567890.0],
        ["4", "D", datetime.combine(date(1990, 11, 27), time(9)), "'081234567890"],
    ]
    frame = normalised(xlsx(rows))

    assert frame["birth_date"].to_list() == [date(1990, 11, 27)] * 4
    assert frame["phone"].to_list() == ["+6281234567890"] * 4


def test_errors_and_formulas_give_what_they_show():
    row = Xml(
        '<row r="2"><c r="A2" t="str"><f>"6474"&amp;1</f><v>64741</v></c><c r="B2" t="e"><v>#N/A</v></c>'
        '<c r="C2"><f>1+1</f><v>2</v></c><c r="D2"><f>1+1</f></c></row>'
    )

    assert cells(xlsx([HEADINGS, row])) == {2: ("64741", None, "2", None)}


def test_formulas_typed_as_text_stay_text():
    assert cells(xlsx([HEADINGS, ["1", "=HYPERLINK(1)", "@x", "+1"]])) == {
        2: ("1", "=HYPERLINK(1)", "@x", "+1")
    }


def test_rows_are_numbered_as_the_spreadsheet_shows_them():
    titles = [[], ["DAFTAR PENDUKUNG"], []]
    data = [*titles, [None, *HEADINGS], [None, *ROW], [], [None, " ", "\u00a0"], [None, *OTHER]]
    header, rows, totals = run(xlsx(data))

    assert header.heading_row == 4
    assert {number: row[-4:] for number, row in rows.items()} == {5: tuple(ROW), 8: tuple(OTHER)}
    assert (totals.rows, totals.last_row) == (2, 8)


def test_long_cells_are_cut_and_marked():
    data = xlsx([HEADINGS, ["1", "x" * 10_001, "B", "C"], ["2", "x" * 10_000, "B", "C"]])
    with read.frames(io.BytesIO(data)) as frames:
        frame = pl.concat(frames)

    assert frame["too_long"].to_list() == [True, False]
    assert frame["c1"].str.len_chars().to_list() == [10_000, 10_000]


def test_cell_of_ten_megabytes_is_cut_like_any_other():
    row = cells(xlsx([HEADINGS, ["1", "x" * (10 << 20), "B", "C"]], shared=True))[2]

    assert (row[0], len(row[1]), row[2:]) == ("1", 10_000, ("B", "C"))


def test_multi_line_cells_and_control_characters():
    data = xlsx([["NIK", "Nama\nLengkap", "Ala_x0000_mat"], ["1", "Budi\nSantoso", "A_x0000_B"]])
    header = run(data)[0]
    frame = normalised(data)

    assert header.headings == ("NIK", "Nama Lengkap", "Alamat")
    assert frame.select("name", "address").rows() == [("Budi Santoso", "AB")] or frame["name"].to_list() == [
        None
    ]


def test_frames_are_no_longer_than_asked_and_nothing_is_lost():
    data = xlsx([HEADINGS, *[ROW] * 1000])
    with read.frames(io.BytesIO(data), frame_rows=300) as frames:
        heights = [frame.height for frame in frames]

    assert heights == [300, 300, 300, 100]
    assert frames.totals.rows == 1000


def test_cells_right_of_the_headings_are_kept():
    header, rows, _ = run(xlsx([HEADINGS, [*ROW, None, "dicek Ani"], OTHER]))

    assert header.headings == (*HEADINGS, "", "")
    assert rows == {2: (*ROW, None, "dicek Ani"), 3: (*OTHER, None, None)}


# Several sheets ------------------------------------------------------------------------------------------------


def test_sheets_follow_each_other_with_numbers_of_their_own():
    header, rows, totals = run(
        xlsx(Sheet([HEADINGS, ROW], "Utara"), Sheet([["Daftar"], HEADINGS, OTHER, ROW], "Barat"))
    )

    assert header.sheets == (
        {"name": "Utara", "first_row_no": 1, "rows": 1},
        {"name": "Barat", "first_row_no": 10_001, "rows": 2},
    )
    assert rows == {2: tuple(ROW), 10_003: tuple(OTHER), 10_004: tuple(ROW)}
    assert (totals.rows, totals.last_row) == (3, 10_004)


def test_row_is_found_by_its_number():
    sheets = run(xlsx(Sheet([HEADINGS, ROW], "Utara"), Sheet([HEADINGS, OTHER], "Barat")))[0].sheets

    assert place_of(sheets, 2) == ("Utara", 2)
    assert place_of(sheets, 10_002) == ("Barat", 2)
    assert place_of(sheets[:1], 10_002) == ("", 10_002)
    assert place_of([], 7) == ("", 7)


def test_columns_of_other_sheets_go_to_where_their_fields_are():
    first = Sheet([["No", "NIK", "Nama", "HP"], ["1", "A", "B", "C"]], "satu")
    second = Sheet(
        [["Nama Lengkap", "No. KTP", "No", "Catatan", "Pekerjaan"], ["D", "E", "2", "F", "G"]], "dua"
    )
    header, rows, _ = run(xlsx(first, second))

    assert header.headings == ("No", "NIK", "Nama", "HP", "Catatan", "Pekerjaan")
    assert rows == {2: ("1", "A", "B", "C", None, None), 10_002: ("2", "E", "D", None, "F", "G")}


def test_own_mapping_places_columns_of_every_sheet():
    first = Sheet([["kolom satu", "kolom dua"], ["A", "B"]], "satu")
    second = Sheet([["Kolom Dua", "KOLOM SATU"], ["D", "C"]], "dua")
    _, rows, _ = run(xlsx(first, second), own=["kolom satu", "kolom dua"])

    assert rows == {2: ("A", "B"), 10_002: ("C", "D")}


def test_sheets_without_headings_and_hidden_ones_are_left_out_and_named():
    header, rows, _ = run(
        xlsx(
            Sheet([["Cara mengisi"], ["Satu baris satu orang"]], "Petunjuk"),
            Sheet([HEADINGS, ROW], "Data"),
            Sheet([HEADINGS, OTHER], "Lama", state="hidden"),
            Sheet(
                [["Kecamatan", "Jenis Kelamin", "Status Perkawinan"], ["A", "L", "B"]],
                "x",
                state="veryHidden",
            ),
            Sheet([], "Kosong"),
            Sheet([HEADINGS], "Baru"),
        )
    )

    assert rows == {2: tuple(ROW)}
    assert header.notes == (
        NOTES["hidden"].format(sheets="“Lama”"),
        NOTES["no_headings"].format(sheets="“Petunjuk”"),
        NOTES["no_rows"].format(sheets="“Baru”"),
    )


def test_hidden_sheet_of_an_ods_is_left_out_and_named():
    header, rows, _ = run(ods(Sheet([HEADINGS, ROW], "A"), Sheet([HEADINGS, OTHER], "B", state="hidden")))

    assert rows == {2: tuple(ROW)}
    assert header.notes == (NOTES["hidden"].format(sheets="“B”"),)


def test_headings_nobody_knows_are_shown_to_be_mapped():
    header, rows, _ = run(
        xlsx([["Relawan Bontang"], ["kolom satu", "kolom dua", "kolom tiga"], ["a", "b", "c"]])
    )

    assert (header.heading_row, header.headings) == (2, ("kolom satu", "kolom dua", "kolom tiga"))
    assert rows == {3: ("a", "b", "c")}


# Headings ------------------------------------------------------------------------------------------------------

TWO_ROWS = [
    ["No", "NIK", "Nama", "Lahir", None, "Alamat", None, None, "Catatan", None],
    [None, None, None, "Tempat", "Tanggal", "Jalan", "RT", "Kecamatan", "Ada", "Tidak"],
]
NUMBERS = [f"({i})" for i in range(1, 11)]
PERSON = ["1", "6474010101909001", "Budi", "Bontang", "27-11-1990", "Mawar", "5", "Bontang Utara", "v", None]
MERGES = ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:H1", "I1:J1")
JOINED = (
    "No", "NIK", "Nama", "Tempat Lahir", "Tanggal Lahir", "Jalan", "RT", "Kecamatan", "Catatan Ada", "Catatan Tidak",
)  # fmt: skip


@pytest.mark.parametrize("merges", [(), MERGES], ids=["without merged cells", "merged"])
@pytest.mark.parametrize("below", [[], [NUMBERS], [[str(i) for i in range(1, 11)]]])
def test_two_heading_rows_become_one(merges, below):
    rows = [*TWO_ROWS, *below, PERSON]
    header, read_rows, _ = run(xlsx(Sheet(rows, "Data", merges=merges)))

    assert (header.headings, header.heading_row) == (JOINED, len(rows) - 1)
    assert read_rows == {len(rows): tuple(PERSON)}
    assert header.notes == (NOTES["heading_rows"].format(sheet="Data", first=1, last=len(rows) - 1),)


def test_merged_heading_keeps_the_column_without_a_name():
    sheet = Sheet([["NIK", "Nama", "Alamat", None], ["1", "A", "B", "C"]], merges=("C1:D1",))
    header, rows, _ = run(xlsx(sheet))

    assert header.headings == ("NIK", "Nama", "Alamat", "")
    assert rows == {2: ("1", "A", "B", "C")}


def test_headings_given_twice_are_no_row():
    header, rows, _ = run(xlsx([HEADINGS, HEADINGS, ROW]))

    assert (header.headings, header.heading_row, rows) == (tuple(HEADINGS), 2, {3: tuple(ROW)})


@pytest.mark.parametrize(
    "row", [[None, None, "Tempat", "Bontang"], ["1", None, None, None], ["", "Tanpa NIK"]]
)
def test_row_below_the_headings_that_is_a_person_stays_one(row):
    assert list(cells(xlsx([HEADINGS, row, ROW]))) == [2, 3]


# Total rows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "total", [["JUMLAH", None, None, 1], [None, "Total pendukung :", "1 orang"], ["Jumlah = 1"]]
)
def test_total_row_is_no_row_and_said(total):
    _, rows, totals = run(xlsx(Sheet([HEADINGS, ROW, [], total]), Sheet([HEADINGS, OTHER, total], "B")))

    assert rows == {2: tuple(ROW), 10_002: tuple(OTHER)}
    note = NOTES["total_row_of_sheet"]
    assert totals.notes == (note.format(row=4, sheet="Sheet1"), note.format(row=3, sheet="B"))
    assert run(xlsx([HEADINGS, ROW, total]))[2].notes == (NOTES["total_row"].format(row=3),)
    assert (totals.rows, totals.last_row) == (2, 10_002)
    assert [sheet["rows"] for sheet in totals.sheets] == [1, 1]


@pytest.mark.parametrize(
    "last",
    [
        ["6474010101909003", "Jumlah"],
        [None, "Total Sutrisno"],
        [None, "Jumlah", "Jl. Mawar", "Bontang Utara"],
    ],
)
def test_row_of_a_person_is_no_total_row(last):
    _, rows, totals = run(xlsx([HEADINGS, ROW, last]))

    assert list(rows) == [2, 3]
    assert totals.notes == ()


# Bad input -----------------------------------------------------------------------------------------------------


def sheet_xml(rows):
    return [f'<worksheet xmlns="{MAIN}"><sheetData>', *rows, "</sheetData></worksheet>"]


def styled_rows():
    """1,048,575 rows below the headings that have a style in three cells and no value."""
    heads = "".join(
        f'<c r="{letters(i)}1" t="inlineStr"><is><t>{text}</t></is></c>' for i, text in enumerate(HEADINGS)
    )
    yield f'<row r="1">{heads}</row>'
    for row in range(2, 1_048_577):
        yield f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/><c r="XFD{row}" s="1"/></row>'


def rezipped(data, change):
    """The same archive with the bytes of some parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part.filename)))
    return out.getvalue()


def bomb(size):
    return rezipped(GOOD, lambda name, content: content + b" " * size if "sheet1" in name else content)


def lying_bomb():
    """A bomb whose directory says that it is small."""
    data = bytearray(bomb(80 << 20))
    size = (300 << 20) + 1000
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    while (at := data.find(size.to_bytes(4, "little"))) >= 0:
        data[at : at + 4] = (5000).to_bytes(4, "little")
    return bytes(data)


def entities():
    """Nine entities, each ten of the one before."""
    names = "abcdefghi"
    defined = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    parts = [f"<!DOCTYPE x [{defined}]>", *sheet_xml(['<row r="1"><c r="A1" t="str"><v>&i;</v></c></row>'])]
    return xlsx(Sheet(parts=parts))


def far(cell, row):
    value = f'<c r="{cell}" t="str"><v>x</v></c>'
    return Sheet([HEADINGS, ROW, Xml(f'<row r="{row}">{value}</row>')])


def ods_far():
    text = '<table:table-cell office:value-type="string"><text:p>NIK</text:p></table:table-cell>'
    repeated = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    last = (
        f'<table:table-row><table:table-cell table:number-columns-repeated="16383"/>{text}</table:table-row>'
    )
    return ods(
        body=f'<table:table table:name="A"><table:table-row>{text}</table:table-row>{repeated}{last}</table:table>'
    )


WRITER = [("[Content_Types].xml", '<Types><Override ContentType="x.wordprocessingml.document"/></Types>')]
ENCRYPTED_PART = (
    f'<manifest:file-entry manifest:full-path="content.xml" xmlns:manifest="{OASIS}:manifest:1.0">'
)
ENCRYPTED_PART += "<manifest:encryption-data/></manifest:file-entry>"


def archive(*parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in parts:
            new.writestr(name, content)
    return out.getvalue()


REFUSALS = {
    "empty workbook": ("FILE_EMPTY", lambda: xlsx([])),
    "empty workbook of LibreOffice": ("FILE_EMPTY", lambda: ods([])),
    "empty old workbook": ("FILE_EMPTY", lambda: xls([])),
    "only headings": ("FILE_NO_ROWS", lambda: xlsx([["Daftar"], HEADINGS])),
    "only headings in two rows": ("FILE_NO_ROWS", lambda: xlsx(Sheet(TWO_ROWS, merges=MERGES))),
    "only headings and a total": ("FILE_NO_ROWS", lambda: xlsx([HEADINGS, ["Jumlah", 0]])),
    "headings and blank cells": ("FILE_NO_ROWS", lambda: xlsx([HEADINGS, [" ", "\u200b"]])),
    "no headings": ("FILE_NO_HEADINGS", lambda: xlsx([ROW, OTHER])),
    "all hidden": ("FILE_ALL_HIDDEN", lambda: xlsx(Sheet([HEADINGS, ROW], state="hidden"), Sheet(name="x"))),
    "encrypted xlsx": ("FILE_ENCRYPTED", lambda: ole(("EncryptionInfo", b"x"), ("EncryptedPackage", b"x"))),
    "encrypted xls": ("FILE_ENCRYPTED", lambda: xls([HEADINGS, ROW], password=True)),
    "encrypted ods": ("FILE_ENCRYPTED", lambda: ods([HEADINGS, ROW], manifest=ENCRYPTED_PART)),
    "macros in xlsm": ("FILE_HAS_MACROS", lambda: xlsx([HEADINGS, ROW], parts=[("xl/vbaProject.bin", b"x")])),
    "macros in xls": ("FILE_HAS_MACROS", lambda: xls([HEADINGS, ROW], streams=[("_VBA_PROJECT_CUR", b"x")])),
    "macros in ods": (
        "FILE_HAS_MACROS",
        lambda: ods([HEADINGS, ROW], parts=[("Basic/Standard/M.xml", "<x/>")]),
    ),
    "old macro sheet": (
        "FILE_HAS_MACROS",
        lambda: xlsx([HEADINGS], parts=[("xl/macrosheets/sheet1.xml", "")]),
    ),
    "cut off": ("FILE_DAMAGED", lambda: GOOD[:-200]),
    "cut off old workbook": ("FILE_DAMAGED", lambda: xls([HEADINGS, *[ROW] * 500])[:3000]),
    "altered": ("FILE_DAMAGED", lambda: GOOD.replace(b"worksheets/sheet1.xml", b"worksheets/sheet9.xml", 1)),
    "broken xml": ("FILE_DAMAGED", lambda: xlsx(Sheet(parts=["<worksheet><sheetData><row"]))),
    "only the start of an archive": ("FILE_DAMAGED", lambda: b"PK\x03\x04\x14\0\x06\0" + bytes(100)),
    "bomb": ("FILE_IS_BOMB", lambda: bomb(80 << 20)),
    "lying bomb": ("FILE_DAMAGED", lying_bomb),
    "entities": ("FILE_HAS_ENTITIES", entities),
    "A1 and XFD1048576": ("FILE_FAR_CELL", lambda: xlsx(far("XFD1048576", 1048576))),
    "A1 and KZ1048576": ("WORKBOOK_TOO_HEAVY", lambda: xlsx(far("KZ1048576", 1048576))),
    "A1 and XFD1048576 of LibreOffice": ("FILE_DAMAGED", ods_far),
    "1,048,576 styled rows": ("FILE_NO_ROWS", lambda: xlsx(Sheet(parts=sheet_xml(styled_rows())))),
    "Word document": ("FILE_NOT_TEXT", lambda: archive(*WRITER)),
    "old Word document": ("FILE_NOT_TEXT", lambda: ole(("WordDocument", b"x"))),
    "archive": ("FILE_NOT_TEXT", lambda: archive(("pendukung.csv", "NIK,Nama"))),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_workbook_that_cannot_be_read_says_why_and_harms_no_other(name):
    code, make = REFUSALS[name]
    refused = refusal(make())

    assert (refused.code, refused.field) == (code, "file")
    assert "{" not in refused.message
    for piece in SENTENCES[code].split("{"):
        assert piece.split("}")[-1] in refused.message
    assert cells(GOOD) == {2: tuple(ROW)}


def test_refusals_name_sheet_row_and_cell():
    sheet = Sheet([["Daftar"], HEADINGS], "Kec. Utara")

    assert refusal(xlsx(sheet)).message.startswith("Lembar “Kec. Utara” hanya berisi judul kolom (baris 2)")
    assert "(XFD1048576)" in refusal(xlsx(far("XFD1048576", 1048576))).message
    assert "berisi arsip ZIP," in refusal(archive(("a.csv", "x"))).message
    assert "(“Rahasia”)" in refusal(xlsx(Sheet([HEADINGS, ROW], "Rahasia", state="hidden"))).message


def test_lying_dimension_hides_no_row():
    rows = [HEADINGS, *[ROW] * 1000]

    assert len(cells(xlsx(Sheet(rows, dimension="A1:B100")))) == 1000
    assert len(cells(xlsx(Sheet(rows, dimension="A1:XFD1048576")))) == 1000


def test_styled_blank_cells_far_away_are_no_table():
    row = Xml('<row r="3"><c r="XFD3" s="1"/></row>')

    assert cells(xlsx([HEADINGS, ROW, row])) == {2: tuple(ROW)}


@pytest.mark.parametrize("limits", [read.Limits(memory=100 << 20), read.Limits(cpu=1)])
def test_workbook_over_the_limits_is_one_failed_file(limits):
    row = b"<row><c><v>1</v></c><c><v>2</v></c></row>"
    heading = b'<row><c t="str"><v>NIK</v></c><c t="str"><v>Nama</v></c></row>'
    data = xlsx(Sheet(parts=sheet_xml([heading, row * 1_000_000])))

    assert refusal(data, limits=limits).code == "WORKBOOK_TOO_HEAVY"
    assert cells(GOOD) == {2: tuple(ROW)}


class Drops(io.RawIOBase):
    """A source that gives a byte at a time at first, as a bad network does."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def read(self, size=-1):
        more = 1 if self.at < 20 else 100
        self.at += more
        return self.data[self.at - more : self.at]


def test_kind_is_told_however_slowly_the_file_comes():
    with read.frames(Drops(GOOD)) as frames:
        assert [frame["c0"].to_list() for frame in frames] == [[ROW[0]]]
    with read.frames(io.BytesIO(b"NIK\n1")) as frames:
        assert [frame["c0"].to_list() for frame in frames] == [["1"]]
