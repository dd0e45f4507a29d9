"""Sukoharjo 2024, Perbaikan Kedua: it asks for what is missing once, of new people only; 30,405 MS and 931 TMS.

The numbers are asserted as published where they are only reckoned with. The round with its rows is a tenth of it, each
number rounded: 2,800 missing, 3,041 MS + 93 TMS = 3,134 given. Not published, and chosen here: the minimum, and that 31
of those who fail were given before.

Perbaikan Kedua follows the factual verification, which is not there yet. Here the same round follows the
administrative one, by a rule set of the test, and the MS of its first round stand for what people at the doors left.
"""

from dataclasses import replace

import pytest

from candidates.models import RuleSet
from candidates.next_round import Past, next_round
from candidates.rule_sets import SHIPPED
from candidates.thresholds import Requirement, asked_in
from foundation.accounts.matrix import Role
from foundation.errors import Refused
from supports.handing_in.operations import hand_in
from supports.handing_in.requirement import shortage_of
from supports.listing import Filter
from supports.management.commands.make_supporters import places_of
from supports.repairs.models import Replacement
from tests import factories
from tests.verification.repairs.stories import (
    brought,
    decided,
    in_review,
    numbers_of,
    open_windows,
    people,
    round_of,
    verified,
)
from verification.results.closing import close_round
from verification.results.sums import add_up, sum_of

SUKOHARJO = 3311
RULES = SHIPPED["pkpu8-2024"]
SECOND = RULES.round("perbaikan_2")
MISSING, MS = 27_999, 30_405

MINIMUM, KEPT = 5_000, 2_200  # of a tenth
GIVEN_MS, GIVEN_TMS, GIVEN_BEFORE = 3_041, 93, 31


def test_what_comes_after_the_doors_asks_for_what_is_missing_once():
    after_vermin = [Past("awal", closed=True, result="MS")]
    assert next_round(RULES, after_vermin, stands=True).round is None
    after_doors = [Past("awal", closed=True, result="MS", factual="BMS")]
    assert next_round(RULES, after_doors, stands=True).round == SECOND
    assert (SECOND.new_only, asked_in(SECOND, MISSING)) == (True, MISSING)


def test_what_sukoharjo_gave_was_enough():
    asked, area = Requirement(permille=75, minimum=60_000, min_spread=1), 331_101
    found = add_up(asked, SECOND, {area: "Weru"}, {area: asked.minimum - MISSING}, {area: MS})
    assert (found.asked, found.factor, found.here) == (MISSING, 1, MS)
    assert (found.missing, found.ms - found.minimum, found.met) == (0, MS - MISSING, True)


def election_without_doors():
    """Its second round is Perbaikan Kedua, right after the administrative verification."""
    rounds = (RULES.round("awal"), replace(SECOND, when="after_vermin"))
    body = replace(RULES, version=2, rounds=rounds).to_json()
    RuleSet.objects.create(code=RULES.code, version=2, title=RULES.title, body=body)
    more = {"level": "bupati", "region_id": SUKOHARJO, "base": MINIMUM * 10, "open_now": False}
    made = factories.election(name="Pemilihan Bupati Sukoharjo 2024", **more)
    open_windows(made, "awal", "perbaikan_2")
    return made


@pytest.mark.usefixtures("committed")
def test_perbaikan_kedua_takes_new_people_only_and_reaches_the_minimum():
    pair = factories.pair(election_without_doors())
    team = pair, factories.operator(pair)
    officers = [factories.user(name, Role.KPU_REGENCY, SUKOHARJO) for name in ("kpu", "kpu-2")]
    whole = people(places_of(SUKOHARJO), 0, 10_000)
    good, bad = brought(team, whole[:KEPT], "awal.csv"), brought(team, whole[KEPT:MINIMUM], "awal-2.csv")
    awal = verified(team, "awal", *officers, {good: ("MS",), bad: ("TMS", "IDENTITY_DIFFERS")})
    assert close_round(awal.review, by=officers[0]).outcome == "BMS"

    new = whole[MINIMUM:]
    passing = brought(team, new[:2_799], "baru.csv")
    second = round_of(pair, "perbaikan_2")
    assert (shortage_of(second).asked, shortage_of(second).missing) == (2_800, 1)
    with pytest.raises(Refused, match=r"Kurang 1 pendukung: diminta 2\.800, yang diberikan 2\.799"):
        hand_in(pair, by=team[1])

    more = brought(team, new[2_799:GIVEN_MS], "baru-2.csv")
    failing = brought(team, new[GIVEN_MS : GIVEN_MS + GIVEN_TMS - GIVEN_BEFORE], "baru-3.csv")
    brought(team, whole[:GIVEN_BEFORE], "lagi.csv")
    review = in_review(team, "perbaikan_2", officers[0])
    decisions = {
        passing: ("MS",),
        more: ("MS",),
        failing: ("TMS", "IDENTITY_DIFFERS"),
        Filter(finding="DUPLICATE_ROUND"): ("TMS", "DUPLICATE_ROUND"),
    }
    bulks = decided(review, *officers, decisions)
    assert [one.decided for one in bulks] == [2_799, 242, 62, GIVEN_BEFORE]
    assert numbers_of(review.submission) == (GIVEN_MS, 0, GIVEN_TMS)
    assert sum(numbers_of(review.submission)) == 3_134
    # Nobody was mended, and nobody counts in both rounds.
    assert not Replacement.objects.exists()
    reached = sum_of(review.submission)
    assert (reached.asked, reached.factor, reached.before, reached.here) == (2_800, 1, KEPT, GIVEN_MS)
    assert (reached.ms, reached.met) == (5_241, True)
    assert close_round(review, by=officers[0]).outcome == "MS"
