"""The API of the commission's desk: windows that move, elections and pairs that change, schedules for everybody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Election, Pair, ScheduleVersion, Window
from candidates.operations import open_by_ruling, open_window
from candidates.queries import now
from candidates.zones import local
from foundation.accounts.matrix import Role
from tests.candidates.making import AWAL, approve, make_election, make_pair, make_ruling
from tests.foundation.accounts.people import somebody, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client):
    """Calls in the name of an officer of Bontang, or of the user given: api("patch", "/pairs/1/", {...})."""
    officer = somebody((Role.KPU_REGENCY, "region", 6474))

    def call(method, path, body=None, user=officer):
        headers = token_of(user) if user else {}
        return getattr(client, method)(
            f"/api/v1{path}",
            body or {},
            **({} if method == "get" else {"content_type": "application/json"}),
            **headers,
        )

    return call


def coming(election, **more):
    opens = (now() + timedelta(days=1)).replace(microsecond=0)
    given = {"stage": "awal", "kind": "filling", "opens_at": opens, "closes_at": opens + timedelta(days=3)}
    return open_window(election, by=None, **given | more)


class TestWindows:
    def test_one_moves_by_decree(self, api):
        window = coming(make_election())
        address = f"/elections/{window.election_id}/windows/{window.pk}/"
        later = window.closes_at + timedelta(days=2)
        answer = api("patch", address, {"closes_at": later.isoformat(), "decree": "Keputusan 2/2024"})
        assert answer.status_code == 200
        assert answer.json()["closes_at"].endswith("+08:00")
        assert Window.objects.get().closes_at == later

    @pytest.mark.parametrize(
        ("body", "status", "field"),
        [
            ({"closes_at": "2024-05-12T23:59:00+08:00"}, 400, "decree"),
            ({"closes_at": "2024-05-12T23:59:00", "decree": "1"}, 400, "closes_at"),
            ({"closes_at": "besok", "decree": "1"}, 400, "closes_at"),
            ({"closes_at": "2024-05-12T23:59:00+08:00", "decree": "1"}, 422, "closes_at"),
            ({"decree": "1"}, 422, None),
            ({"decree": "   "}, 400, "decree"),
        ],
    )
    def test_bad_input_is_named(self, api, body, status, field):
        window = coming(make_election())
        answer = api("patch", f"/elections/{window.election_id}/windows/{window.pk}/", body)
        assert (answer.status_code, answer.json()["field"]) == (status, field)

    def test_one_that_has_not_begun_is_cancelled(self, api):
        window = coming(make_election())
        address = f"/elections/{window.election_id}/windows/{window.pk}/"
        assert api("delete", address).json()["field"] == "decree"
        assert api("delete", f"{address}?decree=Keputusan+3/2024").status_code == 204
        assert not Window.objects.exists()
        assert api("delete", f"{address}?decree=1").status_code == 404

    def test_what_has_begun_is_not(self, api):
        window = coming(make_election(), **AWAL)
        answer = api("delete", f"/elections/{window.election_id}/windows/{window.pk}/?decree=1")
        assert (answer.status_code, answer.json()["code"]) == (422, "window_has_begun")

    def test_elsewhere_it_does_not_exist(self, api):
        window = coming(make_election(region_id=5371))
        assert api("patch", f"/elections/{window.election_id}/windows/{window.pk}/", {}).status_code == 404


class TestElection:
    def test_what_is_sent_changes_and_the_rest_stays(self, api):
        election = make_election()
        answer = api("patch", f"/elections/{election.pk}/", {"base": 140_000, "operators_allowed": 3})
        assert answer.status_code == 200
        body = answer.json()
        assert (body["base"], body["operators_allowed"], body["name"]) == (140_000, 3, election.name)
        assert body["requirement"]["minimum"] == 14_000

    @pytest.mark.parametrize(
        ("body", "status", "field"),
        [
            ({}, 422, None),
            ({"base": 0}, 422, "base"),
            ({"base": "banyak"}, 400, "base"),
            ({"voting_day": "27-11-2024"}, 400, "voting_day"),
            ({"areas": [{"name": "Bontang Utara"}]}, 400, "areas"),
            ({"areas": [{"code": 647501}]}, 422, "areas"),
            ({"operators_allowed": 0}, 422, "operators_allowed"),
            ({"level": "bupati"}, 422, "region_id"),
            ({"zone": "Asia/Tokyo"}, 400, "zone"),
        ],
    )
    def test_bad_input_is_named(self, api, body, status, field):
        election = make_election()
        answer = api("patch", f"/elections/{election.pk}/", body)
        assert (answer.status_code, answer.json()["field"]) == (status, field)
        election.refresh_from_db()
        assert election.base == 131_600

    def test_who_may_only_read_is_refused_and_strangers_see_nothing(self, api):
        election = make_election()
        watching = somebody((Role.BAWASLU, "region", 6474))
        assert api("patch", f"/elections/{election.pk}/", {"base": 1}, watching).status_code == 403
        stranger = somebody((Role.KPU_REGENCY, "region", 6472))
        assert api("patch", f"/elections/{election.pk}/", {"base": 1}, stranger).status_code == 404
        assert Election.objects.get().base == 131_600


class TestPair:
    def test_its_name_is_corrected(self, api):
        pair = make_pair()
        answer = api("patch", f"/pairs/{pair.pk}/", {"deputy": "Sekar Anjani, S.T."})
        assert answer.status_code == 200
        assert Pair.objects.get().deputy == answer.json()["deputy"] == "Sekar Anjani, S.T."
        assert api("patch", f"/pairs/{pair.pk}/", {"name": ""}).status_code == 400
        own = somebody((Role.OPERATOR, "pair", pair.pk))
        assert api("patch", f"/pairs/{pair.pk}/", {"name": "Lain"}, own).status_code == 403


class TestSchedule:
    def test_everybody_reads_it_with_its_versions(self, api):
        election = make_election()
        window = coming(election, decree="Pengumuman 5/2024")
        api("delete", f"/elections/{election.pk}/windows/{window.pk}/?decree=Keputusan+9/2024")
        versions = api("get", f"/elections/{election.pk}/schedule/", user=None).json()["results"]
        assert {one["number"]: one["decree"] for one in versions} == {
            1: "Pengumuman 5/2024",
            2: "Keputusan 9/2024",
        }
        first = api("get", f"/elections/{election.pk}/schedule/1/", user=None).json()
        assert first["windows"][0]["stage"] == "awal"
        assert first["windows"][0]["opens_at"].endswith("+08:00")
        assert first["changes"][0].startswith("Pengisian data · Awal dijadwalkan: ")
        assert api("get", f"/elections/{election.pk}/schedule/2/", user=None).json()["windows"] == []
        assert api("get", f"/elections/{election.pk}/schedule/3/", user=None).status_code == 404

    def test_the_list_leaves_practice_out_and_costs_the_same(self, api):
        coming(make_election())
        make_election(name="Latihan", practice=True)

        def queries():
            with CaptureQueriesContext(connection) as done:
                names = [one["name"] for one in api("get", "/schedules/", user=None).json()["results"]]
            return names, len(done)

        names, before = queries()
        assert names == ["Pemilihan Wali Kota Bontang 2024"]
        for number in range(3):
            coming(make_election(name=f"Pemilihan {number}"))
        names, after = queries()
        assert (len(names), after) == (4, before)

    def test_it_tells_nothing_of_single_pairs(self, api):
        election = make_election()
        window = coming(election)
        ruling = make_ruling(make_pair(election))
        for _number in range(2):
            approve(ruling, by=somebody((Role.KPU_RI, "nation", 0)))
        own = open_by_ruling(ruling, by=None)
        told = api("get", "/schedules/", user=None).json()["results"][0]
        assert len(own) == 2
        assert [one["opens_at"] for one in told["windows"]] == [
            local(window.opens_at, election.zone).isoformat()
        ]
        assert len(ScheduleVersion.objects.get().windows) == 1
