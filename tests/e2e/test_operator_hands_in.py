"""An operator hands the round in, keeps the receipt and the copy, and proves them without our database."""

import re
import subprocess
import sys

from playwright.sync_api import expect

from candidates.models import Election
from tests import factories
from tests.e2e.test_operator_mends_and_discards import send


def download(page, link, path):
    with page.expect_download() as started:
        page.get_by_role("link", name=link).click()
    started.value.save_as(path)
    return str(path)


def check(*arguments):
    """The downloaded checker, on a machine that has Python and nothing of ours."""
    done = subprocess.run([sys.executable, "-I", "-S", *arguments], capture_output=True, text=True, env={})
    return done.returncode, done.stdout


def test_operator_hands_in_and_proves_it_without_our_database(visit, tmp_path):
    person = visit("operator")
    page = person.page
    page.get_by_role("link", name="Periksa dan serahkan").click()
    expect(page.get_by_role("heading", name="Sudah diunggah, BELUM diserahkan")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Kurang [\d.]+ pendukung: diminta 13\.160"))).to_be_visible()
    # The demo's file is short of the minimum; a decree makes it enough.
    enough = {"override_minimum": 5_000, "override_spread": 2, "override_decree": "Keputusan peragaan"}
    Election.objects.update(**enough)
    send(page, factories.as_csv([factories.person(at) for at in range(4)]), "susulan.csv")
    expect(page.locator("#hasil")).to_contain_text("4 baris: 4 terhitung.")
    page.get_by_role("link", name="Meja kerja").first.click()
    page.get_by_role("link", name="Periksa dan serahkan").click()
    page.get_by_label("Ketik 8.004 untuk memastikan").fill("8.003")
    page.get_by_role("button", name="Serahkan 8.004 baris").click()
    expect(page.get_by_role("alert")).to_contain_text("Jumlah yang diketik bukan 8.004")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Ketik 8.004 untuk memastikan").fill("8004")
    page.get_by_role("button", name="Serahkan 8.004 baris").click()
    page.wait_for_url(re.compile(r"/tanda-terima/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("TT-0001/6474/2024")
    assert not person.overflows()
    receipt = download(page, "Unduh JSON", tmp_path / "tanda-terima.json")
    rows = download(page, "Salinan 8.004 baris", tmp_path / "baris.jsonl")
    download(page, "Unduh PDF", tmp_path / "tanda-terima.pdf")
    assert (tmp_path / "tanda-terima.pdf").read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="Cara memeriksanya").click()
    checker = download(page, "pemeriksa.pyz", tmp_path / "pemeriksa.pyz")
    assert check(checker, receipt, rows) == (0, "BENAR. Semua yang diperiksa cocok dengan tanda terima.\n")
    lines = (tmp_path / "baris.jsonl").read_text("utf-8").split("\n")
    lines[7_000] = re.sub(r'"rt":"[^"]*"', '"rt":"999"', lines[7_000])
    (tmp_path / "palsu.jsonl").write_text("\n".join(lines), "utf-8")
    code, said = check(checker, receipt, str(tmp_path / "palsu.jsonl"))
    assert (code, "1 baris diubah: baris nomor 7000" in said) == (1, True)
    page.get_by_role("link", name="Meja kerja").first.click()
    expect(page.get_by_role("heading", name="Sudah diserahkan")).to_be_visible()
    assert person.complaints == []
