"""The help desk for programs: the same questions, answers and rights."""

import pytest

from foundation.accounts.matrix import Role
from foundation.accounts.models import ApiToken
from supports.help_desk.models import Thread
from tests import factories
from tests.foundation.accounts.people import somebody
from tests.supports.calling import client_of
from tests.supports.help_desk.asking import SUBJECT, TEXT, asked, member, officer, team

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/help/threads/"


def post(client, address, **body):
    return client.post(address, body, format="json")


def test_asked_answered_written_to_and_ended():
    pair, operator = team()
    asker, kpu = client_of(operator), client_of(officer())
    made = post(asker, ADDRESS, pair=pair.pk, subject=SUBJECT, text=TEXT)
    assert (made.status_code, made.json()["status"], made.json()["attached_kind"]) == (201, "waiting", "pair")
    one = f"{ADDRESS}{made.json()['id']}/"
    assert [each["id"] for each in kpu.get(f"{ADDRESS}?status=waiting").json()["results"]] == [
        made.json()["id"]
    ]
    assert kpu.get(f"{ADDRESS}?status=closed").json()["results"] == []
    assert post(kpu, f"{one}take/").status_code == 200
    said = post(kpu, f"{one}answers/", text="Coba lagi.", seen=1)
    assert (said.status_code, said.json()["status"]) == (201, "answered")
    late = post(kpu, f"{one}answers/", text="Coba lagi.", seen=1)
    assert (late.status_code, late.json()["code"]) == (409, "answered_meanwhile")
    read = asker.get(one).json()
    assert [(each["who"], each["text"]) for each in read["messages"]] == [
        (str(operator), TEXT),
        ("KPU", "Coba lagi."),
    ]
    assert post(asker, f"{one}messages/", text="Terima kasih.").json()["status"] == "waiting"
    assert post(kpu, f"{one}hand-on/", desk=64).json()["desk"] == 64
    assert post(asker, f"{one}end/").json()["status"] == "closed"


def test_kpu_closes_what_it_answered():
    thread, kpu = asked(), client_of(officer())
    one = f"{ADDRESS}{thread.pk}/"
    refused = post(kpu, f"{one}close/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_answered")
    post(kpu, f"{one}answers/", text="Ya.", seen=1)
    assert post(kpu, f"{one}close/").json()["status"] == "closed"


def test_strangers_find_nothing():
    thread = asked()
    other = client_of(member(factories.pair(thread.pair.election, name="Bayu Umpama – Kirana Andaikan")))
    assert other.get(ADDRESS).json()["results"] == []
    assert other.get(f"{ADDRESS}{thread.pk}/").status_code == 404
    assert post(other, f"{ADDRESS}{thread.pk}/messages/", text="x").status_code == 404
    assert post(other, ADDRESS, pair=thread.pair_id, subject=SUBJECT, text=TEXT).status_code == 404
    assert other.get(f"{ADDRESS}{thread.pk}/documents/1/").status_code == 404
    bawaslu = client_of(somebody(Role.BAWASLU))
    assert bawaslu.get(f"{ADDRESS}{thread.pk}/").status_code == 200
    assert post(bawaslu, f"{ADDRESS}{thread.pk}/answers/", text="x", seen=1).status_code == 403


def test_a_read_token_reads_no_thread():
    thread = asked()
    client = client_of(thread.created_by)
    ApiToken.objects.update(scope="read")
    assert client.get(f"{ADDRESS}{thread.pk}/").status_code == 403


def test_what_is_wrong_is_said_at_its_field():
    pair, operator = team()
    client = client_of(operator)
    nik = post(client, ADDRESS, pair=pair.pk, subject="NIK 6474011201909001", text=TEXT)
    assert (nik.status_code, nik.json()["code"], nik.json()["field"]) == (422, "nik_in_subject", "subject")
    thing = post(
        client, ADDRESS, pair=pair.pk, subject=SUBJECT, text=TEXT, attached_kind="upload", attached_id=9
    )
    assert (thing.status_code, thing.json()["code"]) == (422, "attached_unknown")
    assert not Thread.objects.exists()


def test_the_list_is_constant_in_queries(django_assert_max_num_queries):
    pair, operator = team()
    for number in range(5):
        asked(pair, operator, subject=f"Soal {number}")
    kpu = client_of(officer())
    with django_assert_max_num_queries(6):
        assert len(kpu.get(ADDRESS).json()["results"]) == 5
