"""Rounds in verification are compared with the current lists: a flag, never a decision, and never a team's to read."""

import pytest

from foundation.workflow.models import Event
from supports.findings import effects_by_code
from supports.listing import Filter, list_supports
from supports.models import Finding, Tally
from supports.progress import findings_of_round
from supports.rules import BY_CODE, COMMISSION, OFFICE, TEAM
from tests.factories import person, work
from tests.supports.handing_in.teams import SOUTH, round_of
from tests.verification.corrections.making import Scene
from tests.verification.rolls.lists import loaded, received, voter
from tests.verification.rounds import accepted, in_review
from verification.bulk import preview_bulk
from verification.cards import card_of
from verification.dealing import open_review
from verification.results.closing import close_round
from verification.rolls.matching import match_round
from verification.rolls.models import RollMatch
from verification.rolls.operations import remove_roll

pytestmark = pytest.mark.usefixtures("committed")
ROWS = [
    person(1),
    person(2),
    person(3, **SOUTH),
    person(4),
    person(5, nik="123"),
    person(6, name="  siti   Contoh "),
]
VOTERS = [
    voter(1),
    voter(2, name="ORANG LAIN"),
    voter(3, birth_date="01-01-1980"),
    voter(6, name="SITI CONTOH"),
]


def codes(submission):
    """By row number of the file: what the lists say about the row."""
    numbers = {BY_CODE[code].number: code for code in ("NOT_IN_ROLL", "ROLL_MISMATCH")}
    found = Finding.objects.filter(submission=submission, code__in=numbers)
    return {pk & 0xFFFFFF: numbers[code] for code, pk in found.values_list("code", "support_id")}


def counted(match):
    return match.compared, match.in_dpt, match.in_dp4, match.in_none, match.differing


@pytest.fixture
def round_in_review(committed):
    team, office, review = in_review(ROWS, rule_set="pkpu8-2024")
    return team, office, round_of(team), review


def test_a_list_that_becomes_current_is_compared_with_every_round_in_verification(round_in_review):
    team, office, submission, _review = round_in_review
    loaded(team[0].election, office, VOTERS)
    assert codes(submission) == {3: "ROLL_MISMATCH", 4: "ROLL_MISMATCH", 5: "NOT_IN_ROLL"}
    assert counted(submission.roll_match) == (5, 4, 0, 1, 2)


def test_a_round_is_compared_when_its_verification_is_opened_and_not_before():
    team, office = accepted(ROWS)
    submission = round_of(team)
    loaded(team[0].election, office, VOTERS)
    assert codes(submission) == {}
    open_review(submission, by=office)
    work()
    assert set(codes(submission)) == {3, 4, 5}


def test_it_is_in_neither_only_when_no_current_list_has_it(round_in_review):
    team, office, submission, _review = round_in_review
    loaded(team[0].election, office, [voter(1)])
    loaded(team[0].election, office, [voter(4), voter(1), voter(6)], kind="dp4", name="dp4.csv")
    assert codes(submission) == {3: "NOT_IN_ROLL", 4: "NOT_IN_ROLL", 7: "ROLL_MISMATCH"}
    assert counted(submission.roll_match) == (5, 1, 3, 2, 1)


def test_a_new_list_takes_back_what_no_longer_holds(round_in_review):
    team, office, submission, _review = round_in_review
    loaded(team[0].election, office, VOTERS)
    loaded(team[0].election, office, [voter(n) for n in (1, 2, 4)], name="dpt-2.csv")
    assert codes(submission) == {4: "NOT_IN_ROLL", 7: "NOT_IN_ROLL"}
    match = RollMatch.objects.get()
    assert (match.dpt.version, match.dp4) == (2, None)
    remove_roll(match.dpt, by=office, count=3)
    work()
    assert codes(submission) == {}
    assert not RollMatch.objects.exists()


def test_comparing_again_changes_nothing(round_in_review):
    team, office, submission, _review = round_in_review
    loaded(team[0].election, office, VOTERS)
    before = codes(submission), sorted(Tally.objects.values_list("area", "key", "n"))
    match_round(submission)
    assert (codes(submission), sorted(Tally.objects.values_list("area", "key", "n"))) == before


