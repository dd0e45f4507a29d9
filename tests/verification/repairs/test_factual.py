"""Nobody is visited for a pair that lacks people or areas, or whose rounds are not closed."""

import pytest

from foundation.errors import Refused
from supports.rounds import latest_round
from tests.factories import person
from tests.supports.repairs.teams import SOUTH, closed
from verification.repairs.factual import refuse_factual

pytestmark = pytest.mark.usefixtures("committed")

ROWS = [person(1), person(2), person(3), person(4, **SOUTH)]


def refused(pair):
    with pytest.raises(Refused) as found:
        refuse_factual(pair)
    return found.value


def test_whoever_has_people_and_areas_goes_on():
    team, _office, awal = closed(("MS", "MS", "BMS", "MS"), "MS", ROWS)
    assert refuse_factual(team[0]).pk == awal.pk


def test_nobody_is_visited_below_the_minimum():
    team, _office, _awal = closed(("MS", "BMS", "TMS", "MS"), "TMS", ROWS)
    found = refused(team[0])
    assert found.code == "below_the_requirement"
    assert "sesudah putaran Awal 2 pendukung memenuhi syarat, kurang 1 dari 3" in found.message
    assert "sebaran" not in found.message


def test_nobody_is_visited_below_the_spread():
    team, _office, _awal = closed(("MS", "MS", "MS", "BMS"), "TMS", ROWS)
    found = refused(team[0])
    assert "sesudah putaran Awal sebarannya kurang 1 kecamatan" in found.message


def test_nobody_is_visited_while_a_round_is_open():
    team, _office, _awal = closed(("MS", "BMS", "BMS", "MS"), "BMS", ROWS)
    latest_round(team[0])
    assert refused(team[0]).code == "round_not_closed"


def test_nobody_is_visited_for_a_pair_that_withdrew():
    team, _office, _awal = closed(("MS", "MS", "BMS", "MS"), "MS", ROWS)
    type(team[0]).objects.filter(pk=team[0].pk).update(status="withdrawn")
    team[0].refresh_from_db()
    assert refused(team[0]).code == "pair_not_active"
