"""The pages about time: an election's windows, and the log of outages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.extensions import propose_extensions
from candidates.models import Outage, Ruling, Window
from candidates.outages import correct_outage
from candidates.queries import now
from foundation.accounts.matrix import Role
from tests import factories
from tests.candidates.making import AWAL, letter_file, make_ruling
from tests.candidates.test_outages import EIGHTH, make_outage

pytestmark = pytest.mark.django_db
TYPED = {
    "stage": "awal",
    "kind": "handing_in",
    "opens_at": "08-05-2024 08.00",
    "closes_at": "12 Mei 2024 pukul 23.59 WITA",
    "daily_from": "08.00",
    "daily_until": "16:00",
    "decree": "Pengumuman 5/2024",
}


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def log_in(client, role, scope=0):
    client.force_login(factories.user("seseorang", role, scope))
    return client


def digest_on(page):
    """What an approval on this page would be bound to."""
    return re.search(r'name="digest" value="(\w{64})"', page.content.decode())[1]


class TestElection:
    def test_a_window_is_typed_and_read_in_the_local_zone(self, client):
        election = factories.election(open_now=False)
        log_in(client, Role.KPU_REGENCY, 6474)
        address = f"/pemilihan/{election.pk}/"
        assert "Mulai (WITA)" in text_of(client.get(address))
        assert client.post(address, TYPED).url == address
        window = Window.objects.get()
        assert window.opens_at == AWAL["opens_at"]
        assert window.closes_at == datetime(2024, 5, 12, 16, tzinfo=UTC)
        page = text_of(client.get(address))
        assert "8 Mei 2024 pukul 08.00 WITA" in page
        assert "setiap hari 08.00–16.00" in page
        assert "12 Mei 2024 pukul 23.59 WITA" in page
        assert "Berakhir</span>" in page
        assert "Masa sudah dijadwalkan." in page

    @pytest.mark.parametrize(
        ("region", "typed", "utc"),
        [(5371, "08.00", 0), (3273, "08.00", 1), (9171, "08.00", 23), (5371, "23.59", 15)],
        ids=["WITA", "WIB", "WIT", "an evening"],
    )
    def test_the_same_clock_is_another_moment_in_another_zone(self, client, region, typed, utc):
        election = factories.election(open_now=False, region_id=region)
        log_in(client, Role.KPU_RI)
        times = {"opens_at": f"08-05-2024 {typed}", "closes_at": "20-05-2024 23.59"}
        client.post(f"/pemilihan/{election.pk}/", {**times, "stage": "awal", "kind": "filling"})
        assert Window.objects.get().opens_at.hour == utc

    @pytest.mark.parametrize(
        ("changes", "sentence", "field"),
        [
            ({"opens_at": ""}, "Waktu mulai belum diisi.", "opens_at"),
            (
                {"closes_at": "besok"},
                "Berakhir: waktu tidak dikenal. Tulis tanggal dan jam WITA",
                "closes_at",
            ),
            ({"closes_at": "12-05-2024 23.59 WIB"}, "Berakhir: waktu tidak dikenal.", "closes_at"),
            ({"opens_at": "31-02-2024 08.00"}, "Mulai: waktu tidak dikenal.", "opens_at"),
            ({"closes_at": "07-05-2024 23.59"}, "Waktu berakhir tidak lebih lambat", "closes_at"),
            ({"daily_until": "pagi"}, "Jam tutup harian tidak dikenal.", "daily_until"),
            ({"daily_until": "07.00"}, "Jam harian memerlukan jam buka", "daily_until"),
            ({"stage": "final"}, "Pilihan itu tidak ada.", "stage"),
        ],
    )
    def test_what_is_wrong_is_said_on_top_and_at_its_field(self, client, changes, sentence, field):
        election = factories.election(open_now=False)
        log_in(client, Role.KPU_REGENCY, 6474)
        answer = client.post(f"/pemilihan/{election.pk}/", TYPED | changes)
        assert answer.status_code == 422
        page = text_of(answer)
        assert f'<a href="#id_{field}">{sentence}' in page
        assert f'id="id_{field}_error"' in page
        assert not Window.objects.exists()

    @pytest.mark.parametrize(
        ("role", "scope", "reads", "schedules"),
        [
            (Role.KPU_RI, 0, 200, 302),
            (Role.KPU_PROVINCE, 64, 200, 302),
            (Role.KPU_REGENCY, 6474, 200, 302),
            (Role.KPU_REGENCY, 6472, 404, 404),
            (Role.BAWASLU, 6474, 200, 403),
            (Role.OBSERVER, 6474, 200, 403),
            (Role.PPK, 647401, 200, 403),
            (Role.OPERATOR, None, 200, 403),
        ],
    )
    def test_who_reads_and_who_schedules(self, client, role, scope, reads, schedules):
        election = factories.election(open_now=False)
        log_in(client, role, factories.pair(election) if scope is None else scope)
        answer = client.get(f"/pemilihan/{election.pk}/")
        assert answer.status_code == reads
        assert ("Jadwalkan masa baru" in text_of(answer)) is (schedules == 302)
        assert client.post(f"/pemilihan/{election.pk}/", TYPED).status_code == schedules
        assert Window.objects.exists() is (schedules == 302)

    def test_a_kabupaten_reads_why_it_schedules_nothing_for_the_province(self, client):
        election = factories.election(
            open_now=False, region_id=64, level="gubernur", name="Pemilihan Gubernur"
        )
        log_in(client, Role.KPU_REGENCY, 6474)
        assert "Kalimantan Timur di luar wilayah tugas Anda" in text_of(
            client.get(f"/pemilihan/{election.pk}/")
        )
        answer = client.post(f"/pemilihan/{election.pk}/", TYPED)
        assert answer.status_code == 422
        assert not Window.objects.exists()

    def test_a_team_sees_no_other_pair_s_window(self, client):
        election = factories.election()
        mine, other = factories.pair(election), factories.pair(election, "Bayu Umpama – Kirana Andaikan")
        moment = now()
        Window.objects.create(
            election=election, pair=other, ruling=make_ruling(other), stage="awal", kind="filling",
            opens_at=moment, closes_at=moment + timedelta(hours=1),
        )  # fmt: skip
        client.force_login(factories.operator(mine))
        assert "Bayu Umpama" not in text_of(client.get(f"/pemilihan/{election.pk}/"))
        client.force_login(factories.operator(other, "operator2"))
        assert "Bayu Umpama" in text_of(client.get(f"/pemilihan/{election.pk}/"))

    def test_the_list_leads_there(self, client):
        election = factories.election()
        log_in(client, Role.KPU_REGENCY, 6474)
        assert f'href="/pemilihan/{election.pk}/"' in client.get("/pasangan/").content.decode()


class TestLog:
    TOLD = {"affected": "Pengunggahan berkas", "description": "Basis data penuh."}

    def test_everybody_reads_when_how_long_what_and_what_was_decided(self, client):
        outage = make_outage(
            factories.election(),
            began_at=EIGHTH,
            ended_at=EIGHTH + timedelta(hours=16),
            decision="Masa diperpanjang 16 jam.",
            decree="7/2024",
        )
        page = text_of(client.get("/gangguan/"))
        assert f'id="gangguan-{outage.pk}"' in page
        assert "8 Mei 2024 pukul 08.00 WITA" in page
        assert "9 Mei 2024 pukul 00.00 WITA · 16 jam" in page
        assert "Pemilihan Wali Kota Bontang 2024" in page
        assert "Masa diperpanjang 16 jam." in page
        assert "Catat gangguan" not in page
        assert "Kelola" not in page

    def test_what_was_corrected_is_told_with_its_reason(self, client):
        outage = make_outage(factories.election(), began_at=EIGHTH, ended_at=EIGHTH + timedelta(hours=1))
        correct_outage(outage, by=None, reason="Jam salah ketik", ended_at=EIGHTH + timedelta(hours=2))
        page = text_of(client.get("/gangguan/"))
        assert "Jam salah ketik" in page
        assert "berakhir 8 Mei 2024 pukul 09.00 WITA" in page

    def test_an_empty_log_says_so(self, client):
        assert "Belum ada gangguan yang dicatat." in text_of(client.get("/gangguan/"))

    def test_the_log_costs_the_same_with_one_and_with_three(self, client):
        def queries():
            with CaptureQueriesContext(connection) as done:
                client.get("/gangguan/")
            return len(done)

        election = factories.election()
        make_outage(election, began_at=EIGHTH)
        log_in(client, Role.KPU_REGENCY, 6474)
        queries()
        once = queries()
        for _ in range(2):
            correct_outage(make_outage(election, began_at=EIGHTH), by=None, reason="x", affected="Lain")
        assert queries() == once

    def test_the_commission_records_ends_and_corrects(self, client):
        election = factories.election()
        log_in(client, Role.KPU_REGENCY, 6474)
        typed = self.TOLD | {"elections": [election.pk], "began_at": "08-05-2024 22.10"}
        made = client.post("/gangguan/catat/", typed)
        outage = Outage.objects.get()
        assert made.url == f"/gangguan/{outage.pk}/"
        assert outage.began_at == datetime(2024, 5, 8, 14, 10, tzinfo=UTC)
        assert "Berakhir sekarang" in text_of(client.get(made.url))
        client.post(f"{made.url}berakhir/")
        outage.refresh_from_db()
        assert outage.ended_at
        ended = f"{outage.ended_at + timedelta(hours=8):%d-%m-%Y %H.%M}"
        typed |= {"ended_at": ended, "affected": "Semua halaman"}
        answer = client.post(made.url, typed)
        assert '<a href="#id_reason">Alasan belum diisi.' in text_of(answer)
        client.post(made.url, typed | {"reason": "Lebih luas"})
        before = outage.ended_at
        outage.refresh_from_db()
        # The seconds that the form does not show are no correction.
        assert (outage.affected, outage.ended_at) == ("Semua halaman", before)

    def test_what_is_wrong_is_said_at_its_field(self, client):
        factories.election()
        log_in(client, Role.KPU_RI)
        answer = client.post("/gangguan/catat/", {"began_at": "kemarin"})
        page = text_of(answer)
        assert answer.status_code == 422
        for field in ("began_at", "affected", "description"):
            assert f'<a href="#id_{field}">' in page
        answer = client.post("/gangguan/catat/", self.TOLD)
        assert '<a href="#id_elections">Pilih paling sedikit satu pemilihan' in text_of(answer)
        assert 'id="id_elections" tabindex="-1"' in text_of(answer)

    def test_only_kpu_ri_records_for_all(self, client):
        election = factories.election()
        log_in(client, Role.KPU_REGENCY, 6474)
        assert "Seluruh pemilihan di Indonesia" not in text_of(client.get("/gangguan/catat/"))
        client.post("/gangguan/catat/", self.TOLD | {"everywhere": "on", "elections": [election.pk]})
        assert not Outage.objects.get().everywhere
        client.force_login(factories.user("kpu-ri", Role.KPU_RI))
        client.post("/gangguan/catat/", self.TOLD | {"everywhere": "on"})
        assert Outage.objects.filter(everywhere=True).count() == 1

    @pytest.mark.parametrize(
        ("role", "scope", "status"),
        [
            (Role.KPU_PROVINCE, 64, 200),
            (Role.KPU_REGENCY, 6472, 404),
            (Role.BAWASLU, 6474, 403),
            (Role.OPERATOR, None, 403),
        ],
    )
    def test_who_keeps_the_log(self, client, role, scope, status):
        election = factories.election()
        outage = make_outage(election, began_at=EIGHTH)
        log_in(client, role, factories.pair(election) if scope is None else scope)
        assert client.get(f"/gangguan/{outage.pk}/").status_code == status
        ended = client.post(f"/gangguan/{outage.pk}/berakhir/")
        assert ended.status_code == (302 if status == 200 else status)
        assert bool(Outage.objects.get().ended_at) is (status == 200)

    def test_a_regency_reads_why_it_does_not_change_an_outage_of_all(self, client):
        outage = make_outage(everywhere=True, began_at=EIGHTH)
        log_in(client, Role.KPU_REGENCY, 6474)
        page = text_of(client.get(f"/gangguan/{outage.pk}/"))
        assert "Gangguan seluruh pemilihan hanya dicatat oleh KPU RI." in page
        assert "Simpan perubahan" not in page
        client.post(f"/gangguan/{outage.pk}/berakhir/")
        assert not Outage.objects.get().ended_at

    def test_extensions_are_proposed_in_one_step(self, client):
        pair = factories.pair()
        moment = now()
        times = {"began_at": moment - timedelta(minutes=90)}
        outage = make_outage(pair.election, **times)
        log_in(client, Role.KPU_REGENCY, 6474)
        address = f"/gangguan/{outage.pk}/"
        assert "Catat dahulu kapan berakhir." in text_of(client.get(address))
        client.post(f"{address}berakhir/")
        page = text_of(client.get(address))
        assert 'name="hours" value="2"' in page
        answer = client.post(f"{address}perpanjangan/", {"hours": "2", "pairs": [pair.pk]})
        assert '<a href="#id_letter">Dokumen belum dipilih.' in text_of(answer)
        assert '<a href="#id_document">Nomor keputusan belum diisi.' in text_of(answer)
        answer = client.post(
            f"{address}perpanjangan/",
            {"document": "7/2024", "letter": letter_file(), "hours": "3", "pairs": [pair.pk]},
        )
        assert answer.url == address
        ruling = Ruling.objects.get()
        assert (ruling.outage, ruling.hours, ruling.approved) == (outage, 3, False)
        page = text_of(client.get(address))
        assert "Menunggu persetujuan pertama KPU RI" in page
        assert "jadi tidak ada yang diusulkan" in page

    def test_all_extensions_are_approved_and_opened_in_one_step_each(self, client):
        election = factories.election()
        pairs = [factories.pair(election), factories.pair(election, "Bayu Umpama – Kirana Andaikan")]
        moment = now()
        times = {"began_at": moment - timedelta(hours=2), "ended_at": moment - timedelta(hours=1)}
        outage = make_outage(election, **times)
        propose_extensions(outage, by=None, document="7/2024")
        address = f"/gangguan/{outage.pk}/"
        kpu = factories.user("kpu", Role.KPU_REGENCY, 6474)
        client.force_login(kpu)
        page = text_of(client.get(address))
        assert "Setujui: persetujuan diberikan dua orang KPU RI." in page
        assert "Buka: tidak ada usulan yang sudah disetujui" in page
        assert client.post(f"{address}setujui/", {"digest": "x"}).status_code == 403
        client.post(f"{address}lampiran/", {"letter": letter_file()})
        assert len(set(Ruling.objects.values_list("attachment", flat=True))) == 1
        client.post(f"{address}buka/", {"count": "2"})
        assert not Window.objects.exclude(pair=None).exists()
        for number in (1, 2):
            client.force_login(factories.user(f"kpu-ri-{number}", Role.KPU_RI))
            assert "Setujui 2 usulan" in text_of(client.get(address))
            client.post(f"{address}setujui/", {"digest": "0" * 64})  # not what is there
            assert not Ruling.objects.exclude(second_approved_by=None).exists()
            client.post(f"{address}setujui/", {"digest": digest_on(client.get(address))})
            assert "tidak ada usulan yang menunggu persetujuan Anda" in text_of(client.get(address))
        client.force_login(kpu)
        assert "Buka 2 perpanjangan" in text_of(client.get(f"{address}buka/"))
        assert not Window.objects.exclude(pair=None).exists()
        client.post(f"{address}buka/", {"count": "2"})
        opened = Window.objects.exclude(pair=None)
        assert sorted(opened.values_list("pair", "kind")) == [(one.pk, "filling") for one in pairs]
        client.post(f"{address}buka/", {"count": "2"})
        assert opened.count() == 2
