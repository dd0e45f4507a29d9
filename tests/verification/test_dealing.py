"""Everything due is dealt, nothing twice, to nobody who may not; and what waits for somebody can be taken back."""

from itertools import pairwise

import pytest
from django.db import ProgrammingError, connections, transaction

from foundation.accounts.matrix import Role
from foundation.accounts.operations import assign_role
from foundation.errors import Conflict, Refused
from foundation.workflow import engine
from foundation.workflow.models import Event
from supports.models import Standing
from tests import factories
from tests.supports.handing_in.teams import SOUTH, handed_in, ready_team, round_of
from tests.supports.holding import wait_until_somebody_waits
from tests.supports.test_at_once import Meanwhile
from tests.verification.rounds import BONTANG, accepted, held_by, in_review, receive, standings, verifier
from verification.dealing import deal_rows, left_for, open_review, take_back
from verification.deciding import decide
from verification.models import Review, Share, Work

pytestmark = pytest.mark.usefixtures("committed")

NORTH_CODE, SOUTH_CODE = 647401, 647402
ROWS = [*(factories.person(at) for at in range(12)), *(factories.person(at, **SOUTH) for at in range(20, 25))]


def due(submission):
    """Rows that wait for a decision and for nobody."""
    held = Work.objects.values("support_id")
    return Standing.objects.filter(submission=submission, vermin="unverified").exclude(pk__in=held).count()


def test_review_is_opened_once_by_the_office_of_the_election():
    team, office = accepted()
    stranger = factories.user("lain", Role.KPU_REGENCY, 6471)
    with pytest.raises(Refused, match="di luar wilayah tugas"):
        open_review(round_of(team), by=stranger)
    review = open_review(round_of(team), by=office)
    assert (round_of(team).status, review.rows) == ("in_review", 4)
    with pytest.raises(Conflict):
        open_review(round_of(team), by=office)
    assert Review.objects.count() == 1
    assert Event.objects.filter(name="submission_review").count() == 1


def test_review_waits_while_the_pair_may_complete():
    team = ready_team(rule_set="pkpu8-2024")
    handed_in(team)
    office = factories.user("kpu", Role.KPU_REGENCY, BONTANG)
    receive(team, office, "completing")
    with pytest.raises(Refused, match="Masa pelengkapan"):
        open_review(round_of(team), by=office)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE supports_reception SET completes_until = now()")
    connections["owner"].close()
    assert open_review(round_of(team), by=office).rows == 4


@pytest.mark.parametrize("way", ["village", "random"])
def test_every_row_is_dealt_once_and_evenly(way):
    team, office, review = in_review(ROWS)
    people = [verifier(f"v{at}") for at in range(4)]
    deal = deal_rows(review, by=office, people=people, way=way)
    shares = [held_by(person) for person in people]
    assert deal.rows == len(ROWS) == sum(map(len, shares)) == len(set.union(*shares))
    assert sorted(map(len, shares)) == [4, 4, 4, 5]
    assert due(round_of(team)) == 0
    assert [left_for(round_of(team), person) for person in people] == list(map(len, shares))
    assert Event.objects.get(name="rows_dealt").data["rows"] == len(ROWS)


def test_by_village_neighbours_stay_together():
    _team, office, review = in_review(ROWS)
    people = [verifier("v1"), verifier("v2"), verifier("v3")]
    deal_rows(review, by=office, people=people, way="village")
    areas = dict(Standing.objects.values_list("support_id", "area"))
    spans = [sorted(areas[pk] for pk in held_by(person)) for person in people]
    assert all(left[-1] <= right[0] for left, right in pairwise(spans))


def test_an_area_is_dealt_to_its_own_people_and_the_rest_later():
    _team, office, review = in_review(ROWS)
    south = verifier("pps", SOUTH_CODE * 10_000 + 1001, Role.PPS)
    everywhere = verifier()
    with pytest.raises(Refused, match="tidak bertugas memeriksa"):
        deal_rows(review, by=office, people=[south])
    ppk = verifier("ppk", SOUTH_CODE, Role.PPK)
    assert deal_rows(review, by=office, people=[ppk], area=SOUTH_CODE).rows == 5
    assert deal_rows(review, by=office, people=[everywhere]).rows == 12
    with pytest.raises(Refused, match="Tidak ada baris yang menunggu"):
        deal_rows(review, by=office, people=[everywhere])


@pytest.mark.parametrize("area", [647101, 6471, 64740110011])
def test_areas_of_other_elections_are_refused(area):
    _team, office, review = in_review()
    with pytest.raises(Refused):
        deal_rows(review, by=office, people=[verifier()], area=area)
    assert Work.objects.count() == 0


def test_nobody_and_people_without_the_role_are_refused():
    team, office, review = in_review()
    with pytest.raises(Refused, match="sedikitnya satu"):
        deal_rows(review, by=office, people=[])
    for person in (team[1], factories.user("bawaslu", Role.BAWASLU, BONTANG), verifier("jauh", 6471)):
        with pytest.raises(Refused, match="tidak bertugas memeriksa"):
            deal_rows(review, by=office, people=[person])
    gone = verifier("pergi")
    gone.is_active = False
    gone.save()
    with pytest.raises(Refused, match="tidak bertugas memeriksa"):
        deal_rows(review, by=office, people=[gone])
    assert Work.objects.count() == 0


def test_nobody_verifies_rows_they_brought():
    team, office, review = in_review()
    assign_role(team[1], Role.VERIFIER, scope_kind="region", scope_id=BONTANG, by=None)
    team[1].__dict__.pop("_held_roles", None)
    with pytest.raises(Refused, match="tidak boleh memeriksanya"):
        deal_rows(review, by=office, people=[team[1], verifier()])
    assert Work.objects.count() == 0


def test_two_deals_at_once_deal_every_row_once():
    _team, office, review = in_review(ROWS)
    first, second = verifier("v1"), verifier("v2")
    with transaction.atomic():
        deal_rows(review, by=office, people=[first])
        other = Meanwhile(deal_rows, review, by=office, people=[second])
        wait_until_somebody_waits()
    assert isinstance(other.wait(), Conflict | Refused)
    assert (len(held_by(first)), len(held_by(second))) == (len(ROWS), 0)


def test_work_taken_back_is_dealt_anew_and_decisions_stay():
    team, office, review = in_review()
    leaves, stays = verifier("v1"), verifier("v2")
    deal_rows(review, by=office, people=[leaves])
    decide(standings(round_of(team))[0], by=leaves, status="MS")
    assert take_back(review, by=office, person=leaves) == 3
    assert deal_rows(review, by=office, people=[stays]).rows == 3
    assert (left_for(round_of(team), leaves), left_for(round_of(team), stays)) == (0, 3)
    with pytest.raises(Refused, match="Tidak ada baris yang menunggu"):
        take_back(review, by=office, person=leaves)
    assert Event.objects.get(name="rows_taken_back").data == {"person": leaves.pk, "rows": 3}


def test_nothing_is_dealt_before_verification_or_after_it():
    team, office, review = in_review()
    submission = round_of(team)
    engine.move(submission, "close", by=office)
    with pytest.raises(Conflict, match="tidak sedang diverifikasi"):
        deal_rows(review, by=office, people=[verifier()])


def test_shares_are_written_by_the_database_alone():
    _team, office, review = in_review()
    deal_rows(review, by=office, people=[verifier()])
    with pytest.raises(ProgrammingError), transaction.atomic():
        Share.objects.update(left=0)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Work.objects.update(holder=office)
