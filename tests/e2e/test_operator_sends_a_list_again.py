"""An operator mends a report, or the list itself, and sends it back: the number that counts rises."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.e2e.test_operator_mends_and_discards import send
from tests.supports.mended import read, written

PEOPLE = [factories.person(number) for number in range(5000, 5020)]
DAMAGED = [*PEOPLE[:14], *(row | {"nik": row["nik"][:12]} for row in PEOPLE[14:])]


def counted(page):
    """How many the pair's desk says count."""
    page.get_by_role("link", name="Meja").first.click()
    figure = page.locator(".figure", has_text="Terhitung").first
    return int(re.sub(r"\D", "", re.search(r"[\d.]+", figure.inner_text())[0]))


@pytest.fixture
def operator(visit):
    """The operator's page, with a damaged list loaded."""
    page = visit("operator").page
    send(page, factories.as_csv(DAMAGED), "data_30juni.csv")
    expect(page.locator("#hasil")).to_contain_text("20 baris: 14 terhitung, 6 perlu dibenahi.")
    return page


def test_operator_mends_the_report_and_sends_it_back(operator):
    page = operator
    first = page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    rows = read(download.value.path().read_bytes())
    assert [row["Temuan"] for row in rows] == ["NIK_LENGTH"] * 6
    for row, person in zip(rows, PEOPLE[14:], strict=True):
        row["NIK"] = person["nik"]
    before = counted(page)
    send(page, written(rows), "laporan_dibenahi.csv")
    expect(page.locator("#hasil")).to_contain_text("6 baris: 6 terhitung.")
    expect(page.locator("#digantikan")).to_contain_text("6 baris berkas ini menggantikan baris unggahan")
    assert counted(page) == before + 6
    page.goto(first)
    expect(page.locator("#hasil")).to_contain_text("14 baris: 14 terhitung.")
    expect(page.locator("#digantikan")).to_contain_text("6 baris unggahan ini diganti oleh unggahan")


def test_operator_mends_the_list_and_replaces_the_first_one(operator):
    page = operator
    first = page.url
    send(page, factories.as_csv(PEOPLE), "data_1juli.csv")
    expect(page.get_by_text("14 dari 20 baris")).to_be_visible()
    page.locator("summary", has_text="Ganti unggahan data_30juni.csv").click()
    page.get_by_label("Ketik 20 untuk memastikan").first.fill("20")
    page.get_by_role("button", name="Ganti, buang 20 baris lama").click()
    expect(page.locator("#hasil")).to_contain_text("20 baris: 20 terhitung.")
    page.goto(first)
    expect(page.get_by_text("Penggantinya: data_1juli.csv")).to_be_visible()


def test_operator_takes_the_copies_out(operator):
    page = operator
    before = counted(page)
    send(page, factories.as_csv([*PEOPLE[:14], factories.person(6000)]), "tambahan.csv")
    page.locator("summary", has_text="Hapus 14 salinan").click()
    page.get_by_label("Ketik 14 untuk memastikan").fill("14")
    page.get_by_role("button", name="Hapus 14 salinan").click()
    expect(page.locator("#hasil")).to_contain_text("1 baris: 1 terhitung.")
    assert counted(page) == before + 1


def test_operator_chooses_while_sending_which_list_is_replaced(operator):
    page = operator
    first = page.url
    page.get_by_role("link", name="Unggahan", exact=True).first.click()
    page.get_by_label("Cara menyimpan").select_option(index=1)
    page.get_by_label("Seret berkas ke sini").set_input_files(
        {"name": "data_1juli.csv", "mimeType": "text/csv", "buffer": factories.as_csv(PEOPLE)}
    )
    page.get_by_role("button", name="Unggah berkas").click()
    page.wait_for_url(lambda url: "/unggahan/" in url and url != first)
    expect(page.locator("#hasil")).to_contain_text("20 baris: 20 terhitung.")
    page.goto(first)
    expect(page.get_by_text("Penggantinya: data_1juli.csv")).to_be_visible()
