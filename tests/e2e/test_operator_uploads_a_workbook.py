"""An operator hands in a workbook of several sheets and learns how it was read, or why it was refused."""

import re
from datetime import date

from playwright.sync_api import expect

from tests import factories
from tests.workbooks import Sheet, xlsx

HEADINGS = list(factories.HEADINGS.values())


def row(number, **changes):
    person = factories.person(number, **changes)
    return [person.get(name) for name in factories.HEADINGS]


def hand_in(page, content, name):
    page.get_by_role("link", name="Unggah berkas").first.click()
    page.get_by_label("Seret berkas ke sini").set_input_files(
        {"name": name, "mimeType": "", "buffer": content}
    )
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))


def test_operator_uploads_a_workbook_and_learns_how_it_was_read(visit):
    page = visit("operator").page
    north = [HEADINGS, row(9001, birth_date=date(1990, 11, 27)), row(9002, nik=6474010101909000)]
    book = xlsx(
        Sheet(north, "Kec. Utara"),
        Sheet([["DAFTAR PENDUKUNG"], HEADINGS, row(9003), ["Jumlah", 1]], "Kec. Barat"),
        Sheet([HEADINGS, row(9004)], "Lama", state="hidden"),
    )
    hand_in(page, book, "posko.xlsx")

    expect(page.locator("#hasil")).to_contain_text("3 baris:")
    notes = page.locator("#catatan")
    expect(notes).to_contain_text("“Kec. Utara” (2 baris), “Kec. Barat” (1 baris)")
    expect(notes).to_contain_text("Lembar tersembunyi diabaikan: “Lama”")
    expect(notes).to_contain_text("Baris 4 lembar “Kec. Barat” berisi jumlah")

    page.get_by_role("link", name="NIK tersimpan sebagai angka").click()
    expect(page.locator(".people tbody tr")).to_have_count(1)
    expect(page.locator(".people tbody tr")).to_contain_text("lembar Kec. Utara, baris 3")


def test_operator_is_told_why_a_workbook_with_macros_is_refused(visit):
    page = visit("operator").page
    hand_in(page, xlsx([HEADINGS, row(9005)], parts=[("xl/vbaProject.bin", b"x")]), "posko.xlsm")

    expect(page.get_by_role("status").first).to_contain_text("Buku kerja ini memuat makro")
    expect(page.get_by_role("status").first).to_contain_text(
        "pilih Simpan Sebagai, jenis .xlsx (tanpa makro)"
    )
