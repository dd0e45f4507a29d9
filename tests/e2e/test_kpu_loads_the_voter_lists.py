"""An office loads DPT and DP4 of its election, mends a list that was refused, and a verifier reads what they say."""

import re

import pytest
from playwright.sync_api import expect

from candidates.models import Election
from tests.e2e.scene import ENOUGH, in_review
from tests.verification.rolls.lists import as_csv, voter
from verification.rolls.models import Roll


@pytest.fixture
def reviewed(live_stack):
    """A round of which 112 rows wait for the verifier."""
    Election.objects.update(**ENOUGH)
    return in_review(live_stack, Election.objects.get())


def send(page, kind, name, content):
    page.get_by_label(re.compile(f"^{kind}")).check()
    page.locator("#berkas").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Unggah daftar").click()


def test_office_loads_the_lists_and_a_verifier_reads_them(visit, reviewed, live_stack):
    kpu = visit("kpu").page
    kpu.goto(f"/verifikasi/{reviewed}/")
    kpu.get_by_role("link", name="Daftar pemilih").click()
    expect(kpu.get_by_text("Belum ada daftar pemilih.")).to_be_visible()
    send(kpu, "DPT", "tanpa-nik.csv", b"NO;NAMA;KECAMATAN\n1;Budi;Bontang Utara\n")
    expect(kpu.get_by_text("Kolom NIK tidak ditemukan")).to_be_visible()
    voters = [voter(200, name="ORANG LAIN"), *(voter(at) for at in range(201, 300))]
    send(kpu, "DPT", "dpt.csv", as_csv(voters))
    expect(kpu.get_by_role("row", name=re.compile("DPT versi 2.*Berlaku"))).to_be_visible()
    rounds = kpu.get_by_role("row", name=re.compile("Dewi Umpama"))
    expect(rounds).to_contain_text("DPT versi 2")
    live_stack.wait_until_idle()
    assert list(Roll.objects.order_by("pk").values_list("status", "entries")) == [
        ("failed", 0),
        ("current", 100),
    ]
    kpu.goto(f"/verifikasi/{reviewed}/massal/?temuan=NOT_IN_ROLL")
    expect(kpu.get_by_role("heading", name="11 baris menunggu keputusan")).to_be_visible()

    verifier = visit("verifikator").page
    verifier.goto(f"/verifikasi/{reviewed}/periksa/")
    card = verifier.locator("article[data-card]")
    expect(card).to_contain_text("Ada di DPT")
    expect(card.get_by_role("row", name=re.compile("Nama.*ORANG LAIN"))).to_be_visible()
    expect(card).to_contain_text("DP4 belum dimuat")
