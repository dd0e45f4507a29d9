"""Whatever quotes and cuts do to some lines, no other line is lost or changed (properties, in this process)."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supports.ingest import csv_file, text
from supports.ingest.csv_file import read_csv

HEADINGS = ["No", "NIK", "Nama", "Alamat", "RT", "RW", "Kecamatan"]
TEXTS = st.text(alphabet="ab é;,\t|\"'", max_size=6).map(str.strip)
CELLS = TEXTS | st.builds(
    lambda first, last: f"{first}\n{last}".replace('"', ""), *[st.text("ab", min_size=1)] * 2
)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks so small that rows lie across them."""
    monkeypatch.setattr(text, "BLOCK", 400)
    monkeypatch.setattr(csv_file, "BLOCK_LINES", 7)
    monkeypatch.setattr(csv_file, "FIRST_BYTES", 40)
    monkeypatch.setattr(csv_file, "PIECE_BYTES", 200)


def read(data):
    """{row number: cells, or None when broken}"""
    rows = {}
    for frame in read_csv(io.BytesIO(data), 5):
        for row_no, broken, _, _, *cells in frame.rows() if isinstance(frame, pl.DataFrame) else ():
            assert row_no not in rows
            rows[row_no] = None if broken else [cell or "" for cell in cells]
    return rows


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=30),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_csv_writer_writes_is_read_back(rows, delimiter, end, quoting, codec):
    rows = [[str(i), *row] for i, row in enumerate(rows, 2)]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([HEADINGS, *rows])

    assert read(file.getvalue().encode(codec)) == {int(row[0]): row for row in rows}


@settings(max_examples=80, deadline=None)
@given(data=st.data(), count=st.integers(1, 40))
def test_stray_quotes_harm_no_other_row(data, count):
    address = st.sampled_from(["Jl. A", '"Jl. B, 5"', ""])
    lines = {
        i: f"{i},64740101019{i:05},Nama {i},{data.draw(address)},001,002,Utara" for i in range(2, count + 2)
    }
    whole = {i: next(csv.reader([line])) for i, line in lines.items()}
    for i in data.draw(st.lists(st.sampled_from(sorted(lines)), max_size=8)):
        at = data.draw(st.integers(0, len(lines[i])))
        lines[i] = lines[i][:at] + '"' + lines[i][at:]
        whole.pop(i, None)

    found = read("\n".join([",".join(HEADINGS), *lines.values()]).encode())
    assert list(found) == list(lines)
    assert {i: found[i] for i in whole} == whole
