"""A team asks for accounts with its mandate, on a phone; the commission approves; activation links go out."""

import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import expect

from candidates.mandates.models import Mandate
from foundation.accounts.models import Mail, User
from tests import documents
from tests.e2e.person import PHONE
from tests.stack import wait_until

TYPED = {
    "Nama bakal calon": "Arga Cobaan",
    "Nama bakal calon wakil": "Lestari Percobaan",
    "Nama LO": "Sari Contoh",
    "Surel LO": "sari@contoh.test",
    "Nomor HP LO": "0812-0000-0001",
    "Nama operator 1": "Tono Contoh",
    "Surel operator 1": "tono@contoh.test",
}
SCAN = {"name": "mandat.pdf", "mimeType": "application/pdf", "buffer": documents.pdf(pages=2)}
FALSE = {"name": "mandat.pdf", "mimeType": "application/pdf", "buffer": b"<html>bukan PDF</html>"}


def test_lo_asks_kpu_approves_and_links_are_mailed(visit, live_stack):
    lo = visit(viewport=PHONE)
    lo.page.goto("/")
    lo.page.get_by_role("link", name="Ajukan mandat").click()
    lo.page.get_by_role("link", name="Pemilihan Wali Kota Bontang 2024").click()
    for label, value in TYPED.items():
        lo.page.get_by_label(label, exact=True).fill(value)
    lo.page.get_by_label("Surat mandat yang ditandatangani").set_input_files(FALSE)
    lo.page.get_by_role("button", name="Ajukan mandat").click()
    expect(lo.page.get_by_role("alert")).to_contain_text("bukan PDF, JPG, atau PNG")
    expect(lo.page.get_by_label("Nama LO", exact=True)).to_have_value("Sari Contoh")
    lo.page.get_by_label("Surat mandat yang ditandatangani").set_input_files(SCAN)
    lo.page.get_by_role("button", name="Ajukan mandat").click()
    lo.page.wait_for_url(re.compile(r"/mandat/status/"))
    receipt = lo.page.url
    assert lo.page.locator(".receiptcode").inner_text() in receipt
    assert not lo.overflows()

    kpu = visit("kpu")
    kpu.page.get_by_role("link", name="Mandat", exact=True).click()
    kpu.page.get_by_role("link", name=re.compile("Arga Cobaan")).click()
    second = kpu.page.get_by_alt_text("Halaman 2 surat mandat")
    second.scroll_into_view_if_needed()
    wait_until(lambda: second.evaluate("(one) => one.complete && one.naturalWidth > 1000"))
    kpu.page.get_by_role("button", name="Setujui dan beri akun").click()
    expect(kpu.page.get_by_text("Mandat disetujui.")).to_be_visible()
    expect(kpu.page.get_by_role("link", name="Arga Cobaan – Lestari Percobaan")).to_be_visible()

    lo.page.goto(receipt)
    expect(lo.page.locator(".tag").first).to_contain_text("Disetujui")
    assert Mandate.objects.get().status == "approved"
    assert User.objects.get(email="sari@contoh.test").is_invited
    live_stack.wait_until_idle()
    letters = Mail.objects.filter(template="activation")
    assert sorted(letters.values_list("to", flat=True)) == ["sari@contoh.test", "tono@contoh.test"]
    assert not letters.filter(sent_at=None).exists()
    mails = [path.read_text("utf-8") for path in Path(settings.EMAIL_FILE_PATH).glob("*.log")]
    for address in ("sari@contoh.test", "tono@contoh.test"):
        assert any(address in one and re.search(r"/akun/aktivasi/\?kunci=\S{20,}", one) for one in mails)


def test_a_refused_mandate_is_mended_by_its_code(visit):
    lo = visit()
    lo.page.goto("/mandat/")
    lo.page.get_by_role("link", name="Pemilihan Wali Kota Bontang 2024").click()
    for label, value in TYPED.items():
        lo.page.get_by_label(label, exact=True).fill(value)
    lo.page.get_by_label("Surat mandat yang ditandatangani").set_input_files(SCAN)
    lo.page.get_by_role("button", name="Ajukan mandat").click()
    code = lo.page.locator(".receiptcode").inner_text()

    kpu = visit("kpu")
    kpu.page.goto("/mandat/daftar/")
    kpu.page.get_by_role("link", name=re.compile("Arga Cobaan")).click()
    kpu.page.get_by_text("Tolak", exact=True).click()
    kpu.page.get_by_label("Alasan").fill("Surat belum ditandatangani.")
    kpu.page.get_by_role("button", name="Tolak dengan alasan ini").click()
    expect(kpu.page.get_by_text("Mandat ditolak.")).to_be_visible()

    lo.page.goto("/mandat/")
    lo.page.get_by_label("Kode tanda terima").fill(code.lower())
    lo.page.get_by_role("button", name="Lihat").click()
    expect(lo.page.get_by_text("Surat belum ditandatangani.").first).to_be_visible()
    lo.page.get_by_role("button", name="Ajukan lagi").click()
    expect(lo.page.locator(".tag").first).to_contain_text("Menunggu pemeriksaan")
