"""A verifier sees in which lists a row's person is, and both values where they differ; seeing them is on record."""

import pytest

from foundation.readings.models import Reading
from supports.models import Support
from tests.factories import person
from tests.supports.handing_in.teams import SOUTH, round_of
from tests.verification.rolls.lists import loaded, voter
from tests.verification.rolls.test_matching import ROWS, VOTERS
from tests.verification.rounds import in_review, standings, verifier
from tests.verification.test_api import client_of
from tests.verification.test_pages import browser, text_of
from verification.cards import card_of
from verification.dealing import deal_rows
from verification.rolls.presence import Difference

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def dealt():
    """Submission, its rows in their order, its office, and who decides them."""
    team, office, review = in_review(ROWS, rule_set="pkpu8-2024")
    person = verifier()
    deal_rows(review, by=office, people=[person])
    return round_of(team), standings(round_of(team)), office, person


def said(standing, by):
    return [(one.title, one.state, one.differences) for one in card_of(standing, by=by).rolls]


def test_a_card_says_nothing_where_no_list_was_loaded(dealt):
    _submission, rows, _office, person = dealt
    assert said(rows[0], person) == []


def test_a_card_says_in_which_lists_a_person_is(dealt):
    submission, rows, office, person = dealt
    loaded(submission.pair.election, office, VOTERS)
    assert said(rows[0], person) == [("DPT", "present", []), ("DP4", "not_loaded", [])]
    loaded(submission.pair.election, office, [voter(4)], kind="dp4", name="dp4.csv")
    assert said(rows[3], person) == [("DPT", "absent", []), ("DP4", "present", [])]
    assert said(rows[4], person) == []  # it has no NIK that could be looked for


def test_both_values_stand_side_by_side_where_they_differ(dealt):
    submission, rows, office, reader = dealt
    loaded(submission.pair.election, office, VOTERS)
    ((_title, _state, named), _dp4) = said(rows[1], reader)
    assert named == [Difference("name", "Nama", person(2)["name"], "ORANG LAIN")]
    ((_title, _state, born), _dp4) = said(rows[2], reader)
    assert born == [Difference("birth_date", "Tanggal lahir", person(3)["birth_date"], "01-01-1980")]


def test_that_a_birth_date_of_a_list_was_read_is_on_record(dealt):
    submission, rows, office, reader = dealt
    loaded(submission.pair.election, office, VOTERS)
    for standing in rows[:3]:
        card_of(standing, by=reader)
    told = [one for one in Reading.objects.order_by("id") if "voter_lists" in one.filter]
    assert [(one.row_id, one.by_id, one.filter["voter_lists"]) for one in told] == [
        (rows[2].support_id, reader.pk, ["DPT versi 1"])
    ]


def test_through_rest_it_is_said_what_differs_and_nothing_is_opened(dealt):
    submission, rows, office, reader = dealt
    client = client_of(reader)
    assert client.get(f"/api/v1/supports/{rows[0].pk}/card/").json()["rolls"] == []
    loaded(submission.pair.election, office, VOTERS)
    cards = [client.get(f"/api/v1/supports/{row.pk}/card/").json()["rolls"] for row in rows[:4]]
    assert [[one["kind"], one["state"], one["differs"]] for one, _dp4 in cards] == [
        ["dpt", "present", []],
        ["dpt", "present", ["name"]],
        ["dpt", "present", ["birth_date"]],
        ["dpt", "absent", []],
    ]
    assert cards[0][0]["place"] == "Bontang Kuala, Bontang Utara"
    assert {one["state"] for _dpt, one in cards} == {"not_loaded"}
    assert "ORANG LAIN" not in str(cards)
    assert not Reading.objects.filter(filter__has_key="voter_lists").exists()


def test_the_page_of_a_verifier_shows_it(dealt):
    submission, _rows, office, reader = dealt
    voters = [voter(1, name="BUDI YANG LAIN", birth_date="31-12-1979"), *VOTERS[1:]]
    loaded(submission.pair.election, office, voters)
    page = text_of(browser(reader).get(f"/verifikasi/{submission.pk}/periksa/"))
    assert "Ada di DPT · Bontang Kuala, Bontang Utara" in page
    assert f"Nama {person(1)['name']} BUDI YANG LAIN" in page
    assert f"Tanggal lahir {person(1)['birth_date']} 31-12-1979" in page
    assert "DP4 belum dimuat" in page
    assert "Nama atau tanggal lahir berbeda dari daftar pemilih" in page


def test_what_the_card_compares_is_what_the_job_compares():
    """One row for each way to differ or to agree, said by both."""
    rows = [person(n, **(SOUTH if n == 3 else {})) for n in range(1, 6)]
    team, office, _review = in_review(rows)
    voters = [
        voter(1, name="  ".join(person(1)["name"].lower().split())),
        voter(2, birth_date=""),
        voter(3, name="", birth_date="01-01-1980"),
        voter(4, name="X"),
        voter(4),
    ]
    loaded(team[0].election, office, voters)
    submission = round_of(team)
    for standing in standings(submission):
        card = card_of(standing, by=office)
        codes = {one.rule.code for one in card.findings}
        differs = any(one.differences for one in card.rolls)
        absent = all(one.state != "present" for one in card.rolls)
        assert ("ROLL_MISMATCH" in codes, "NOT_IN_ROLL" in codes) == (differs, absent)
    assert Support.objects.filter(finding__code__in=[40, 41]).distinct().count() == 2
