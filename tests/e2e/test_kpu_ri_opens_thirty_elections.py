"""KPU RI creates thirty elections from one table, gives them a schedule, and moves its windows by one decree."""

from playwright.sync_api import expect

from candidates.models import Election, MassChange, Window
from tests.e2e.person import PHONE

REGIONS = [
    *range(1101, 1106), *range(1201, 1206), *range(3201, 3206), *range(5101, 5106), *range(7201, 7206),
    6401, 6402, 6403, 6407, 6408,
]  # fmt: skip
HEAD = "Kode daerah;Angka dasar;Hari pemungutan suara;Aturan\n"
DECREE = "1234/PL.02.2-Kpt/2027"


def table(regions, base="300000"):
    lines = [f"{code};{base};23-11-2027;pkpu8-2024" for code in regions]
    return {"name": "pemilihan.csv", "mimeType": "text/csv", "buffer": (HEAD + "\n".join(lines)).encode()}


def send(person, file):
    person.page.get_by_label("Tabel pemilihan").set_input_files(file)
    person.page.get_by_role("button", name="Unggah dan periksa").click()


def test_thirty_elections_from_a_table_to_a_decree(visit):
    kpu = visit("kpu-ri")
    kpu.page.get_by_role("link", name="Banyak pemilihan").first.click()
    kpu.page.get_by_role("link", name="Buat pemilihan dari tabel").click()
    send(kpu, table([*REGIONS[:29], 9999]))
    expect(kpu.page.get_by_role("alert")).to_contain_text("1 baris belum dapat dibuat")
    expect(kpu.page.get_by_text("Kode daerah 9999 tidak dikenal.")).to_be_visible()
    send(kpu, table(REGIONS))
    kpu.page.get_by_role("button", name="Buat 30 pemilihan").click()
    expect(kpu.page.locator(".notice.good")).to_contain_text("30 pemilihan sudah dibuat.")
    made = Election.objects.filter(region_id__in=REGIONS)
    assert made.count() == 30

    kpu.page.goto("/jadwal/salin/")
    kpu.page.get_by_label("Jenis pemilihan").select_option(label="Bupati dan Wakil Bupati")
    kpu.page.get_by_label("Putaran").select_option(value="awal")
    kpu.page.get_by_label("Hari pertama").fill("08-05-2027")
    kpu.page.get_by_label("Hari terakhir", exact=True).fill("12 Mei 2027")
    kpu.page.get_by_label("Jam buka harian").fill("08.00")
    kpu.page.get_by_label("Jam tutup harian").fill("16.00")
    kpu.page.get_by_role("button", name="Lihat yang berubah").click()
    expect(kpu.page.locator("#hasil")).to_contain_text("60 masa pada 30 pemilihan berubah")
    kpu.page.get_by_role("button", name="Terapkan pada 60 masa").click()
    expect(kpu.page.locator(".notice.good")).to_contain_text("60 masa pada 30 pemilihan sudah diubah.")
    hours = set(Window.objects.filter(election__in=made).values_list("opens_at__hour", flat=True))
    assert hours == {8, 7}  # 08.00 in WIB, and in WITA, on a clock in Jakarta

    kpu.page.goto("/jadwal/pindah/")
    kpu.page.get_by_label("Provinsi").select_option(label="Bali")
    kpu.page.get_by_label("Geser (hari)").fill("3")
    kpu.page.get_by_label("Nomor keputusan").fill(DECREE)
    kpu.page.get_by_role("button", name="Lihat yang berubah").click()
    expect(kpu.page.locator("#hasil")).to_contain_text("15 Mei 2027 pukul 23.59 WITA")
    kpu.page.get_by_role("button", name="Terapkan pada 10 masa").click()
    expect(kpu.page.locator(".notice.good")).to_contain_text("10 masa pada 5 pemilihan sudah diubah.")
    assert Window.objects.filter(decree=DECREE).count() == 10
    assert MassChange.objects.count() == 3

    phone = visit("kpu-ri", viewport=PHONE)
    for address in ("/wilayah/", "/jadwal/pindah/", "/jadwal/salin/", "/pemilihan/tabel/"):
        phone.page.goto(address)
        assert not phone.overflows(), address
