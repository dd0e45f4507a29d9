"""The public pages, and the list of elections and pairs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.matrix import Role
from tests import factories

ASKED = {"rule_set": "uu10-2016", "level": "walikota", "base": "464.114", "areas": "6"}


def simulated(client, **changes):
    return client.get("/simulasi/", ASKED | changes)


def text_of(response):
    """What is written on the page, white space made even."""
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_simulation_shows_the_form_before_it_is_asked(client, db):
    page = text_of(client.get("/simulasi/"))
    assert 'name="base"' in page
    assert "perlu dibetulkan" not in page
    assert "Cara menghitung" not in page


def test_simulation_spells_the_sum_out(client, db):
    page = text_of(simulated(client))
    assert '<span class="big">39.450</span>' in page
    assert '<span class="big">8,5 %</span>' in page
    assert '<span class="big">4</span>' in page
    assert "464.114 × 8,5 % = 39.449,69 → dibulatkan ke atas 39.450" in page
    assert "6 kecamatan: lebih dari setengah → 4" in page


@pytest.mark.parametrize("written", ["464114", "464.114", "464 114", " 464\u00a0114 "])
def test_simulation_reads_numbers_as_people_write_them(client, db, written):
    assert "39.450" in text_of(simulated(client, base=written))


@pytest.mark.parametrize(
    ("wrong", "sentence", "field"),
    [
        ({"base": "12,5"}, "Angka dasar bukan bilangan bulat", "id_base"),
        ({"base": "46.11"}, "Angka dasar bukan bilangan bulat", "id_base"),
        ({"base": "0"}, "Angka dasar 0 tidak mungkin", "id_base"),
        ({"base": ""}, "Angka dasar belum diisi", "id_base"),
        ({"areas": "0"}, "Jumlah wilayah 0 tidak mungkin", "id_areas"),
        ({"areas": "enam"}, "Jumlah wilayah bukan bilangan bulat", "id_areas"),
        ({"rule_set": "uu-2099"}, "Dasar hukum itu tidak dikenal", "id_rule_set"),
        ({"level": "lurah"}, "Jenis pemilihan itu tidak dikenal", "id_level"),
    ],
)
def test_simulation_says_what_is_wrong_on_top_and_at_the_field(client, db, wrong, sentence, field):
    page = text_of(simulated(client, **wrong))
    assert f'<a href="#{field}">{sentence}' in page
    assert f'id="{field}_error"' in page
    assert "Cara menghitung" not in page


def test_simulation_names_the_areas_of_a_governors_election(client, db):
    page = text_of(simulated(client, level="gubernur", base="8252897"))
    assert "618.968" in page
    assert "6 kabupaten/kota: lebih dari setengah → 4" in page


def test_home_says_what_this_is_to_who_is_not_logged_in(client, db):
    page = text_of(client.get("/"))
    assert "Dukungan bakal pasangan calon perseorangan" in page
    assert reverse("account_login") in page


def test_home_sends_a_team_to_its_pair(client, db):
    pair = factories.pair()
    client.force_login(factories.operator(pair))
    assert client.get("/").url == reverse("pair", args=[pair.pk])


def test_home_sends_the_commission_to_its_territory(client, db):
    factories.pair()
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6471))
    assert client.get("/").url == reverse("territory")


def test_list_shows_the_own_territory_only(client, db):
    bontang = factories.election()
    factories.pair(bontang)
    kupang = factories.election(name="Pemilihan Wali Kota Kupang 2024", region_id=5371)
    factories.pair(kupang, "Bayu Umpama – Kirana Andaikan")
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    page = text_of(client.get("/pasangan/"))
    assert "Pemilihan Wali Kota Bontang 2024" in page
    assert "Minimum 13.160 dukungan, tersebar di paling sedikit 2 dari 3 kecamatan." in page
    assert "Kupang" not in page
    assert "Bayu Umpama" not in page


def test_list_of_an_empty_territory_says_what_comes_next(client, db):
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 1101))
    assert "Belum ada pemilihan di wilayah tugas Anda." in text_of(client.get("/pasangan/"))


def test_list_finds_an_election_by_its_name(client, db):
    factories.election()
    factories.election(name="Pemilihan Wali Kota Kupang 2024", region_id=5371)
    client.force_login(factories.user("kpu-ri", Role.KPU_RI))
    page = text_of(client.get("/pasangan/", {"cari": "kupang"}))
    assert "Pemilihan Wali Kota Kupang 2024" in page
    assert "Pemilihan Wali Kota Bontang 2024" not in page
    assert "Tidak ada pemilihan dengan nama itu" in text_of(client.get("/pasangan/", {"cari": "Surabaya"}))


def test_list_costs_the_same_with_one_election_and_with_three(client, db):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as done:
            client.get("/pasangan/")
        return len(done)

    client.force_login(factories.user("kpu-ri", Role.KPU_RI))
    factories.pair()
    queries()  # the session and what is looked up once per process
    with_one = queries()
    for name, region in (("Kupang", 5371), ("Samarinda", 6472)):
        more = factories.election(name=f"Pemilihan Wali Kota {name} 2024", region_id=region)
        factories.pair(more, "Bayu Umpama – Kirana Andaikan")
        factories.pair(more, "Dewi Misal – Eko Andai")
    assert queries() == with_one
