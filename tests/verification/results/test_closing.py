"""A round whose rows are all decided is closed: its result, its recap, and what stands in the way."""

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from candidates.models import RuleSet
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from supports.listing import Filter
from supports.models import Submission
from supports.throwing_away import throw_away
from tests import factories
from tests.factories import person, work
from tests.supports.handing_in.teams import SOUTH, round_of
from tests.supports.holding import wait_until_somebody_waits
from tests.supports.test_at_once import Meanwhile
from tests.verification.results.made import AWAL, PERBAIKAN_1, accounted, bontang, made_round, set_status
from tests.verification.rounds import BONTANG, in_review, standings, verifier
from verification import bulk
from verification.dealing import deal_rows
from verification.deciding import decide, undo
from verification.models import Review
from verification.results.canonical import sha256_of
from verification.results.closing import by_area_of, close_round, outcome_of
from verification.results.models import RecapRow, Result
from verification.results.sums import sum_of

pytestmark = pytest.mark.usefixtures("committed")
ROWS = [person(1), person(2), person(3, **SOUTH), person(4, village="Tidak Ada"), person(5, sex="?")]


@pytest.fixture
def decided():
    """A round of five rows, dealt to one verifier; the first four MS, the last TMS. Team, office, review, verifier."""
    team, office, review = in_review(ROWS, rule_set="pkpu8-2024")
    one = verifier()
    deal_rows(review, by=office, people=[one])
    for standing in standings(round_of(team))[:4]:
        decide(standing, by=one, status="MS")
    decide(standings(round_of(team))[4], by=one, status="TMS", reasons=["DATA_INCOMPLETE"])
    return team, office, review, one


def test_a_round_that_is_decided_is_closed_with_its_result(decided):
    team, office, review, _one = decided
    result = close_round(review, by=office)
    closed = round_of(team)
    assert (closed.status, closed.result) == ("closed", "MS")
    assert (result.version, result.outcome, result.closed_by) == (1, "MS", office)
    assert (result.submitted, result.ms, result.bms, result.tms, result.unverified) == (5, 4, 0, 1, 0)
    said = result.body["sum"]
    assert (said["minimum"], said["ms"], said["areas_reached"], said["met"]) == (3, 4, 2, True)
    assert result.body["receipt"] and result.body["stage_title"] == "Awal"
    told = Event.objects.get(name="submission_close")
    assert (told.by_id, told.data["version"], told.data["sha256"], told.data["ms"]) == (
        office.pk,
        1,
        result.sha256,
        4,
    )


def test_the_recap_has_a_line_for_each_area_and_is_what_was_hashed(decided):
    _team, office, review, _one = decided
    result = Result.objects.get(pk=close_round(review, by=office).pk)
    lines = [
        (one["area"], one["district"], one["village"], one["submitted"], one["ms"], one["tms"])
        for one in by_area_of(result)
    ]
    north = (6474010000, "Bontang Utara", "", 1, 1, 0)
    assert north in lines and len(lines) == 3
    assert sum(line[3] for line in lines) == result.submitted
    assert {line[2] for line in lines} == {"", "Bontang Kuala", "Tanjung Laut"}
    assert sha256_of(result.body, by_area_of(result)) == result.sha256
    other = [{**one, "ms": one["ms"] - 1, "tms": one["tms"] + 1} for one in by_area_of(result)]
    assert sha256_of(result.body, other) != result.sha256


def test_rows_that_wait_are_named_with_whom_they_wait_for():
    team, office, review = in_review(ROWS, rule_set="pkpu8-2024")
    with pytest.raises(Refused, match="5 baris belum diputus: 5 belum dibagi"):
        close_round(review, by=office)
    one = verifier("Siti Contoh")
    deal_rows(review, by=office, people=[one])
    decide(standings(round_of(team))[0], by=one, status="MS")
    with pytest.raises(Refused, match="4 baris belum diputus: 4 menunggu Siti Contoh") as refusal:
        close_round(review, by=office)
    assert refusal.value.code == "rows_undecided"
    assert round_of(team).status == "in_review" and not Result.objects.exists()


def test_a_bulk_decision_that_is_not_ended_stands_in_the_way(decided):
    team, office, review, one = decided
    undo(standings(round_of(team))[4], by=one)
    wanted = Filter(area=647401)
    seen = bulk.preview_bulk(round_of(team), wanted)
    asked = bulk.propose_bulk(
        review, wanted, by=office, status="TMS", token=seen.token, reasons=["DATA_INCOMPLETE"]
    )
    decide(standings(round_of(team))[4], by=one, status="MS")
    with pytest.raises(Refused, match="1 usulan keputusan massal menunggu orang kedua"):
        close_round(review, by=office)
    bulk.refuse_bulk(asked, by=office)
    assert close_round(review, by=office).outcome == "MS"


