"""An operator shows which column is which, and throws away a file that was wrong."""

import re

from playwright.sync_api import expect

from tests import factories


def send(page, content, name):
    page.get_by_role("link", name="Unggahan", exact=True).first.click()
    page.get_by_label("Seret berkas ke sini").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))


def test_operator_shows_which_column_holds_the_nik(visit):
    page = visit("operator").page
    unnamed = factories.as_csv([factories.person(at) for at in range(4)])
    send(page, unnamed.replace(b"NIK,Nama", b"Kolom A,Kolom B"), "tanpa_judul.csv")
    expect(page.get_by_role("heading", name="Ada kolom wajib yang belum dikenali")).to_be_visible()
    page.get_by_label("Kolom A", exact=True).select_option("NIK")
    page.get_by_role("button", name="Muat dengan kolom ini").click()
    expect(page.get_by_role("alert")).to_contain_text("Kolom Nama belum ditunjuk.")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Kolom B", exact=True).select_option("Nama")
    page.get_by_role("button", name="Muat dengan kolom ini").click()
    expect(page.locator("#hasil")).to_contain_text("4 baris: 4 terhitung.")


def test_operator_discards_a_file_by_typing_how_many_rows_go(visit):
    page = visit("operator").page
    send(page, factories.as_csv([factories.person(at) for at in range(12)]), "salah.csv")
    expect(page.locator("#hasil")).to_contain_text("12 baris")
    page.get_by_label("Ketik 12 untuk memastikan").fill("11")
    page.get_by_role("button", name="Hapus 12 baris").click()
    expect(page.get_by_role("alert")).to_contain_text("bukan 12")
    page.get_by_label("Ketik 12 untuk memastikan").fill("12")
    page.get_by_role("button", name="Hapus 12 baris").click()
    expect(page.get_by_text("Unggahan ini sudah dibuang.")).to_be_visible()


def test_operator_is_told_why_a_picture_is_no_list(visit):
    page = visit("operator").page
    send(page, bytes(range(256)) * 40, "foto.csv")
    expect(page.get_by_role("heading", name="Berkas ini tidak dimuat")).to_be_visible()
    page.get_by_role("button", name="Buang berkas ini").click()
    expect(page.get_by_text("Unggahan ini sudah dibuang.")).to_be_visible()