def test_what_is_missing_on_either_side_does_not_differ(round_in_review):
    team, office, submission, _review = round_in_review
    voters = [
        voter(1, name="", birth_date=""),
        voter(2, birth_date="tidak ada"),
        voter(3),
        voter(4),
        voter(6),
    ]
    loaded(team[0].election, office, [*voters[:4], voter(6, name="")])
    assert codes(submission) == {}


def test_of_a_nik_that_a_list_gives_twice_one_entry_has_to_agree(round_in_review):
    team, office, submission, _review = round_in_review
    both = [voter(2, name="ORANG LAIN"), voter(2)]
    none = [voter(3, name="ORANG LAIN"), voter(3, name="ORANG KETIGA")]
    loaded(team[0].election, office, [voter(1), *both, *none, voter(4), voter(6, name="Siti Contoh")])
    assert codes(submission) == {4: "ROLL_MISMATCH"}


def test_letters_beside_the_alphabet_are_compared_as_duplicates_compare_them():
    rows = [person(1, name="André Contoh"), person(2, name="Straße Contoh"), person(3, **SOUTH)]
    team, office, _review = in_review(rows)
    voters = [voter(1, name="ANDRÉ CONTOH"), voter(2, name="STRASSE CONTOH"), voter(3)]
    loaded(team[0].election, office, voters)
    assert codes(round_of(team)) == {}


def test_it_is_a_flag_and_suggests_nothing(round_in_review):
    team, office, submission, _review = round_in_review
    loaded(team[0].election, office, VOTERS)
    effects = effects_by_code(submission)
    assert (effects["NOT_IN_ROLL"], effects["ROLL_MISMATCH"]) == ("WARN", "WARN")
    row = list_supports(submission, Filter(finding="NOT_IN_ROLL", audience=COMMISSION)).rows[0]
    standing = submission.standing_set.select_related("submission__pair__election__rule_set").get(pk=row.id)
    assert (standing.vermin, standing.clean) == ("unverified", True)
    assert card_of(standing, by=office).suggestion.status == "MS"


def test_only_the_commission_finds_rows_by_it(round_in_review):
    team, office, submission, _review = round_in_review
    loaded(team[0].election, office, VOTERS)
    seen = findings_of_round(submission, COMMISSION)
    assert (seen["NOT_IN_ROLL"], seen["ROLL_MISMATCH"]) == (1, 2)
    wanted = Filter(finding="ROLL_MISMATCH", audience=COMMISSION)
    assert len(list_supports(submission, wanted).rows) == 2
    assert preview_bulk(submission, wanted).waiting == 2
    for audience in (TEAM, OFFICE):
        assert not {"NOT_IN_ROLL", "ROLL_MISMATCH"} & set(findings_of_round(submission, audience))
        with pytest.raises(Exception, match="tidak dikenal"):
            list_supports(submission, Filter(finding="NOT_IN_ROLL", audience=audience))


def test_a_round_that_is_no_longer_in_verification_stays_as_it_is(round_in_review):
    team, office, submission, _review = round_in_review
    loaded(team[0].election, office, VOTERS)
    before = codes(submission)
    received(team[0].election, office, [voter(4)], name="dpt-2.csv")
    type(submission).objects.filter(pk=submission.pk).update(status="closed")
    work()
    assert codes(submission) == before
    assert Event.objects.filter(name="roll_load").count() == 2


def test_a_round_that_a_correction_opens_again_is_compared_with_the_lists_of_now():
    scene = Scene()
    close_round(scene.review_now(), by=scene.office)
    loaded(scene.submission.pair.election, scene.office, [voter(0)])
    assert codes(scene.submission) == {}
    scene.approved()
    work()
    assert scene.submission.status == "in_review"
    assert set(codes(scene.submission).values()) == {"NOT_IN_ROLL"}
    assert len(codes(scene.submission)) == 11
