"""Rulings for programs: which rows they cover, and how they are taken back."""

import pytest

from candidates.models import Ruling
from foundation.accounts.matrix import Role
from foundation.readings.models import Reading
from tests import factories
from tests.supports.calling import client_of

pytestmark = pytest.mark.usefixtures("committed")
NEW = {"kind": "putusan", "document": "001/PS.REG/2024", "stage": "awal", "hours": 48}


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def kpu(committed):
    return client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))


def propose(caller, pair, **changes):
    return caller.post(f"/api/v1/pairs/{pair.pk}/rulings/", NEW | changes, format="json")


def test_a_named_set_is_made_of_the_pair_s_own_uploads(kpu, pair):
    upload = factories.loaded(pair, factories.operator(pair), [factories.person(1)])
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    foreign = factories.loaded(other, factories.operator(other, "operator2"), [factories.person(2)])
    named = {"covers": "named", "opens": "filling"}
    for wrong in ([foreign.pk], [upload.pk, foreign.pk], [10**6]):
        answer = propose(kpu, pair, uploads=wrong, **named)
        assert (answer.status_code, answer.json()["code"]) == (422, "upload_not_of_the_round")
        assert answer.json()["field"] == "uploads"
    answer = propose(kpu, pair, uploads=[upload.pk], stage="perbaikan_1", **named)
    assert answer.json()["code"] == "upload_not_of_the_round"
    assert not Ruling.objects.exists()
    made = propose(kpu, pair, uploads=[upload.pk], **named)
    assert made.status_code == 201
    assert (made.json()["covers"], made.json()["uploads"]) == ("named", [upload.pk])


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"covers": "some"}, 400, "covers"),
        ({"covers": "frozen"}, 422, "opens"),
        ({"covers": "named"}, 422, "uploads"),
        ({"planned_at": "2024-06-03T08:00:00"}, 400, "planned_at"),
    ],
)
def test_what_is_wrong_is_named(kpu, pair, changes, status, field):
    answer = propose(kpu, pair, **changes)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


def test_a_proposal_is_withdrawn_with_its_reason(kpu, pair):
    ruling = propose(kpu, pair, covers="frozen", opens="handing_in").json()["id"]
    address = f"/api/v1/rulings/{ruling}/withdraw/"
    assert kpu.post(address, {}, format="json").status_code == 400
    answer = kpu.post(address, {"reason": "Salah pasangan"}, format="json")
    assert (answer.status_code, answer.json()["withdrawn_reason"]) == (200, "Salah pasangan")
    assert kpu.post(address, {"reason": "lagi"}, format="json").status_code == 409
    assert kpu.post(f"/api/v1/rulings/{ruling}/open/").json()["code"] == "ruling_withdrawn"


def test_a_team_reads_its_rulings_and_takes_none_back(kpu, pair):
    ruling = propose(kpu, pair).json()
    team = client_of(factories.operator(pair))
    assert team.get(f"/api/v1/pairs/{pair.pk}/rulings/").json()["results"] == [ruling]
    assert team.post(f"/api/v1/rulings/{ruling['id']}/withdraw/", {"reason": "x"}).status_code == 403
    assert propose(team, pair).status_code == 403
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    stranger = client_of(factories.operator(other, "operator2"))
    assert stranger.get(f"/api/v1/pairs/{pair.pk}/rulings/").status_code == 404


def test_another_region_finds_nothing(kpu, pair):
    ruling = propose(kpu, pair).json()["id"]
    elsewhere = client_of(factories.user("kpu-2", Role.KPU_REGENCY, 6472))
    assert propose(elsewhere, pair).status_code == 404
    assert elsewhere.post(f"/api/v1/rulings/{ruling}/withdraw/", {"reason": "x"}).status_code == 404


def test_rows_are_named_one_by_one_after_a_look_at_the_list(kpu, pair):
    operator = factories.operator(pair)
    factories.loaded(pair, operator, [factories.person(1), factories.person(2)])
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    factories.loaded(other, factories.operator(other, "operator2"), [factories.person(3)])
    listed = [factories.person(number)["nik"] for number in (1, 3, 1)]
    address = f"/api/v1/pairs/{pair.pk}/rulings/rows/"
    looked = kpu.post(address, {"stage": "awal", "rows": listed}, format="json")
    assert looked.json() == {
        "lines": 3, "found": 2, "repeated": 1, "missing": 1, "first_missing": [2], "rows": 1,
    }  # fmt: skip
    reading = Reading.objects.get(kind="search")
    assert (reading.pair_id, reading.rows, reading.filter) == (pair.pk, 1, {"by_what": ["list"]})
    assert not Ruling.objects.exists()
    terms = {"covers": "rows", "opens": "filling", "rows": listed}
    refused = propose(kpu, pair, **terms)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        422,
        "rows_not_found",
        "rows",
    )
    made = propose(kpu, pair, skip_missing=True, **terms).json()
    assert (made["covers"], made["rows"], len(made["row_digest"])) == ("rows", 1, 64)
    assert (
        client_of(operator).post(address, {"stage": "awal", "rows": listed}, format="json").status_code == 403
    )


def test_a_line_that_is_no_text_is_refused_or_not_found(kpu, pair):
    factories.loaded(pair, factories.operator(pair), [factories.person(1)])
    address = f"/api/v1/pairs/{pair.pk}/rulings/rows/"
    for body in (r'["\ud800"]', r'["a\u0000b"]'):
        answer = kpu.generic("POST", address, f'{{"stage": "awal", "rows": {body}}}', "application/json")
        assert answer.status_code == 400
    for line in ("a\u200bb", 'x"y{}\\,', "\u00a0", "R" + "0" * 32, "1" * 16):
        found = kpu.post(address, {"stage": "awal", "rows": [line]}, format="json").json()
        assert (found["found"], found["rows"]) == (0, 0)
