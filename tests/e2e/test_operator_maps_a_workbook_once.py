"""An operator's damaged workbook is mapped, explained and mended from its report; the next one needs no mapping."""

import io
import re
import zipfile

from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests import factories
from tests.e2e.person import PHONE
from tests.workbooks import Sheet, xlsx

HEADINGS = {
    "nik": "Nomor pada kartu",
    "name": "Yang bersangkutan",
    "birth_place": "Tempat lahir",
    "birth_date": "Tgl lahir",
    "sex": "L/P",
    "marital": "Status",
    "address": "Alamat",
    "village": "Kelurahan",
    "district": "Kec",
    "posko": "Posko",
}


def book(*people):
    """A workbook with the headings of this team."""
    rows = [[one.get(name) for name in HEADINGS] for one in people]
    return xlsx(Sheet([["DAFTAR DUKUNGAN"], list(HEADINGS.values()), *rows], "Data"))


def hand_in(page, content, name):
    page.goto("/")
    page.get_by_role("link", name="Unggah berkas").first.click()
    page.get_by_label("Seret berkas ke sini").set_input_files(
        {"name": name, "mimeType": "", "buffer": content}
    )
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))


def download(page, link):
    with page.expect_download() as started:
        page.get_by_role("link", name=link).click()
    return started.value.path().read_bytes()


def test_operator_maps_a_damaged_workbook_once_and_mends_it_from_its_report(visit):
    visitor = visit("operator")
    page = visitor.page
    damaged = [
        factories.person(9001, posko="Utara"),
        factories.person(9002, nik=6474010101909000, posko="Utara"),
        factories.person(9003, birth_date="31-02-1990", posko="Barat"),
    ]
    hand_in(page, book(*damaged), "posko.xlsx")

    expect(page.get_by_role("heading", name="Ada kolom wajib yang belum dikenali")).to_be_visible()
    card = page.locator("tr", has=page.get_by_role("rowheader", name="Nomor pada kartu"))
    expect(card.locator(".samples li").first).to_have_text("6474••••••••••••")
    assert factories.person(9001)["nik"] not in page.content()
    page.get_by_label("Nomor pada kartu").select_option("NIK")
    page.get_by_role("button", name="Muat dengan kolom ini").click()
    expect(page.get_by_role("alert")).to_contain_text("Kolom Nama belum ditunjuk.")
    expect(page.get_by_label("Nomor pada kartu")).to_have_value("nik")
    page.get_by_label("Yang bersangkutan").select_option("Nama")
    page.get_by_role("button", name="Muat dengan kolom ini").click()

    expect(page.locator("#hasil")).to_contain_text("3 baris: 1 terhitung, 2 perlu dibenahi.")
    expect(page.get_by_role("link", name="NIK tersimpan sebagai angka")).to_be_visible()
    expect(page.get_by_role("link", name="Tanggal lahir tidak terbaca")).to_be_visible()

    report = download(page, "Unduh laporan Excel")
    headings, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(report)).get_sheet_by_name("Dukungan").to_python()
    )
    assert headings == ["Temuan", "Penjelasan", "ID baris", *HEADINGS.values()]
    assert [row[0] for row in rows] == [
        "NIK_FROM_NUMBER (berpotensi BMS)",
        "BIRTH_DATE_INVALID (berpotensi BMS)",
    ]
    assert "Ubah kolom NIK menjadi Teks" in rows[0][1]
    assert b'<autoFilter ref="A1:M3"/>' in zipfile.ZipFile(io.BytesIO(report)).read(
        "xl/worksheets/sheet1.xml"
    )

    place = {heading: at for at, heading in enumerate(headings)}
    rows[0][place["Nomor pada kartu"]] = factories.person(9002)["nik"]
    rows[1][place["Tgl lahir"]] = factories.person(9003)["birth_date"]
    hand_in(page, xlsx(Sheet([headings, *rows], "Dukungan")), "posko-dibenahi.xlsx")
    expect(page.locator("#hasil")).to_contain_text("2 baris: 2 terhitung.")

    hand_in(page, book(factories.person(9004, posko="Barat")), "posko2.xlsx")
    expect(page.locator("#hasil")).to_contain_text("1 baris: 1 terhitung.")
    expect(page.get_by_text("Kolomnya dibaca seperti pada unggahan")).to_contain_text("posko.xlsx")
    assert not visitor.overflows()


def test_operator_fills_in_the_template_on_a_phone_and_is_asked_nothing(visit):
    visitor = visit("operator", viewport=PHONE)
    page = visitor.page
    page.goto("/")
    page.get_by_role("link", name="Unggah berkas").first.click()
    template = download(page, "Templat Excel dengan petunjuk")
    headings = (
        CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_name("Dukungan").to_python()[0]
    )
    names = list(factories.HEADINGS)
    person = dict(zip(names, factories.person(9005).values(), strict=True))
    cells = [person[names[at]] if at < len(names) else "" for at in range(len(headings))]
    hand_in(page, xlsx(Sheet([headings, cells], "Dukungan")), "templat-isi.xlsx")
    expect(page.locator("#hasil")).to_contain_text("1 baris: 1 terhitung.")
    page.locator("#kolom").click()
    assert not visitor.overflows()
