"""The table in the database, and reading it."""

from io import StringIO

import pytest
from django.core.management import call_command

from foundation.regions import queries
from foundation.regions.codes import DISTRICT, PROVINCE, REGENCY, VILLAGE
from foundation.regions.models import Region
from foundation.regions.names import AMBIGUOUS
from foundation.regions.operations import Loaded, load_regions
from foundation.regions.table import all_rows

pytestmark = pytest.mark.django_db

TOTAL = 99_134


def stored():
    return set(
        Region.objects.values_list("code", "parent", "level", "name", "key", "kind", "earlier", "current")
    )


def test_an_empty_database_gets_every_region():
    Region.objects.all().delete()
    assert load_regions() == Loaded(TOTAL, TOTAL, 0)
    assert {(code, name, current) for code, _, _, name, _, _, _, current in stored()} == {
        (row.code, row.name, row.current) for row in all_rows()
    }


def test_loading_twice_changes_nothing():
    load_regions()
    before = stored()
    assert load_regions() == Loaded(TOTAL, 0, 0)
    assert stored() == before


def test_a_load_mends_what_was_changed_and_removes_what_is_no_region():
    load_regions()
    before = stored()
    Region.objects.filter(pk=6474).update(name="Bontang", current=False)
    Region.objects.filter(pk=647403).delete()
    Region.objects.create(code=6499, parent=64, level=REGENCY, name="Kota Tiada", key="TIADA", current=True)
    assert load_regions() == Loaded(TOTAL, 2, 1)
    assert stored() == before


def test_a_row_carries_what_its_code_says():
    load_regions()
    rows = {row[0]: row for row in stored()}
    assert rows[64] == (64, None, PROVINCE, "Kalimantan Timur", "KALIMANTANTIMUR", "", "", True)
    assert rows[6474] == (6474, 64, REGENCY, "Kota Bontang", "BONTANG", "kota", "", True)
    assert rows[647401] == (647401, 6474, DISTRICT, "Bontang Utara", "BONTANGUTARA", "", "", True)
    assert rows[6474011005] == (
        6474011005, 647401, VILLAGE, "Gunung Elai", "GUNUNGELAI", "kelurahan", "Guntung Elai", True,
    )  # fmt: skip
    assert rows[9101][-1] is False


def test_the_command_says_how_many_of_each_level():
    out = StringIO()
    call_command("load_regions", stdout=out)
    assert out.getvalue().splitlines()[:4] == [
        "provinsi: 38 berlaku, 0 lama",
        "kabupaten/kota: 514 berlaku, 26 lama",
        "kecamatan: 7285 berlaku, 594 lama",
        "desa/kelurahan: 83762 berlaku, 6915 lama",
    ]
    assert out.getvalue().splitlines()[4].startswith("99134 wilayah: ")


class TestReading:
    """Against the table that every test database holds."""

    def test_children_are_one_level_below_in_order(self):
        assert [str(region) for region in queries.children(6474)] == [
            "Bontang Utara",
            "Bontang Selatan",
            "Bontang Barat",
        ]

    def test_former_regions_are_listed_below_a_former_one_only(self):
        assert queries.children(91).count() == 9
        assert queries.children(9101).count() == 22
        assert not queries.children(9101).filter(current=True).exists()

    @pytest.mark.parametrize(
        ("code", "level", "number"),
        [
            (6474, REGENCY, 1),
            (6474, DISTRICT, 3),
            (6474, VILLAGE, 15),
            (64, REGENCY, 10),
            (647401, VILLAGE, 6),
        ],
    )
    def test_a_subtree_holds_one_level_inside_a_region(self, code, level, number):
        found = list(queries.subtree(code, level).values_list("code", flat=True))
        assert len(found) == number
        assert all(str(each).startswith(str(code)) for each in found)

    @pytest.mark.parametrize(
        ("code", "names"),
        [
            (6474011001, ("Kalimantan Timur", "Kota Bontang", "Bontang Utara", "Bontang Kuala")),
            (6474010000, ("Kalimantan Timur", "Kota Bontang", "Bontang Utara")),
            (6474000000, ("Kalimantan Timur", "Kota Bontang")),
            (6474, ("Kalimantan Timur", "Kota Bontang")),
            (9101, ("Papua", "Kabupaten Merauke")),
            (0, ()),
        ],
    )
    def test_a_path_names_the_region_and_those_above_it(self, code, names, django_assert_max_num_queries):
        with django_assert_max_num_queries(1):
            assert queries.path_names(code) == names

    def test_an_index_knows_the_inside_of_its_regions_and_all_regencies(self):
        index = queries.name_index([6474])
        assert index.find(647401, "Kel. Guntung") == 6474011004
        assert index.find(647401, "Guntung Elai") == 6474011005
        assert index.find(6471, "Balikpapan Kota") is None
        assert index.find_regency("Kota Balikpapan") == 6471
        assert index.find_regency("Bandung") is AMBIGUOUS

    def test_an_index_of_a_province_knows_its_desa(self):
        assert queries.name_index([64]).find(647101, "Manggar") == 6471011001

    def test_an_index_of_a_former_region_prefers_it(self):
        index = queries.name_index([9101])
        assert index.find_regency("Merauke") is AMBIGUOUS
        assert index.find_regency("Merauke", prefer={9101}) == 9101
        assert index.find(9101, "Distrik Merauke") == 910101

    def test_full_names_are_those_of_every_desa_inside(self):
        assert ("Kota Bontang", "Bontang Utara", "Guntung") in queries.full_names(6474)
        assert len(queries.full_names(64)) == queries.subtree(64, VILLAGE).count()

    def test_an_index_is_read_once(self, django_assert_num_queries):
        queries.forget_name_indexes()
        first = queries.name_index([6474, 6471])
        with django_assert_num_queries(0):
            assert queries.name_index((6471, 6474)) is first
