"""The API about elections, windows, pairs and rulings: by permission, and other people's ids do not exist."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Election, Pair, Ruling, Window
from candidates.operations import open_by_ruling, open_window
from candidates.queries import key_scope
from candidates.ruling_letters import attach_letter, digest_of
from foundation.accounts.matrix import Role
from tests.candidates.making import AWAL, approve, make_election, make_letter, make_pair, make_ruling
from tests.foundation.accounts.people import somebody, token_of

pytestmark = pytest.mark.django_db

NEW_ELECTION = {
    "name": "Pemilihan Wali Kota Bontang 2024",
    "level": "walikota",
    "region_id": 6474,
    "rule_set": "pkpu8-2024",
    "base": 131_600,
    "voting_day": "2024-11-27",
}
NEW_WINDOW = {
    "stage": "awal",
    "kind": "handing_in",
    "opens_at": "2024-05-08T08:00:00+08:00",
    "closes_at": "2024-05-12T23:59:00+08:00",
    "daily_from": "08:00",
    "daily_until": "16:00",
    "decree": "Pengumuman KPU Kota Bontang 5/2024",
}
NEW_PAIR = {"name": "Pasangan Melati", "head": "Rangga Wiratama", "deputy": "Sekar Anjani"}
NEW_RULING = {"kind": "putusan", "document": "001/PS.REG/2024", "stage": "awal", "hours": 72}


@pytest.fixture
def api(client):
    """Calls in the name of a user: api(user).get("/pairs/")."""
    return lambda user=None: Caller(client, token_of(user) if user else {})


class Caller:
    def __init__(self, client, headers):
        self.client, self.headers = client, headers

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, **self.headers)

    def post(self, path, body=None):
        return self.client.post(f"/api/v1{path}", body or {}, content_type="application/json", **self.headers)


def kpu(region=6474):
    return somebody((Role.KPU_REGENCY, "region", region))


def operator_of(pair):
    return somebody((Role.OPERATOR, "pair", pair.pk))


class TestRequirement:
    ASKED = {"rule_set": "uu10-2016", "level": "walikota", "base": 464_114, "areas": 6}

    def test_balikpapan_2020_for_everybody(self, api):
        answer = api().get("/requirement/", **self.ASKED)
        assert answer.status_code == 200
        assert answer.json() == {
            "permille": 85,
            "minimum": 39_450,
            "min_spread": 4,
            "explanation": [
                "Dasar: 464.114 pemilih dalam DPT",
                "lebih dari 250.000 sampai dengan 500.000 → 8,5 %",
                "464.114 × 8,5 % = 39.449,69 → dibulatkan ke atas 39.450",
                "6 kecamatan: lebih dari setengah → 4",
            ],
        }

    @pytest.mark.parametrize(
        ("changes", "status", "field"),
        [
            ({"base": "empat"}, 400, "base"),
            ({"base": "464.114,5"}, 400, "base"),
            ({"areas": ""}, 400, "areas"),
            ({"rule_set": ""}, 400, "rule_set"),
            ({"base": 0}, 422, "base"),
            ({"base": -1}, 422, "base"),
            ({"base": 10**30}, 422, "base"),
            ({"areas": 0}, 422, "areas"),
            ({"level": "presiden"}, 422, "level"),
            ({"rule_set": "uu99"}, 422, "rule_set"),
        ],
    )
    def test_a_wrong_input_is_named(self, api, changes, status, field):
        answer = api().get("/requirement/", **self.ASKED | changes)
        assert (answer.status_code, answer.json()["field"]) == (status, field)
        assert set(answer.json()) == {"code", "message", "field"}

    def test_a_missing_input_is_named(self, api):
        answer = api().get("/requirement/", rule_set="uu10-2016", level="walikota", base=1)
        assert (answer.status_code, answer.json()["field"]) == (400, "areas")


class TestElections:
    def test_created_and_read_back(self, api):
        officer = kpu()
        made = api(officer).post("/elections/", NEW_ELECTION)
        assert made.status_code == 201
        body = made.json()
        assert body["requirement"] == {
            "permille": 100,
            "minimum": 13_160,
            "min_spread": 2,
            "formula": {"permille": 100, "minimum": 13_160, "min_spread": 2},
            "decree": "",
            "differs_from_formula": False,
            "explanation": [
                "Dasar: 131.600 pemilih dalam DPT",
                "sampai dengan 250.000 → 10 %",
                "131.600 × 10 % = 13.160",
                "3 kecamatan: lebih dari setengah → 2",
            ],
        }
        assert (body["rule_set"], body["base_kind"], body["zone_label"]) == ("pkpu8-2024", "DPT", "WITA")
        assert [area["code"] for area in body["areas"]] == [647401, 647402, 647403]
        assert body["windows"] == []
        assert Election.objects.get().created_by == officer
        assert api(officer).get(f"/elections/{body['id']}/").json() == body
        listed = api(officer).get("/elections/").json()["results"]
        assert listed == [{key: body[key] for key in body if key not in ("areas", "windows")}]

    def test_areas_and_override_as_decreed(self, api):
        changes = {
            "areas": [{"code": 647401}, {"code": 647409, "name": "Bontang Lama"}],
            "override_minimum": 14_000,
            "override_decree": "Keputusan 1/2024",
            "parent_region_ids": [6403],
        }
        body = api(kpu()).post("/elections/", NEW_ELECTION | changes).json()
        assert body["areas"] == [
            {"code": 647401, "name": "Bontang Utara"},
            {"code": 647409, "name": "Bontang Lama"},
        ]
        assert (body["requirement"]["minimum"], body["requirement"]["differs_from_formula"]) == (14_000, True)
        assert body["parent_region_ids"] == [6403]

    @pytest.mark.parametrize(
        ("changes", "status", "field"),
        [
            ({"base": 0}, 422, "base"),
            ({"base": 2**40}, 400, "base"),
            ({"voting_day": "27-11-2024"}, 400, "voting_day"),
            ({"level": "presiden"}, 400, "level"),
            ({"region_id": 6475}, 403, None),
            ({"areas": [{"code": 647501}]}, 422, "areas"),
        ],
    )
    def test_what_is_wrong_is_named(self, api, changes, status, field):
        answer = api(kpu()).post("/elections/", NEW_ELECTION | changes)
        assert (answer.status_code, answer.json()["field"]) == (status, field)
        assert not Election.objects.exists()

    @pytest.mark.parametrize(
        ("role", "seen"),
        [
            ((Role.KPU_RI, "nation", 0), True),
            ((Role.KPU_PROVINCE, "region", 64), True),
            ((Role.PPK, "region", 647401), True),
            ((Role.BAWASLU, "region", 6474), True),
            ((Role.KPU_REGENCY, "region", 6472), False),
            ((Role.KPU_PROVINCE, "region", 63), False),
            ((Role.OPERATOR, "pair", 10**6), False),
        ],
    )
    def test_another_region_s_election_does_not_exist(self, api, role, seen):
        pair = make_pair()
        caller = api(somebody(role))
        for path in (
            f"/elections/{pair.election_id}/",
            f"/elections/{pair.election_id}/windows/",
            f"/pairs/{pair.pk}/",
        ):
            assert caller.get(path).status_code == (200 if seen else 404)
        for path in ("/elections/", "/pairs/"):
            assert len(caller.get(path).json()["results"]) == int(seen)

    def test_a_governor_s_election_is_seen_by_its_kab_kota_and_changed_by_none_of_them(self, api):
        election = make_election(level="gubernur", region_id=64, base=2_500_000)
        caller = api(kpu())
        assert caller.get(f"/elections/{election.pk}/").status_code == 200
        assert caller.post(f"/elections/{election.pk}/pairs/", NEW_PAIR).status_code == 403
        assert caller.post(f"/elections/{election.pk}/windows/", NEW_WINDOW).status_code == 403
        assert not Pair.objects.exists()


class TestWindows:
    def test_scheduled_by_the_kpu_and_read_by_the_team(self, api):
        pair = make_pair()
        made = api(kpu()).post(f"/elections/{pair.election_id}/windows/", NEW_WINDOW)
        assert made.status_code == 201
        assert made.json() == {
            "id": Window.objects.get().pk,
            "stage": "awal",
            "kind": "handing_in",
            "opens_at": "2024-05-08T08:00:00+08:00",
            "closes_at": "2024-05-13T00:00:00+08:00",
            "daily_from": "08:00:00",
            "daily_until": "16:00:00",
            "decree": "Pengumuman KPU Kota Bontang 5/2024",
            "pair": None,
            "ruling": None,
        }
        team = api(operator_of(pair))
        assert team.get(f"/elections/{pair.election_id}/windows/").json()["results"] == [made.json()]
        assert team.get(f"/elections/{pair.election_id}/").json()["windows"] == [made.json()]

    @pytest.mark.parametrize(
        ("changes", "status", "code", "field"),
        [
            ({"opens_at": "2024-05-08T08:00:00"}, 400, "time_without_zone", "opens_at"),
            ({"closes_at": "besok"}, 400, "invalid", "closes_at"),
            ({"stage": "final"}, 422, "stage_unknown", "stage"),
            ({"daily_until": "07:00"}, 422, "daily_hours_empty", "daily_until"),
        ],
    )
    def test_what_is_wrong_is_named(self, api, changes, status, code, field):
        answer = api(kpu()).post(f"/elections/{make_election().pk}/windows/", NEW_WINDOW | changes)
        body = answer.json()
        assert (answer.status_code, body["code"], body["field"]) == (status, code, field)

    def test_the_team_schedules_nothing(self, api):
        pair = make_pair()
        answer = api(operator_of(pair)).post(f"/elections/{pair.election_id}/windows/", NEW_WINDOW)
        assert answer.status_code == 403
        assert not Window.objects.exists()


class TestPairs:
    def test_entered_by_the_kpu_with_the_state_of_its_windows(self, api):
        election = make_election()
        open_window(election, by=None, **AWAL)
        made = api(kpu()).post(f"/elections/{election.pk}/pairs/", NEW_PAIR)
        assert made.status_code == 201
        body = api(kpu()).get(f"/pairs/{made.json()['id']}/").json()
        assert body == made.json() | {"filling": body["filling"], "handing_in": body["handing_in"]}
        assert (body["election"], body["status"], body["status_title"]) == (election.pk, "active", "Aktif")
        assert not body["filling"]["open"]
        assert body["filling"]["opens_at"] is None
        assert (
            body["handing_in"]["reason"] == "Masa penyerahan dukungan berakhir 12 Mei 2024 pukul 23.59 WITA."
        )

    def test_a_team_sees_its_own_pair_only(self, api):
        mine = make_pair()
        other = make_pair(mine.election, name="Pasangan Kenanga")
        team = api(operator_of(mine))
        assert [pair["id"] for pair in team.get("/pairs/").json()["results"]] == [mine.pk]
        listed = team.get(f"/elections/{mine.election_id}/pairs/").json()["results"]
        assert [pair["id"] for pair in listed] == [mine.pk]
        for path in (f"/pairs/{other.pk}/", f"/pairs/{other.pk}/rulings/"):
            assert team.get(path).status_code == 404

    def test_a_taken_name_is_named(self, api):
        pair = make_pair()
        answer = api(kpu()).post(f"/elections/{pair.election_id}/pairs/", NEW_PAIR)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
            422,
            "pair_name_taken",
            "name",
        )


class TestRulings:
    def test_from_proposal_to_open_window(self, api):
        pair = make_pair()
        officer, first, second = kpu(), somebody(Role.KPU_RI), somebody(Role.KPU_RI)
        made = api(officer).post(f"/pairs/{pair.pk}/rulings/", NEW_RULING)
        assert (made.status_code, made.json()["approvals"]) == (201, 0)
        ruling = f"/rulings/{made.json()['id']}"
        assert api(officer).post(f"{ruling}/approve/").status_code == 403
        assert api(officer).post(f"{ruling}/open/").json()["code"] == "ruling_not_approved"
        attach_letter(Ruling.objects.get(), by=None, letter=make_letter(key_scope(pair.election)))
        read = {"digest": digest_of(Ruling.objects.get())}
        assert api(first).post(f"{ruling}/approve/").status_code == 400
        assert api(first).post(f"{ruling}/approve/", {"digest": "0" * 64}).status_code == 409
        assert api(first).post(f"{ruling}/approve/", read).json()["approvals"] == 1
        assert api(first).post(f"{ruling}/approve/", read).status_code == 422
        assert api(second).post(f"{ruling}/approve/", read).json()["approvals"] == 2
        assert api(second).post(f"{ruling}/approve/", read).status_code == 409
        opened = api(officer).post(f"{ruling}/open/")
        assert (opened.status_code, len(opened.json()["windows"])) == (200, 2)
        assert api(officer).post(f"{ruling}/open/").status_code == 409
        team = api(operator_of(pair))
        assert team.get(f"/pairs/{pair.pk}/").json()["filling"]["open"]
        assert team.get(f"/pairs/{pair.pk}/rulings/").json()["results"] == [opened.json()]

    def test_nothing_of_another_pair_s_ruling_is_seen(self, api):
        mine = make_pair()
        other = make_pair(mine.election, name="Pasangan Kenanga")
        ruling = make_ruling(other)
        for _ in range(2):
            approve(ruling, by=somebody(Role.KPU_RI))
        ruling.refresh_from_db()
        open_by_ruling(ruling, by=None)
        election = f"/elections/{mine.election_id}"
        for user, seen in ((operator_of(mine), 0), (operator_of(other), 2), (kpu(), 2)):
            assert len(api(user).get(f"{election}/windows/").json()["results"]) == seen
            assert len(api(user).get(f"{election}/").json()["windows"]) == seen
        assert not api(operator_of(mine)).get(f"/pairs/{mine.pk}/").json()["filling"]["open"]

    def test_another_region_s_ruling_does_not_exist(self, api):
        ruling = make_ruling()
        for path in (f"/rulings/{ruling.pk}/open/", f"/pairs/{ruling.pair_id}/rulings/"):
            assert api(kpu(6472)).post(path, NEW_RULING).status_code == 404


class TestQueries:
    """A list of three asks the database as often as a list of one."""

    def add(self, name):
        pair = make_pair(name=name)
        open_window(pair.election, by=None, **AWAL)
        ruling = make_ruling(pair)
        for _ in range(2):
            approve(ruling, by=somebody(Role.KPU_RI))
        ruling.refresh_from_db()
        open_by_ruling(ruling, by=None)
        return pair

    def queries(self, caller, path):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert caller.get(path).status_code == 200
        return len(captured)

    @pytest.mark.parametrize("path", ["/elections/", "/pairs/"])
    def test_lists_of_elections_and_pairs(self, api, path):
        caller = api(kpu())
        self.add("Pasangan Melati")
        once = self.queries(caller, path)
        self.add("Pasangan Kenanga")
        self.add("Pasangan Cempaka")
        assert self.queries(caller, path) == once
        assert len(caller.get(path).json()["results"]) == 3

    def test_lists_of_one_election(self, api):
        caller = api(kpu())
        pair = self.add("Pasangan Melati")
        election = f"/elections/{pair.election_id}"
        paths = [f"{election}/", f"{election}/windows/", f"{election}/pairs/", f"/pairs/{pair.pk}/rulings/"]
        once = [self.queries(caller, path) for path in paths]
        for name in ("Pasangan Kenanga", "Pasangan Cempaka"):
            make_pair(pair.election, name=name)
            open_window(
                pair.election, by=None, **AWAL | {"stage": "perbaikan_1" if "K" in name else "perbaikan_2"}
            )
            make_ruling(pair, document=f"Surat {name}")
        assert [self.queries(caller, path) for path in paths] == once
        assert len(caller.get(f"{election}/windows/").json()["results"]) == 5
