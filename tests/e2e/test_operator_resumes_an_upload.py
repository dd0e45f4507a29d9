"""An operator's network goes away in the middle of a file, or the browser is closed: the file goes on where it was."""

import hashlib
import re

import pytest
from playwright.sync_api import expect

from foundation.keys.models import StoredPart
from supports.models import IncomingFile, Upload
from tests import factories
from tests.stack import wait_until

ROWS = [factories.person(at) for at in range(60)]
# Few people and many bytes: a column that nobody knows is long.
HEADINGS, *LINES = factories.as_csv(ROWS).splitlines()
CONTENT = b"\n".join([HEADINGS + b",Catatan", *(line + b"," + b"catatan " * 12_500 for line in LINES)])
SLOW = 300_000  # bytes a second: halfway lasts, however busy the machine


def a_file(content=CONTENT, name="posko utara.csv"):
    return {"name": name, "mimeType": "text/csv", "buffer": content}


def choose(page, file):
    page.get_by_label("Seret berkas ke sini").set_input_files(file)
    page.get_by_role("button", name="Unggah berkas").click()


@pytest.fixture
def halfway(visit):
    """An operator whose file is on its way; its first bytes have left."""

    def send(file):
        operator = visit("operator")
        page = operator.page
        page.goto(page.url + "unggah/")
        operator.narrow_network(SLOW)
        choose(page, file)
        wait_until(lambda: page.evaluate("document.getElementById('maju').value") >= 20)
        return operator

    return send


def parts():
    """The parts that count by now."""
    return set(StoredPart.objects.filter(stored_at__isnull=False).values_list("pk", flat=True))


def check_received_once(before):
    """One upload of the whole content, to which the parts that had arrived before belong."""
    made = Upload.objects.get(name="posko utara.csv")
    assert made.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert before
    assert before < parts()
    assert IncomingFile.objects.get().upload == made


def test_operator_whose_network_goes_away_waits_and_it_goes_on(halfway):
    operator = halfway(a_file())
    page = operator.page
    operator.narrow_network(0)
    expect(page.locator("#keadaan")).to_contain_text(
        "Jaringan terputus. Dilanjutkan sendiri begitu tersambung."
    )
    before = wait_until(parts)
    operator.narrow_network(-1)
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    expect(page.locator("#hasil")).to_contain_text("60 baris: 60 terhitung.")
    check_received_once(before)


def test_operator_who_closed_the_browser_chooses_the_same_file_and_it_goes_on(halfway, visit):
    halfway(a_file()).leave()
    before = wait_until(parts)
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    expect(page.locator("#belum-selesai")).to_contain_text("posko utara.csv, ")
    expect(page.locator("#belum-selesai")).to_contain_text("Pilih berkas yang sama untuk melanjutkan.")
    choose(page, a_file(name="salinan.csv"))
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    expect(page.locator("#hasil")).to_contain_text("60 baris: 60 terhitung.")
    check_received_once(before)


def test_another_file_of_the_same_name_and_size_is_another_file(halfway, visit):
    halfway(a_file()).leave()
    wait_until(parts)
    operator = visit("operator")
    page = operator.page
    page.goto(page.url + "unggah/")
    other = CONTENT[:-2] + b"X "
    choose(page, a_file(other))
    page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    assert Upload.objects.get(name="posko utara.csv").sha256 == hashlib.sha256(other).hexdigest()
    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Unggahan").click()
    unfinished = page.locator("#belum-selesai")
    expect(unfinished).to_contain_text("Belum selesai dikirim")
    unfinished.get_by_role("button", name="Batalkan").click()
    expect(page.get_by_text("Belum selesai dikirim")).to_have_count(0)
    assert IncomingFile.objects.filter(upload=None).count() == 0


def test_operator_who_cancels_leaves_nothing(halfway):
    operator = halfway(a_file())
    page = operator.page
    page.get_by_role("button", name="Batalkan pengiriman").click()
    expect(page.locator("#zona")).to_be_visible()
    expect(page.locator("#pengiriman")).to_be_hidden()
    assert not IncomingFile.objects.exists()
    assert not Upload.objects.filter(name="posko utara.csv").exists()


def test_operator_sees_it_on_a_phone(halfway, visit):
    operator = halfway(a_file())
    operator.page.set_viewport_size({"width": 390, "height": 844})
    assert not operator.overflows()
    expect(operator.page.locator("#keadaan")).to_be_in_viewport()
    operator.leave()
    wait_until(parts)
    again = visit("operator", viewport={"width": 390, "height": 844})
    again.page.goto(again.page.url + "unggah/")
    expect(again.page.get_by_text("Belum selesai dikirim")).to_be_visible()
    assert not again.overflows()
