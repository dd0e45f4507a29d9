"""The template: what it offers, and that a filled one is read without a question."""

import io
import re
import zipfile

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidates.models import Election
from foundation.accounts.matrix import Role
from supports.ingest.columns import FIELDS, map_headings
from supports.models import Finding, Support, UploadTally
from supports.template import FIXED_LISTS, GUIDE, LISTS, NEEDED, SHEET, template_of
from tests import factories
from tests.supports.calling import client_of

pytestmark = pytest.mark.usefixtures("committed")
AS_TEXT = "49"  # the number of Excel's own format "@"


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


def sheet_of(content, name):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def filled(content, rows):
    """The template as a person hands it back: the rows written below its headings, everything else as it was."""
    lines = "".join(
        f'<row r="{at}">'
        + "".join(
            f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in map(person.get, names(), [""] * 99)
        )
        + "</row>"
        for at, person in enumerate(rows, 2)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as taken:
        for item in given.namelist():
            part = given.read(item)
            if item == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", lines.encode() + b"</sheetData>")
            taken.writestr(item, part)
    return out.getvalue()


def names():
    return [field.name for field in FIELDS]


def test_every_heading_is_recognised_as_its_field(pair):
    (headings,) = sheet_of(template_of(pair.election), SHEET)
    mapped = map_headings(headings)
    assert [(name, mapped.fields[name]) for name in names()] == list(zip(names(), range(99), strict=False))
    assert (mapped.ignored, mapped.duplicates, mapped.missing) == ([], [], [])
    assert [heading.endswith("(wajib)") for heading in headings] == [name in NEEDED for name in names()]


def test_lists_hold_what_the_import_reads_and_the_regions_of_the_election(pair):
    columns = [
        [cell for cell in column if cell]
        for column in zip(*sheet_of(template_of(pair.election), LISTS), strict=True)
    ]
    lists = dict(zip([*FIXED_LISTS, "regency", "district", "village"], columns, strict=True))
    assert lists["district"] == ["Bontang Barat", "Bontang Selatan", "Bontang Utara"]
    assert lists["regency"] == ["Kota Bontang"]
    assert len(lists["village"]) == 15
    assert lists["marital"] == ["Belum kawin", "Sudah kawin", "Pernah kawin"]


def test_a_list_too_long_to_choose_from_is_left_out():
    columns = sheet_of(template_of(Election(region_id=35, name="Jawa Timur", level="gubernur")), LISTS)
    assert len(columns[0]) == len(FIXED_LISTS) + 2  # kabupaten/kota and kecamatan


def test_identities_are_text_columns_and_choices_are_offered(pair):
    with zipfile.ZipFile(io.BytesIO(template_of(pair.election))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode().split("<cellXfs")[1]
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles)
    columns = re.findall(r'<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"', sheet)
    text = {
        name
        for first, last, style in columns
        if formats[int(style)] == AS_TEXT
        for name in names()[int(first) - 1 : int(last)]
    }
    assert '<ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/>' in sheet
    assert text == {"nik", "birth_date", "rt", "rw", "phone", "sheet", "ref"}
    chosen = re.findall(r'<dataValidation type="list"[^>]* sqref="([A-Z])2:', sheet)
    assert {names()[ord(letter) - 65] for letter in chosen} == {
        *FIXED_LISTS,
        "regency",
        "district",
        "village",
    }


def test_the_guide_explains_every_column_and_bears_its_version(pair):
    rows = sheet_of(template_of(pair.election), GUIDE)
    assert rows[0][0] == "Petunjuk templat dukungan Silon Terbuka, versi 1"
    explained = {row[0]: row for row in rows}
    assert all(explained[field.title][2] for field in FIELDS)


def test_a_filled_template_is_read_without_a_question_a_note_or_a_finding(pair, operator):
    people = [factories.person(number) for number in range(1, 4)]
    upload = factories.loaded(pair, operator, filled(template_of(pair.election), people), "isi.xlsx")
    assert (upload.status, upload.rows, upload.columns["notes"]) == ("loaded", 3, [])
    assert upload.columns["ignored"] == []
    assert Finding.objects.count() == 0
    assert [one.name for one in Support.objects.order_by("id")] == [person["name"] for person in people]


@pytest.mark.parametrize("left_out", [None, *NEEDED])
def test_what_is_called_required_is_what_a_row_needs_to_count(pair, operator, left_out):
    person = {
        name: value for name, value in factories.person(1).items() if name in NEEDED and name != left_out
    }
    upload = factories.loaded(pair, operator, filled(template_of(pair.election), [person]), "isi.xlsx")
    clean = UploadTally.objects.filter(upload=upload, key="clean", n__gt=0).count()
    assert clean == (0 if left_out else 1)


def test_an_empty_template_says_that_nobody_is_in_it(pair, operator):
    upload = factories.loaded(pair, operator, template_of(pair.election), "kosong.xlsx")
    assert upload.error_message.startswith("Lembar “Dukungan” hanya berisi judul kolom (baris 1)")


def test_it_is_fetched_by_page_and_by_program(pair, operator, client):
    client.force_login(operator)
    address = reverse("template", args=[pair.pk])
    assert f'href="{address}"' in client.get(reverse("uploads", args=[pair.pk])).content.decode()
    response = client.get(address)
    assert response.headers["Content-Disposition"] == 'attachment; filename="templat-dukungan-v1.xlsx"'
    again = client_of(operator).get(f"/api/v1/pairs/{pair.pk}/template.xlsx")
    assert re.match(rb"PK", again.content)
    assert again.headers["Content-Type"] == response.headers["Content-Type"]


def test_nobody_elses_pair_has_one(pair):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    stranger = factories.user("lain", Role.OPERATOR, other)
    assert client_of(stranger).get(f"/api/v1/pairs/{pair.pk}/template.xlsx").status_code == 404
