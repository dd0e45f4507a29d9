"""A pair's windows and rulings: proposed, approved, opened and taken back by the commission, read by the others."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Pair, Ruling, Window
from candidates.ruling_letters import digest_of
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from tests import factories
from tests.candidates.making import approve, letter_file, make_ruling

pytestmark = pytest.mark.usefixtures("committed")
TYPED = {
    "kind": "putusan",
    "document": "001/PS.REG/64.6474/V/2024",
    "stage": "awal",
    "opens": "both",
    "covers": "all",
    "hours": "48",
}


@pytest.fixture
def pair(committed):
    return factories.pair(factories.election(open_now=False))


@pytest.fixture
def kpu(client, pair):
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    return client


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def bare(response):
    return " ".join(re.sub(r"<[^>]*>", " ", text_of(response)).split())


def kpu_ri(number=1):
    return factories.user(f"kpu-ri-{number}", Role.KPU_RI)


def test_a_ruling_goes_from_its_proposal_to_the_open_window(client, kpu, pair):
    page = f"/pasangan/{pair.pk}/masa/"
    assert "Tidak ada putusan yang memberi pasangan ini waktu tersendiri." in text_of(kpu.get(page))
    typed = TYPED | {"planned_at": "03-06-2024 08.00", "letter": letter_file()}
    assert kpu.post(f"{page}usul/", typed).url == page
    ruling = Ruling.objects.get()
    told = text_of(kpu.get(page))
    assert "Menunggu persetujuan pertama KPU RI" in told
    assert "3 Juni 2024 pukul 08.00 WITA" in told
    assert "menunggu persetujuan KPU RI (surat nomor 001/PS.REG/64.6474/V/2024)" in told
    # The buttons are there, and say why they cannot be pressed.
    assert "Setujui: Peran Anda tidak mencakup: menyetujui pembukaan kembali berdasarkan putusan." in told
    assert "Yang berwenang: KPU RI." in told
    assert "Buka: Pembukaan menunggu persetujuan dua orang KPU RI." in told
    assert "Buka masa ini" in text_of(kpu.get(f"/putusan/{ruling.pk}/buka/"))
    kpu.post(f"/putusan/{ruling.pk}/buka/")
    assert not Window.objects.exists()

    first, second = kpu_ri(1), kpu_ri(2)
    client.force_login(first)
    client.post(f"/putusan/{ruling.pk}/setujui/", {"digest": digest_of(ruling)})
    told = text_of(client.get(page))
    assert "Menunggu persetujuan kedua KPU RI" in told
    assert "oleh kpu-ri-1" in told
    assert "Setujui: Anda sudah menyetujui surat ini." in told
    client.post(f"/putusan/{ruling.pk}/setujui/", {"digest": digest_of(ruling)})
    ruling.refresh_from_db()
    assert not ruling.approved
    client.force_login(second)
    client.post(f"/putusan/{ruling.pk}/setujui/", {"digest": digest_of(ruling)})

    check = text_of(client.get(f"/putusan/{ruling.pk}/buka/"))
    assert "Pengisian data</dt><dd>dari sekarang sampai " in check
    assert not Window.objects.exists()
    client.post(f"/putusan/{ruling.pk}/buka/")
    assert Window.objects.filter(pair=pair).count() == 2
    told = text_of(client.get(page))
    assert "Sedang dibuka" in told
    assert "oleh kpu-ri-2; berlaku mulai" in told
    assert "Tarik usulan" not in told


def test_a_proposal_is_taken_back_with_its_reason(kpu, pair):
    ruling = make_ruling(pair)
    address = f"/putusan/{ruling.pk}/tarik/"
    answer = kpu.post(address, {"reason": " "})
    assert answer.status_code == 422
    assert '<a href="#id_reason">Alasan belum diisi.' in text_of(answer)
    assert kpu.post(address, {"reason": "Salah pasangan"}).url == f"/pasangan/{pair.pk}/masa/"
    told = text_of(kpu.get(f"/pasangan/{pair.pk}/masa/"))
    assert "Ditarik</span>" in told
    assert "oleh kpu: Salah pasangan" in told
    assert "Setujui" not in told
    answer = kpu.post(address, {"reason": "lagi"})
    assert (answer.status_code, "Usulan ini sudah ditarik" in text_of(answer)) == (422, True)


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"document": ""}, "Nomor surat belum diisi.", "document"),
        ({"hours": ""}, "Lamanya belum diisi.", "hours"),
        ({"hours": "dua"}, "Lamanya bukan bilangan bulat.", "hours"),
        ({"hours": "721"}, "721 jam tidak mungkin.", "hours"),
        ({"covers": "frozen"}, "Jumlah baris tetap berarti hanya penyerahan yang dibuka.", "opens"),
        ({"covers": "new", "opens": "handing_in"}, "Cakupan baris itu memerlukan masa pengisian", "covers"),
        ({"planned_at": "besok"}, "Dijadwalkan dibuka: waktu tidak dikenal.", "planned_at"),
        ({"stage": "final"}, "Pilihan itu tidak ada.", "stage"),
    ],
)
def test_what_is_wrong_is_said_on_top_and_at_its_field(kpu, pair, changes, sentence, field):
    answer = kpu.post(f"/pasangan/{pair.pk}/masa/usul/", TYPED | {"letter": letter_file()} | changes)
    assert answer.status_code == 422
    assert f'<a href="#id_{field}">{sentence}' in text_of(answer)
    assert f'id="id_{field}_error"' in text_of(answer)
    assert not Ruling.objects.exists()


def test_named_uploads_are_chosen_from_the_pair_s_own(kpu, client):
    pair = factories.pair(factories.election(name="Pemilihan lain"))
    upload = factories.loaded(pair, factories.operator(pair), [factories.person(1)], "posko.csv")
    address = f"/pasangan/{pair.pk}/masa/usul/"
    assert "posko.csv (diterima " in text_of(kpu.get(address))
    named = TYPED | {"covers": "named", "letter": letter_file()}
    assert '<a href="#id_uploads">Unggahan disebut jika dan hanya jika' in text_of(kpu.post(address, named))
    kpu.post(address, named | {"uploads": [upload.pk], "letter": letter_file()})
    assert Ruling.objects.get().upload_ids == [upload.pk]
    assert "Hanya baris dari unggahan tertentu: “posko.csv”" in text_of(kpu.get(f"/pasangan/{pair.pk}/masa/"))


def list_file(*lines):
    file = io.BytesIO("\r\n".join(["NIK;Nama", *lines]).encode())
    file.name = "daftar.csv"
    return file


def test_a_list_of_rows_is_looked_at_then_proposed(kpu, client):
    pair = factories.pair(factories.election(name="Pemilihan lain"))
    factories.loaded(pair, factories.operator(pair), [factories.person(1), factories.person(2)], "posko.csv")
    address = f"/pasangan/{pair.pk}/masa/usul/"
    one, two, stranger = (factories.person(number)["nik"] for number in (1, 2, 3))
    typed = TYPED | {"covers": "rows", "document": ""}
    looked = kpu.post(address, typed | {"rows": f"{one}\n{stranger}\n{two}", "check": "1"})
    assert looked.status_code == 200
    assert "Ditemukan 2 Berulang 0 Tidak ditemukan 1 (baris daftar nomor 2)" in bare(looked)
    assert "Daftar baris belum diisi." in text_of(kpu.post(address, typed | {"check": "1"}))
    assert not Ruling.objects.exists() and not Attachment.objects.exists()
    typed = TYPED | {"covers": "rows"}
    sent = {"rows_file": list_file(one, stranger), "letter": letter_file()}
    refused = kpu.post(address, typed | sent)
    assert '<a href="#id_rows">1 dari 2 baris daftar tidak ditemukan pada putaran itu' in text_of(refused)
    sent = {"rows_file": list_file(f"{one};Budi", stranger), "letter": letter_file(), "skip_missing": "on"}
    assert kpu.post(address, typed | sent).status_code == 302
    ruling = Ruling.objects.get()
    assert ruling.row_count == 1
    shown = text_of(kpu.get(f"/pasangan/{pair.pk}/masa/"))
    assert f"Hanya baris yang disebut satu per satu: 1 baris, sidik <code>{ruling.row_digest[:16]}" in shown
    assert f"sidik <code>{ruling.row_digest[:16]}" in text_of(kpu.get(f"/putusan/{ruling.pk}/buka/"))


@pytest.mark.parametrize(
    ("role", "scope", "reads", "approves", "decides"),
    [
        (Role.KPU_RI, 0, 200, 302, 200),
        (Role.KPU_PROVINCE, 64, 200, 403, 200),
        (Role.KPU_REGENCY, 6474, 200, 403, 200),
        (Role.KPU_REGENCY, 6472, 404, 403, 404),
        (Role.VERIFIER, 6474, 200, 403, 403),
        (Role.BAWASLU, 6474, 200, 403, 403),
        (Role.OBSERVER, 6474, 200, 403, 403),
        (Role.OPERATOR, "own", 200, 403, 403),
        (Role.OPERATOR, "other", 404, 403, 403),
    ],
)
def test_who_reads_who_decides_and_who_approves(client, pair, role, scope, reads, approves, decides):
    ruling = make_ruling(pair)
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    client.force_login(factories.user("seseorang", role, {"own": pair, "other": other}.get(scope, scope)))
    page = client.get(f"/pasangan/{pair.pk}/masa/")
    assert page.status_code == reads
    assert ("Setujui" in text_of(page)) is (reads == decides == 200)
    assert ("Usulkan pembukaan kembali" in text_of(page)) is (reads == decides == 200)
    for address in (
        f"/pasangan/{pair.pk}/masa/usul/",
        f"/putusan/{ruling.pk}/buka/",
        f"/putusan/{ruling.pk}/tarik/",
    ):
        assert client.get(address).status_code == decides
    answer = client.post(f"/putusan/{ruling.pk}/setujui/", {"digest": digest_of(ruling)})
    assert answer.status_code == approves
    ruling.refresh_from_db()
    assert (ruling.first_approved_by is not None) is (approves == 302)


def test_a_pair_that_withdrew_gets_no_proposal_and_the_page_says_why(kpu, pair):
    Pair.objects.filter(pk=pair.pk).update(status="withdrawn")
    page = text_of(kpu.get(f"/pasangan/{pair.pk}/masa/"))
    assert "telah mengundurkan diri, sehingga tidak dapat diberi waktu lagi." in page
    assert "disabled" in page


def test_the_page_costs_the_same_with_one_ruling_and_with_three(kpu, pair):
    def queries():
        with CaptureQueriesContext(connection) as done:
            kpu.get(f"/pasangan/{pair.pk}/masa/")
        return len(done)

    approver = kpu_ri()
    approve(make_ruling(pair), by=approver)
    queries()
    once = queries()
    for number in (2, 3):
        approve(make_ruling(pair, document=f"{number}/2024"), by=approver)
    assert queries() == once
