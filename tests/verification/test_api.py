"""The verification through REST: the same operations and permissions as the pages, and every row with its outcome."""

import pytest
from rest_framework.test import APIClient

from foundation.accounts.matrix import Role
from foundation.accounts.models import ApiToken
from supports.models import Standing, Support
from supports.rows import remove_support
from tests import factories
from tests.supports.handing_in.teams import ENOUGH, handed_in, ready_team, round_of
from tests.verification.rounds import accepted, held_by, in_review, receive, standings, verifier
from verification.dealing import deal_rows, open_review
from verification.models import Bulk, Decision

pytestmark = pytest.mark.usefixtures("committed")


def client_of(user):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {ApiToken.objects.create(user=user)[1]}")
    return client


@pytest.fixture
def dealt():
    """Clients of verifier and office, the submission and its address; every row waits for the verifier."""
    team, office, review = in_review(rule_set="pkpu8-2024")
    person = verifier()
    deal_rows(review, by=office, people=[person])
    submission = round_of(team)
    return client_of(person), client_of(office), submission, f"/api/v1/submissions/{submission.pk}/review/"


def decision(row, status="MS", *reasons, **more):
    return {"support": row.pk, "status": status, "reasons": list(reasons), **more}


def test_office_opens_deals_and_takes_back():
    team, office = accepted(rule_set="pkpu8-2024")
    person, client = verifier(), client_of(office)
    address = f"/api/v1/submissions/{round_of(team).pk}/review/"
    due = client.get("/api/v1/reviews/due/").json()["results"]
    assert [(one["status"], one["counts"]["rows"]) for one in due] == [("accepted", 4)]
    assert client.get(address).status_code == 404
    opened = client.post(address)
    assert (opened.status_code, opened.json()["status"], opened.json()["undealt"]) == (201, "in_review", 4)
    assert opened.json()["statuses"] == ["MS", "BMS", "TMS"]
    assert [one["id"] for one in client.get(f"{address}verifiers/").json()][:1]
    nobody = client.post(f"{address}deals/", {"people": []}, format="json")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "nobody_to_deal_to")
    stranger = client.post(f"{address}deals/", {"people": [team[1].pk]}, format="json")
    assert (stranger.status_code, stranger.json()["code"]) == (422, "not_a_verifier_there")
    dealt = client.post(f"{address}deals/", {"people": [person.pk]}, format="json")
    assert (dealt.status_code, dealt.json()["rows"]) == (201, 4)
    assert client.get(f"{address}deals/").json()["results"][0]["people"] == 1
    shares = client.get(f"{address}shares/").json()["results"]
    assert [(one["user"], one["left"], one["active"]) for one in shares] == [(person.pk, 4, True)]
    assert client.get("/api/v1/reviews/").json()["results"][0]["counts"]["unverified"] == 4
    assert client.delete(f"{address}shares/{person.pk}/").json() == {"rows": 4}
    assert held_by(person) == set()


def test_queue_is_paged_masked_and_gets_shorter(dealt):
    mine, office, submission, address = dealt
    rows = standings(submission)
    first = mine.get(f"{address}queue/?page_size=3").json()
    assert [one["id"] for one in first["results"]] == [row.pk for row in rows[:3]]
    assert all("•" in one["nik"] for one in first["results"])
    assert [one["id"] for one in mine.get(first["next"]).json()["results"]] == [rows[3].pk]
    mine.post(f"/api/v1/supports/{rows[0].pk}/decisions/", {"status": "MS"}, format="json")
    assert len(mine.get(f"{address}queue/").json()["results"]) == 3
    assert office.get(f"{address}queue/").json()["results"] == []


def test_card_tells_what_decides_and_opens_nothing(dealt):
    mine, _office, submission, _address = dealt
    row = standings(submission)[0]
    card = mine.get(f"/api/v1/supports/{row.pk}/card/").json()
    assert (card["row"]["id"], card["waits_for_you"], card["decisions"]) == (row.pk, True, [])
    assert [one["status"] for one in card["offered"]] == ["MS", "BMS", "TMS"]
    assert card["row"]["nik"].endswith("•" * 12)
    assert "birth_date" not in card["row"]


