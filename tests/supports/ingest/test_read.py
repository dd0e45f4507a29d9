"""Every file goes through the real parser process, and most tests are one row of a table."""

import gc
import io
import os
import signal

import psutil
import pytest

from supports.ingest import read
from supports.ingest.text import BLOCK
from supports.ingest.unreadable import SENTENCES
from tests.silon.processes import command_of

HEADINGS = ["NIK", "Nama", "Alamat", "Kecamatan"]
ROW = ["6474010101909001", "Renée Santoso", "Jl. Mawar 5", "Bontang Utara"]


def table(*rows, delimiter=",", end="\n"):
    return "".join(delimiter.join(row) + end for row in (HEADINGS, *rows))


def run(data, **options):
    """Header, rows as dicts with the cells in a tuple (blank ones None), totals."""
    with read.frames(io.BytesIO(data), **options) as frames:
        rows = [
            {key: row[key] for key in ("row_no", "broken", "raw", "too_long")}
            | {"cells": tuple(row[f"c{i}"] or None for i in range(len(frames.header.headings)))}
            for frame in frames
            for row in frame.to_dicts()
        ]
    return frames.header, rows, frames.totals


def cells(data):
    """{row number: cells, or "broken"}"""
    return {row["row_no"]: "broken" if row["broken"] else row["cells"] for row in run(data)[1]}


def read_all(source):
    with read.frames(source) as frames:
        for _ in frames:
            pass


