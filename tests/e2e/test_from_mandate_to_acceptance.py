"""The whole way, as new users go it: mandate, account, upload, mending, handing in, proof, acceptance."""

import io
import re

import polars as pl
from playwright.sync_api import expect

from supports.management.commands.make_supporters import places_of
from supports.models import Reception
from supports.synthetic import pieces
from tests.e2e.test_guest_becomes_an_operator import PASSWORD, mailed_link, secret_on
from tests.e2e.test_lo_asks_for_accounts import SCAN, TYPED
from tests.e2e.test_operator_hands_in import check, download
from tests.e2e.test_operator_mends_and_discards import send
from tests.foundation.accounts.two_steps import app_code

BONTANG, CLEAN = 6474, 13_200
PAIR = "Arga Cobaan – Lestari Percobaan"
MENDED = "Kartono Terpotong"


def a_file():
    """Enough people for the published minimum of 13,160, and one whose NIK is too short; the NIK it should have."""
    people = pl.concat(pieces(CLEAN + 1, places_of(BONTANG), seed=7, defects=False))
    one = people.row(-1, named=True)
    short = people[-1].with_columns(pl.lit("647401").alias("NIK"), pl.lit(MENDED).alias("Nama"))
    out = io.BytesIO()
    pl.concat([people[:-1], short]).write_csv(out)
    return out.getvalue(), one["NIK"]


def ask_for_accounts(lo):
    lo.page.goto("/mandat/ajukan/")
    lo.page.get_by_role("link", name="Pemilihan Wali Kota Bontang 2024").click()
    for label, value in TYPED.items():
        lo.page.get_by_label(label, exact=True).fill(value)
    lo.page.get_by_label("Surat mandat yang ditandatangani").set_input_files(SCAN)
    lo.page.get_by_role("button", name="Ajukan mandat").click()
    lo.page.wait_for_url(re.compile(r"/mandat/status/"))


def approve(kpu):
    kpu.page.get_by_role("link", name="Mandat", exact=True).click()
    kpu.page.get_by_role("link", name=re.compile("Arga Cobaan")).click()
    kpu.page.get_by_role("button", name="Setujui dan beri akun").click()
    expect(kpu.page.get_by_text("Mandat disetujui.")).to_be_visible()


def activate(page):
    """By the link in the letter to the operator; with two-factor."""
    page.goto(mailed_link("tono@contoh.test"))
    page.get_by_label("Nama pengguna").fill("tono")
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_label("Ulangi kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Aktifkan dan lanjutkan").click()
    page.get_by_label("Kode dari aplikasi").fill(app_code(secret_on(page)))
    page.get_by_role("button", name="Periksa kode dan aktifkan").click()
    page.get_by_role("button", name="Sudah saya simpan").click()
    expect(page.get_by_role("heading", name=PAIR)).to_be_visible()


def mend(page, stack, nik):
    """The one faulty row, where it stands in the list."""
    stack.wait_until_idle()
    page.get_by_role("link", name="NIK tidak 16 angka").click()
    page.wait_for_url("**/dukungan/?*")  # its scripts are there: the row opens in its place
    page.get_by_role("link", name=MENDED).click()
    page.get_by_label("NIK", exact=True).fill(nik)
    page.get_by_role("button", name="Simpan dan periksa").click()
    expect(page.locator("#pengumuman")).to_have_text("Tersimpan dan diperiksa: tidak ada temuan.")


def hand_in(page):
    page.get_by_role("link", name="Meja kerja").first.click()
    expect(page.get_by_role("heading", name="Sudah diunggah, BELUM diserahkan")).to_be_visible()
    page.get_by_role("link", name="Periksa dan serahkan").click()
    page.get_by_label("Ketik 13.201 untuk memastikan").fill("13201")
    page.get_by_role("button", name="Serahkan 13.201 baris").click()
    page.wait_for_url(re.compile(r"/tanda-terima/\d+/$"))
    return page.url


def accept(page):
    """From the territory's page, where an office begins its day."""
    page.goto("/wilayah/")
    page.get_by_role("link", name=PAIR).click()
    expect(page.get_by_role("heading", name="Sudah diserahkan, menunggu keputusan KPU")).to_be_visible()
    page.get_by_role("link", name="Hitung dan putuskan").click()
    page.get_by_label("Nomor berita acara").fill("BA-1/PL.02.2-BA/6474/2024")
    page.get_by_label("Keputusan").select_option("accepted")
    page.get_by_role("button", name="Simpan keputusan").click()
    expect(page.get_by_role("heading", name="Diterima", exact=True)).to_be_visible()


def test_a_team_gets_in_hands_in_and_is_accepted(visit, live_stack, tmp_path):
    lo, kpu, operator = visit(), visit("kpu"), visit()
    ask_for_accounts(lo)
    approve(kpu)
    activate(operator.page)
    content, nik = a_file()
    send(operator.page, content, "dukungan.csv")
    expect(operator.page.locator("#hasil")).to_contain_text(
        "13.201 baris: 13.200 terhitung, 1 perlu dibenahi."
    )
    mend(operator.page, live_stack, nik)
    receipt = hand_in(operator.page)
    proof = download(operator.page, "Unduh JSON", tmp_path / "tanda-terima.json")
    rows = download(operator.page, "Salinan 13.201 baris", tmp_path / "baris.jsonl")
    operator.page.get_by_role("link", name="Cara memeriksanya").click()
    checker = download(operator.page, "pemeriksa.pyz", tmp_path / "pemeriksa.pyz")
    assert check(checker, proof, rows) == (0, "BENAR. Semua yang diperiksa cocok dengan tanda terima.\n")
    accept(kpu.page)
    operator.page.goto(receipt)
    assert download(operator.page, "Berita acara", tmp_path / "berita-acara.pdf")
    assert (tmp_path / "berita-acara.pdf").read_bytes().startswith(b"%PDF-")
    assert Reception.objects.get().counted == 13_201
