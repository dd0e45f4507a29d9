"""Typists of a pair: invited by the operator up to the number allowed, ended at once, what each typed told."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidates.models import RuleSet
from foundation.accounts.matrix import Role
from foundation.accounts.models import Mail, User
from foundation.errors import Refused
from foundation.workflow.models import Event
from supports.models import Support
from supports.rows import add_supports
from supports.typed.typists import add_typist, end_typist, typists_of
from tests import factories
from tests.foundation.accounts.people import long_ago
from tests.supports.calling import client_of
from tests.supports.test_pages import text_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def team(client, operator):
    client.force_login(operator)
    return client


def address(pair, more=""):
    return f"/pasangan/{pair.pk}/juru-entri/{more}"


def invited(pair, operator, name="Rina Contoh", email="rina@contoh.test"):
    return add_typist(pair, email=email, name=name, by=operator)


def states(pair):
    return {str(one.user): one.state for one in typists_of(pair)}


def allow(pair, number):
    """As if the rule set allowed that many."""
    rules = pair.election.rule_set
    RuleSet.objects.filter(pk=rules.pk).update(body={**rules.body, "typists_allowed": number})
    pair.election.rule_set.refresh_from_db()


@pytest.fixture
def rules_restored(pair):
    body = pair.election.rule_set.body
    yield
    RuleSet.objects.filter(pk=pair.election.rule_set_id).update(body=body)


def test_the_operator_invites_a_typist_by_mail(team, pair):
    answer = team.post(address(pair), {"name": "Rina Contoh", "email": "rina@contoh.test"}, follow=True)
    page = text_of(answer)
    assert "Rina Contoh diundang." in page
    assert "Menunggu aktivasi" in page
    assert "Masih dapat ditambah 49 dari 50 orang." in page
    assert Mail.objects.get().to == "rina@contoh.test"
    assert Event.objects.filter(name="role_assigned", data__role=Role.TYPIST).exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "email": "a@contoh.test"}, "Nama juru entri belum diisi."),
        ({"name": "Rina", "email": ""}, "Alamat surel belum diisi."),
        ({"name": "Rina", "email": "rina"}, "tidak lengkap atau salah tulis"),
        ({"name": "Rina", "email": "ada@contoh.test"}, "sudah diundang"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_at_its_field(team, pair, operator, fields, sentence):
    invited(pair, operator, email="ada@contoh.test")
    answer = team.post(address(pair), fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert len(typists_of(pair)) == 1


def test_no_more_typists_than_the_rule_set_allows(team, pair, operator, rules_restored):
    allow(pair, 1)
    first = invited(pair, operator)
    with pytest.raises(Refused, match="batas 1 orang"):
        invited(pair, operator, "Sari Contoh", "sari@contoh.test")
    assert "Batas 1 juru entri sudah tercapai." in text_of(team.get(address(pair)))
    end_typist(pair, first, by=operator)
    assert invited(pair, operator, "Sari Contoh", "sari@contoh.test").is_invited


def test_access_ends_at_once_and_what_was_typed_stays(team, pair, operator):
    typist = factories.user("juru", Role.TYPIST, pair)
    add_supports(pair, by=typist, rows=[factories.person(1)])
    desk, program = Client(), client_of(typist)
    desk.force_login(typist)
    assert desk.get(f"/pasangan/{pair.pk}/ketik/").status_code == 200
    answer = team.post(address(pair, f"{typist.pk}/akhiri/"), follow=True)
    assert "Akses juru diakhiri sekarang juga." in text_of(answer)
    assert desk.get(f"/pasangan/{pair.pk}/ketik/").status_code == 302
    assert program.get(f"/api/v1/pairs/{pair.pk}/supports/").status_code == 401
    assert (states(pair), Support.objects.count()) == ({"juru": "ended"}, 1)
    assert "Akses diakhiri" in text_of(team.get(address(pair)))


def test_somebody_whose_access_ended_is_taken_on_again(pair, operator):
    typist = factories.user("juru", Role.TYPIST, pair)
    User.objects.filter(pk=typist.pk).update(email="juru@contoh.test")
    end_typist(pair, typist, by=operator)
    assert invited(pair, operator, email="JURU@contoh.test") == typist
    assert states(pair) == {"juru": "active"}
    assert not Mail.objects.exists()


def test_an_address_of_somebody_with_a_task_is_not_taken(pair, operator):
    User.objects.filter(pk=operator.pk).update(email="op@contoh.test")
    with pytest.raises(Refused, match="sudah dipakai akun lain"):
        invited(pair, operator, email="op@contoh.test")


def test_an_invitation_is_sent_again_until_it_is_answered(team, pair, operator):
    user = invited(pair, operator)
    path = address(pair, f"{user.pk}/undang/")
    assert "baru saja dikirim. Tunggu" in text_of(team.post(path, follow=True))
    long_ago()
    assert "Tautan aktivasi baru dikirim" in text_of(team.post(path, follow=True))
    assert Mail.objects.count() == 2
    active = factories.user("juru", Role.TYPIST, pair)
    answer = team.post(address(pair, f"{active.pk}/undang/"), follow=True)
    assert "tidak menunggu aktivasi" in text_of(answer)


def test_the_page_tells_what_each_typed_and_leads_to_it(team, pair, operator):
    typist = factories.user("juru", Role.TYPIST, pair)
    add_supports(pair, by=typist, rows=[factories.person(at) for at in range(3)])
    add_supports(pair, by=operator, rows=[factories.person(9)])
    page = team.get(address(pair))
    assert "Hari ini 4 baris, seluruhnya 4 baris." in text_of(page)
    told = {str(one.user): (one.state, one.typed.today) for one in page.context["people"]}
    assert told == {"juru": ("active", 3), "operator": ("team", 1)}
    (mine,) = next(one.uploads for one in page.context["people"] if str(one.user) == "juru")
    assert f"?unggahan={mine}" in page.content.decode()
    assert len(team.get(f"/pasangan/{pair.pk}/dukungan/?unggahan={mine}").context["page"].rows) == 3


def test_the_page_costs_the_same_for_more_typists(team, pair, operator):
    def queries():
        with CaptureQueriesContext(connection) as done:
            assert team.get(address(pair)).status_code == 200
        return len(done)

    add_supports(pair, by=factories.user("juru", Role.TYPIST, pair), rows=[factories.person(1)])
    queries()
    once = queries()
    for at in range(10):
        person = factories.user(f"juru{at}", Role.TYPIST, pair)
        add_supports(pair, by=person, rows=[factories.person(at + 20)])
    assert queries() == once


def test_accounts_that_are_no_typists_of_the_pair_are_not_reached(team, pair, operator):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    for user in (
        factories.user("juru", Role.TYPIST, other),
        operator,
        factories.user("kpu", Role.KPU_REGENCY, 6474),
    ):
        for more in ("akhiri/", "undang/"):
            assert team.post(address(pair, f"{user.pk}/{more}")).status_code == 404
        assert user.assignments.count() == 1
    assert team.get(address(other)).status_code == 404


def test_a_typist_makes_no_typists(pair):
    client = Client()
    client.force_login(factories.user("juru", Role.TYPIST, pair))
    assert client.get(address(pair)).status_code == 403
    assert address(pair) not in client.get(f"/pasangan/{pair.pk}/ketik/").content.decode()


def test_the_api_does_the_same(pair, operator):
    client, path = client_of(operator), f"/api/v1/pairs/{pair.pk}/typists/"
    made = client.post(path, {"name": "Rina Contoh", "email": "rina@contoh.test"}, format="json")
    assert made.status_code == 201
    one = made.json()
    assert (one["state"], one["today"], one["total"], one["uploads"]) == ("invited", 0, 0, [])
    assert made["Location"].endswith(f"{path}{one['id']}/")
    again = client.post(path, {"name": "Rina Contoh", "email": "rina@contoh.test"}, format="json")
    assert (again.status_code, again.json()["code"], again.json()["field"]) == (422, "email_taken", "email")
    listed = client.get(path).json()
    assert (listed["allowed"], [row["name"] for row in listed["results"]]) == (50, ["Rina Contoh"])
    long_ago()
    assert client.post(f"{path}{one['id']}/invite/").status_code == 204
    assert client.get(f"{path}{one['id']}/").json() == one
    assert client.delete(f"{path}{one['id']}/").status_code == 204
    assert client.delete(f"{path}{one['id']}/").status_code == 404
    assert client.get(path).json()["results"] == []
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    assert client.get(f"/api/v1/pairs/{other.pk}/typists/").status_code == 404