def parsers():
    return [p for p in psutil.Process().children() if "supports.ingest.parser" in command_of(p)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_recognised(delimiter):
    header, rows, totals = run(table(ROW, ROW, delimiter=delimiter).encode())

    assert (header.delimiter, header.headings, header.heading_row) == (delimiter, tuple(HEADINGS), 1)
    assert [(row["row_no"], row["cells"]) for row in rows] == [(2, tuple(ROW)), (3, tuple(ROW))]
    assert (totals.rows, totals.broken, totals.last_row) == (2, 0, 3)


@pytest.mark.parametrize(
    ("codec", "mark", "encoding"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encoding_is_recognised(codec, mark, encoding):
    header, rows, totals = run(mark + table(ROW, delimiter=";", end="\r\n").encode(codec))

    assert (header.encoding, totals.encoding, header.headings) == (encoding, encoding, tuple(HEADINGS))
    assert rows[0]["cells"] == tuple(ROW)


def test_old_mac_line_ends_are_line_ends():
    assert cells(table(ROW, ROW, end="\r").encode()) == {2: tuple(ROW), 3: tuple(ROW)}


def test_stray_byte_in_utf8_harms_its_cell_only():
    data = table(ROW, ROW, ROW).encode().replace(b"Mawar", b"Maw\xe9r", 1)

    assert cells(data) == {2: (ROW[0], ROW[1], "Jl. Maw\ufffdr 5", ROW[3]), 3: tuple(ROW), 4: tuple(ROW)}


def test_cp1252_is_recognised_after_a_block_of_plain_ascii():
    plain = ["6474010101909001", "Budi", "Jl. Mawar 5" + " " * 2000, "Bontang Utara"]
    count = BLOCK // 2000
    header, rows, totals = run(table(*[plain] * count, ROW).encode("cp1252"))

    assert (header.encoding, totals.encoding) == ("utf-8", "cp1252")
    assert (rows[-1]["row_no"], rows[-1]["cells"]) == (count + 2, tuple(ROW))


def test_nul_and_control_characters_go_out():
    data = table(ROW).encode().replace(b"Santoso", b"San\0to\x07so\x0bPutra")

    assert cells(data)[2][1] == "Renée Santoso Putra"


# What stands below the headings → its rows.
LAYOUTS = {
    "multi-line cell counts once": (
        '1,A,"Jl. Mawar\nRT 3, Blok B\n\nBontang",Utara\n2,B,C,D\n',
        {2: ("1", "A", "Jl. Mawar\nRT 3, Blok B\n\nBontang", "Utara"), 3: ("2", "B", "C", "D")},
    ),
    "multi-line cells in a row, quotes inside": (
        '1,"A\n""x""","J\n5",D\n2,B,C,D\n',
        {2: ("1", 'A\n"x"', "J\n5", "D"), 3: ("2", "B", "C", "D")},
    ),
    "blank rows are no rows but count": (
        '\n1,A,B,C\n  \n,,,\n"",,,\n\u00a0,,,\n2,A,B,C\n\n',
        {3: ("1", "A", "B", "C"), 8: ("2", "A", "B", "C")},
    ),
    "short rows have blank cells": (
        "1\n2,B\n3,C,D,E",
        {2: ("1", None, None, None), 3: ("2", "B", None, None), 4: ("3", "C", "D", "E")},
    ),
    "blank cells beyond the headings do no harm": (
        "1,A,B,C,,\n2,A,B,C\n3,A,B,C," + "," * 200 + "\n",
        {2: ("1", "A", "B", "C"), 3: ("2", "A", "B", "C"), 4: ("3", "A", "B", "C")},
    ),
    "too long rows are broken": (
        '1,A,B,C\n2,A,B,C,D\n3,A,B,C,,,,E\n4,"A,5",B,C\n',
        {2: ("1", "A", "B", "C"), 3: "broken", 4: "broken", 5: ("4", "A,5", "B", "C")},
    ),
    "too long row far below the sample": (
        '1,"A,B",C,D\n' * 100 + "2,A,B,C,D\n3,A,B,C,\n",
        dict.fromkeys(range(2, 102), ("1", "A,B", "C", "D")) | {102: "broken", 103: ("3", "A", "B", "C")},
    ),
    "open quote harms its row only": (
        '1,A,"B,C\n2,A,B,C\n3,"A,B,C\n4,A,B,C\n',
        {2: "broken", 3: ("2", "A", "B", "C"), 4: "broken", 5: ("4", "A", "B", "C")},
    ),
    "open quotes of two rows are no cell": (
        '1,A,"B,C\n2,A,B,C\n3,A,B",C\n4,A,"B,C\n5,A,B",C\n',
        {
            2: "broken",
            3: ("2", "A", "B", "C"),
            4: ("3", "A", 'B"', "C"),
            5: "broken",
            6: ("5", "A", 'B"', "C"),
        },
    ),
    "quotes in odd places make no cell with a sound row below, nor with another broken one": (
        '"1,A,B,"C,"D\n2,A,"B, 5",D\n"3,A,B,"C,"D\n4,A,"B,C,D\n5,A,B,C\n',
        {2: "broken", 3: ("2", "A", "B, 5", "D"), 4: "broken", 5: "broken", 6: ("5", "A", "B", "C")},
    ),
    "open quote in the last row": ('1,A,B,C\n2,A,"B', {2: ("1", "A", "B", "C"), 3: "broken"}),
    "quotes within a cell stay": (
        '1,Ali "Ucok" B,Pipa 5",D\n2,"Ali ""Ucok""",B,C\n3, "A, B",C,D\n',
        {
            2: ("1", 'Ali "Ucok" B', 'Pipa 5"', "D"),
            3: ("2", 'Ali "Ucok"', "B", "C"),
            4: ("3", "A, B", "C", "D"),
        },
    ),
    "total row at the end is no row": (
        "1,A,B,C\n2,A,B,C\n\nJumlah,,,2 orang\n\n",
        {2: ("1", "A", "B", "C"), 3: ("2", "A", "B", "C")},
    ),
    "what is no total row stays a row": (
        "Jumlah,,,1\n1,A,B,C\n,Total Sutrisno,,\n",
        {2: ("Jumlah", None, None, "1"), 3: ("1", "A", "B", "C"), 4: (None, "Total Sutrisno", None, None)},
    ),
    "line breaks of Windows inside and outside cells": (
        '1,A,"B\r\nB",C\r\n\r\n2,A,B,C\r\n',
        {2: ("1", "A", "B\nB", "C"), 4: ("2", "A", "B", "C")},
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_rows(name):
    text, expected = LAYOUTS[name]

    assert cells((table() + text).encode()) == expected


def test_broken_row_keeps_its_line_and_no_cells():
    line = '1,A,"' + "B" * 3000
    _, rows, totals = run(table().encode() + line.encode() + b"\n2,A,B,C\n")

    assert rows[0] == {
        "row_no": 2, "broken": True, "raw": line[:2000], "too_long": False, "cells": (None,) * 4,
    }  # fmt: skip
    assert (totals.rows, totals.broken) == (2, 1)


def test_very_long_cells_are_cut_and_marked():
    long = "x" * 10_001
    rows = run(
        table(["1", long, "B", "C"], ["2", "x" * 10_000, "B", "C"], ["3", f'"\n{long}"', "B", "C"]).encode()
    )[1]

    assert [(len(row["cells"][1]), row["too_long"]) for row in rows] == [
        (10_000, True), (10_000, False), (10_000, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("above", "heading_row"),
    [
        ("", 1),
        ("DAFTAR PENDUKUNG,,,\nKecamatan,: Bontang Utara,,\n\n", 4),
        ("\n\n,,,\n", 4),
        ("Provinsi,Kaltim,Kab/Kota,Bontang,Kecamatan,Bontang Utara\n", 2),
        ("sep=,\n", 1),
        ('"Daftar\npendukung"\n', 2),
    ],
)
def test_heading_row_is_found_below_titles(above, heading_row):
    header, rows, _ = run(above.encode() + table(ROW).encode())

    assert (header.heading_row, header.headings) == (heading_row, tuple(HEADINGS))
    assert (rows[0]["row_no"], rows[0]["cells"]) == (heading_row + 1, tuple(ROW))


def test_headings_as_given_with_line_breaks_and_gaps():
    header, rows, _ = run(b'No,"Nomor Induk\nKependudukan\n(NIK)",Nama ,,Kec.,,\n1,2,3,,5,6,\n')

    assert header.headings == ("No", "Nomor Induk Kependudukan (NIK)", "Nama", "", "Kec.", "")
    assert (rows[0]["row_no"], rows[0]["cells"]) == (2, ("1", "2", "3", None, "5", "6"))


def test_headings_of_the_teams_own_mapping_are_found():
    data = b"Relawan Bontang;;\nkolom satu;kolom dua;kolom tiga\n1;2;3\n"

    assert run(data)[0].heading_row == 1
    header, rows, _ = run(data, own=["Kolom Satu", "kolom dua"])
    assert (header.heading_row, rows[0]["cells"]) == (2, ("1", "2", "3"))


def test_cell_with_line_breaks_across_two_blocks():
    filler = f"1,A,{'B' * 1993},C\n"
    count = (BLOCK - 40) // len(filler) - 1
    text = table() + filler * count
    text += " " * (BLOCK - len(text) - 20) + "\n"  # a blank row, to begin the cell just before the block ends
    text += '2,A,"' + "B\n" * 19 + 'B",C\n' + "3,A,B,C\n" * 50

    found = cells(text.encode())
    assert list(found) == [*range(2, count + 2), *range(count + 3, count + 54)]
    assert found[count + 3] == ("2", "A", "B\n" * 19 + "B", "C")
    assert found[count + 1] == ("1", "A", "B" * 1993, "C")
    assert found[count + 4] == found[count + 53] == ("3", "A", "B", "C")


def test_frames_are_no_longer_than_asked_and_nothing_is_lost():
    with read.frames(io.BytesIO(table(*[ROW] * 1000).encode()), frame_rows=300) as frames:
        heights = [frame.height for frame in frames]

    assert heights == [300, 300, 300, 100]
    assert frames.totals.rows == 1000


def test_first_frames_are_small_so_that_work_begins_early():
    with read.frames(io.BytesIO(table(*[ROW] * 100_000).encode()), frame_rows=30_000) as frames:
        heights = [frame.height for frame in frames]

    assert heights[0] < 10_000 < 20_000 < max(heights[:-1]) <= 30_000
    assert sum(heights) == frames.totals.rows == 100_000


def test_path_is_read_like_a_stream(tmp_path):
    path = tmp_path / "pendukung.csv"
    path.write_bytes(table(ROW).encode())

    with read.frames(path) as frames:
        assert [frame["c1"].to_list() for frame in frames] == [["Renée Santoso"]]


REFUSALS = [
    ("FILE_EMPTY", b""),
    ("FILE_EMPTY", b"\xef\xbb\xbf"),
    ("FILE_EMPTY", b"\n  \n;;;\n,,\n"),
    ("FILE_NO_ROWS", table().encode()),
    ("FILE_NO_ROWS", table().encode() + b"\n,,,\n"),
    ("FILE_NO_ROWS", table().encode() + b"Jumlah,,,0\n"),
    ("FILE_NO_HEADINGS", b"6474010101909001,Budi,Jl. Mawar\n6474010101909002,Siti,Jl. Melati\n"),
    ("FILE_NOT_TEXT", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    ("FILE_IS_WORKBOOK", b"\r\n<HTML><table><tr><td>NIK</td></tr></table>"),
    ("FILE_NOT_TEXT", b"%PDF-1.7\n1 0 obj"),
    ("FILE_NOT_TEXT", bytes(range(256)) * 64),
    ("FILE_NOT_TEXT", bytes(5000)),
    ("LINE_TOO_LONG", b"x" * (BLOCK + 1)),
    ("LINE_TOO_LONG", table(ROW).encode() + b"x" * (2 * BLOCK)),
    ("LINE_TOO_LONG", b"x" * 300_000),
    ("FILE_TOO_WIDE", b",".join(b"kolom%d" % i for i in range(501)) + b"\n1,2,3\n"),
    ("FILE_TOO_MANY_ROWS", table().encode() + b"1,A\n" * 5_000_001),
    ("FILE_TOO_MANY_ROWS", table().encode() + b"\n" * 16_000_000 + b"1,A\n"),
]


@pytest.mark.parametrize(("code", "data"), REFUSALS, ids=[f"{i} {c}" for i, (c, _) in enumerate(REFUSALS)])
def test_file_that_cannot_be_read_says_why(code, data):
    with pytest.raises(read.Unreadable) as refusal:
        read_all(io.BytesIO(data))

    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert refusal.value.message.startswith(SENTENCES[code].split("{")[0])
    assert "{" not in refusal.value.message
    assert parsers() == []


def endless():
    """A stream without end: whoever reads it has to be stopped."""
    line = table(ROW).encode().splitlines(keepends=True)[1]
    return Stream(table().encode(), line * 10_000)


class Stream(io.RawIOBase):
    """``first``, then ``more`` again and again, or an error where ``more`` is one."""

    def __init__(self, first, more):
        self.first, self.more = first, more

    def read(self, size=-1):
        part, self.first = self.first, self.more
        if isinstance(part, Exception):
            raise part
        return part


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (read.Limits(memory=10 << 20), "FILE_TOO_HEAVY"),
        (read.Limits(cpu=1), "FILE_TOO_HEAVY"),
    ],
)
def test_file_over_the_limits_is_one_failed_file(limits, code):
    with pytest.raises(read.Unreadable) as refusal:
        for _ in read.frames(endless(), limits=limits):
            pass

    assert refusal.value.code == code
    assert parsers() == []
    assert cells(table(ROW).encode()) == {2: tuple(ROW)}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_killed_parser_is_one_failed_file(number):
    frames = read.frames(endless())
    os.kill(parsers()[0].pid, number)

    with pytest.raises(read.Unreadable) as refusal:
        for _ in frames:
            pass
    assert refusal.value.code == "PARSER_DIED"
    assert parsers() == []
    assert cells(table(ROW).encode()) == {2: tuple(ROW)}


def test_source_that_fails_is_no_complete_file():
    source = Stream(table(ROW).encode(), OSError("storage went away"))

    with pytest.raises(OSError, match="storage went away"):
        read_all(source)
    assert parsers() == []


def test_closing_kills_the_parser_at_once():
    frames = read.frames(endless())
    next(frames)
    assert len(parsers()) == 1

    frames.close()
    assert parsers() == []


def test_forgotten_frames_end_the_parser():
    frames = read.frames(endless())
    next(frames)
    del frames
    gc.collect()

    assert parsers() == []


def test_parser_knows_no_secret_and_opens_no_file(monkeypatch):
    monkeypatch.setenv("SILON_KEK", "secret")
    with read.frames(endless()) as frames:
        next(frames)
        parser = parsers()[0]
        opened = [file.path for file in parser.open_files()]

        assert "secret" not in parser.environ().values()
        assert len(parser.environ()) < 8
    assert opened == []


def test_memory_does_not_grow_with_the_file():
    peaks = []
    with read.frames(endless()) as frames:
        for i, _ in zip(range(60), frames, strict=False):
            if i in (10, 59):
                peaks.append(parsers()[0].memory_info().rss)

    assert peaks[1] < peaks[0] * 1.3
