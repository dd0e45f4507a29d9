"""Mandates for programs: filed by anybody, read and decided by the commission."""

import pytest
from rest_framework.test import APIClient

from candidates.mandates import operations
from candidates.mandates.codes import code_of
from candidates.mandates.models import Mandate
from foundation.accounts.matrix import Role, ScopeKind
from tests import documents
from tests.candidates.making import make_pair
from tests.candidates.mandates.filing import FIELDS, LO, approved, officer, open_election, scan, submit
from tests.foundation.accounts.people import long_ago, somebody
from tests.supports.calling import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/mandates/"


def file(client, election, address=None, **changes):
    body = {"document": scan(), **FIELDS, **changes}
    return client.post(address or f"{ADDRESS}?election={election.pk}", body, format="multipart")


def test_anybody_files_one_and_follows_it():
    client, election = APIClient(), open_election()
    made = file(client, election)
    assert made.status_code == 201
    mandate = Mandate.objects.get()
    assert made.json()["code"] == code_of(mandate)
    assert made.headers["Location"].endswith(f"/api/v1/mandates/status/{code_of(mandate)}/")
    operations.refuse_mandate(mandate, by=officer(), reason="Tidak ditandatangani.")
    told = client.get(f"{ADDRESS}status/{code_of(mandate)}/").json()
    assert (told["status"], told["reason"]) == ("refused", "Tidak ditandatangani.")
    assert client.get(f"{ADDRESS}status/1-AAAA-AAAA-AAAA-AAAA/").status_code == 404
    assert client.get(ADDRESS).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"document": scan(b"MZ bukan dokumen")}, 422, "document_kind", "document"),
        ({"document": ""}, 422, "document_missing", "document"),
        ({"lo_email": "sari"}, 422, "invalid", "lo_email"),
        ({"operator_1_email": LO.email}, 422, "email_twice", "operator_1_email"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes, status, code, field):
    answer = file(APIClient(), open_election(), **changes)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
    assert not Mandate.objects.exists()


def test_the_election_is_named_in_the_address():
    election = open_election()
    missing = file(APIClient(), election, ADDRESS)
    assert (missing.status_code, missing.json()["code"]) == (422, "election_missing")
    assert file(APIClient(), election, f"{ADDRESS}?election=99999999").status_code == 404
    wrong = APIClient().post(f"{ADDRESS}?election={election.pk}", {}, format="json")
    assert wrong.status_code == 415


def test_the_same_twice_and_too_large():
    election = open_election()
    content = documents.pdf()
    assert file(APIClient(), election, document=scan(content)).status_code == 201
    again = file(APIClient(), election, document=scan(content))
    assert (again.status_code, again.json()["code"]) == (409, "mandate_already_submitted")
    large = APIClient().generic(
        "POST", f"{ADDRESS}?election={election.pk}", b"--x", "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(50 * 1024 * 1024),
    )  # fmt: skip
    assert (large.status_code, large.json()["code"]) == (413, "too_large")


def test_the_commission_reads_and_approves():
    election = open_election()
    mandate, kpu = submit(election), client_of(officer())
    (listed,) = kpu.get(f"{ADDRESS}?status=submitted").json()["results"]
    assert kpu.get(f"{ADDRESS}?status=approved").json()["results"] == []
    assert listed == kpu.get(f"{ADDRESS}{mandate.pk}/").json()
    assert listed["people"][0] == {"role": "lo", "name": LO.name, "email": LO.email, "phone": LO.phone}
    assert (listed["document"]["kind"], listed["document"]["pages"]) == ("pdf", 1)
    document = kpu.get(f"{ADDRESS}{mandate.pk}/document/")
    assert document.headers["Content-Disposition"].startswith("attachment")
    pair = make_pair(election)
    answer = kpu.post(f"{ADDRESS}{mandate.pk}/approve/", {"pair": pair.pk}, format="json")
    assert (answer.status_code, answer.json()["status"], answer.json()["pair"]) == (200, "approved", pair.pk)
    assert kpu.post(f"{ADDRESS}{mandate.pk}/links/").status_code == 429
    long_ago()
    assert kpu.post(f"{ADDRESS}{mandate.pk}/links/").status_code == 202
    twice = kpu.post(f"{ADDRESS}{mandate.pk}/approve/", {}, format="json")
    assert twice.status_code in (409, 422)
    revoked = kpu.post(f"{ADDRESS}{mandate.pk}/revoke/", {"reason": "Diminta pasangan."}, format="json")
    assert revoked.json()["status"] == "revoked"


def test_refused_with_a_reason_only():
    mandate, kpu = submit(), client_of(officer())
    assert kpu.post(f"{ADDRESS}{mandate.pk}/refuse/", {}, format="json").status_code == 400
    answer = kpu.post(f"{ADDRESS}{mandate.pk}/refuse/", {"reason": "Tidak jelas."}, format="json")
    assert answer.json()["reason"] == "Tidak jelas."


@pytest.mark.parametrize("path", ["", "document/", "approve/", "refuse/", "links/", "revoke/"])
def test_another_territory_is_404(path):
    mandate = submit()
    stranger = client_of(somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472)))
    ask = stranger.get if path in ("", "document/") else stranger.post
    assert ask(f"{ADDRESS}{mandate.pk}/{path}").status_code == 404


def test_an_officer_s_token_files_at_the_counter_but_not_their_own():
    clerk, election = officer(email="tono@contoh.test"), open_election()
    own = file(client_of(clerk), election)
    assert (own.status_code, own.json()["code"]) == (403, "own_mandate")
    made = file(client_of(clerk), election, operator_1_email="wati@contoh.test")
    assert made.status_code == 201
    assert Mandate.objects.get().created_by == clerk


def test_the_list_is_constant_in_queries(django_assert_max_num_queries):
    election, kpu = open_election(), client_of(officer())
    for number in range(4):
        submit(election, head=f"Kepala {number}")
    approved(election)
    with django_assert_max_num_queries(8):
        assert len(kpu.get(ADDRESS).json()["results"]) == 5