def test_a_bulk_decision_at_work_or_being_undone_stands_in_the_way():
    team, office, review = in_review(ROWS, rule_set="pkpu8-2024")
    second = factories.user("kpu-kedua", Role.KPU_REGENCY, BONTANG)
    wanted = Filter(area=6474)
    seen = bulk.preview_bulk(round_of(team), wanted)
    asked = bulk.propose_bulk(review, wanted, by=office, status="MS", token=seen.token)
    bulk.approve_bulk(asked, by=second)
    with pytest.raises(Refused, match="1 keputusan massal belum selesai dikerjakan"):
        close_round(review, by=office)
    work()
    asked.refresh_from_db()
    bulk.undo_bulk(asked, by=office)
    with pytest.raises(Refused, match="1 keputusan massal belum selesai dikerjakan"):
        close_round(review, by=office)


def test_only_the_commission_of_the_region_closes(decided):
    _team, _office, review, one = decided
    watching = factories.user("bawaslu", Role.BAWASLU, BONTANG)
    elsewhere = factories.user("kpu-lain", Role.KPU_REGENCY, 6471)
    for other in (one, watching, elsewhere, factories.user("lo", Role.LO, review.submission.pair)):
        with pytest.raises(NotAllowed):
            close_round(review, by=other)
    assert close_round(review, by=factories.user("kpu-ri", Role.KPU_RI)).version == 1


def test_a_decision_under_way_is_waited_for(decided):
    """Whoever takes a decision back at the same moment is first, and then the round is not ready."""
    team, office, review, one = decided
    with transaction.atomic():
        undo(standings(round_of(team))[0], by=one)
        closing = Meanwhile(close_round, Review.objects.get(pk=review.pk), by=office)
        wait_until_somebody_waits()
    assert closing.wait().code == "rows_undecided"


def test_of_two_who_close_at_once_the_second_is_told(decided):
    _team, office, review, _one = decided
    with transaction.atomic():
        close_round(review, by=office)
        second = Meanwhile(close_round, Review.objects.get(pk=review.pk), by=office)
        wait_until_somebody_waits()
    assert isinstance(second.wait(), Conflict)
    assert Result.objects.count() == 1


def test_closing_again_after_a_correction_writes_the_next_version(decided):
    team, office, review, one = decided
    first = close_round(review, by=office)
    Submission.objects.filter(pk=round_of(team).pk).update(status="in_review", result="")
    review = Review.objects.get(pk=review.pk)
    for standing in standings(round_of(team))[:3]:
        undo(standing, by=one)
        decide(standing, by=one, status="TMS", reasons=["DATA_INCOMPLETE"])
    second = close_round(review, by=office)
    assert (second.version, second.outcome, second.ms, second.tms) == (2, "BMS", 1, 4)
    kept = Result.objects.get(pk=first.pk)
    assert (kept.version, kept.outcome, kept.ms, kept.sha256) == (1, "MS", 4, first.sha256)
    assert round_of(team).result == "BMS"
    assert sum(one["ms"] for one in by_area_of(kept)) == 4


def test_an_earlier_round_that_is_decided_anew_is_closed_first():
    pair = bontang()
    awal = made_round(pair, "awal", AWAL)
    repair = made_round(pair, "perbaikan_1", PERBAIKAN_1, status="in_review")
    office = factories.user("kpu", Role.KPU_REGENCY, BONTANG)
    review = accounted(repair, office)
    set_status(awal, "in_review")
    with pytest.raises(Refused, match="Putaran Awal sedang diperiksa lagi"):
        close_round(review, by=office)


def test_bontang_is_short_after_the_first_round_and_meets_it_after_the_second():
    pair = bontang()
    office = factories.user("kpu", Role.KPU_REGENCY, BONTANG)
    first = close_round(accounted(made_round(pair, "awal", AWAL, status="in_review"), office), by=office)
    assert (first.outcome, first.submitted, first.ms, first.bms, first.tms) == (
        "BMS",
        16_395,
        10_011,
        1_324,
        5_060,
    )
    repair = made_round(pair, "perbaikan_1", PERBAIKAN_1, status="in_review")
    second = close_round(accounted(repair, office), by=office)
    assert (second.outcome, second.submitted, second.ms, second.tms) == ("MS", 5_290, 4_062, 1_228)
    assert (second.body["sum"]["ms"], second.body["sum"]["rounds"]) == (
        14_073,
        [{"stage": "awal", "title": "Awal", "ms": 10_011}],
    )


