"""The queue of groups, a group and its decisions through REST: the same operations, the same permissions."""

import pytest

from foundation.accounts.matrix import Role
from tests import factories
from tests.verification.duplicates.groups import Scene, check_groups
from tests.verification.rounds import BONTANG, held_by, verifier
from tests.verification.test_api import client_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def scene():
    return Scene()


def test_queue_and_rows_are_read_masked(scene):
    client = client_of(scene.person)
    address = f"/api/v1/submissions/{scene.submission.pk}/review/groups/"
    found = client.get(address, {"kind": "nik", "waiting": True, "area": 647402}).json()
    (group,) = found["results"]
    assert (group["members"], group["waiting"], group["nik_masked"]) == (3, 3, "6474••••••••••••")
    assert [one["support"] for one in group["first"]] == scene.ids(4, 5, 6)
    assert client.get(address, {"kind": "nik", "waiting": False}).json()["results"] == []
    assert client.get(address, {"kind": "apa"}).status_code == 400
    rows = client.get(f"/api/v1/groups/{group['id']}/").json()["results"]
    differing = [[cell["title"] for cell in row["cells"] if cell["differs"]] for row in rows]
    assert differing[0] == []
    assert "Nomor HP" in differing[1] and "Nama" in differing[2]
    assert [row["waits_for_you"] for row in rows] == [True] * 3
    assert factories.person(2)["nik"] not in str(rows)


def test_members_are_decided_in_one_call_and_taken_back(scene):
    client, address = client_of(scene.person), f"/api/v1/groups/{scene.group('nik').pk}/"
    told = {"supports": scene.ids(5, 6), "status": "TMS", "reasons": ["DUPLICATE_NIK"]}
    assert client.post(f"{address}decisions/", told, format="json").json() == {"rows": 2}
    again = client.post(f"{address}decisions/", told, format="json")
    assert (again.status_code, again.json()["code"]) == (422, "not_your_row")
    strangers = client.post(f"{address}decisions/", told | {"supports": scene.ids(4, 10)}, format="json")
    assert (strangers.status_code, strangers.json()["code"]) == (422, "not_a_member")
    assert client.post(f"{address}undo/").json() == {"rows": 2}
    kept = client.post(f"{address}keep/", {"support": scene.ids(4)[0]}, format="json")
    assert kept.json() == {"ms": 1, "bms": 2, "tms": 0}
    assert client.post(f"{address}take-over/").status_code == 422
    check_groups()


def test_watchers_read_and_others_find_nothing(scene):
    address = f"/api/v1/groups/{scene.group('nik').pk}/"
    watcher = client_of(factories.user("bawaslu", Role.BAWASLU, BONTANG))
    assert watcher.get(address).status_code == 200
    assert watcher.post(f"{address}undo/").status_code == 403
    assert client_of(scene.team[1]).get(address).status_code == 403
    assert client_of(verifier("jauh", 6471)).get(address).status_code == 404


def test_who_works_in_one_area_finds_only_the_groups_that_reach_into_it(scene):
    client = client_of(verifier("ppk", 647402, Role.PPK))
    address = f"/api/v1/submissions/{scene.submission.pk}/review/groups/"
    assert len(client.get(address, {"kind": "nik"}).json()["results"]) == 1
    assert client.get(address, {"kind": "identical"}).json()["results"] == []
    assert client.get(f"/api/v1/groups/{scene.group('nik').pk}/").status_code == 200
    assert client.get(f"/api/v1/groups/{scene.group('identical').pk}/").status_code == 404


def test_nothing_is_taken_over_outside_the_own_area(scene):
    held = held_by(scene.person)
    other = client_of(verifier("ppk", 647402, Role.PPK))
    refused = other.post(f"/api/v1/groups/{scene.group('nik').pk}/take-over/")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_the_first_holder")
    assert held_by(scene.person) == held
