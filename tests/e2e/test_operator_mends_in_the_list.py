"""An operator looks for somebody, mends the row where it stands, and removes what a filter shows."""

import re

from playwright.sync_api import expect

from supports.models import Support
from tests import factories
from tests.e2e.person import PHONE
from tests.e2e.test_operator_mends_and_discards import send

NAME = "Kartono Terpotong"


def send_one_with_a_short_nik(page):
    people = [factories.person(400 + at) for at in range(6)]
    send(page, factories.as_csv([*people, factories.person(410, name=NAME, nik="647401")]), "pendek.csv")
    expect(page.locator("#hasil")).to_contain_text("7 baris: 6 terhitung, 1 perlu dibenahi.")
    page.get_by_role("link", name=re.compile("^(Daftar p|P)endukung$")).first.click()
    page.wait_for_url("**/dukungan/")  # and its scripts, which the keys need


def test_operator_finds_a_name_and_mends_the_nik_with_the_keyboard(visit, live_stack):
    person = visit("operator")
    page = person.page
    send_one_with_a_short_nik(page)
    live_stack.wait_until_idle()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("kart ter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hasil pencarian")).to_be_visible()
    page.wait_for_load_state()
    assert "kart" not in page.url
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=NAME)).to_be_focused()
    page.keyboard.press("e")
    nik = page.get_by_label("NIK", exact=True)
    expect(nik).to_be_focused()
    expect(page.locator(".editfield.found")).to_contain_text("NIK tidak 16 angka")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=NAME)).to_be_focused()
    page.keyboard.press("Enter")
    nik.fill(factories.person(410)["nik"])
    page.get_by_role("button", name="Simpan dan periksa").click()
    expect(page.locator("#pengumuman")).to_have_text("Tersimpan dan diperiksa: tidak ada temuan.")
    expect(page.get_by_role("link", name=NAME)).to_be_focused()
    expect(page.locator("tbody.person")).to_contain_text("6474••••••••••••")
    assert Support.objects.get(name=NAME).nik is not None


def test_operator_opens_an_identity_on_a_phone_and_removes_the_row(visit, live_stack):
    person = visit("operator", viewport=PHONE)
    page = person.page
    send_one_with_a_short_nik(page)
    live_stack.wait_until_idle()
    page.get_by_role("searchbox").fill(NAME)
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", name="Hasil pencarian")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="Lihat NIK dan isian tersembunyi").click()
    expect(page.get_by_label("NIK", exact=True)).to_have_value("647401")
    assert not person.overflows()
    page.get_by_text("Hapus baris ini").click()
    page.get_by_role("button", name="Hapus 1 baris").click()
    expect(page.locator("#pengumuman")).to_contain_text("Baris ini dihapus")
    assert not Support.objects.filter(name=NAME).exists()


def test_operator_removes_what_a_filter_shows_by_typing_how_many(visit):
    page = visit("operator").page
    people = [factories.person(500 + at, sex="?") for at in range(12)]
    send(page, factories.as_csv(people), "tanpa_kelamin.csv")
    page.get_by_role("link", name=re.compile("Jenis kelamin")).click()
    expect(page.locator("tbody.person")).to_have_count(12)
    page.get_by_role("link", name="Hapus semua baris yang tersaring").click()
    expect(page.get_by_role("heading", name="Hapus 12 baris")).to_be_visible()
    expect(page.get_by_text("10 contoh dari 12 baris")).to_be_visible()
    page.get_by_label("Ketik 12 untuk memastikan").fill("11")
    page.get_by_role("button", name="Hapus 12 baris").click()
    expect(page.get_by_role("alert")).to_contain_text("bukan 12")
    page.get_by_label("Ketik 12 untuk memastikan").fill("12")
    page.get_by_role("button", name="Hapus 12 baris").click()
    expect(page.get_by_text("12 baris dihapus dan semua jumlah sudah dihitung ulang.")).to_be_visible()
