"""A citizen checks, objects with the KTP-el on a phone, KPU compares and answers, the citizen reads the answer."""

import re

from playwright.sync_api import expect

from supports.privacy.models import Mark
from tests import documents, factories
from tests.e2e.person import PHONE

ROW = factories.person(1)
KTP = {"name": "ktp.png", "mimeType": "image/png", "buffer": documents.picture(size=(600, 380))}


def test_a_citizen_checks_objects_and_reads_the_answer(visit):
    citizen = visit(viewport=PHONE)
    page = citizen.page
    page.goto("/cek-nik/")
    page.get_by_label("NIK", exact=True).fill(ROW["nik"])
    page.get_by_label("Tanggal lahir").fill(ROW["birth_date"])
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("status")).to_contain_text("dalam data dukungan")
    assert ROW["nik"] not in page.url
    page.goto("/data-pribadi/")
    page.get_by_role("link", name="Pemilihan Wali Kota Bontang 2024").click()
    page.get_by_label("Yang diminta").select_option("objection")
    page.get_by_label("NIK", exact=True).fill(ROW["nik"])
    page.get_by_label("Tanggal lahir").fill(ROW["birth_date"])
    page.get_by_label("Nama", exact=True).fill(ROW["name"])
    page.get_by_label("Surel").fill("warga@contoh.test")
    page.get_by_label("Foto atau pindaian KTP-el").set_input_files(KTP)
    page.get_by_role("button", name="Ajukan permohonan").click()
    page.wait_for_url(re.compile(r"/data-pribadi/permohonan/$"))
    assert not citizen.overflows()

    kpu = visit("kpu").page
    kpu.goto("/permohonan-data/")
    kpu.get_by_role("link", name=re.compile("NIK saya dipakai tanpa izin")).click()
    kpu.get_by_role("button", name="Mulai tangani").click()
    kpu.get_by_label("KTP-el sudah saya cocokkan").check()
    kpu.get_by_label("Jawaban untuk pemohon").fill("Baris Anda dibatasi.")
    kpu.get_by_role("button", name="Penuhi permohonan").click()
    expect(kpu.get_by_text("Permohonan dijawab.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Baris Anda dibatasi.")).to_be_visible()
    assert Mark.objects.get().kind == "objection"