def test_a_pair_that_is_short_where_nothing_is_left_does_not_meet_it():
    pair = bontang(rule_set="uu10-2016")
    awal = made_round(pair, "awal", AWAL, status="in_review")
    assert outcome_of(awal, sum_of(awal)) == "TMS"
    later = made_round(bontang(name="Lain"), "perbaikan_1", AWAL, status="in_review")
    assert outcome_of(later, sum_of(later)) == "TMS"


def test_a_receipt_that_says_another_number_is_never_passed_over():
    pair = bontang()
    office = factories.user("kpu", Role.KPU_REGENCY, BONTANG)
    awal = made_round(pair, "awal", AWAL, status="in_review")
    review = accounted(awal, office, rows=16_394)
    with pytest.raises(Refused, match=r"menyebut 16\.394 baris, padahal ada 16\.395 baris"):
        close_round(review, by=office)
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("change", "role", "said"),
    [
        ("UPDATE results_result SET outcome = 'TMS'", "default", "permission denied"),
        ("UPDATE results_recaprow SET ms = ms", "default", "permission denied"),
        ("TRUNCATE results_recaprow", "default", "permission denied"),
        ("DELETE FROM results_recaprow", "default", "kept for ever"),
        ("DELETE FROM results_result", "owner", "kept for ever"),
        ("DELETE FROM results_recaprow", "owner", "kept for ever"),
        ("UPDATE results_result SET ms = ms + 1", "owner", "result_adds_up"),
        ("UPDATE results_recaprow SET tms = tms + 1", "owner", "recap_row_adds_up"),
        (
            "INSERT INTO results_recaprow (result_id, area, district, village, submitted, ms, bms, tms, unverified)"
            " SELECT id, 6474011009, '', '', 1, 1, 0, 0, 0 FROM results_result",
            "default",
            "does not add up",
        ),
    ],
)
def test_the_database_keeps_what_a_round_came_to(decided, change, role, said):
    _team, office, review, _one = decided
    close_round(review, by=office)
    try:
        with (
            pytest.raises(DatabaseError, match=said),
            transaction.atomic(using=role),
            connections[role].cursor() as cursor,
        ):
            cursor.execute(change)
    finally:
        if role != "default":
            connections[role].close()
    assert Result.objects.get().ms == 4 and RecapRow.objects.count() == 3


def test_the_results_of_a_practice_election_go_with_it():
    team, office, review = in_review(ROWS, rule_set="pkpu8-2024", practice=True)
    one = verifier()
    deal_rows(review, by=office, people=[one])
    for standing in standings(round_of(team)):
        decide(standing, by=one, status="MS")
    close_round(review, by=office)
    with transaction.atomic():
        throw_away(team[0].election, by=None)
    assert not Result.objects.exists() and not RecapRow.objects.exists() and not Submission.objects.exists()


def test_rows_that_wait_for_a_second_person_stand_in_the_way():
    team, office, review = in_review(ROWS, rule_set="pkpu8-2024")
    rules = round_of(team).rule_set
    RuleSet.objects.filter(pk=rules.pk).update(body={**rules.body, "second_reader": ["TMS"]})
    review = Review.objects.get(pk=review.pk)
    one = verifier()
    deal_rows(review, by=office, people=[one])
    for standing in standings(round_of(team)):
        decide(standing, by=one, status="TMS", reasons=["DATA_INCOMPLETE"])
    with pytest.raises(Refused, match="5 baris belum diputus: 5 menunggu orang kedua"):
        close_round(review, by=office)


def test_a_recap_that_does_not_add_up_is_refused_as_a_whole(decided):
    _team, office, review, _one = decided
    close_round(review, by=office)
    made = Result.objects.create(
        review=review,
        version=2,
        outcome="MS",
        submitted=2,
        ms=2,
        bms=0,
        tms=0,
        body={},
        sha256="0" * 64,
        closed_at="2024-06-02T00:00:00Z",
        closed_by=office,
    )
    line = RecapRow(result=made, area=6474011001, submitted=1, ms=1, bms=0, tms=0)
    with pytest.raises(IntegrityError, match="does not add up"), transaction.atomic():
        RecapRow.objects.bulk_create([line])
