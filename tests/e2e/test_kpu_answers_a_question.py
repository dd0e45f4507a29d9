"""A team asks KPU from an upload and a citizen without an account; KPU answers; both read it, and one closes."""

import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import expect

from foundation.accounts.models import Mail
from foundation.drafts.models import Draft
from supports.help_desk.models import Thread
from tests import documents
from tests.e2e.person import PHONE
from tests.stack import wait_until

SCREENSHOT = {"name": "layar.png", "mimeType": "image/png", "buffer": documents.picture()}


def letters_to(address):
    """The texts of the letters that the running worker wrote to somebody."""
    mails = (path.read_text("utf-8") for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"))
    return [mail for mail in mails if address in mail]


def newest_link(address, number):
    """The address in the last of so many letters."""
    found = wait_until(lambda: len(letters_to(address)) >= number and letters_to(address))
    secrets = {re.search(r"(/bantuan/pertanyaan/\?kunci=\S+)", one)[1] for one in found}
    assert len(secrets) == number
    return secrets


def test_a_pair_asks_from_an_upload_reads_the_answer_and_closes(visit):
    team = visit("operator")
    team.page.locator(".sidenav").get_by_role("link", name="Unggahan").click()
    team.page.get_by_role("link", name="posko_utara.csv").first.click()
    team.page.get_by_role("link", name="Tanya soal unggahan ini").click()
    team.page.get_by_label("Pokok pertanyaan").fill("Apa arti ganda identik?")
    team.page.get_by_label("Pertanyaan", exact=True).fill("Apakah harus dihapus?")
    team.page.get_by_label("Lampiran").set_input_files(SCREENSHOT)
    team.page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(team.page.get_by_text("Pertanyaan terkirim.")).to_be_visible()
    thread = team.page.url

    kpu = visit("kpu")
    kpu.page.locator(".sidenav").get_by_role("link", name=re.compile(r"Meja bantuan\s+1")).click()
    kpu.page.get_by_role("link", name=re.compile("Apa arti ganda identik")).click()
    expect(kpu.page.get_by_role("link", name="layar.png")).to_be_visible()
    kpu.page.get_by_role("button", name="Ambil").click()
    kpu.page.get_by_label("Jawaban atau pertanyaan balik").fill("Tidak. Baris pertama tetap dihitung.")
    kpu.page.get_by_role("button", name="Kirim jawaban").click()
    expect(kpu.page.get_by_text("Jawaban terkirim.")).to_be_visible()

    team.page.goto("/")
    team.page.get_by_role("link", name="Baca jawaban").click()
    team.page.get_by_role("link", name=re.compile("Apa arti ganda identik")).click()
    assert team.page.url.partition("#")[0] == thread
    expect(team.page.get_by_text("Baris pertama tetap dihitung.")).to_be_visible()
    team.page.get_by_role("button", name="Tutup pertanyaan").click()
    expect(team.page.locator(".tag", has_text="Selesai")).to_be_visible()
    assert Thread.objects.get().status == "closed"


def test_what_was_typed_outlives_the_session(visit):
    team = visit("operator")
    team.page.locator(".sidenav").get_by_role("link", name="Bantuan KPU").click()
    team.page.get_by_role("link", name="Tanya KPU").first.click()
    team.page.wait_for_url("**/tanya/")
    address = team.page.url
    team.page.get_by_label("Pertanyaan", exact=True).fill("Tulisan yang panjang sekali.")
    wait_until(lambda: Draft.objects.count() == 1)
    team.forget_session()
    team.log_in("operator")
    team.page.goto(address)
    expect(team.page.get_by_label("Pertanyaan", exact=True)).to_have_value("Tulisan yang panjang sekali.")


def test_two_officers_answer_at_once_and_the_second_keeps_the_text(visit):
    team, first, second = visit("operator"), visit("kpu"), visit("kpu-ri")
    team.page.locator(".sidenav").get_by_role("link", name="Bantuan KPU").click()
    team.page.get_by_role("link", name="Tanya KPU").first.click()
    team.page.get_by_label("Pokok pertanyaan").fill("Kapan ditutup?")
    team.page.get_by_label("Pertanyaan", exact=True).fill("Jam berapa?")
    team.page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(team.page.get_by_text("Pertanyaan terkirim.")).to_be_visible()
    for officer, text in ((first, "Pukul 23.59."), (second, "Tengah malam.")):
        officer.page.goto(team.page.url)
        officer.page.get_by_label("Jawaban atau pertanyaan balik").fill(text)
    first.page.get_by_role("button", name="Kirim jawaban").click()
    expect(first.page.get_by_text("Jawaban terkirim.")).to_be_visible()
    second.page.get_by_role("button", name="Kirim jawaban").click()
    expect(second.page.get_by_role("alert").first).to_contain_text("KPU sudah menjawab")
    expect(second.page.get_by_text("Pukul 23.59.")).to_be_visible()
    expect(second.page.get_by_label("Jawaban atau pertanyaan balik")).to_have_value("Tengah malam.")


def test_a_citizen_asks_on_a_phone_and_reads_the_answer_by_the_letter(visit, live_stack):
    citizen, kpu = visit(viewport=PHONE), visit("kpu")
    citizen.page.goto("/bantuan/")
    citizen.page.get_by_label("Cari jawaban").fill("excel")
    citizen.page.get_by_role("button", name="Cari").click()
    citizen.page.get_by_role("link", name=re.compile("Mengapa NIK di Excel")).click()
    citizen.page.get_by_role("link", name="Tanya KPU").click()
    citizen.page.get_by_label("Nama", exact=True).fill("Galih Misalnya")
    citizen.page.get_by_label("Surel").fill("galih@contoh.test")
    citizen.page.get_by_label("Pemilihan", exact=True).select_option(label="Pemilihan Wali Kota Bontang 2024")
    citizen.page.get_by_label("Pokok pertanyaan").fill("Kapan petugas datang?")
    citizen.page.get_by_label("Pertanyaan", exact=True).fill("NIK saya 6474011201909001.")
    citizen.page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(citizen.page.get_by_role("alert").first).to_contain_text("16 digit seperti NIK")
    citizen.page.get_by_label("Pertanyaan", exact=True).fill("Saya di Bontang Kuala.")
    citizen.page.get_by_role("button", name="Kirim pertanyaan").click()
    expect(citizen.page.get_by_role("heading", name="Pertanyaan terkirim")).to_be_visible()
    assert not citizen.overflows()
    (first,) = newest_link("galih@contoh.test", 1)

    kpu.page.goto("/bantuan/meja/")
    kpu.page.get_by_role("link", name=re.compile("Kapan petugas datang")).click()
    expect(kpu.page.get_by_text("galih@contoh.test")).to_be_visible()
    kpu.page.get_by_label("Jawaban atau pertanyaan balik").fill("Pekan depan.")
    kpu.page.get_by_role("button", name="Kirim jawaban").click()
    expect(kpu.page.get_by_text("Jawaban terkirim.")).to_be_visible()

    (second,) = newest_link("galih@contoh.test", 2) - {first}
    assert not any("Pekan depan" in mail for mail in letters_to("galih@contoh.test"))
    citizen.page.goto(second)
    assert "kunci" not in citizen.page.url
    expect(citizen.page.get_by_text("Pekan depan.")).to_be_visible()
    citizen.page.get_by_label("Tulis lagi").fill("Terima kasih.")
    citizen.page.get_by_role("button", name="Kirim", exact=True).click()
    expect(citizen.page.get_by_text("Tulisan Anda terkirim.")).to_be_visible()
    assert not citizen.overflows()
    live_stack.wait_until_idle()
    assert Mail.objects.filter(to="galih@contoh.test", sent_at=None).count() == 0
