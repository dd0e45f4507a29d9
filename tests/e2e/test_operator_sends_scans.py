"""A ZIP of scans is dropped on the page: what its names tell comes to its rows, a list and a person tell the rest."""

import base64
import re

from playwright.sync_api import expect

from candidates.models import Pair
from foundation import seal
from foundation.keys.keyring import keyring
from supports.models import Support
from supports.scans.models import Scan, ScanCount
from supports.standards import key_scope
from tests.factories import person
from tests.stack import wait_until
from tests.supports.scans import papers

DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  document.getElementById("zona").dispatchEvent(
    new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def people(pair, most):
    """Rows that count, each with its NIK."""
    rows = Support.objects.filter(submission__pair=pair, submission__kind="round", standing__clean=True)
    key = keyring(key_scope(pair.election)).nik
    return [(row, seal.open_nik(row.nik, key)) for row in rows.exclude(name=None).order_by("pk")[:most]]


def drop(page, name, content):
    expect(page.locator("#zona")).to_be_visible()
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])


def waiting(page, pair, number):
    """The page once so many scans are counted as without row."""
    counted = ScanCount.objects.filter(pair=pair, submission=0, key="waiting", n=number)
    wait_until(counted.exists, every=0.2)
    page.goto(f"/pasangan/{pair.pk}/pindaian/?daftar=menunggu")
    expect(page.locator(".scancard")).to_have_count(number)


def test_operator_drops_a_zip_sends_a_list_and_places_the_rest_by_hand(visit):
    pair = Pair.objects.select_related("election").earliest("pk")
    (first, nik), (second, other), (third, _nik) = people(pair, 3)
    nobodys = person(900)["nik"]
    files = {
        f"desa/{nik}_b1.pdf": papers.pdf("satu", "dua"),
        f"{nobodys}_ktp.jpg": papers.scan("bukan pendukung"),
        "IMG_1.jpg": papers.scan("menurut daftar"),
        "foto.jpg": papers.scan("dengan tangan"),
        "rusak.jpg": papers.scan("rusak")[:4000],
    }
    operator = visit("operator")
    page = operator.page
    page.goto(f"/pasangan/{pair.pk}/pindaian/")
    drop(page, "pindaian.zip", papers.zipped(files))
    expect(page.get_by_role("row", name=re.compile("pindaian.zip"))).to_contain_text("Selesai")
    page.get_by_role("link", name="pindaian.zip").click()
    expect(page.get_by_role("row", name=re.compile("rusak.jpg"))).to_contain_text("Rusak atau terpotong")
    waiting(page, pair, 3)
    assert nobodys not in page.content()
    drop(page, "daftar.csv", f"berkas;nik;jenis\nIMG_1.jpg;{other};ktp\nIMG_9.jpg;12;\n".encode())
    page.wait_for_url("**/pindaian/daftar/*/")
    expect(page.get_by_role("row", name=re.compile("NIK-nya bukan 16 angka"))).to_contain_text("3")
    waiting(page, pair, 2)
    page.get_by_role("link", name=re.compile(r"foto\.jpg")).click()
    expect(page.get_by_text("Tidak ada baris dengan NIK atau nomor itu.")).to_be_visible()
    page.get_by_role("searchbox").fill(third.name)
    page.keyboard.press("Enter")
    place = page.locator(".foundrow", has=page.locator(f"input[value='{third.pk}']"))
    place.get_by_role("combobox").select_option("statement")
    place.get_by_role("button", name="Tempatkan").click()
    expect(page.get_by_text(f"Pindaian ditempatkan pada baris {third.name}.")).to_be_visible()
    assert not operator.overflows()
    held = Scan.objects.filter(pair=pair, ended_at=None).exclude(support=None).order_by("support_id")
    assert list(held.values_list("support", "kind", "found_by")) == [
        (first.pk, "statement", "nik"), (second.pk, "ktp", "nik"), (third.pk, "statement", "hand"),
    ]  # fmt: skip
    assert Scan.objects.get(pair=pair, support=None).reason == "no_row"


def test_file_picked_before_the_script_came_is_sent(visit):
    """On a slow network the page stands there before what makes it work."""
    pair = Pair.objects.earliest("pk")
    page = visit("operator").page
    held = []
    page.route("**/scans*.js", lambda route: held.append(route), times=1)
    with page.expect_request("**/scans*.js"):
        page.goto(f"/pasangan/{pair.pk}/pindaian/", wait_until="commit")
    page.get_by_label("Seret ZIP, folder, atau berkas pindaian ke sini").set_input_files(
        {
            "name": "awal.zip",
            "mimeType": "application/zip",
            "buffer": papers.zipped({"satu.jpg": papers.scan("satu")}),
        }
    )
    held.pop().continue_()
    expect(page.get_by_role("row", name=re.compile("awal.zip"))).to_contain_text("1 / 1")
