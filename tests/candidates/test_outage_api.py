"""The log of outages for programs: read by everybody, kept by the commission."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Outage, Ruling
from candidates.operations import open_window
from candidates.outages import correct_outage
from candidates.queries import now
from foundation.accounts.matrix import Role
from tests.candidates.making import letter_file, make_election, make_pair
from tests.candidates.test_outages import EIGHTH, make_outage
from tests.foundation.accounts.people import somebody
from tests.supports.calling import client_of

pytestmark = pytest.mark.django_db
NEW = {
    "began_at": "2024-05-08T08:00:00+08:00",
    "affected": "Pengunggahan berkas dukungan",
    "description": "Basis data penuh.",
}


@pytest.fixture
def kpu(db):
    return client_of(somebody(Role.KPU_REGENCY))


def test_everybody_reads_the_log(client):
    election = make_election()
    outage = make_outage(election, began_at=EIGHTH, ended_at=EIGHTH + timedelta(hours=2))
    correct_outage(outage, by=None, reason="Salah ketik", affected="Semua halaman")
    (told,) = client.get("/api/v1/outages/").json()["results"]
    at = told["corrections"][0].pop("at")
    assert at
    assert told == {
        "id": outage.pk,
        "began_at": "2024-05-08T08:00:00+08:00",
        "ended_at": "2024-05-08T10:00:00+08:00",
        "affected": "Semua halaman",
        "description": "Basis data penuh.",
        "everywhere": False,
        "elections": [{"id": election.pk, "name": election.name}],
        "decision": "",
        "decree": "",
        "corrections": [{"reason": "Salah ketik", "before": {"affected": "Pengunggahan berkas dukungan"}}],
    }
    one = client.get(f"/api/v1/outages/{outage.pk}/").json()
    assert one["affected"] == "Semua halaman"
    assert client.get("/api/v1/outages/999999/").status_code == 404


def test_the_commission_records_ends_and_corrects(kpu):
    election = make_election()
    made = kpu.post("/api/v1/outages/", NEW | {"elections": [election.pk]}, format="json")
    assert (made.status_code, made.json()["ended_at"]) == (201, None)
    address = f"/api/v1/outages/{made.json()['id']}/"
    ended = kpu.patch(address, {"ended_at": "2024-05-08T10:00:00+08:00"}, format="json")
    assert (ended.status_code, ended.json()["ended_at"]) == (200, "2024-05-08T10:00:00+08:00")
    later = {"ended_at": "2024-05-08T11:00:00+08:00"}
    answer = kpu.patch(address, later, format="json")
    assert (answer.status_code, answer.json()["field"]) == (422, "reason")
    answer = kpu.patch(address, later | {"reason": "Pulih pukul 11.00"}, format="json")
    assert answer.json()["corrections"][0]["before"] == {"ended_at": "2024-05-08T02:00:00+00:00"}


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"began_at": "2024-05-08T08:00:00"}, 400, "began_at"),
        ({"affected": ""}, 400, "affected"),
        ({"elections": []}, 422, "elections"),
        ({"elections": ["satu"]}, 400, "elections.0"),
        ({"began_at": "2099-05-08T08:00:00+08:00"}, 422, "began_at"),
        ({"everywhere": True}, 403, None),
    ],
)
def test_what_is_wrong_is_named(kpu, changes, status, field):
    answer = kpu.post("/api/v1/outages/", NEW | {"elections": [make_election().pk]} | changes, format="json")
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert not Outage.objects.exists()


def test_others_only_read(client):
    pair = make_pair()
    outage = make_outage(pair.election, began_at=EIGHTH)
    team = client_of(somebody((Role.OPERATOR, "pair", pair.pk)))
    elsewhere = client_of(somebody((Role.KPU_REGENCY, "region", 6472)))
    assert client.post("/api/v1/outages/", NEW).status_code == 401
    assert team.post("/api/v1/outages/", NEW, format="json").status_code == 403
    for caller in (team, elsewhere):
        answer = caller.patch(f"/api/v1/outages/{outage.pk}/", {"decision": "x"}, format="json")
        assert answer.status_code == 403
    assert Outage.objects.get().decision == ""


def test_extensions_in_one_step(kpu):
    pair = make_pair()
    moment = now()
    span = {"opens_at": moment - timedelta(days=1), "closes_at": moment + timedelta(days=1)}
    open_window(pair.election, by=None, stage="awal", kind="filling", **span)
    outage = make_outage(pair.election, began_at=moment - timedelta(hours=3))
    address = f"/api/v1/outages/{outage.pk}/rulings/"
    answer = kpu.post(address, {"document": "7/2024"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "outage_lasts")
    correct_outage(outage, by=None, ended_at=moment - timedelta(minutes=1))
    assert kpu.post(address, {"document": "7/2024", "hours": 0}, format="json").status_code == 400
    made = kpu.post(address, {"document": "7/2024", "pairs": [pair.pk]}, format="json")
    assert made.status_code == 201
    (ruling,) = made.json()
    assert (ruling["pair"], ruling["hours"], ruling["outage"]) == (pair.pk, 3, outage.pk)
    assert (ruling["approvals"], ruling["windows"]) == (0, [])
    assert Ruling.objects.get().opens == "filling"
    first, second = (client_of(somebody(Role.KPU_RI)) for _ in range(2))
    steps = {"attach": 1, "approve": 0, "open": 0}
    assert without_digest(kpu.get(f"{address}steps/")) == steps
    assert kpu.post(f"{address}letter/", {}).json()["code"] == "document_missing"
    assert kpu.post(f"{address}letter/", {"letter": letter_file()}).json() == {"rulings": 1}
    digest = first.get(f"{address}steps/").json()["digest"]
    assert kpu.post(f"{address}approve/", {"digest": digest}, format="json").status_code == 403
    wrong = first.post(f"{address}approve/", {"digest": "0" * 64}, format="json")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "list_changed")
    for caller in (first, second):
        assert caller.post(f"{address}approve/", {"digest": digest}, format="json").json() == {"rulings": 1}
        assert caller.post(f"{address}approve/", {"digest": digest}, format="json").status_code == 409
    assert without_digest(kpu.get(f"{address}steps/")) == steps | {"open": 1}
    assert kpu.post(f"{address}open/", {"count": 2}, format="json").status_code == 409
    assert kpu.post(f"{address}open/", {"count": 1}, format="json").json() == {"rulings": 1}
    (listed,) = kpu.get(address).json()["results"]
    assert (listed["approvals"], len(listed["windows"])) == (2, 1)
    stranger = client_of(somebody((Role.KPU_REGENCY, "region", 6472)))
    assert stranger.get(address).json()["results"] == []


def without_digest(answer):
    return {name: value for name, value in answer.json().items() if name != "digest"}


def test_the_log_costs_the_same_with_one_and_with_three(client):
    def queries():
        with CaptureQueriesContext(connection) as done:
            assert client.get("/api/v1/outages/").status_code == 200
        return len(done)

    election = make_election()
    make_outage(election, began_at=EIGHTH)
    once = queries()
    for _ in range(2):
        correct_outage(make_outage(election, began_at=EIGHTH), by=None, reason="x", affected="Lain")
    assert queries() == once
