"""The report as a workbook: the same cells as the CSV, coloured, safe to open, and loaded again."""

import csv
import io
import re
import tempfile
import zipfile

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from supports.models import Support
from supports.report import BOM, OUR_HEADINGS, download_report
from supports.report_workbook import KEY, LOOKS, PART, SHEET, download_workbook
from supports.rules import BY_CODE, COMMISSION, TEAM
from tests import factories
from tests.supports.calling import client_of
from tests.workbooks import letters

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch):
    """Whoever makes a temporary file while a report is written fails."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")


def fetched(upload, by, audience=TEAM, **more):
    """The workbook, its headings and its rows as dictionaries."""
    content = download_workbook(upload, by=by, audience=audience, **more)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(SHEET).to_python()
    return content, sheet[0], [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]


def colours(content, row):
    """{heading: ground colour of its cell} in one row, without those that have none."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet, styles = book.read(PART).decode(), book.read("xl/styles.xml").decode()
    fills = re.findall(r"<fill>.*?</fill>", styles)
    used = re.findall(r'<xf numFmtId="(\d+)" fontId="\d+" fillId="(\d+)"', styles.split("<cellXfs")[1])
    cells = dict(re.findall(rf'<c r="([A-Z]+){row}" s="(\d+)"', sheet))
    headings = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(SHEET).to_python()[0]
    found = {}
    for at, heading in enumerate(headings):
        form, fill = used[int(cells[letters(at)])]
        assert form == "49"  # text, whatever its colour
        ground = re.search(r'<fgColor rgb="FF(\w+)"/>', fills[int(fill)])
        found |= {heading: f"#{ground[1]}"} if ground else {}
    return found


def test_rows_with_findings_come_with_codes_weight_and_sentences_in_front(pair, operator):
    people = [factories.person(1), factories.person(2, nik="123", phone="12"), factories.person(3)]
    upload = factories.loaded(pair, operator, people)
    _content, headings, rows = fetched(upload, operator)
    assert headings == [*OUR_HEADINGS, *factories.HEADINGS.values()]
    (row,) = rows
    assert row["Temuan"] == "NIK_LENGTH (berpotensi BMS), PHONE_MALFORMED (catatan)"
    assert BY_CODE["NIK_LENGTH"].message in row["Penjelasan"]
    assert (row["NIK"], row["Nomor HP"], row["Alamat"]) == ("123", "12", "Jl. Contoh 2")


def test_cells_are_coloured_where_a_finding_speaks_of_them(pair, operator):
    young = {"birth_date": "01-01-2010", "marital": "Belum kawin", "phone": "12"}
    upload = factories.loaded(pair, operator, [factories.person(1, name="", **young), factories.person(2)])
    content, _headings, _rows = fetched(upload, operator, everything=True)
    tms, bms, note = (LOOKS[effect][2] for effect in ("TMS", "BMS", "WARN"))
    assert colours(content, 2) == {"Temuan": tms, "Nama": bms, "Tanggal Lahir": tms, "Nomor HP": note}
    assert colours(content, 3) == {}


def test_a_column_of_two_fields_is_coloured_for_either(pair, operator):
    lines = "NIK;Nama;TTL;L/P\n6474010101809001;Budi Contoh;Bontang, 31-02-1980;x\n"
    upload = factories.loaded(pair, operator, lines.encode())
    content, _headings, _rows = fetched(upload, operator)
    assert set(colours(content, 2)) == {"Temuan", "TTL", "L/P"}


ODD = (
    "No|No KTP|Nama|TTL|RT/RW|No HP||Catatan|Catatan|Status Perkawinan|L/P",
    "1|'6474010101809001|@Ani <b>&amp;|Bontang, 01-01-1980|001/002|+6281234567890|x|=1+1|-5|B|?",
    "2|6474-0141-0180-9002|=HYPERLINK(1)|Bontang, 31-02-1980|1/2|0812|||dua|nikah?|P",
    "3|3,17E+15|+Budi||||007|6474010101809001||Cerai mati|laki-laki",
)


@pytest.fixture
def odd(pair, operator):
    out = io.StringIO()
    csv.writer(out).writerows(line.split("|") for line in ODD)
    return factories.loaded(pair, operator, out.getvalue().encode())


def test_it_has_the_cells_of_the_csv_without_its_apostrophes(odd, operator):
    pieces = download_report(odd, by=operator, audience=TEAM, everything=True)
    content = b"".join(pieces).removeprefix(BOM).decode()
    headings, *lines = csv.reader(io.StringIO(content))
    sheet = download_workbook(odd, by=operator, audience=TEAM, everything=True)
    table = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_name(SHEET).to_python()
    assert table[0] == headings
    for line, row in zip(lines, table[1:], strict=True):
        assert [cell.removeprefix("'") for cell in line[1:]] == row[1:]


