"""A window is over; a putusan opens it again for one pair, by two people of KPU RI, and a file goes through."""

import re
from datetime import timedelta

from django.conf import settings
from playwright.sync_api import expect

from candidates.models import Pair, Window
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.accounts.models import User
from tests import documents, factories
from tests.e2e.person import PHONE
from tests.foundation.accounts.two_steps import SECRET, app_code, set_up_before
from tests.stack import wait_until

LETTER = "001/PS.REG/64.6474/V/2024"
FILE = {
    "name": "susulan.csv",
    "mimeType": "text/csv",
    "buffer": factories.as_csv([factories.person(at) for at in range(900, 905)]),
}

SCAN = documents.SCAN | {"name": "putusan.pdf", "buffer": documents.pdf(title="Salinan putusan")}


def second_approver(visit):
    """Another person of KPU RI, who logs in with the code of an app."""
    made = factories.user("kpu-ri-2", Role.KPU_RI)
    made.set_password(settings.DEMO_PASSWORD)
    made.two_factor_at = None
    made.save()
    set_up_before(made)
    person = visit()
    person.page.goto("/akun/masuk/")
    person.page.get_by_label("Nama pengguna").fill("kpu-ri-2")
    person.page.get_by_label("Kata sandi").fill(settings.DEMO_PASSWORD)
    person.page.locator("main").get_by_role("button", name="Masuk").click()
    person.page.get_by_label("Kode verifikasi").fill(app_code(SECRET))
    person.page.locator("main").get_by_role("button", name="Masuk").click()
    person.page.wait_for_url(lambda url: "/akun/" not in url)
    return person


def first_pair():
    operator = User.objects.get(username="operator")
    return Pair.objects.get(pk=operator.assignments.get().scope_id)


def approve(person, address):
    person.page.goto(address)
    with person.page.expect_download() as letter:
        person.page.get_by_role("link", name="putusan.pdf").click()
    assert letter.value.suggested_filename == "putusan.pdf"
    person.page.get_by_role("button", name="Setujui").click()
    expect(person.page.locator(".notice.good")).to_contain_text("sudah dicatat")


def test_an_ended_window_is_opened_again_for_one_pair(visit):
    pair = first_pair()
    Window.objects.update(closes_at=now() - timedelta(minutes=1))
    masa = f"/pasangan/{pair.pk}/masa/"

    operator = visit("operator")
    operator.page.goto(f"/pasangan/{pair.pk}/unggah/")
    expect(operator.page.get_by_role("radio", name="Putaran yang sedang diisi")).to_be_disabled()
    expect(operator.page.get_by_role("radio", name="Cadangan dukungan")).to_be_checked()
    assert re.search(r"Masa pengisian dukungan berakhir .* WITA\.", operator.text())

    kpu = visit("kpu")
    kpu.page.goto(masa)
    kpu.page.get_by_role("link", name="Usulkan pembukaan kembali").click()
    kpu.page.get_by_role("button", name="Usulkan").click()
    expect(kpu.page.get_by_role("alert")).to_contain_text("Nomor surat belum diisi.")
    expect(kpu.page.get_by_role("alert")).to_be_focused()
    kpu.page.get_by_role("alert").get_by_role("link").first.click()
    expect(kpu.page.get_by_label("Nomor surat")).to_be_focused()
    kpu.page.get_by_label("Nomor surat").fill(LETTER)
    kpu.page.get_by_label("Dokumen surat").set_input_files(SCAN)
    kpu.page.get_by_label("Baris yang dapat berubah").select_option(label="Hanya baris baru")
    kpu.page.get_by_role("button", name="Usulkan").click()
    expect(kpu.page.get_by_text("Menunggu persetujuan pertama KPU RI")).to_be_visible()
    expect(kpu.page.get_by_role("button", name="Setujui")).to_be_disabled()

    operator.page.goto(masa)
    expect(operator.page.locator("main")).to_contain_text(
        f"menunggu persetujuan KPU RI (surat nomor {LETTER})"
    )
    expect(operator.page.get_by_role("button", name="Setujui")).to_have_count(0)

    approve(visit("kpu-ri"), masa)
    approve(second_approver(visit), masa)

    kpu.page.reload()
    kpu.page.get_by_role("link", name="Buka", exact=True).click()
    expect(kpu.page.locator(".facts")).to_contain_text("dari sekarang sampai")
    kpu.page.get_by_role("button", name="Buka masa ini").click()
    expect(kpu.page.get_by_text("Sedang dibuka").first).to_be_visible()

    wait_until(lambda: pair.submissions.get(kind="round").status == "draft")
    operator.page.goto(f"/pasangan/{pair.pk}/unggah/")
    expect(operator.page.locator(".windowline")).to_contain_text(f"dibuka berdasarkan Putusan {LETTER}")
    operator.page.get_by_label("Seret berkas ke sini").set_input_files(FILE)
    operator.page.get_by_role("button", name="Unggah berkas").click()
    operator.page.wait_for_url(re.compile(r"/unggahan/\d+/$"))
    expect(operator.page.locator("#hasil")).to_contain_text("5 baris: 5 terhitung")


def test_an_outage_is_told_on_a_phone_and_made_up_for_in_one_step(visit):
    kpu = visit("kpu")
    kpu.page.get_by_role("link", name="Catatan gangguan").first.click()
    kpu.page.get_by_role("link", name="Catat gangguan").click()
    kpu.page.get_by_label("Yang terganggu").fill("Pengunggahan berkas dukungan")
    kpu.page.get_by_label("Keterangan").fill("Ruang penyimpanan penuh dan sedang ditambah.")
    kpu.page.get_by_role("button", name="Catat").click()
    expect(kpu.page.get_by_role("button", name="Berakhir sekarang")).to_be_visible()

    team = visit("operator2", viewport=PHONE)
    expect(team.page.get_by_text("Gangguan sedang ditangani sejak")).to_be_visible()
    for address in ("/gangguan/", team.page.url + "masa/"):
        team.page.goto(address)
        assert not team.overflows(), address

    kpu.page.get_by_role("button", name="Berakhir sekarang").click()
    kpu.page.get_by_label("Nomor keputusan").first.fill("12/2024")
    kpu.page.get_by_label("Dokumen surat").set_input_files(SCAN)
    kpu.page.get_by_role("button", name="Usulkan perpanjangan").click()
    expect(kpu.page.get_by_text("2 perpanjangan sudah diusulkan.")).to_be_visible()
    team.page.reload()
    expect(team.page.get_by_text("Gangguan sedang ditangani sejak")).to_have_count(0)
    expect(team.page.get_by_text("Menunggu persetujuan pertama KPU RI")).to_be_visible()
