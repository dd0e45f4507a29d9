"""A citizen asks, by keyboard alone, how many supporters are needed."""

import re

from playwright.sync_api import expect


def test_citizen_simulates_a_requirement_by_keyboard_and_shares_it(visit):
    citizen = visit()
    page = citizen.page
    page.goto("/simulasi/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Lompat ke isi halaman")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Dasar hukum")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("464.114")
    page.keyboard.press("Tab")
    page.keyboard.type("enam")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Jumlah wilayah bukan bilangan bulat").press("Enter")
    expect(page.get_by_label("Jumlah wilayah")).to_be_focused()
    page.get_by_label("Jumlah wilayah").fill("6")
    page.keyboard.press("Enter")
    expect(page.get_by_text("464.114 × 8,5 % = 39.449,69 → dibulatkan ke atas 39.450")).to_be_visible()

    friend = visit()
    friend.page.goto(page.url)
    expect(friend.page.get_by_text("dibulatkan ke atas 39.450")).to_be_visible()


def test_citizen_is_sent_to_log_in_and_comes_back_to_the_page_asked_for(visit):
    page = visit().page
    page.goto("/pasangan/?cari=Bontang")
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    page.get_by_label("Nama pengguna").fill("kpu")
    page.get_by_label("Kata sandi").fill("salah-sekali")
    page.locator("main").get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert")).to_contain_text("Nama pengguna atau kata sandi tidak cocok.")
    page.get_by_label("Kata sandi").fill("silon-demo")
    page.locator("main").get_by_role("button", name="Masuk").click()
    expect(page).to_have_url(re.compile(r"/pasangan/\?cari=Bontang$"))
