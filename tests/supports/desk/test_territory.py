"""Wilayah kerja: every pair of a territory with how far it is, until when, and what needs a look."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.mandates.models import Mandate
from candidates.models import Pair, Window
from candidates.operations import open_window
from candidates.queries import now
from foundation import sql
from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.jobs.models import Job
from foundation.storage import receive_file
from supports.desk.territory import lines_of
from supports.models import AreaTally, Submission, Upload
from supports.operations import discard_upload
from supports.progress import progress
from supports.standards import key_scope
from tests import factories
from tests.candidates.making import make_ruling

pytestmark = pytest.mark.usefixtures("committed")


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def titles(response):
    return [line.name for line in response.context["lines"]]


def samarinda(**more):
    return factories.election(name="Pemilihan Wali Kota Samarinda", region_id=6472, base=500_000, **more)


@pytest.fixture
def kpu_ri(client):
    user = factories.user("kpu-ri", Role.KPU_RI)
    client.force_login(user)
    return user


class TestCounts:
    def test_a_line_says_what_the_pair_s_own_page_says(self, kpu_ri):
        pair = factories.pair()
        rows = [factories.person(n) for n in range(12)]
        rows[3] |= {"district": "Bontang Selatan", "village": "Berbas Tengah"}
        rows[4] |= {"nik": ""}
        rows[5] |= {"district": "Tidak Ada"}
        factories.loaded(pair, None, rows)
        (line,) = lines_of(kpu_ri, practice=False)
        own = progress(pair)
        assert (line.minimum, line.min_spread, line.areas) == (own.minimum, own.min_spread, own.areas)
        assert (line.submitted, line.counted, line.covered) == (own.submitted, own.counted, own.areas_covered)
        assert line.covered == 2
        assert line.last_upload == Upload.objects.get().received_at

    def test_areas_are_summed_from_the_counts_by_the_database(self, kpu_ri):
        pair = factories.pair()
        factories.loaded(pair, None, [factories.person(n) for n in range(5)])
        area = AreaTally.objects.get(code=647401)
        assert (area.unverified, area.ms, area.bms, area.tms, area.clean) == (5, 0, 0, 0, 5)
        whole = "SELECT sum(n) FROM supports_tally WHERE key = 'unverified'"
        assert sql.value(whole) == sql.value("SELECT sum(unverified) FROM supports_areatally")

    def test_a_governor_s_areas_are_the_regencies(self, kpu_ri):
        pair = factories.pair(
            factories.election(name="Gubernur", level="gubernur", region_id=64, base=2_900_000)
        )
        factories.loaded(pair, None, [factories.person(n) for n in range(3)])
        assert set(AreaTally.objects.values_list("code", flat=True)) == {6474}
        assert lines_of(kpu_ri, practice=False)[0].covered == 1

    def test_a_withdrawn_upload_leaves_no_count(self, kpu_ri):
        pair = factories.pair()
        upload = factories.loaded(pair, None, [factories.person(n) for n in range(3)])
        discard_upload(upload, by=factories.operator(pair))
        factories.work()
        (line,) = lines_of(kpu_ri, practice=False)
        assert (line.submitted, line.counted, line.covered) == (0, 0, 0)


class TestOrder:
    def test_what_closes_soonest_comes_first_and_what_has_no_end_last(self, client, kpu_ri):
        later = factories.pair(name="Berakhir Nanti – A")
        soon = factories.pair(samarinda(open_now=False), name="Berakhir Segera – B")
        moment = now()
        times = {"opens_at": moment - timedelta(days=1), "closes_at": moment + timedelta(days=2)}
        open_window(soon.election, by=None, stage="awal", kind="handing_in", **times)
        never = factories.pair(
            factories.election(name="Balikpapan", region_id=6471, open_now=False), name="Tanpa Jadwal – C"
        )
        answer = client.get("/wilayah/")
        assert titles(answer) == [soon.name, later.name, never.name]
        page = text_of(answer)
        assert "Masa penyerahan dukungan dibuka sampai" in page
        assert "belum dijadwalkan" in page
        assert titles(client.get("/wilayah/?urut=nama")) == [later.name, soon.name, never.name]
        assert titles(client.get("/wilayah/?urut=ngawur")) == [soon.name, later.name, never.name]

    def test_filters_narrow_the_list_and_its_sums(self, client, kpu_ri):
        bontang = factories.pair()
        other = factories.pair(samarinda(), name="Bayu Umpama – Kirana Andaikan")
        kupang = factories.pair(
            factories.election(name="Pemilihan Wali Kota Kupang", region_id=5371), name="Sari – Tono"
        )
        assert titles(client.get("/wilayah/?cari=samarinda")) == [other.name]
        assert titles(client.get("/wilayah/?cari=KIRANA")) == [other.name]
        assert titles(client.get("/wilayah/?provinsi=53")) == [kupang.name]
        assert titles(client.get("/wilayah/?jenis=gubernur")) == []
        assert client.get("/wilayah/?provinsi=64").context["sums"].pairs == 2
        factories.loaded(bontang, None, [factories.person()])
        assert titles(client.get("/wilayah/?keadaan=draft")) == [bontang.name]
        assert titles(client.get("/wilayah/?provinsi=abc&halaman=x")) != []
        assert "Tidak ada bakal pasangan calon yang cocok" in text_of(client.get("/wilayah/?cari=zzz"))

    def test_practice_elections_stand_apart(self, client, kpu_ri):
        real = factories.pair()
        trained = factories.pair(samarinda(practice=True), name="Latihan – Saja")
        assert titles(client.get("/wilayah/")) == [real.name]
        assert titles(client.get("/wilayah/?latihan=1")) == [trained.name]

    def test_many_pairs_come_in_pages(self, client, kpu_ri):
        election = factories.election()
        for number in range(26):
            factories.pair(election, name=f"Pasangan {number:02d} – X")
        assert len(titles(client.get("/wilayah/"))) == 25
        assert len(titles(client.get("/wilayah/?halaman=2"))) == 1
        assert client.get("/wilayah/").context["sums"].pairs == 26


class TestAttention:
    def test_what_hangs_fails_or_runs_out_of_time_is_pointed_at(self, client, kpu_ri):
        calm = factories.pair(name="Tenang – A")
        failed = factories.pair(calm.election, name="Gagal – B")
        stuck = factories.pair(calm.election, name="Tertahan – C")
        late = factories.pair(samarinda(open_now=False), name="Mepet – D")
        times = {"opens_at": now() - timedelta(days=1), "closes_at": now() + timedelta(hours=3)}
        open_window(late.election, by=None, stage="awal", kind="handing_in", **times)
        factories.upload(failed, None, b"%PDF-1.4 bukan tabel")
        factories.work()
        assert Upload.objects.get().status == "failed"
        job = Job.objects.create(kind="supports.ingest_upload", lane=f"pair:{stuck.pk}", subject_id=1)
        assert client.get("/wilayah/?perhatian=1").context["sums"].pairs == 2
        Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(hours=1))
        answer = client.get("/wilayah/?perhatian=1")
        assert set(titles(answer)) == {failed.name, stuck.name, late.name}
        page = text_of(answer)
        for sentence in ("1 unggahan gagal", "1 pekerjaan tertahan", "kurang dari 24 jam lagi"):
            assert sentence in page
        assert calm.name in titles(client.get("/wilayah/"))

    def test_an_observer_reads_sums_and_nothing_of_files(self, client):
        pair = factories.pair()
        factories.upload(pair, None, b"%PDF-1.4 bukan tabel")
        factories.work()
        client.force_login(factories.user("pemantau", Role.OBSERVER))
        page = text_of(client.get("/wilayah/"))
        assert pair.name in page
        assert "gagal" not in page
        assert "nggahan" not in page
        assert titles(client.get("/wilayah/?urut=unggahan")) == [pair.name]
        client.force_login(factories.user("bawaslu", Role.BAWASLU, 6474))
        assert "1 unggahan gagal" in text_of(client.get("/wilayah/"))


class TestMandates:
    def test_requests_that_wait_are_pointed_at_for_who_decides(self, client):
        election = factories.election()
        document = Attachment.objects.create(
            stored_file=receive_file(key_scope(election)).finish(), name="mandat.pdf", kind="pdf", pages=1
        )
        Mandate.objects.create(
            election=election, head="Rangga", deputy="Sekar", contact_name="Sari", contact_email="sari@contoh.id",
            document=document,
        )  # fmt: skip
        client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
        assert "1 permohonan mandat menunggu diperiksa." in text_of(client.get("/wilayah/"))
        client.force_login(factories.user("kpu-lain", Role.KPU_REGENCY, 5371))
        assert "permohonan mandat" not in text_of(client.get("/wilayah/"))
        client.force_login(factories.user("pemantau", Role.OBSERVER, 6474))
        assert "permohonan mandat" not in text_of(client.get("/wilayah/"))


class TestWhose:
    @pytest.mark.parametrize(
        ("role", "scope", "names"),
        [
            (Role.KPU_RI, 0, {"A – X", "B – X"}),
            (Role.KPU_PROVINCE, 64, {"A – X"}),
            (Role.KPU_REGENCY, 6474, {"A – X"}),
            (Role.KPU_REGENCY, 5371, {"B – X"}),
            (Role.PPK, 647401, {"A – X"}),
            (Role.OBSERVER, 0, {"A – X", "B – X"}),
        ],
    )
    def test_the_territory_is_one_s_own(self, client, role, scope, names):
        factories.pair(name="A – X")
        factories.pair(factories.election(name="Kupang", region_id=5371), name="B – X")
        client.force_login(factories.user("seseorang", role, scope))
        assert set(titles(client.get("/wilayah/"))) == names
        assert client.get("/").url == "/wilayah/"

    def test_a_team_has_a_desk_and_no_territory(self, client):
        pair = factories.pair()
        client.force_login(factories.operator(pair))
        assert client.get("/wilayah/").status_code == 403
        assert client.get("/").url == f"/pasangan/{pair.pk}/"

    def test_an_empty_territory_says_what_to_do(self, client, kpu_ri):
        assert "Belum ada bakal pasangan calon yang terdaftar" in text_of(client.get("/wilayah/"))


class TestDeadline:
    """What is asked of the database in one statement for all pairs, against the window that each one has."""

    @pytest.fixture
    def ends(self, kpu_ri):
        pair = factories.pair(factories.election(open_now=False))

        def ends(*windows):
            for kind, opens, closes in windows:
                Window.objects.create(
                    election=pair.election, stage="awal", kind=kind,
                    opens_at=now() + timedelta(hours=opens), closes_at=now() + timedelta(hours=closes),
                )  # fmt: skip
            (line,) = lines_of(kpu_ri, practice=False)
            return line.deadline and round((line.deadline - now()) / timedelta(hours=1))

        return ends

    def test_of_several_that_are_open_it_is_the_latest(self, ends):
        assert ends(("handing_in", -9, 5), ("handing_in", -2, 8), ("handing_in", 20, 90)) == 8

    def test_of_none_that_is_open_it_is_that_of_the_next(self, ends):
        assert ends(("handing_in", 30, 40), ("handing_in", 10, 60), ("filling", -5, 5)) == 60

    def test_filling_counts_while_handing_in_was_never_scheduled(self, ends):
        assert ends(("filling", -9, 7)) == 7

    def test_filling_counts_no_longer_once_handing_in_is_over(self, ends):
        assert ends(("filling", -9, 7), ("handing_in", -9, -1)) is None

    def test_nothing_scheduled_has_no_end(self, ends):
        assert ends() is None

    def test_the_window_of_one_pair_is_not_that_of_another(self, kpu_ri):
        own = factories.pair(factories.election(open_now=False), name="A – X")
        factories.pair(own.election, name="B – X")
        Window.objects.create(
            election=own.election, pair=own, ruling=make_ruling(own), stage="awal", kind="handing_in",
            opens_at=now(), closes_at=now() + timedelta(hours=4),
        )  # fmt: skip
        assert [bool(line.deadline) for line in lines_of(kpu_ri, practice=False)] == [True, False]

    def test_windows_of_another_stage_say_nothing_of_this_one(self, ends, kpu_ri):
        assert ends(("handing_in", -9, 5)) == 5
        pair = Pair.objects.get()
        Submission.objects.create(pair=pair, stage="perbaikan_1", rule_set=pair.election.rule_set)
        (line,) = lines_of(kpu_ri, practice=False)
        assert (line.deadline, line.stage_title) == (None, "Perbaikan Kesatu")


def test_the_territory_costs_the_same_queries_however_large(client, kpu_ri, django_assert_max_num_queries):
    def queries():
        client.get("/wilayah/")
        with django_assert_max_num_queries(13) as done:
            assert client.get("/wilayah/").status_code == 200
        return len(done)

    election = factories.election()
    factories.loaded(factories.pair(election), None, [factories.person()])
    once = queries()
    for number in range(30):
        factories.pair(election, name=f"Pasangan {number} – X")
    for region, name in ((6472, "Samarinda"), (6471, "Balikpapan"), (5371, "Kupang")):
        more = factories.election(name=name, region_id=region, base=500_000, rule_set="uu10-2016")
        factories.loaded(factories.pair(more, name=f"{name} – X"), None, [factories.person(1)])
    assert queries() == once
