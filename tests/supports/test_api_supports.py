"""Rows through the API: listed and paged, typed, mended, removed; identities opened one at a time."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.matrix import Role
from foundation.workflow.models import Event
from supports.models import Support, Upload
from supports.rows import add_supports
from tests import factories
from tests.supports.calling import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(db):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def client(operator):
    return client_of(operator)


def listed(client, pair, query=""):
    response = client.get(f"/api/v1/pairs/{pair.pk}/supports/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def add(client, pair, rows, key=None):
    more = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    path = f"/api/v1/pairs/{pair.pk}/supports/"
    return client.post(path, json.dumps(rows), content_type="application/json", **more)


def refusal(response, status, code, field=None):
    assert response.status_code == status, response.content
    body = response.json()
    assert (body["code"], body["field"]) == (code, field)
    return body["message"]


def test_a_pair_without_a_round_has_an_empty_list(pair, client):
    assert listed(client, pair) == {"next": None, "previous": None, "results": []}


def test_a_row_is_shown_with_its_findings_and_a_masked_nik(pair, client, operator):
    _clean, faulty = add_supports(pair, by=operator, rows=[factories.person(1), factories.person(2, sex="?")])
    (row,) = listed(client, pair, "?finding=SEX_UNREADABLE")["results"]
    finding = row.pop("findings")
    assert row == {
        "id": faulty.id,
        "name": factories.person(2)["name"],
        "nik": "6474••••••••••••",
        "sex": None,
        "village": "Bontang Kuala",
        "district": "Bontang Utara",
        "area": 6474011001,
        "status": "unverified",
        "clean": False,
        "upload": faulty.id >> 24,
        "sheet": "",
        "row": 2,
        "restricted": False,
        "marks": [],
        "replaced_by": None,
        "replaces": None,
        "revision": 0,
    }
    assert [(one["code"], one["effect"]) for one in finding] == [("SEX_UNREADABLE", "BMS")]
    assert "Isi L (laki-laki) atau P (perempuan)" in finding[0]["message"]


@pytest.fixture
def filled(pair, operator):
    """What two people typed: Bontang Utara, and Bontang Barat with faults."""
    west = {"district": "Bontang Barat", "village": "Kanaan"}
    faulty = [factories.person(n, nik="1", **west) for n in range(10, 13)]
    add_supports(pair, by=operator, rows=[factories.person(n) for n in range(4)])
    add_supports(pair, by=factories.user("lo", Role.LO, pair), rows=faulty)
    return list(Upload.objects.order_by("id"))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [0, 1, 2, 3, 10, 11, 12]),
        ("?finding=NIK_LENGTH", [10, 11, 12]),
        ("?area=647401", [0, 1, 2, 3]),
        ("?area=647403&finding=NIK_LENGTH", [10, 11, 12]),
        ("?area=0", []),
        ("?status=MS", []),
        ("?status=unverified&area=6474", [0, 1, 2, 3, 10, 11, 12]),
        ("?stage=awal&finding=NAME_MISSING", []),
    ],
)
def test_filters(pair, client, filled, query, numbers):
    found = listed(client, pair, query)["results"]
    assert sorted(row["name"] for row in found) == sorted(factories.person(n)["name"] for n in numbers)


def test_an_upload_is_a_filter(pair, client, filled):
    first, second = filled
    assert {row["upload"] for row in listed(client, pair, f"?upload={second.pk}")["results"]} == {second.pk}
    assert len(listed(client, pair, f"?upload={first.pk}")["results"]) == 4


@pytest.mark.parametrize(
    "query", ["?page_size=2", "?page_size=2&finding=NIK_LENGTH", "?page_size=3&area=6474"]
)
def test_pages_lead_forward_and_back(pair, client, filled, query):
    address, forth = query, []
    pages = []
    while address:
        page = client.get(address).json() if address.startswith("http") else listed(client, pair, address)
        forth += [row["id"] for row in page["results"]]
        pages.append(page)
        address = page["next"]
    whole = listed(client, pair, query.replace("page_size=", "page_size=10"))["results"]
    assert forth == [row["id"] for row in whole]
    assert len(set(forth)) == len(forth)
    back = client.get(pages[-1]["previous"]).json()
    assert [row["id"] for row in back["results"]] == [row["id"] for row in pages[-2]["results"]]
    assert pages[0]["previous"] is None


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ("?finding=ENTAH", 422, "finding_unknown", "finding"),
        ("?finding=SERIAL_RUN", 422, "finding_unknown", "finding"),
        ("?status=entah", 422, "status_unknown", "status"),
        ("?cursor=xyz", 422, "cursor_unknown", "cursor"),
        ("?area=x", 400, "invalid", "area"),
        ("?area=99999999999", 400, "max_value", "area"),
        ("?page_size=501", 400, "max_value", "page_size"),
        ("?upload=999999999", 404, "not_found", None),
        ("?stage=entah", 404, "not_found", None),
    ],
)
def test_a_filter_that_cannot_be_is_refused(pair, client, filled, query, status, code, field):
    refusal(client.get(f"/api/v1/pairs/{pair.pk}/supports/{query}"), status, code, field)


def test_the_list_asks_as_often_for_three_rows_as_for_one(pair, client, operator):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            found = listed(client, pair, "?finding=NIK_MISSING")["results"]
        return len(found), len(captured)

    add_supports(pair, by=operator, rows=[factories.person(1, nik="")])
    one, few = queries()
    more = [factories.person(2, nik=""), factories.person(3, nik="", name="")]
    add_supports(pair, by=factories.user("lo", Role.LO, pair), rows=more)
    three, as_many = queries()
    assert (one, three) == (1, 3)
    assert as_many == few


def test_field_offices_see_their_own_area_only(pair, operator, filled):
    ppk = client_of(factories.user("ppk", Role.PPK, 647403))
    rows = listed(ppk, pair)["results"]
    assert {row["district"] for row in rows} == {"Bontang Barat"}
    assert ppk.get(f"/api/v1/supports/{rows[0]['id']}/").status_code == 200
    elsewhere = filled[0].pk << 24 | 1
    refusal(ppk.get(f"/api/v1/supports/{elsewhere}/"), 404, "not_found")
    refusal(ppk.post(f"/api/v1/supports/{elsewhere}/identity/"), 404, "not_found")
    assert (
        listed(client_of(factories.user("pps", Role.PPS, 6474011001)), pair, "?area=647403")["results"] == []
    )


def test_observers_see_sums_only(pair, filled):
    observer = client_of(factories.user("pemantau", Role.OBSERVER))
    body = observer.get(f"/api/v1/pairs/{pair.pk}/progress/").json()
    # Four count, which is too few to be published.
    assert (body["counted"], body["submitted"], body["findings"]) == (None, 7, {})
    assert {area["submitted"] for area in body["by_area"]} == {None}
    refusal(observer.get(f"/api/v1/pairs/{pair.pk}/supports/"), 403, "permission_denied")


def test_another_teams_rows_do_not_exist(pair, client):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    (theirs,) = add_supports(other, by=factories.operator(other, "operator2"), rows=[factories.person(1)])
    row = f"/api/v1/supports/{theirs.id}/"
    refusal(client.get(f"/api/v1/pairs/{other.pk}/supports/"), 404, "not_found")
    refusal(client.get(f"/api/v1/pairs/{other.pk}/progress/"), 404, "not_found")
    refusal(add(client, other, factories.person(2)), 404, "not_found")
    refusal(client.get(row), 404, "not_found")
    refusal(client.patch(row, {"name": "X"}, format="json", HTTP_IF_MATCH='"0"'), 404, "not_found")
    refusal(client.delete(row, HTTP_IF_MATCH='"0"'), 404, "not_found")
    refusal(client.post(f"{row}identity/"), 404, "not_found")
    refusal(client.get(f"/api/v1/pairs/{pair.pk}/supports/?upload={theirs.id >> 24}"), 404, "not_found")


def test_one_row_is_added_and_checked(pair, client):
    sent = add(client, pair, factories.person(1, nik="123", ref="A-7"))
    assert sent.status_code == 201
    body = sent.json()
    assert (body["ref"], [one["code"] for one in body["findings"]]) == ("A-7", ["NIK_LENGTH"])
    assert sent["Location"] == f"http://testserver/api/v1/supports/{body['id']}/"
    assert client.get(sent["Location"]).json()["ref"] == "A-7"


def test_a_list_of_rows_is_added_once_under_its_key(pair, client):
    people = [factories.person(n, ref=str(n)) for n in range(3)]
    first, again = (add(client, pair, people, key="kunci") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert [one["ref"] for one in first.json()] == ["0", "1", "2"]
    assert first.json() == again.json()
    assert Support.objects.count() == 3


@pytest.mark.parametrize(
    ("rows", "status", "code", "field"),
    [
        ([], 422, "rows_number", None),
        ([{"name": "Budi"}] * 1001, 422, "rows_number", None),
        ({"nama": "Budi"}, 422, "field_unknown", "nama"),
        ({"nik": 6474010101809001}, 400, "not_text", "0.nik"),
        ([{"name": "Budi"}, {"name": ["x"]}], 400, "not_text", "1.name"),
        ([7], 400, "invalid", "0"),
        ({"name": "Budi\x00"}, 400, "null_characters_not_allowed", "0.name"),
        ({"name": "\ud800"}, 400, "parse_error", None),
        ({"\ud800": "Budi"}, 400, "parse_error", None),
    ],
)
def test_rows_that_cannot_be_taken_are_refused_whole(pair, client, rows, status, code, field):
    refusal(add(client, pair, rows), status, code, field)
    assert not Support.objects.exists()


def test_a_key_that_is_too_long_adds_nothing(pair, client):
    refusal(add(client, pair, factories.person(1), key="k" * 101), 422, "idempotency_key_too_long")
    assert not Support.objects.exists()


def test_an_id_beyond_every_number_does_not_exist(client):
    for path in ("supports", "uploads", "pairs"):
        refusal(client.get(f"/api/v1/{path}/{10**30}/"), 404, "not_found")


def test_a_statement_may_be_true_or_a_word(pair, client):
    minister = factories.person(1, occupation="Pegawai Negeri Sipil", statement=True)
    word = factories.person(2, occupation="Pegawai Negeri Sipil", statement="ya")
    without = factories.person(3, occupation="Pegawai Negeri Sipil", statement=False)
    added = add(client, pair, [minister, word, without]).json()
    assert [[one["code"] for one in row["findings"]] for row in added] == [[], [], ["OCCUPATION"]]


@pytest.fixture
def row(pair, client):
    """The address of a row with a fault."""
    return add(client, pair, factories.person(1, nik="123"))["Location"]


def test_a_row_is_mended_by_who_read_it_last(pair, client, row):
    etag = client.get(row)["ETag"]
    assert etag == '"0"'
    mended = client.patch(row, {"nik": factories.person(1)["nik"]}, format="json", HTTP_IF_MATCH=etag)
    assert (mended.status_code, mended["ETag"]) == (200, '"1"')
    assert (mended.json()["findings"], mended.json()["clean"], mended.json()["revision"]) == ([], True, 1)
    late = client.patch(row, {"name": "Lain"}, format="json", HTTP_IF_MATCH=etag)
    assert "diubah" in refusal(late, 412, "row_changed")
    assert client.get(row).json()["name"] == factories.person(1)["name"]


@pytest.mark.parametrize(
    "header", [{}, {"HTTP_IF_MATCH": "*"}, {"HTTP_IF_MATCH": '"x"'}, {"HTTP_IF_MATCH": "9" * 30}]
)
def test_without_an_etag_nothing_changes(client, row, header):
    refusal(client.patch(row, {"name": "Lain"}, format="json", **header), 412, "if_match_missing")
    refusal(client.delete(row, **header), 412, "if_match_missing")
    assert client.get(row).json()["revision"] == 0


def test_a_row_is_removed(pair, client, row):
    refusal(client.delete(row, HTTP_IF_MATCH='"5"'), 412, "row_changed")
    assert client.delete(row, HTTP_IF_MATCH='"0"').status_code == 204
    refusal(client.get(row), 404, "not_found")
    assert client.get(f"/api/v1/pairs/{pair.pk}/progress/").json()["submitted"] == 0


def test_a_closed_window_changes_no_row(pair, client, row):
    pair.election.windows.all().delete()
    refusal(add(client, pair, factories.person(2)), 422, "window_closed")
    refusal(client.patch(row, {"name": "Lain"}, format="json", HTTP_IF_MATCH='"0"'), 422, "window_closed")
    refusal(client.delete(row, HTTP_IF_MATCH='"0"'), 422, "window_closed")


def test_an_identity_is_opened_and_the_event_names_no_one(pair, client, operator, row):
    opened = client.post(f"{row}identity/")
    given = factories.person(1, nik="123")
    body = opened.json()
    assert opened.status_code == 200
    assert {name: body[name] for name in ("nik", "birth_date", "address", "birth_place")} == {
        name: given[name] for name in ("nik", "birth_date", "address", "birth_place")
    }
    event = Event.objects.get(name="identity_opened")
    assert (event.by_id, event.pair_id, event.subject_id) == (operator.pk, pair.pk, Support.objects.get().pk)
    assert "nik" in event.data["fields"]
    assert not any(
        value in str(event.data) for value in (given["name"], given["phone"][1:], given["address"])
    )


def test_a_typist_reads_no_identity_back(pair):
    user = factories.user("juru", Role.TYPIST, pair)
    (mine,) = add_supports(pair, by=user, rows=[factories.person(1)])
    typist, row = client_of(user), f"/api/v1/supports/{mine.id}/"
    assert typist.get(row).status_code == 200
    refusal(typist.post(f"{row}identity/"), 403, "permission_denied")