def test_nothing_in_it_is_a_formula_a_number_or_a_link(odd, operator):
    content, _headings, rows = fetched(odd, operator, everything=True)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read(PART).decode()
    assert rows[1]["Nama"] == "=HYPERLINK(1)"
    assert "<f>" not in sheet
    assert set(re.findall(r' t="(\w+)"', sheet.split('<row r="2">')[1])) == {"inlineStr"}
    assert "hyperlink" not in sheet


def test_headings_are_frozen_and_filtered(odd, operator):
    content, headings, rows = fetched(odd, operator, everything=True)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read(PART).decode()
    assert '<ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/>' in sheet
    assert '<pane ySplit="1"' in sheet
    assert f'<autoFilter ref="A1:{letters(len(headings) - 1)}{len(rows) + 1}"/>' in sheet


def test_its_key_says_what_the_colours_mean_and_is_passed_over_when_it_comes_back(odd, pair, operator):
    content, _headings, _rows = fetched(odd, operator, everything=True)
    key = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(KEY).to_python()
    assert [row[0] for row in key[2:5]] == ["berpotensi TMS", "berpotensi BMS", "catatan"]
    again = factories.loaded(pair, operator, content, "laporan.xlsx")
    assert (again.status, again.rows, again.columns["notes"]) == ("loaded", odd.rows, [])
    assert "Temuan" not in again.columns["ignored"]


def test_what_comes_back_is_what_went_out(pair, operator):
    people = [factories.person(number, name="" if number % 2 else "Budi Contoh") for number in range(6)]
    upload = factories.loaded(pair, operator, people)
    content, _headings, _rows = fetched(upload, operator, everything=True)
    known = ("nik", "digest", "birth_date", "phone", "name", "village")
    given = set(Support.objects.values_list(*known))
    factories.loaded(pair, operator, content, "laporan.xlsx")
    assert set(Support.objects.values_list(*known)) == given


def test_pages_join_without_a_gap(pair, operator, monkeypatch):
    monkeypatch.setattr("supports.report.PAGE", 3)
    people = [factories.person(number) for number in range(20)]
    upload = factories.loaded(pair, operator, people)
    _content, _headings, rows = fetched(upload, operator, everything=True)
    assert [row["Alamat"] for row in rows] == [one["address"] for one in people]


def test_what_only_officers_weigh_makes_no_row_appear_for_a_team(pair, operator):
    run = [factories.person(n, phone=f"08120000000{n}") for n in range(1, 7)]
    upload = factories.loaded(pair, operator, run)
    content, _headings, rows = fetched(upload, operator)
    assert rows == []
    assert b"SERIAL_RUN" not in zipfile.ZipFile(io.BytesIO(content)).read(PART)
    assert len(fetched(upload, operator, COMMISSION)[2]) == 6


@pytest.mark.parametrize("everything", [True, False])
def test_above_the_limit_the_csv_is_named_instead(pair, operator, monkeypatch, everything):
    monkeypatch.setattr("supports.report_workbook.MOST_ROWS", 2)
    upload = factories.loaded(pair, operator, [factories.person(n, name="") for n in range(3)])
    with pytest.raises(Refused, match=r"lebih dari 100\.000 baris.*Unduh laporan CSV"):
        download_workbook(upload, by=operator, audience=TEAM, everything=everything)
    response = client_of(operator).get(f"/api/v1/uploads/{upload.pk}/report.xlsx", {"rows": "all"})
    assert (response.status_code, response.json()["code"]) == (422, "report_too_long")
    assert not Event.objects.filter(name="report_downloaded").exists()


def test_an_upload_that_is_not_loaded_has_none(pair, operator):
    waiting = factories.upload(pair, operator, [factories.person(1)])
    with pytest.raises(Conflict, match="setelah unggahan selesai dimuat"):
        download_workbook(waiting, by=operator, audience=TEAM)


def test_it_is_fetched_by_page_and_by_program_and_recorded(pair, operator, client):
    upload = factories.loaded(pair, operator, [factories.person(1, nik="1")], "posko utara.csv")
    client.force_login(operator)
    address = reverse("upload_workbook", args=[upload.pk])
    assert f'href="{address}"' in client.get(reverse("upload", args=[upload.pk])).content.decode()
    response = client.get(address)
    assert response.headers["Content-Disposition"] == 'attachment; filename="laporan-posko utara.xlsx"'
    assert "no-store" in response.headers["Cache-Control"]
    again = client_of(operator).get(f"/api/v1/uploads/{upload.pk}/report.xlsx")
    assert again.content.startswith(b"PK")
    events = Event.objects.filter(name="report_downloaded", subject_id=upload.pk)
    assert [event.data for event in events] == [{"rows": "findings", "form": "workbook"}] * 2


def test_no_other_team_fetches_it(pair, operator, client):
    upload = factories.loaded(pair, operator, [factories.person(1)])
    other = factories.operator(factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan"), "operator2")
    client.force_login(other)
    assert client.get(reverse("upload_workbook", args=[upload.pk])).status_code == 404
    assert client_of(other).get(f"/api/v1/uploads/{upload.pk}/report.xlsx").status_code == 404
