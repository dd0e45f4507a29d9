"""The report: the team's own columns with the findings in front; mended, it is uploaded again."""

import csv
import io
import re

import pytest

from foundation.errors import Conflict
from foundation.workflow.models import Event
from supports.ingest import columns, normalise, read
from supports.models import Finding, Support, Upload
from supports.report import BOM, OUR_HEADINGS, download_report
from supports.rows import add_supports
from supports.rules import BY_CODE, COMMISSION, TEAM
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


def fetched(upload, by, **more):
    """The whole report as it leaves, its headings and its rows as dictionaries."""
    content = b"".join(download_report(upload, by=by, audience=more.pop("audience", TEAM), **more))
    assert content.startswith(BOM)
    lines = list(csv.reader(io.StringIO(content.removeprefix(BOM).decode())))
    return content, lines[0], [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_rows_with_findings_come_with_codes_and_sentences_in_front(pair, operator):
    people = [factories.person(1), factories.person(2, nik="123", name=""), factories.person(3)]
    upload = factories.loaded(pair, operator, people)
    _content, headings, rows = fetched(upload, operator)
    assert headings == [*OUR_HEADINGS, *factories.HEADINGS.values()]
    (row,) = rows
    assert row["Temuan"] == "NIK_LENGTH, NAME_MISSING"
    assert BY_CODE["NIK_LENGTH"].message in row["Penjelasan"]
    assert BY_CODE["NAME_MISSING"].remedy in row["Penjelasan"]
    assert re.fullmatch(r"R[0-9a-f]{32}", row["ID baris"])
    assert (row["NIK"], row["Alamat"]) == ("'123", "Jl. Contoh 2")


def test_all_rows_on_request(pair, operator):
    upload = factories.loaded(pair, operator, [factories.person(1), factories.person(2, nik="")])
    _content, _headings, rows = fetched(upload, operator, everything=True)
    assert [row["Temuan"] for row in rows] == ["", "NIK_MISSING"]
    assert [row["NIK"] for row in rows] == ["'" + factories.person(1)["nik"], ""]


# A file with everything that a spreadsheet runs, changes or damages.
HEADS, *ODD = [
    line.split("|")
    for line in (
        "No|No KTP|Nama|TTL|RT/RW|No HP||Catatan|Catatan|Status Perkawinan|L/P|Pernyataan identitas",
        "1|'6474010101809001|@Ani|Bontang, 01-01-1980|001/002|+6281234567890|x|=1+1|-5|B|?|ya",
        "2|6474-0141-0180-9002|=HYPERLINK(1)|Bontang, 31-02-1980|1/2|0812|||dua|nikah?|P|tidak",
        "3|3,17E+15|+Budi||||007|6474010101809001||Cerai mati|laki-laki|",
    )
]


def as_csv(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def fields_of(content):
    """What the import makes of a file: everything but the row numbers."""
    with read.frames(io.BytesIO(content)) as reader:
        mapping = columns.map_headings(reader.header.headings)
        (frame,) = reader
    return normalise.normalise(frame, mapping).drop("row_no")


def test_the_report_reads_back_as_what_was_given(pair, operator):
    """Formulas, long numbers, leading zeros, damaged values, blank and repeated headings."""
    given = as_csv([HEADS, *ODD])
    upload = factories.loaded(pair, operator, given)
    content, headings, rows = fetched(upload, operator, everything=True)
    assert headings[3:] == [heading or "Kolom 7" for heading in HEADS]
    cells = [cell for line in csv.reader(io.StringIO(content.removeprefix(BOM).decode())) for cell in line]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert [row["No HP"] for row in rows] == ["'081234567890", "'0812", ""]
    assert rows[0]["RT/RW"] == "'001/002"
    wanted, found = fields_of(given), fields_of(content)
    values = [name for name in wanted.columns if not name.endswith("_given")]
    assert found.select(values).to_dicts() == wanted.select(values).to_dicts()


def test_a_report_that_comes_back_gives_one_of_the_same_columns(pair, operator):
    upload = factories.loaded(pair, operator, as_csv([HEADS, *ODD]))
    content, headings, rows = fetched(upload, operator, everything=True)
    again = factories.loaded(pair, operator, content, "laporan.csv")
    assert (again.status, again.rows) == ("loaded", 3)
    _content, headings_again, rows_again = fetched(again, operator, everything=True)
    assert headings_again == headings
    ours = ("Temuan", "Penjelasan", "ID baris")
    assert [[row[name] for name in row if name not in ours] for row in rows_again] == [
        [row[name] for name in row if name not in ours] for row in rows
    ]


def test_typed_rows_have_a_report_too(pair, operator):
    (added,) = add_supports(
        pair, by=operator, rows=[factories.person(1, nik="123", statement="ya", ref="A-7")]
    )
    upload = Upload.objects.get(pk=added.id >> 24)
    _content, headings, (row,) = fetched(upload, operator)
    assert headings == [*OUR_HEADINGS, *columns.TITLES.values()]
    assert (row["Temuan"], row["NIK"], row["Referensi tim"]) == ("NIK_LENGTH", "'123", "A-7")
    assert row["Surat pernyataan identitas"] == "ya"


def test_a_line_that_cannot_be_taken_apart_is_quoted(pair, operator):
    lines = (
        factories.as_csv([factories.person(1)]) + b'647401,"Ani "Contoh,Bontang,x,y,z,1,2,3,4,5,6,7,8,9\r\n'
    )
    upload = factories.loaded(pair, operator, lines)
    _content, _headings, rows = fetched(upload, operator)
    assert [row["Temuan"] for row in rows] == ["ROW_BROKEN"]
    assert 'Isi baris: 647401,"Ani "Contoh' in rows[0]["Penjelasan"]


def test_what_only_officers_weigh_makes_no_row_appear_for_a_team(pair, operator):
    run = [factories.person(n, phone=f"08120000000{n}") for n in range(1, 7)]
    upload = factories.loaded(pair, operator, run)
    number = BY_CODE["SERIAL_RUN"].number
    assert Finding.objects.filter(submission=upload.submission, code=number).count() == 6
    assert fetched(upload, operator)[2] == []
    officers = fetched(upload, operator, audience=COMMISSION)[2]
    assert [row["Temuan"] for row in officers] == ["SERIAL_RUN"] * 6


def test_pages_join_without_a_gap(pair, operator, monkeypatch):
    monkeypatch.setattr("supports.report.PAGE", 3)
    people = [factories.person(n, name="" if n % 2 else "Budi Contoh") for n in range(20)]
    upload = factories.loaded(pair, operator, people)
    assert [row["Alamat"] for row in fetched(upload, operator, everything=True)[2]] == [
        one["address"] for one in people
    ]
    assert len(fetched(upload, operator)[2]) == 10


def test_an_upload_that_is_not_loaded_has_no_report(pair, operator):
    waiting = factories.upload(pair, operator, [factories.person(1)])
    with pytest.raises(Conflict, match="setelah unggahan selesai dimuat"):
        download_report(waiting, by=operator, audience=TEAM)
    assert not Event.objects.filter(name="report_downloaded").exists()


def test_a_report_cut_off_by_a_discard_does_not_look_whole(pair, operator):
    upload = factories.loaded(pair, operator, [factories.person(1), factories.person(2, nik="")])
    pieces = download_report(upload, by=operator, audience=TEAM, everything=True)
    next(pieces)
    Support.objects.all().delete()
    type(upload).objects.filter(pk=upload.pk).update(status="discarded")
    with pytest.raises(Conflict, match="dibuang"):
        list(pieces)


def test_that_it_was_fetched_is_an_event(pair, operator):
    upload = factories.loaded(pair, operator, [factories.person(1)])
    fetched(upload, operator, everything=True)
    event = Event.objects.get(name="report_downloaded")
    assert (event.by_id, event.subject_id, event.pair_id, event.data) == (
        operator.pk,
        upload.pk,
        pair.pk,
        {"rows": "all"},
    )
