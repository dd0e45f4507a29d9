"""The page on which many elections are created from a table, and its files."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from candidates.mass.election_cells import HEADINGS
from candidates.models import Election
from foundation.accounts.matrix import Role
from supports.desk.election_table import rows_of_file, template
from tests import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/pemilihan/tabel/"
HEAD = "Kode daerah;Angka dasar;Hari pemungutan suara;Aturan\n"
LINES = ["6474;131.600;27-11-2024;pkpu8-2024", "5371;300000;2024-11-27;pkpu8-2024"]


def table(*lines, head=HEAD, name="pemilihan.csv"):
    return SimpleUploadedFile(name, (head + "\n".join(lines)).encode(), "text/csv")


def workbook(*rows):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        for at, cells in enumerate([list(HEADINGS.values()), *rows]):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_number(at, column, cell[0], date)
                else:
                    sheet.write(at, column, cell)
    return SimpleUploadedFile("pemilihan.xlsx", out.getvalue())


@pytest.fixture
def kpu_ri(client):
    user = factories.user("kpu-ri", Role.KPU_RI)
    client.force_login(user)
    return user


def test_what_is_previewed_is_created(client, kpu_ri):
    preview = client.post(ADDRESS, {"file": table(*LINES)})
    page = preview.content.decode().replace("\u00a0", " ")
    assert preview.status_code == 200
    assert "Buat 2 pemilihan" in page
    assert "13.160" in page
    assert not Election.objects.exists()
    sent = {"rows": preview.context["rows"], "digest": preview.context["plan"].digest}
    assert client.post(ADDRESS, sent).url == "/pasangan/"
    assert Election.objects.count() == 2
    again = client.post(ADDRESS, sent)
    assert again.status_code == 409
    assert "sudah ada" in again.content.decode()
    assert Election.objects.count() == 2


def test_faults_stand_beside_their_row_and_nothing_can_be_created(client, kpu_ri):
    preview = client.post(ADDRESS, {"file": table(LINES[0], "9999;1;27-11-2024;pkpu8-2024")})
    page = preview.content.decode()
    assert "Kode daerah 9999 tidak dikenal." in page
    assert "Buat 2 pemilihan" not in page
    sent = {"rows": preview.context["rows"], "digest": preview.context["plan"].digest}
    refused = client.post(ADDRESS, sent)
    assert refused.status_code == 422
    assert "1 baris masih salah" in refused.content.decode()
    assert not Election.objects.exists()


def test_a_workbook_with_real_dates_and_numbers_is_read(client, kpu_ri):
    cells = [
        "wali kota",
        6474,
        "",
        "",
        131600,
        (45555,),
        "DPT",
        "12/2024",
        (45623,),
        "pkpu8-2024",
        "WITA",
        "tidak",
    ]
    preview = client.post(ADDRESS, {"file": workbook(cells)})
    (line,) = preview.context["plan"].lines
    assert line.faults == []
    assert (line.election.base, str(line.election.voting_day)) == (131_600, "2024-11-27")


def test_the_template_s_headings_are_those_that_are_read():
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(template())).get_sheet_by_name("Pemilihan").to_python()
    assert sheet[0] == list(HEADINGS.values())


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Belum ada berkas yang dipilih."),
        (
            {"file": table("6474;x", head="Kode daerah;Aturan\n")},
            "Kolom “Angka dasar”, “Hari pemungutan suara”",
        ),
        ({"file": table()}, "tidak berisi satu baris pun"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 bukan tabel")}, "tidak dapat dibaca"),
        ({"rows": "bukan json", "digest": "x"}, "Pratinjau itu tidak utuh"),
        ({"rows": '[{"number": "2"}]', "digest": "x"}, "Pratinjau itu tidak utuh"),
        ({"rows": '[{"number": 2, "lain": "x"}]', "digest": "x"}, "Pratinjau itu tidak utuh"),
    ],
)
def test_what_cannot_be_read_is_said(client, kpu_ri, sent, sentence):
    answer = client.post(ADDRESS, sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_rows_keep_the_numbers_a_spreadsheet_shows():
    rows = rows_of_file(io.BytesIO((HEAD + LINES[0] + "\n\n" + LINES[1]).encode()))
    assert [row["number"] for row in rows] == [2, 4]


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}templat.xlsx"])
def test_who_creates_no_elections_is_refused(client, address):
    client.force_login(factories.user("bawaslu", Role.BAWASLU))
    assert client.get(address).status_code == 403


def test_the_template_is_downloaded(client, kpu_ri):
    answer = client.get(f"{ADDRESS}templat.xlsx")
    assert answer.content.startswith(b"PK")
    assert "templat-pemilihan.xlsx" in answer["Content-Disposition"]
