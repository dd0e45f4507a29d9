"""A pair's page, the list of its supporters, and the rules."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.matrix import Role
from supports.rules import RULES
from tests import factories

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def team(client, operator):
    client.force_login(operator)
    return client


def text_of(response):
    """What is written on the page, without its tags, white space made even."""
    page = re.sub(r"<(script|style|svg).*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


def people(number, **changes):
    return [factories.person(at, **changes) for at in range(number)]


def names(response):
    return [row.name for row in response.context["page"].rows]


# ---- the pair's page -------------------------------------------------------------------------------


def test_the_page_of_a_pair_without_rows_says_how_to_begin(team, pair):
    page = text_of(team.get(f"/pasangan/{pair.pk}/"))
    assert "Belum ada dukungan yang diunggah." in page
    assert "Minimum 13.160 10 % dari 131.600 · rincian" in page
    assert "BELUM diserahkan" not in page


def test_the_page_says_first_that_nothing_has_been_handed_in(team, pair, operator):
    factories.loaded(pair, operator, people(30))
    page = text_of(team.get(f"/pasangan/{pair.pk}/"))
    assert page.index("Sudah diunggah, BELUM diserahkan") < page.index("Minimum")


def test_the_page_shows_counted_shortfall_spread_and_areas(team, pair, operator):
    south = people(20, district="Bontang Selatan", village="Tanjung Laut")
    factories.loaded(pair, operator, people(30))
    factories.loaded(pair, operator, [one | {"nik": one["nik"][:12] + "9501"} for one in south])
    page = text_of(team.get(f"/pasangan/{pair.pk}/"))
    assert "Terhitung 50 0 % dari minimum dari 50 baris diunggah" in page
    assert "Kurang 13.110" in page
    assert "Sebaran 2 minimum 2 dari 3 kecamatan" in page
    assert "Bontang Utara 30 · 0" in page
    assert "Bontang Selatan 20 · 0" in page
    assert "Bontang Barat 0 · 0" in page


def test_findings_lead_to_their_rows_the_gravest_first(team, pair, operator):
    rows = [
        *people(5),
        factories.person(6, name=""),
        factories.person(7, regency="Kota Samarinda", district="Palaran"),
    ]
    factories.loaded(pair, operator, rows)
    response = team.get(f"/pasangan/{pair.pk}/")
    found = [(one.code, one.effect, one.n) for one in response.context["findings"]]
    assert found[0][:2] == ("OUTSIDE_AREA", "TMS")
    assert ("NAME_MISSING", "BMS", 1) in found
    assert f'href="/pasangan/{pair.pk}/dukungan/?temuan=NAME_MISSING"' in response.content.decode()


def test_a_decree_that_departs_from_the_formula_is_named(client, committed):
    election = factories.election(
        override_minimum=13_000, override_decree="Keputusan KPU Kota Bontang Nomor 12 Tahun 2024"
    )
    pair = factories.pair(election)
    client.force_login(factories.operator(pair))
    page = text_of(client.get(f"/pasangan/{pair.pk}/"))
    assert (
        "Minimum 13.000 Keputusan KPU Kota Bontang Nomor 12 Tahun 2024; menurut rumus 13.160 · rincian"
        in page
    )


def test_the_sum_behind_the_minimum_is_spelled_out_with_where_its_base_comes_from(client, committed):
    pair = factories.pair(factories.election(base_note="Angka ilustrasi"))
    client.force_login(factories.operator(pair))
    page = text_of(client.get(f"/pasangan/{pair.pk}/"))
    assert "131.600 × 10 % = 13.160" in page
    assert "Angka ilustrasi." in page


def test_another_pairs_page_does_not_exist(team, pair):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    for address in ("", "dukungan/", "unggah/", "unggahan-terakhir/"):
        assert team.get(f"/pasangan/{other.pk}/{address}").status_code == 404


def test_an_observer_sees_sums_and_neither_findings_nor_files(client, pair, operator):
    faulty = [factories.person(n, name="") for n in range(20, 25)]
    factories.loaded(pair, operator, [*people(7), *faulty], "rahasia.csv")
    client.force_login(factories.user("pemantau", Role.OBSERVER, 6474))
    page = text_of(client.get(f"/pasangan/{pair.pk}/"))
    assert "Terhitung 7" in page
    assert "Baris diunggah: 12" in page
    assert "Nama kosong" not in page
    assert "rahasia.csv" not in page


def test_the_page_costs_the_same_whatever_was_uploaded(team, pair, operator):
    def queries():
        with CaptureQueriesContext(connection) as done:
            team.get(f"/pasangan/{pair.pk}/")
        return len(done)

    factories.loaded(pair, operator, people(2))
    queries()
    once = queries()
    for at in range(3):
        factories.loaded(pair, operator, [factories.person(400 + 9 * at + more) for more in range(9)])
    assert queries() == once


# ---- the list --------------------------------------------------------------------------------------


def test_the_list_masks_identities(team, pair, operator):
    factories.loaded(pair, operator, people(3))
    response = team.get(f"/pasangan/{pair.pk}/dukungan/")
    page = response.content.decode()
    assert page.count("6474••••••••••••") == 3
    for one in people(3):
        assert one["nik"] not in page
        assert one["phone"] not in page
        assert one["address"] not in page
        assert one["name"] in page


def test_the_list_by_finding_holds_only_its_rows(team, pair, operator):
    factories.loaded(
        pair, operator, [*people(4), factories.person(5, nik="123"), factories.person(6, name="")]
    )
    response = team.get(f"/pasangan/{pair.pk}/dukungan/", {"temuan": "NIK_LENGTH"})
    assert names(response) == [factories.person(5)["name"]]
    page = text_of(response)
    assert "Jumlah angka NIK kurang atau lebih dari 16." in page
    assert "data.csv baris 6" in page


def test_chips_carry_counts_and_the_chosen_one_takes_itself_away(team, pair, operator):
    factories.loaded(
        pair, operator, [*people(4), factories.person(5, nik="123"), factories.person(6, nik="45")]
    )

    def chips(**query):
        rows = team.get(f"/pasangan/{pair.pk}/dukungan/", query).context["chip_rows"]
        return {chip.title: chip for row in rows for chip in row.chips}

    found = chips()["NIK tidak 16 angka"]
    assert (found.n, found.chosen, found.url) == (2, False, "?temuan=NIK_LENGTH")
    chosen = chips(temuan="NIK_LENGTH", kursor=">1")["NIK tidak 16 angka"]
    assert (chosen.chosen, chosen.url) == (True, "?")
    assert chips(temuan="NIK_LENGTH")["Bontang Utara"].n is None
    assert chips()["Bontang Utara"].n == 6


def test_the_list_by_area_and_by_file(team, pair, operator):
    south = factories.person(9, district="Bontang Selatan", village="Tanjung Laut")
    factories.loaded(pair, operator, [*people(2), south])
    second = factories.loaded(pair, operator, [factories.person(30)], "kedua.csv")
    list_url = f"/pasangan/{pair.pk}/dukungan/"
    assert names(team.get(list_url, {"wilayah": "647402"})) == [south["name"]]
    response = team.get(list_url, {"unggahan": second.pk})
    assert names(response) == [factories.person(30)["name"]]
    assert "Dari berkas kedua.csv" in text_of(response)


def test_pages_follow_each_other_forth_and_back(team, pair, operator):
    factories.loaded(pair, operator, people(120))
    address = f"/pasangan/{pair.pk}/dukungan/"
    first = team.get(address)
    second = team.get(address + first.context["next_url"])
    third = team.get(address + second.context["next_url"])
    seen = [*names(first), *names(second), *names(third)]
    assert (len(names(first)), len(seen), len(set(seen))) == (50, 120, 120)
    assert third.context["next_url"] is None
    assert names(team.get(address + third.context["previous_url"])) == names(second)
    assert first.context["previous_url"] is None


def test_the_list_costs_the_same_with_one_row_and_with_fifty(team, pair, operator):
    def queries():
        with CaptureQueriesContext(connection) as done:
            team.get(f"/pasangan/{pair.pk}/dukungan/")
        return len(done)

    factories.loaded(pair, operator, people(1))
    queries()
    once = queries()
    factories.loaded(pair, operator, [factories.person(400 + at, nik="1") for at in range(49)])
    assert queries() == once


def test_a_committee_below_reads_its_own_area_only(client, pair, operator):
    south = factories.person(9, district="Bontang Selatan", village="Tanjung Laut")
    factories.loaded(pair, operator, [*people(2), south])
    client.force_login(factories.user("ppk", Role.PPK, 647402))
    response = client.get(f"/pasangan/{pair.pk}/dukungan/")
    assert names(response) == [south["name"]]
    chips = [chip for row in response.context["chip_rows"] for chip in row.chips]
    assert [chip.n for chip in chips if chip.n is not None] == []
    assert "/unggahan/" not in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [{"temuan": "TIDAK_ADA"}, {"wilayah": "utara"}, {"unggahan": "-1"}, {"kursor": "x"}, {"status": "?"}],
)
def test_a_filter_that_means_nothing_is_refused_in_words(team, pair, operator, query):
    factories.loaded(pair, operator, people(1))
    response = team.get(f"/pasangan/{pair.pk}/dukungan/", query)
    assert response.status_code == 422
    assert "tidak dikenal" in text_of(response)


def test_an_empty_list_says_what_comes_next(team, pair, operator):
    assert "Belum ada pendukung yang diunggah." in text_of(team.get(f"/pasangan/{pair.pk}/dukungan/"))
    factories.loaded(pair, operator, people(1))
    page = text_of(team.get(f"/pasangan/{pair.pk}/dukungan/", {"wilayah": "647403"}))
    assert "Tidak ada baris yang cocok dengan saringan ini." in page


# ---- the rules -------------------------------------------------------------------------------------


def test_every_rule_is_explained_to_everybody(client):
    page = text_of(client.get("/aturan/"))
    for rule in RULES:
        assert rule.code in page
        assert rule.title in page
        assert rule.remedy in page
        assert rule.basis in page
