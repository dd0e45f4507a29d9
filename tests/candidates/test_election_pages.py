"""The commission's desk in the browser: an election is created with its requirement spelled out; its pairs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Election, Pair
from candidates.queries import requirement_of
from foundation.accounts.matrix import Role
from foundation.workflow.models import Event
from tests import factories
from tests.candidates.test_window_pages import log_in, text_of

pytestmark = pytest.mark.django_db
AREAS = "64.74.01 Bontang Utara\n64.74.02 Bontang Selatan\n64.74.03 Bontang Barat"
TYPED = {
    "name": "Pemilihan Wali Kota Bontang 2024",
    "rule_set": "pkpu8-2024",
    "base": "131.600",
    "base_date": "2 Juli 2023",
    "voting_day": "27-11-2024",
    "zone": "Asia/Makassar",
    "areas": AREAS,
}
PAGE = "/pemilihan/buat/6474/"
NAMES = {"head": "Rangga Contoh", "deputy": "Melati Misalnya", "name": "Rangga Contoh – Melati Misalnya"}


@pytest.fixture
def kpu(client):
    return log_in(client, Role.KPU_REGENCY, 6474)


class TestRegion:
    def test_it_is_found_by_name_in_the_own_territory_only(self, client):
        log_in(client, Role.KPU_PROVINCE, 64)
        page = text_of(client.get("/pemilihan/buat/", {"cari": "bontang"}))
        assert 'href="/pemilihan/buat/6474/"' in page
        assert "Wali Kota dan Wakil Wali Kota" in page
        assert "Kota Kupang" not in text_of(client.get("/pemilihan/buat/", {"cari": "kupang"}))
        assert client.get("/pemilihan/buat/5371/").status_code == 404

    def test_a_kabupaten_office_sees_itself(self, kpu):
        page = text_of(kpu.get("/pemilihan/buat/"))
        assert page.count('href="/pemilihan/buat/') == 1

    def test_the_nation_is_not_listed_whole_but_searched(self, client):
        log_in(client, Role.KPU_RI)
        page = text_of(client.get("/pemilihan/buat/"))
        assert "Masih ada yang lain. Ketik sebagian namanya." in page
        part = client.get("/pemilihan/buat/", {"cari": "papua"}, headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()
        assert "Papua Pegunungan" in text_of(part)

    def test_nobody_else_creates_elections(self, client):
        log_in(client, Role.BAWASLU, 6474)
        assert client.get("/pemilihan/buat/").status_code == 403
        assert client.post(PAGE, TYPED).status_code == 403
        assert "Buat pemilihan" not in text_of(client.get("/pasangan/"))


class TestForm:
    def test_what_is_probable_stands_there_already(self, kpu):
        page = text_of(kpu.get(PAGE))
        assert "64.74.01 Bontang Utara" in page
        assert "Pemilihan Wali Kota Bontang" in page
        assert '<option value="Asia/Makassar" selected>WITA' in page
        assert '<option value="pkpu8-2024" selected>' in page

    def test_aceh_has_its_own_rules(self, client):
        log_in(client, Role.KPU_RI)
        assert '<option value="qanun12-2016" selected>' in text_of(client.get("/pemilihan/buat/1171/"))

    def test_an_election_is_created_as_typed(self, kpu):
        answer = kpu.post(PAGE, TYPED | {"operators_allowed": "5", "practice": "on"})
        made = Election.objects.get()
        assert answer.url == f"/pemilihan/{made.pk}/"
        assert (made.level, made.region_id, made.base) == ("walikota", 6474, 131_600)
        assert (made.base_date, made.voting_day) == (date(2023, 7, 2), date(2024, 11, 27))
        assert (made.operators_allowed, made.practice) == (5, True)
        assert requirement_of(made).minimum == 13_160
        assert Event.objects.get(name="election_created").subject_id == made.pk
        page = text_of(kpu.get(answer.url))
        assert "Pemilihan sudah dibuat." in page
        assert "Latihan: data di sini tidak dipakai" in page

    def test_areas_of_another_day_may_be_pasted_and_named(self, kpu):
        pasted = "647401\tBontang Utara Lama\n64.74.09;Bontang Hulu\n\nbontang selatan\n"
        kpu.post(PAGE, TYPED | {"areas": pasted})
        assert list(Election.objects.get().areas.values_list("code", "name")) == [
            (647401, "Bontang Utara Lama"),
            (647402, "bontang selatan"),
            (647409, "Bontang Hulu"),
        ]

    @pytest.mark.parametrize(
        ("changes", "sentence", "field"),
        [
            ({"name": ""}, "Nama pemilihan belum diisi.", "name"),
            ({"base": ""}, "Angka dasar belum diisi.", "base"),
            ({"base": "12,5"}, "Angka dasar bukan bilangan bulat.", "base"),
            ({"base": "400.000.000"}, "Angka dasar 400.000.000 tidak mungkin.", "base"),
            ({"voting_day": "2024-11-27"}, "Hari pemungutan suara: tanggal tidak dikenal.", "voting_day"),
            ({"voting_day": "27-11-1824"}, "Tahun 1824 tidak mungkin", "voting_day"),
            ({"voting_day": ""}, "Hari pemungutan suara belum diisi.", "voting_day"),
            ({"areas": ""}, "Wilayah sebaran belum diisi.", "areas"),
            ({"areas": "Bontang Utara\nBontang Tengah"}, "Baris 2: “Bontang Tengah” tidak ada", "areas"),
            ({"areas": "64.75.01 Lain"}, "Kode 647501 bukan bagian langsung", "areas"),
            ({"areas": f"{AREAS}\n64.74.01 Lagi"}, "Ada kode wilayah yang tercantum dua kali.", "areas"),
            ({"override_minimum": "9000"}, "Angka resmi yang berbeda dari rumus", "override_decree"),
            ({"override_spread": "9", "override_decree": "1"}, "Angka 9 tidak mungkin.", "override_spread"),
            ({"operators_allowed": "0"}, "0 operator tidak mungkin.", "operators_allowed"),
            ({"parent_region_ids": "Berau"}, "Daerah induk ditulis sebagai kode", "parent_region_ids"),
            ({"rule_set": "uu99"}, "Pilihan itu tidak ada.", "rule_set"),
        ],
    )
    def test_what_is_wrong_is_said_on_top_and_at_its_field(self, kpu, changes, sentence, field):
        answer = kpu.post(PAGE, TYPED | changes)
        assert answer.status_code == 422
        page = text_of(answer)
        assert f'<a href="#id_{field}">{sentence}' in page
        assert f'id="id_{field}_error"' in page
        assert not Election.objects.exists()


class TestPreview:
    def test_the_sum_is_spelled_out_while_one_types(self, kpu):
        page = text_of(
            kpu.post(f"{PAGE}hitung/", {"rule_set": "pkpu8-2024", "base": "464.114", "areas": AREAS})
        )
        assert "<html" not in page
        assert "464.114 × 8,5 % = 39.449,69 → dibulatkan ke atas 39.450" in page
        assert "3 kecamatan: lebih dari setengah → 2" in page
        assert "Angka resmi berbeda" not in page
        assert not Election.objects.exists()

    def test_an_official_number_that_differs_is_warned_of(self, kpu):
        typed = TYPED | {"override_minimum": "13.200"}
        page = text_of(kpu.post(f"{PAGE}hitung/", typed))
        assert (
            "Angka resmi berbeda dari rumus, yang menghasilkan 13.160 dukungan di 2 wilayah. Isi nomor"
            in page
        )
        typed["override_decree"] = "Keputusan 1/2024"
        assert "Dasarnya: Keputusan 1/2024." in text_of(kpu.post(f"{PAGE}hitung/", typed))

    @pytest.mark.parametrize("base", ["", "banyak", "0"])
    def test_what_cannot_be_reckoned_says_what_is_missing(self, kpu, base):
        page = text_of(kpu.post(f"{PAGE}hitung/", TYPED | {"base": base}))
        assert "Isi kumpulan aturan, angka dasar, dan wilayah sebaran" in page

    def test_what_is_locked_and_not_sent_is_taken_from_the_election(self, kpu):
        election = factories.election()
        typed = {"override_minimum": "13.200"}
        page = text_of(kpu.post(f"{PAGE}hitung/?pemilihan={election.pk}", typed))
        assert "131.600 × 10 % = 13.160" in page
        assert "Angka resmi berbeda dari rumus" in page
        kupang = factories.election(name="Kupang", region_id=5371)
        assert kpu.post(f"{PAGE}hitung/?pemilihan={kupang.pk}", typed).status_code == 404

    def test_an_impossible_number_is_named(self, kpu):
        assert "tidak mungkin" in text_of(kpu.post(f"{PAGE}hitung/", TYPED | {"base": "900.000.000"}))


class TestPairs:
    def test_one_is_entered_and_its_name_corrected(self, kpu):
        election = factories.election()
        assert kpu.post(f"/pemilihan/{election.pk}/pasangan/", NAMES).url == f"/pemilihan/{election.pk}/"
        pair = Pair.objects.get()
        page = text_of(kpu.get(f"/pemilihan/{election.pk}/"))
        assert "Rangga Contoh – Melati Misalnya" in page
        assert f'href="/pasangan/{pair.pk}/nama/"' in page
        kpu.post(f"/pasangan/{pair.pk}/nama/", NAMES | {"deputy": "Melati Misalnya, S.H."})
        pair.refresh_from_db()
        assert pair.deputy == "Melati Misalnya, S.H."
        event = Event.objects.get(name="pair_renamed")
        assert event.data["changes"] == {"deputy": ["Melati Misalnya", "Melati Misalnya, S.H."]}

    def test_the_same_name_twice_is_refused(self, kpu):
        election = factories.election()
        factories.pair(election)
        answer = kpu.post(f"/pemilihan/{election.pk}/pasangan/", NAMES)
        assert answer.status_code == 422
        assert "sudah terdaftar pada pemilihan ini" in text_of(answer)
        assert Pair.objects.count() == 1

    def test_nothing_changed_is_said(self, kpu):
        pair = factories.pair()
        answer = kpu.post(f"/pasangan/{pair.pk}/nama/", NAMES)
        assert "Tidak ada isian yang berubah" in text_of(answer)

    def test_other_territories_do_not_exist(self, kpu):
        kupang = factories.election(name="Pemilihan Wali Kota Kupang 2024", region_id=5371)
        pair = factories.pair(kupang)
        assert kpu.post(f"/pemilihan/{kupang.pk}/pasangan/", NAMES).status_code == 404
        assert kpu.post(f"/pasangan/{pair.pk}/nama/", NAMES).status_code == 404


def test_the_choice_of_a_region_costs_the_same_with_one_and_with_forty(client):
    def queries(wanted):
        with CaptureQueriesContext(connection) as done:
            client.get("/pemilihan/buat/", {"cari": wanted})
        return len(done)

    log_in(client, Role.KPU_RI)
    queries("bontang")
    assert queries("bontang") == queries("kota")
