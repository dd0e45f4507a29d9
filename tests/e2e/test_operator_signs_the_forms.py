"""An operator prints a form at the counter of the office, signs it, and gives its scan back."""

import io
import re

from playwright.sync_api import expect
from pypdf import PdfReader

from tests import documents


def test_operator_prints_a_form_and_uploads_its_signed_scan(visit):
    person = visit("operator")
    page = person.page
    page.get_by_role("link", name="Formulir", exact=True).first.click()
    expect(page.get_by_role("heading", name="Formulir belum lengkap")).to_be_visible()
    number = page.locator("#number")
    expect(number).to_contain_text("belum pernah")
    with page.expect_download() as download:
        number.get_by_role("link", name="Cetak PDF").click()
    printed = download.value.path().read_bytes()
    text = PdfReader(io.BytesIO(printed)).pages[0].extract_text()
    assert "MODEL B.JUMLAH.DUKUNGAN.KWK" in text
    rows = re.search(r"a\.\s+jumlah dukungan\s+:\s+([\d.]+)", text)[1]
    page.reload()
    expect(number).to_contain_text(f"{rows} pendukung")
    expect(number).not_to_contain_text("belum pernah")
    number.get_by_label("Pindaian (PDF, JPG, atau PNG)").set_input_files(
        {"name": "jumlah.pdf", "mimeType": "application/pdf", "buffer": documents.pdf(pages=2)}
    )
    number.get_by_role("button", name="Unggah pindaian").click()
    expect(page.get_by_text("Pindaian Jumlah dan sebaran dukungan sudah disimpan.")).to_be_visible()
    expect(number.get_by_role("link", name="jumlah.pdf")).to_be_visible()
    expect(number.locator("h4")).to_contain_text("Ada")
    expect(page.locator("#submission h4")).to_contain_text("Belum ada")
    assert not person.overflows()


def test_all_papers_come_as_one_zip(visit):
    page = visit("operator").page
    page.get_by_role("link", name="Formulir", exact=True).first.click()
    page.get_by_role("link", name="Bontang Barat", exact=True).click()
    page.get_by_role("button", name="Siapkan ZIP Bontang Barat").click()
    ready = page.get_by_role("link", name="Unduh ZIP")
    expect(ready).to_be_visible()
    with page.expect_download() as download:
        ready.click()
    assert download.value.suggested_filename == "formulir-awal-647403.zip"
    assert download.value.path().read_bytes().startswith(b"PK\x03\x04")
