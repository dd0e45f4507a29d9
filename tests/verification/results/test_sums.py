"""The MS of a round and of those before it, against the minimum and the spread."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.rule_sets import SHIPPED
from candidates.thresholds import Requirement
from tests.factories import pair as other_pair
from tests.supports.handing_in.teams import round_of
from tests.verification.results.made import (
    AWAL,
    BARAT,
    PERBAIKAN_1,
    SELATAN,
    UTARA,
    bontang,
    made_round,
    set_status,
)
from tests.verification.rounds import in_review
from verification.results.sums import add_up, sum_of

NAMES = {UTARA: "Bontang Utara", SELATAN: "Bontang Selatan", BARAT: "Bontang Barat"}
ASKED = Requirement(100, 13_160, 2)
FIRST, SECOND = SHIPPED["pkpu8-2024"].rounds[:2]


def ms(counts):
    return {area: each.get("MS", 0) for area, each in counts.items()}


def test_bontang_lacks_people_after_the_first_round_and_has_them_after_the_second():
    awal = add_up(ASKED, FIRST, NAMES, {}, ms(AWAL))
    assert (awal.ms, awal.missing, awal.areas_reached, awal.areas_missing, awal.met) == (
        10_011,
        3_149,
        3,
        0,
        False,
    )
    repaired = add_up(ASKED, SECOND, NAMES, ms(AWAL), ms(PERBAIKAN_1))
    assert (repaired.before, repaired.here, repaired.ms) == (10_011, 4_062, 14_073)
    assert (repaired.asked, repaired.missing, repaired.met) == (3_149, 0, True)


def test_enough_people_in_too_few_areas_do_not_meet_it():
    only_north = add_up(ASKED, FIRST, NAMES, {}, {UTARA: 14_000, BARAT: 0})
    assert (only_north.missing, only_north.areas_reached, only_north.areas_missing) == (0, 1, 1)
    assert not only_north.met
    assert [area.name for area in only_north.empty] == ["Bontang Selatan", "Bontang Barat"]


def test_exactly_the_minimum_in_exactly_the_areas_meets_it():
    assert add_up(ASKED, FIRST, NAMES, {UTARA: 13_159}, {BARAT: 1}).met
    assert not add_up(ASKED, FIRST, NAMES, {UTARA: 13_158}, {BARAT: 1}).met


def test_people_of_no_known_area_count_as_people_and_cover_none():
    found = add_up(ASKED, FIRST, NAMES, {0: 5}, {UTARA: 1, 647_199: 2})
    assert (found.ms, found.areas_reached, found.by_area[-1].code, found.by_area[-1].ms) == (8, 1, 0, 7)


def test_a_factor_asks_for_so_many_times_what_was_missing():
    repair = SHIPPED["uu10-2016"].rounds[1]
    found = add_up(ASKED, repair, NAMES, {UTARA: 10_000}, {SELATAN: 4_000})
    assert (found.asks, found.factor, found.asked, found.missing) == ("factor_shortfall", 2, 6_320, 0)


@pytest.mark.usefixtures("committed")
def test_rounds_of_the_real_size_are_added_from_the_counts():
    pair = bontang()
    awal = made_round(pair, "awal", AWAL)
    assert sum_of(awal).ms == 10_011
    repair = made_round(pair, "perbaikan_1", PERBAIKAN_1, status="in_review")
    with CaptureQueriesContext(connection) as asked:
        found = sum_of(repair)
    assert (found.before, found.here, found.ms, found.met) == (10_011, 4_062, 14_073, True)
    assert len(asked) == 3 and not any("supports_standing" in one["sql"] for one in asked)
    assert [(area.before, area.here) for area in found.by_area] == [
        (4_700, 2_000),
        (4_500, 1_462),
        (811, 600),
    ]
    assert [(one.title, one.ms) for one in found.rounds] == [("Awal", 10_011)]
    # What comes after a round adds nothing to it, and neither does a round that is decided anew.
    assert sum_of(awal).ms == 10_011
    set_status(awal, "in_review")
    assert (sum_of(repair).before, sum_of(repair).ms) == (0, 4_062)


@pytest.mark.usefixtures("committed")
def test_another_pair_adds_nothing():
    team, _office, _review = in_review(rule_set="pkpu8-2024")
    made_round(other_pair(team[0].election, name="Bayu Umpama – Kirana Andaikan"), "awal", AWAL)
    found = sum_of(round_of(team))
    assert (found.minimum, found.ms, found.areas_missing) == (3, 0, 2)
