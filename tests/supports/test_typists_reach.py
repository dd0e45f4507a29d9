"""A typist reads, finds, mends and removes the rows they typed, and no others, by page and by API."""

import pytest

from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import User
from foundation.accounts.operations import assign_role
from supports.bulk_removal import preview_removal, request_removal
from supports.listing import Filter
from supports.models import Support
from supports.queries import supports_visible_to, typed_reach_of
from supports.rows import add_supports
from tests import factories
from tests.supports.calling import client_of
from tests.supports.test_pages import names, text_of
from tests.supports.test_rows import the

pytestmark = pytest.mark.usefixtures("committed")
MINE, THEIRS = factories.person(1, name="Budi Saya"), factories.person(2, name="Budi Orang", sex="?")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def typist(pair):
    return factories.user("juru", Role.TYPIST, pair)


@pytest.fixture
def rows(pair, typist):
    """The typist's own row, and one of each of the others: a second typist's and a file's."""
    second = factories.user("juru2", Role.TYPIST, pair)
    (mine,) = add_supports(pair, by=typist, rows=[MINE])
    (theirs,) = add_supports(pair, by=second, rows=[THEIRS])
    factories.loaded(pair, factories.operator(pair), [factories.person(3, name="Budi Berkas", sex="?")])
    return the(mine), the(theirs)


@pytest.fixture
def desk(client, typist):
    client.force_login(typist)
    return client


def names_told(answer):
    return [row["name"] for row in answer.json()["results"]]


def test_the_list_holds_own_rows_only_whatever_the_filter(desk, pair, rows):
    path = f"/pasangan/{pair.pk}/dukungan/"
    for query in ("", "?wilayah=647401", "?status=unverified", f"?unggahan={rows[0].upload_id}"):
        assert names(desk.get(path + query)) == ["Budi Saya"]
    assert names(desk.get(f"{path}?temuan=SEX_UNREADABLE")) == []
    assert names(desk.get(f"{path}?unggahan={rows[1].upload_id}")) == []


def test_own_rows_come_page_by_page(desk, pair, typist):
    add_supports(pair, by=factories.operator(pair), rows=[factories.person(at) for at in range(60)])
    add_supports(pair, by=typist, rows=[factories.person(at, name=f"Budi {at}") for at in range(100, 160)])
    first = desk.get(f"/pasangan/{pair.pk}/dukungan/")
    second = desk.get(f"/pasangan/{pair.pk}/dukungan/{first.context['next_url']}")
    assert names(first) + names(second) == [f"Budi {at}" for at in range(100, 160)]


@pytest.mark.parametrize("sought", ["budi", THEIRS["nik"], THEIRS["phone"], "orang"])
def test_a_search_finds_nothing_of_others(desk, pair, rows, sought):
    factories.work()
    found = names(desk.post(f"/pasangan/{pair.pk}/dukungan/cari/", {"cari": sought}))
    assert found == (["Budi Saya"] if sought == "budi" else [])


def test_a_frequent_name_is_searched_among_own_rows_only(desk, pair, typist, monkeypatch):
    monkeypatch.setattr("supports.search.MOST_COLLECTED", 10)
    add_supports(pair, by=factories.operator(pair), rows=[factories.person(at) for at in range(20)])
    add_supports(pair, by=typist, rows=[MINE])
    add_supports(pair, by=factories.user("juru3", Role.TYPIST, pair), rows=[THEIRS])
    assert names(desk.post(f"/pasangan/{pair.pk}/dukungan/cari/", {"cari": "budi"})) == ["Budi Saya"]


def test_a_row_of_others_does_not_exist(desk, pair, rows):
    mine, theirs = (f"/pasangan/{pair.pk}/dukungan/{row.pk}/" for row in rows)
    assert desk.get(mine).status_code == 200
    assert desk.get(f"{mine}baris/").status_code == 200
    for more in ("", "baris/"):
        assert desk.get(theirs + more).status_code == 404
    for more in ("", "hapus/"):
        assert desk.post(theirs + more, {"revisi": "0", "name": "X"}).status_code == 404
    assert Support.objects.get(pk=rows[1].pk).revision == 0


def test_rows_of_others_are_not_removed_by_a_filter(desk, pair, rows):
    answer = desk.get(f"/pasangan/{pair.pk}/dukungan/hapus/?wilayah=647401")
    assert answer.context["preview"].count == 1
    sent = {"count": "1", "token": answer.context["preview"].token}
    asked = desk.post(f"/pasangan/{pair.pk}/dukungan/hapus/?wilayah=647401", sent)
    factories.work()
    assert desk.get(asked["Location"]).status_code == 200
    assert set(Support.objects.values_list("name", flat=True)) == {"Budi Orang", "Budi Berkas"}


def test_removals_of_others_are_not_told(desk, pair, typist, rows):
    operator = User.objects.get(username="operator")
    submission = rows[0].submission
    looked = preview_removal(submission, Filter(area=647401))
    job = request_removal(
        submission, Filter(area=647401), by=operator, count=looked.count, token=looked.token
    )
    assert desk.get(f"/pasangan/{pair.pk}/dukungan/hapus/{job.pk}/").status_code == 404
    path = f"/api/v1/pairs/{pair.pk}/supports/remove/{job.pk}/"
    assert client_of(typist).get(path).status_code == 404
    assert client_of(operator).get(path).status_code == 200


def test_the_api_reaches_own_rows_only(pair, typist, rows):
    client = client_of(typist)
    path = f"/api/v1/pairs/{pair.pk}/supports/"
    assert names_told(client.get(path)) == ["Budi Saya"]
    assert names_told(client.get(f"{path}?finding=SEX_UNREADABLE")) == []
    assert names_told(client.post(f"{path}search/", {"nik": THEIRS["nik"]}, format="json")) == []
    assert names_told(client.post(f"{path}search/", {"nik": MINE["nik"]}, format="json")) == ["Budi Saya"]
    looked = client.post(f"{path}remove/", {"filter": {"area": 647401}, "preview": True}, format="json")
    assert looked.json()["count"] == 1
    one = f"/api/v1/supports/{rows[1].pk}/"
    assert client.get(one).status_code == 404
    assert client.patch(one, {"name": "X"}, format="json", headers={"If-Match": '"0"'}).status_code == 404
    assert client.delete(one, headers={"If-Match": '"0"'}).status_code == 404


def test_sums_of_the_pair_are_no_secret_to_a_typist(desk, pair, rows):
    assert "Terhitung" in text_of(desk.get(f"/pasangan/{pair.pk}/"))


def test_who_is_operator_too_sees_every_row(pair, typist, rows):
    assert typed_reach_of(typist, pair) == (rows[0].upload_id,)
    assign_role(typist, Role.OPERATOR, scope_kind=ScopeKind.PAIR, scope_id=pair.pk, by=None)
    del typist._held_roles
    assert typed_reach_of(typist, pair) is None
    assert supports_visible_to(typist).count() == 3
