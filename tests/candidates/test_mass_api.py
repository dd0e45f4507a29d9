"""Many elections through REST: a preview without a digest, the deed with it."""

import pytest

from candidates.models import Election, Window
from foundation.accounts.matrix import Role
from tests import factories
from tests.candidates.test_mass_windows import scheduled
from tests.foundation.accounts.people import token_of

pytestmark = pytest.mark.django_db
SPAN = {"stage": "awal", "kind": "filling", "opens": "2027-05-08T08:00", "closes": "2027-05-12T23:59"}
ROW = {"number": 2, "region": "6474", "base": "131600", "voting_day": "27-11-2024", "rule_set": "pkpu8-2024"}


@pytest.fixture
def post(client):
    token = token_of(factories.user("kpu-ri", Role.KPU_RI))

    def send(address, body):
        return client.post(f"/api/v1/{address}", body, content_type="application/json", **token)

    return send


def test_windows_are_previewed_then_moved(post):
    scheduled()
    asked = {"days": 3, "decree": "1/2026", "province": 64}
    preview = post("windows/moves/", asked)
    assert preview.status_code == 200
    assert len(preview.json()["changes"]) == 1
    assert Window.objects.get().decree == ""
    done = post("windows/moves/", asked | {"digest": preview.json()["digest"]})
    assert (done.status_code, done.json()["changed"]) == (201, 1)
    again = post("windows/moves/", asked | {"digest": preview.json()["digest"]})
    assert (again.status_code, again.json()["code"]) == (409, "plan_changed")


def test_a_schedule_is_given_to_many(post):
    source = scheduled()
    factories.election(open_now=False, region_id=6472, name="Samarinda", base=500_000)
    preview = post("windows/copies/", {"source": source.pk}).json()
    assert len(preview["changes"]) == 1
    assert post("windows/copies/", {"source": source.pk, "digest": preview["digest"]}).status_code == 201
    typed = {"spans": [SPAN], "elections": [source.pk]}
    preview = post("windows/copies/", typed).json()
    assert post("windows/copies/", typed | {"digest": preview["digest"]}).json()["changed"] == 1


def test_elections_are_created_from_rows(post):
    preview = post("elections/table/", {"rows": [ROW]}).json()
    assert preview["lines"][0] | {"areas": 0} == {
        "number": 2, "title": "Pemilihan Wali Kota Bontang 2024", "faults": [], "minimum": 13_160,
        "min_spread": 2, "areas": 0,
    }  # fmt: skip
    assert post("elections/table/", {"rows": [ROW], "digest": preview["digest"]}).status_code == 201
    assert Election.objects.count() == 1
    faulty = post("elections/table/", {"rows": [ROW | {"region": "9"}]}).json()
    assert faulty["lines"][0]["minimum"] is None
    assert "tidak dikenal" in faulty["lines"][0]["faults"][0]


@pytest.mark.parametrize(
    ("address", "body", "code", "field"),
    [
        ("windows/moves/", {"days": 3}, "decree_missing", "decree"),
        ("windows/moves/", {"days": 9999, "decree": "1"}, "max_value", "days"),
        ("windows/moves/", {"closes": "2027-05-12T23:59+07:00", "decree": "1"}, "invalid", "closes"),
        ("windows/copies/", {}, "schedule_empty", "source"),
        ("windows/copies/", {"source": 999}, "election_unknown", "source"),
        ("windows/copies/", {"spans": [SPAN | {"kind": "x"}]}, "invalid_choice", "spans.0.kind"),
        ("elections/table/", {"rows": []}, "table_empty", None),
        ("elections/table/", {"rows": [{"region": "6474"}]}, "required", "rows.0.number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(post, address, body, code, field):
    answer = post(address, body)
    assert answer.status_code in (400, 422)
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)


def test_a_team_changes_nothing(client):
    token = token_of(factories.operator(factories.pair()))
    for address in ("windows/moves/", "windows/copies/", "elections/table/"):
        answer = client.post(f"/api/v1/{address}", {}, content_type="application/json", **token)
        assert answer.status_code == 403
