"""Elections, pairs and windows: what is stored, what is refused, and that every change leaves an Event."""

from datetime import date

import pytest

from candidates import queries
from candidates.models import ElectionArea, RuleSet
from candidates.operations import create_election, load_rule_sets
from candidates.rule_sets import SHIPPED

pytestmark = pytest.mark.django_db


def make_election(**changes):
    given = {
        "by": None,
        "name": "Pemilihan Wali Kota Bontang 2024",
        "level": "walikota",
        "region_id": 6474,
        "rule_set": "pkpu8-2024",
        "base": 131_600,
        "voting_day": date(2024, 11, 27),
    }
    return create_election(**given | changes)


def test_shipped_rule_sets_are_stored_once():
    load_rule_sets()
    assert load_rule_sets() == 0
    assert set(RuleSet.objects.values_list("code", flat=True)) == set(SHIPPED)


def test_election_stores_its_kecamatan_and_zone():
    election = make_election()
    assert list(ElectionArea.objects.filter(election=election).values_list("code", "name")) == [
        (647401, "Bontang Utara"),
        (647402, "Bontang Selatan"),
        (647403, "Bontang Barat"),
    ]
    assert election.zone == "Asia/Makassar"
    asked = queries.requirement_of(election)
    assert (asked.permille, asked.minimum, asked.min_spread) == (100, 13_160, 2)
