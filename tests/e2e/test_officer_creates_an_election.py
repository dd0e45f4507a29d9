"""An officer creates an election, sees its sum, schedules it, moves the voting day; everybody reads the schedule."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from candidates.models import Election
from candidates.queries import now
from candidates.zones import local
from tests.e2e.person import PHONE

ZONE = "Asia/Makassar"


def typed(moment):
    return f"{local(moment, ZONE):%d-%m-%Y} 08.00"


def schedule(page, kind, opens, closes):
    page.get_by_label("Yang dibuka").select_option(label=kind)
    page.get_by_label("Mulai (WITA)").fill(typed(opens))
    page.get_by_label("Berakhir (WITA)").fill(typed(closes))
    page.get_by_label("Dasar", exact=True).fill("Pengumuman 5/2026")
    page.get_by_role("button", name="Jadwalkan").click()
    expect(page.get_by_text("Masa sudah dijadwalkan.")).to_be_visible()


def test_an_election_from_its_region_to_its_public_schedule(visit):
    kpu = visit("kpu-ri")
    page = kpu.page
    page.goto("/pasangan/")
    page.get_by_role("link", name="Buat pemilihan").click()
    page.wait_for_url("**/pemilihan/buat/")
    # Letter by letter there would be a list for each pause, and the one that is clicked might make way for the next.
    page.get_by_placeholder("Nama provinsi, kabupaten, atau kota").fill("samarinda")
    page.get_by_role("link", name=re.compile("Kota Samarinda")).click()
    page.wait_for_url("**/pemilihan/buat/6472/**")

    # The sum appears while one types, and warns of an official number that differs.
    page.get_by_label("Angka dasar", exact=True).fill("753.370")
    expect(page.locator("#hitungan")).to_contain_text(
        "753.370 × 7,5 % = 56.502,75 → dibulatkan ke atas 56.503"
    )
    page.get_by_label("Minimum menurut keputusan").fill("56.600")
    expect(page.locator("#hitungan")).to_contain_text(
        "Angka resmi berbeda dari rumus, yang menghasilkan 56.503"
    )
    page.get_by_label("Minimum menurut keputusan").fill("")
    expect(page.locator("#hitungan .notice")).to_have_count(0)

    # An empty day is said on top and at its field, and what was typed is still there.
    page.get_by_role("button", name="Buat pemilihan").click()
    expect(page.get_by_role("alert")).to_contain_text("Hari pemungutan suara belum diisi.")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Hari pemungutan suara")).to_be_focused()
    expect(page.get_by_label("Angka dasar", exact=True)).to_have_value("753.370")
    page.get_by_label("Hari pemungutan suara").fill("27 November 2030")
    page.get_by_label("Nama pemilihan").fill("Pemilihan Wali Kota Samarinda 2030")
    page.get_by_role("button", name="Buat pemilihan").click()
    expect(page.get_by_text("Pemilihan sudah dibuat.")).to_be_visible()
    expect(page.locator(".figures")).to_contain_text("56.503")

    day, today = timedelta(days=1), now()
    schedule(page, "Pengisian data", today + day, today + 5 * day)
    expect(page.get_by_text("belum ada masa penyerahan")).to_be_visible()
    schedule(page, "Penyerahan dukungan", today + 3 * day, today + 5 * day)
    expect(page.locator(".timeline rect")).to_have_count(2)
    expect(page.get_by_text("Periksa jadwal ini")).to_have_count(0)

    page.get_by_role("link", name="Ubah Pengisian data Awal").click()
    page.get_by_label("Mulai (WITA)").fill(typed(today + 2 * day))
    page.get_by_label("Dasar perubahan").fill("Keputusan 7/2026")
    page.get_by_role("button", name="Simpan dan umumkan").click()
    expect(page.get_by_text("Masa sudah diubah.")).to_be_visible()

    page.get_by_role("link", name="Ubah pemilihan").click()
    page.get_by_label("Hari pemungutan suara").fill("4 Desember 2030")
    page.get_by_role("button", name="Simpan perubahan").click()
    expect(page.locator(".pagehead")).to_contain_text("Pemungutan suara 4 Desember 2030")
    page.get_by_text("Riwayat perubahan").click()
    expect(page.locator("#riwayat")).to_contain_text(
        "hari pemungutan suara: 27 November 2030 → 4 Desember 2030"
    )

    citizen = visit(viewport=PHONE)
    citizen.page.goto("/jadwal/?cari=samarinda")
    citizen.page.get_by_role("link", name=re.compile("Samarinda 2030")).click()
    expect(citizen.page.locator("main")).to_contain_text(re.compile(r"mulai .* WITA, dibuka [12] hari"))
    expect(citizen.page.locator("main")).to_contain_text("Keputusan 7/2026")
    assert not citizen.overflows()
    citizen.page.get_by_role("link", name="Versi 1").click()
    expect(citizen.page.get_by_text("Ini versi 1, yang tidak berlaku lagi sejak")).to_be_visible()
    assert not citizen.overflows()
    pk = Election.objects.get(name="Pemilihan Wali Kota Samarinda 2030").pk
    for address in (
        f"/pemilihan/{pk}/",
        f"/pemilihan/{pk}/ubah/",
        "/pemilihan/buat/",
        "/pemilihan/buat/6472/",
    ):
        phone = visit("kpu-ri", viewport=PHONE)
        phone.page.goto(address)
        assert not phone.overflows(), address


def test_a_practice_election_is_marked_and_thrown_away(visit):
    kpu = visit("kpu")
    page = kpu.page
    page.goto("/pemilihan/buat/6474/")
    page.get_by_label("Angka dasar", exact=True).fill("131600")
    page.get_by_label("Hari pemungutan suara").fill("27-11-2030")
    page.get_by_label("Nama pemilihan").fill("Bimtek Bontang")
    page.get_by_label("Latihan (bimtek)").check()
    page.get_by_role("button", name="Buat pemilihan").click()
    expect(page.locator(".practice")).to_be_visible()
    page.get_by_role("link", name="Buang latihan ini").click()
    page.get_by_label("Nama pemilihan").fill("Bimtek Bontang")
    page.get_by_role("button", name=re.compile("Buang latihan dan 0 baris")).click()
    expect(page.get_by_text("sedang dibuang.")).to_be_visible()
    while Election.objects.filter(name="Bimtek Bontang").exists():
        page.wait_for_timeout(500)
    page.goto("/pasangan/")
    expect(page.get_by_role("heading", name="Pemilihan Wali Kota Bontang 2024")).to_be_visible()
    expect(page.get_by_role("heading", name="Bimtek Bontang")).to_have_count(0)
