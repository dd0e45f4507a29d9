"""Requests about personal data through the API: asked without a token, handled with one."""

import json

import pytest
from rest_framework.test import APIClient

from supports.privacy.models import DataRequest, Mark
from tests import factories
from tests.supports.calling import client_of
from tests.supports.privacy.asking import fields, filed, ktp

ROW = factories.person(1)
CALL = "/api/v1/data-requests/"


def ask(pair, kind="access", client=None, **more):
    body = fields(ROW, kind, **more)
    return (client or APIClient()).post(f"{CALL}?election={pair.election_id}", body, format="multipart")


def test_a_person_asks_reads_the_answer_and_fetches_the_copy(pair, kpu):
    made = ask(pair)
    assert made.status_code == 201
    key, number = made.json()["key"], made.json()["id"]
    nobody, office = APIClient(), client_of(kpu)
    assert (
        nobody.post("/api/v1/own-data/request/", {"key": key}, format="json").json()["status"] == "received"
    )
    assert nobody.post("/api/v1/own-data/copy/", {"key": key}, format="json").status_code == 409
    opened = office.post(f"{CALL}{number}/open/").json()
    assert (opened["nik"], opened["rows"][0]["same_birth_date"]) == (ROW["nik"], True)
    assert office.post(f"{CALL}{number}/take/").json()["status"] == "in_progress"
    refused = office.post(
        f"{CALL}{number}/fulfil/", {"identity_confirmed": False, "answer": "Ya"}, format="json"
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "identity_not_confirmed")
    office.post(f"{CALL}{number}/fulfil/", {"identity_confirmed": True, "answer": "Dipenuhi."}, format="json")
    told = nobody.post("/api/v1/own-data/request/", {"key": key}, format="json").json()
    assert (told["status"], told["answer"]) == ("fulfilled", "Dipenuhi.")
    copy = nobody.post("/api/v1/own-data/copy/", {"key": key}, format="json")
    assert json.loads(copy.content)["rows"][0]["data"]["NIK"] == ROW["nik"]
    assert json.loads(office.get(f"{CALL}{number}/copy/").content)["nik"] == ROW["nik"]


def test_a_restriction_is_made_and_lifted(pair, kpu):
    office = client_of(kpu)
    number = ask(pair, "restriction").json()["id"]
    assert office.post(f"{CALL}{number}/end-mark/").json()["code"] == "no_mark"
    office.post(f"{CALL}{number}/take/")
    body = {"identity_confirmed": True, "answer": "Dibatasi."}
    made = office.post(f"{CALL}{number}/fulfil/", body, format="json").json()
    assert (made["mark"]["kind"], made["mark"]["ended_at"]) == ("restriction", None)
    assert office.post(f"{CALL}{number}/end-mark/").json()["mark"]["ended_at"]
    assert office.post(f"{CALL}{number}/end-mark/").status_code == 409


def test_the_list_names_nobody_and_ends_at_the_territory(pair, kpu):
    request, _secret = filed(pair.election, ROW)
    page = client_of(kpu).get(CALL)
    assert [one["id"] for one in page.json()["results"]] == [request.pk]
    assert ROW["name"] not in page.content.decode()
    elsewhere = client_of(factories.user("kpu-lain", "kpu_regency", 6472))
    assert elsewhere.get(CALL).json()["results"] == []
    for call in ("open", "take", "refuse", "fulfil", "end-mark"):
        assert elsewhere.post(f"{CALL}{request.pk}/{call}/", {}, format="json").status_code == 404
    assert client_of(factories.operator(pair, "operator3")).get(CALL).status_code == 403
    assert APIClient().get(CALL).status_code == 401


@pytest.mark.parametrize(
    ("more", "status", "code", "field"),
    [
        ({"nik": "1"}, 422, "nik_incomplete", "nik"),
        ({"kind": "erase"}, 422, "invalid", "kind"),
        ({"email": ""}, 422, "email_missing", "email"),
        ({"document": ktp(b"bukan gambar", "ktp.png")}, 422, None, "document"),
    ],
)
def test_bad_input_is_refused_in_the_one_form(pair, more, status, code, field):
    answer = ask(pair, **more)
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert code is None or answer.json()["code"] == code
    assert not DataRequest.objects.exists()
    assert not Mark.objects.exists()


def test_an_unknown_key_opens_nothing(pair):
    answer = APIClient().post("/api/v1/own-data/request/", {"key": "x" * 43}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (410, "link_unknown")
    assert APIClient().post(CALL, {}, format="multipart").json()["code"] == "election_missing"