def test_one_decision_is_made_once_however_often_it_is_sent(dealt):
    mine, _office, submission, _address = dealt
    row = standings(submission)[0]
    address = f"/api/v1/supports/{row.pk}/decisions/"
    told = {"status": "BMS", "reasons": ["KTP_MISSING"], "note": "Halaman 2 kosong"}
    first, again = (mine.post(address, told, format="json") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = mine.post(address, {"status": "MS"}, format="json")
    assert (other.status_code, other.json()["code"]) == (409, "already_decided")
    undone = mine.post(f"{address}undo/")
    assert (undone.status_code, undone.json()["after"]) == (201, "unverified")
    kept = mine.get(address).json()["results"]
    assert [(one["after"], one["reasons"]) for one in kept] == [("BMS", ["KTP_MISSING"]), ("unverified", [])]


def test_list_answers_every_row_and_a_bad_one_holds_up_none(dealt):
    mine, _office, submission, address = dealt
    one, two, three, _four = standings(submission)
    sent = [
        decision(one),
        decision(two, "TMS"),
        decision(three, "TMS", "UNDER_AGE"),
        {"support": 5, "status": "MS"},
        decision(one, "TMS", "UNDER_AGE"),
    ]
    answer = mine.post(f"{address}decisions/", sent, format="json")
    assert answer.status_code == 200
    assert [(row["support"], row["outcome"]) for row in answer.json()] == [
        (one.pk, "decided"),
        (two.pk, "refused"),
        (three.pk, "decided"),
        (5, "refused"),
        (one.pk, "refused"),
    ]
    codes = [row["error"] and row["error"]["code"] for row in answer.json()]
    assert codes == [None, "reason_missing", None, "row_unknown", "already_decided"]
    again = mine.post(f"{address}decisions/", sent[:3], format="json").json()
    assert [row["outcome"] for row in again] == ["unchanged", "refused", "unchanged"]
    assert Decision.objects.count() == 2


@pytest.mark.parametrize("rows", [[], [{"support": 1, "status": "MS"}] * 1_001])
def test_a_list_has_a_size(dealt, rows):
    mine, _office, _submission, address = dealt
    answer = mine.post(f"{address}decisions/", rows, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "decisions_number")


def test_bulk_decision_from_the_preview_to_its_undoing(dealt):
    _mine, office, _submission, address = dealt
    second = client_of(factories.user("kpu-2", Role.KPU_REGENCY, 6474))
    empty = office.post(f"{address}bulks/preview/", {}, format="json")
    assert (empty.status_code, empty.json()["code"]) == (422, "filter_missing")
    seen = office.post(f"{address}bulks/preview/", {"area": 6474}, format="json").json()
    assert (seen["waiting"], len(seen["examples"]), seen["others"]) == (4, 4, {})
    told = {"filter": {"area": 6474}, "status": "MS", "token": seen["token"]}
    made, same = (office.post(f"{address}bulks/", told, format="json") for _ in range(2))
    assert (made.status_code, made.json()["id"]) == (201, same.json()["id"])
    bulk = f"/api/v1/bulks/{made.json()['id']}/"
    own = office.post(f"{bulk}approve/")
    assert (own.status_code, own.json()["code"]) == (403, "own_proposal")
    assert second.post(f"{bulk}approve/").json()["status"] == "approved"
    factories.work()
    done = office.get(bulk).json()
    assert (done["status"], done["decided"], done["rows"], done["job"]["state"]) == ("done", 4, 4, "done")
    assert office.post(f"{bulk}refuse/").status_code == 409
    assert office.post(f"{bulk}resume/").json()["code"] == "not_stopped"
    assert second.post(f"{bulk}undo/").json()["status"] == "undoing"
    factories.work()
    assert office.get(f"{address}bulks/").json()["results"][0]["taken_back"] == 4
    assert set(Standing.objects.values_list("vermin", flat=True)) == {"unverified"}


def test_strangers_find_nothing_and_readers_change_nothing(dealt):
    _mine, _office, submission, address = dealt
    row = standings(submission)[0]
    reads = (address, f"{address}deals/", f"{address}shares/", f"{address}bulks/")
    far = client_of(factories.user("jauh", Role.KPU_REGENCY, 6471))
    assert [far.get(path).status_code for path in reads] == [404] * 4
    assert far.get("/api/v1/reviews/").json()["results"] == []
    assert far.post(f"{address}bulks/preview/", {"area": 6474}, format="json").status_code == 404
    elsewhere = client_of(verifier("jauh-2", 6471))
    for path in ("card/", "decisions/"):
        assert elsewhere.get(f"/api/v1/supports/{row.pk}/{path}").status_code == 404
    told = {"status": "MS"}
    assert elsewhere.post(f"/api/v1/supports/{row.pk}/decisions/", told, format="json").status_code == 404
    watcher = client_of(factories.user("bawaslu", Role.BAWASLU, 6474))
    assert [watcher.get(path).status_code for path in reads] == [200] * 4
    assert watcher.get(f"/api/v1/supports/{row.pk}/decisions/").json()["results"] == []
    assert watcher.get(f"{address}queue/").status_code == 403
    assert watcher.post(f"{address}decisions/", [decision(row)], format="json").status_code == 403
    assert Decision.objects.count() == Bulk.objects.count() == 0


def test_a_verifier_reads_no_card_outside_the_own_area(dealt):
    _mine, _office, submission, _address = dealt
    ppk = client_of(verifier("ppk", 647402, Role.PPK))
    there = {row.pk: str(row.area).startswith("647402") for row in standings(submission)}
    seen = {pk: ppk.get(f"/api/v1/supports/{pk}/card/").status_code == 200 for pk in there}
    assert seen == there
    assert set(there.values()) == {True, False}


def test_lists_cost_as_many_queries_however_long_they_are(dealt, django_assert_max_num_queries):
    mine, office, _submission, address = dealt
    mine.get(f"{address}queue/")
    with django_assert_max_num_queries(22):
        mine.get(f"{address}queue/")
    with django_assert_max_num_queries(12):
        office.get("/api/v1/reviews/")


def test_a_row_that_was_discarded_is_decided_by_nobody():
    team = ready_team([*ENOUGH, factories.person(9)], rule_set="pkpu8-2024")
    gone = Support.objects.latest("pk")
    remove_support(gone, by=team[1], revision=gone.revision)
    handed_in(team)
    office, person = factories.user("kpu", Role.KPU_REGENCY, 6474), verifier()
    receive(team, office, "accepted")
    deal_rows(open_review(round_of(team), by=office), by=office, people=[person])
    mine, told = client_of(person), {"status": "MS"}
    answer = mine.post(f"/api/v1/supports/{gone.pk}/decisions/", told, format="json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "sudah dihapus" in answer.json()["message"]
    address = f"/api/v1/submissions/{round_of(team).pk}/review/decisions/"
    (outcome,) = mine.post(address, [{"support": gone.pk, **told}], format="json").json()
    assert (outcome["outcome"], outcome["error"]["code"]) == ("refused", "row_unknown")
    assert "sudah dibuang" in outcome["error"]["message"]
    assert mine.get(f"/api/v1/supports/{gone.pk}/card/").status_code == 404
