"""The search as programs call it, and what of the API's table about single rows no other test asks."""

import pytest

from foundation.accounts.matrix import Role
from foundation.accounts.models import ApiToken
from supports.models import Submission
from supports.rows import add_supports
from tests import factories
from tests.supports.calling import client_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def client(operator):
    return client_of(operator)


@pytest.fixture
def people(pair, operator):
    rows = [factories.person(at, name=f"Budi Contoh {at}") for at in range(5)]
    add_supports(pair, by=operator, rows=rows)
    return rows


def search(client, pair, **asked):
    return client.post(f"/api/v1/pairs/{pair.pk}/supports/search/", asked, format="json")


def test_answers_are_those_of_the_list(pair, client, people):
    answer = search(client, pair, nik=people[2]["nik"])
    assert answer.status_code == 200
    listed = client.get(f"/api/v1/pairs/{pair.pk}/supports/").json()["results"]
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [row for row in listed if row["name"] == people[2]["name"]],
        "not_yet_searchable": [],
    }


def test_pages_are_asked_for_in_the_body(pair, client, people):
    found, cursor = [], None
    while True:
        page = search(client, pair, name="bud con", page_size=2, cursor=cursor).json()
        found += [row["name"] for row in page["results"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == [row["name"] for row in people]
    back = search(client, pair, name="bud con", page_size=2, cursor=page["previous"]).json()
    assert [row["name"] for row in back["results"]] == found[2:4]


def test_a_file_that_is_not_searchable_by_name_yet_is_said(pair, client, operator):
    upload = factories.loaded(pair, operator, [factories.person(1)])
    type(upload).objects.update(searchable_to=0)
    assert search(client, pair, name="budi").json()["not_yet_searchable"] == [upload.pk]


@pytest.mark.parametrize(
    ("asked", "status", "code", "field"),
    [
        ({}, 422, "search_empty", None),
        ({"name": " "}, 422, "search_empty", None),
        ({"nik": "64740112"}, 422, "nik_incomplete", "nik"),
        ({"phone": "0812"}, 422, "phone_incomplete", "phone"),
        ({"name": "..."}, 422, "name_without_words", "name"),
        ({"nik": 6474010101809001}, 400, "not_text", "nik"),
        ({"name": "x" * 201}, 400, "max_length", "name"),
        ({"name": "a\x00"}, 400, "null_characters_not_allowed", "name"),
        ({"name": "budi", "cursor": "x"}, 422, "cursor_unknown", "cursor"),
        ({"name": "budi", "cursor": ">1.2"}, 422, "cursor_unknown", "cursor"),
        ({"name": "budi", "page_size": 501}, 400, "max_value", "page_size"),
        ({"name": "budi", "stage": "entah"}, 404, "not_found", None),
    ],
)
def test_what_cannot_be_looked_for_is_refused(pair, client, people, asked, status, code, field):
    answer = search(client, pair, **asked)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)


def test_the_pool_is_searched_when_asked_for_by_its_own_team_only(pair, client, operator, people):
    pool = Submission.objects.get()
    Submission.objects.filter(pk=pool.pk).update(kind="pool", stage="pool")
    assert search(client, pair, nik=people[0]["nik"]).json()["results"] == []
    assert len(search(client, pair, nik=people[0]["nik"], stage="pool").json()["results"]) == 1
    officer = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
    assert search(officer, pair, nik=people[0]["nik"], stage="pool").status_code == 404


def test_other_teams_and_observers_find_nothing(pair, people):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    assert search(client_of(factories.operator(other, "operator2")), pair, name="budi").status_code == 404
    assert search(client_of(factories.user("pemantau", Role.OBSERVER)), pair, name="budi").status_code == 403


def test_field_offices_find_in_their_own_area(pair, operator, people):
    west = factories.person(9, name="Budi Barat", district="Bontang Barat", village="Kanaan")
    add_supports(pair, by=operator, rows=[west])
    ppk = client_of(factories.user("ppk", Role.PPK, 647403))
    found = search(ppk, pair, name="budi").json()["results"]
    assert [row["name"] for row in found] == ["Budi Barat"]
    assert search(ppk, pair, nik=people[0]["nik"]).json()["results"] == []


def test_a_token_that_may_only_read_may_search_and_remove_nothing(pair, operator, people, client):
    _row, token = ApiToken.objects.create(user=operator)
    ApiToken.objects.filter(pk=_row.pk).update(scope="read")
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert len(search(client, pair, name="budi").json()["results"]) == 5
    asked = {"filter": {"area": 6474}, "preview": True}
    assert client.post(f"/api/v1/pairs/{pair.pk}/supports/remove/", asked, format="json").status_code == 403
