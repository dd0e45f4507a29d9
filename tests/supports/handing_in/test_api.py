"""REST: hand in, follow, fetch the receipt and the copy; another pair's round does not exist."""

import json

import pytest

from foundation.accounts.matrix import Role
from foundation.workflow import engine
from supports.handing_in.verify import check_receipt
from supports.models import Receipt
from tests.factories import operator, pair, person, user, work
from tests.supports.calling import client_of
from tests.supports.handing_in.teams import close_windows, handed_in, ready_team, round_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def team():
    return ready_team()


def post(client, made, **body):
    return client.post(f"/api/v1/pairs/{made.pk}/submissions/", body, format="json")


def test_a_round_is_handed_in_and_followed_to_its_receipt(team):
    client = client_of(team[1])
    answer = post(client, team[0], expected=4)
    submission = round_of(team)
    assert answer.status_code == 202
    assert answer["Location"].endswith(f"/api/v1/submissions/{submission.pk}/")
    said = answer.json()
    assert (said["id"], said["status"], said["receipt"]) == (submission.pk, "draft", None)
    assert said["job"]["state"] == "queued"
    assert client.get(f"/api/v1/submissions/{submission.pk}/receipt/").status_code == 404
    work()
    said = client.get(answer["Location"]).json()
    assert (said["status"], said["job"]["state"], said["receipt"]) == (
        "submitted",
        "done",
        "TT-0001/6474/2024",
    )
    body = client.get(f"/api/v1/submissions/{submission.pk}/receipt/").json()
    assert (body["rows"], check_receipt(body)) == (4, [])
    again = post(client, team[0])
    assert (again.status_code, again.json()["id"], Receipt.objects.count()) == (200, submission.pk, 1)
    listed = client.get(f"/api/v1/pairs/{team[0].pk}/submissions/").json()
    assert [one["id"] for one in listed["results"]] == [submission.pk]


def test_what_is_missing_is_listed(tmp_path):
    team = ready_team([person(1)])
    answer = post(client_of(team[1]), team[0])
    body = answer.json()
    assert (answer.status_code, body["code"], body["field"]) == (422, "requirement_not_met", None)
    assert [(one["code"], one["missing"], one["asked"]) for one in body["missing"]] == [
        ("minimum", 2, 3),
        ("spread", 1, 2),
    ]
    assert body["missing"][1]["areas"][0]["name"] == "Bontang Selatan"


def test_a_closed_window_and_another_number_of_rows_are_told(team):
    client = client_of(team[1])
    assert post(client, team[0], expected=3).status_code == 409
    assert post(client, team[0], expected=-1).status_code == 400
    close_windows("handing_in")
    answer = post(client, team[0])
    assert (answer.status_code, answer.json()["code"]) == (422, "window_closed")
    assert "missing" not in answer.json()


def test_the_copy_of_the_rows_is_for_the_own_team(team):
    handed_in(team)
    address = f"/api/v1/submissions/{round_of(team).pk}/rows.jsonl"
    answer = client_of(team[1]).get(address)
    lines = b"".join(answer.streaming_content).splitlines()
    assert (answer.status_code, answer["Cache-Control"], len(lines)) == (200, "no-store", 5)
    assert json.loads(lines[1])["nik"] == person(1)["nik"]
    assert client_of(user("kpu", Role.KPU_REGENCY, 6474)).get(address).status_code == 403
    assert client_of(user("juru", Role.TYPIST, team[0])).get(address).status_code == 403


def test_another_pair_s_round_does_not_exist(team):
    handed_in(team)
    other = pair(team[0].election, "Bayu Umpama – Kirana Andaikan")
    client = client_of(operator(other, "operator2"))
    for path in ("", "receipt/", "receipt.pdf", "rows.jsonl"):
        assert client.get(f"/api/v1/submissions/{round_of(team).pk}/{path}").status_code == 404, path
    assert post(client, team[0]).status_code == 404
    assert client.get(f"/api/v1/pairs/{team[0].pk}/submissions/").status_code == 404
    assert client.post(f"/api/v1/submissions/{round_of(team).pk}/redraft/").status_code == 404


def test_who_may_hand_in_and_who_may_read(team):
    kpu = client_of(user("kpu", Role.KPU_REGENCY, 6474))
    assert post(kpu, team[0]).status_code == 403
    assert post(client_of(user("juru", Role.TYPIST, team[0])), team[0]).status_code == 403
    assert post(client_of(user("lo", Role.LO, team[0])), team[0]).status_code == 202
    work()
    address = f"/api/v1/submissions/{round_of(team).pk}/receipt/"
    for role, status in ((Role.BAWASLU, 200), (Role.OBSERVER, 403)):  # four rows: too few to be published
        assert client_of(user(f"u-{role}", role, 6474)).get(address).status_code == status
    assert kpu.get(address).json()["rows"] == 4


def test_a_returned_round_is_filled_again(team):
    handed_in(team)
    engine.move(round_of(team), "return", by=user("kpu", Role.KPU_REGENCY, 6474))
    answer = client_of(team[1]).post(f"/api/v1/submissions/{round_of(team).pk}/redraft/")
    assert (answer.status_code, answer.json()["status"]) == (200, "draft")


def test_keys_are_public(client, team):
    handed_in(team)
    (key,) = client.get("/api/v1/receipt-keys/").json()["results"]
    assert key["key"] == Receipt.objects.get().body["public_key"]


def test_the_paper_is_a_pdf(team):
    handed_in(team)
    answer = client_of(team[1]).get(f"/api/v1/submissions/{round_of(team).pk}/receipt.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="tanda-terima-TT-0001-6474-2024.pdf"'
