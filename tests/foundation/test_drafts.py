"""Drafts of forms: sealed, the user's own, erased when the form is sent or after seven days."""

import json
import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from foundation.accounts.matrix import Role
from foundation.drafts.models import Draft
from foundation.drafts.operations import MOST_A_MINUTE, erase_expired_drafts, ticket_of
from foundation.drafts.tasks import sweep_drafts
from foundation.keys.operations import destroy_keys
from supports.rows import add_supports
from supports.standards import key_scope
from tests import factories
from tests.stack import empty_redis
from tests.supports.test_row_pages import shown
from tests.supports.test_rows import the

pytestmark = pytest.mark.usefixtures("committed")
TYPED = [["name", "Nama Rahasia"], ["nik", "6474011203909101"]]


@pytest.fixture
def pair(committed):
    empty_redis()
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def keep(client, ticket, typed=TYPED):
    return client.post(
        "/draf/", {"formulir": ticket, "isi": typed if isinstance(typed, str) else json.dumps(typed)}
    )


def read(client, ticket):
    answer = client.post("/draf/baca/", {"formulir": ticket})
    return answer.json() if answer.status_code == 200 else answer.status_code


def ticket_in(page):
    """The ticket of the first form on a page that keeps drafts."""
    return re.search(r'data-draft="([^"]+)"', page.content.decode())[1]


def test_what_was_typed_comes_back_and_lies_sealed(desk, operator):
    ticket = ticket_of(operator, "uji.1")
    assert read(desk, ticket) == 204
    assert keep(desk, ticket).status_code == 204
    assert keep(desk, ticket, [*TYPED, ["sex", "L"]]).status_code == 204
    assert read(desk, ticket) == [*TYPED, ["sex", "L"]]
    draft = Draft.objects.get()
    for secret in (b"Rahasia", b"6474011203909101"):
        assert secret not in bytes(draft.sealed)


def test_nothing_typed_keeps_nothing(desk, operator):
    ticket = ticket_of(operator, "uji.1")
    keep(desk, ticket)
    assert keep(desk, ticket, []).status_code == 204
    assert not Draft.objects.exists()


def test_a_draft_of_somebody_else_does_not_exist(desk, pair, operator):
    ticket = ticket_of(operator, "uji.1")
    keep(desk, ticket)
    other = Client()
    other.force_login(factories.user("lo", Role.LO, pair))
    assert read(other, ticket) == 404
    assert keep(other, ticket, [["name", "Lain"]]).status_code == 404
    assert read(desk, ticket) == TYPED
    assert read(desk, ticket_of(operator, "uji.2")) == 204


@pytest.mark.parametrize("ticket", ["", "x", "eyJ1c2VyIjoxfQ:1x:abc"])
def test_a_ticket_that_was_not_given_opens_nothing(desk, ticket):
    assert read(desk, ticket) == 404
    assert keep(desk, ticket).status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "status", "code"),
    [
        ("{", 422, "draft_unreadable"),
        ('{"nik": 1}', 422, "draft_unreadable"),
        (json.dumps([["name", "x" * 70_000]]), 413, "draft_too_large"),
    ],
)
def test_what_is_no_draft_is_refused(desk, operator, typed, status, code):
    answer = keep(desk, ticket_of(operator, "uji.1"), typed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Draft.objects.exists()


def test_a_program_that_never_stops_is_stopped(desk, operator):
    ticket = ticket_of(operator, "uji.1")
    statuses = {keep(desk, ticket).status_code for _ in range(MOST_A_MINUTE)}
    assert statuses == {204}
    assert keep(desk, ticket).status_code == 429


def test_without_a_session_nothing_is_kept_or_read(operator):
    ticket = ticket_of(operator, "uji.1")
    assert keep(Client(), ticket).status_code == 401
    assert Client().post("/draf/baca/", {"formulir": ticket}).status_code == 401
    assert not Draft.objects.exists()


def test_drafts_that_were_never_sent_are_erased(desk, operator):
    for name in ("uji.1", "uji.2"):
        keep(desk, ticket_of(operator, name))
    Draft.objects.filter(name="uji.1").update(expires_at=Now() - timedelta(seconds=1))
    assert read(desk, ticket_of(operator, "uji.1")) == 204
    sweep_drafts()
    assert [draft.name for draft in Draft.objects.all()] == ["uji.2"]
    assert Draft.objects.get().expires_at - Draft.objects.get().saved_at == timedelta(days=7)
    assert erase_expired_drafts() == 0


def test_with_an_elections_keys_its_drafts_are_unreadable(desk, pair, operator):
    ticket = ticket_of(operator, "uji.1", key_scope(pair.election))
    keep(desk, ticket)
    destroy_keys(key_scope(pair.election), by=None)
    answer = desk.post("/draf/baca/", {"formulir": ticket})
    assert answer.status_code == 422
    assert "Rahasia" not in answer.content.decode()


def test_a_form_that_is_accepted_needs_its_draft_no_longer(desk, pair, operator):
    (added,) = add_supports(pair, by=operator, rows=[factories.person(1)])
    row = the(added)
    address = f"/pasangan/{pair.pk}/dukungan/{row.pk}/"
    ticket = ticket_in(desk.get(address))
    keep(desk, ticket)
    wrong = desk.post(address, {**shown(row), "name": "x" * 101, "draf": ticket})
    assert wrong.status_code == 422
    assert read(desk, ticket) == TYPED
    assert desk.post(address, {**shown(row), "name": "Nama Baru", "draf": ticket}).status_code == 302
    assert read(desk, ticket) == 204


def test_a_typed_row_that_is_stored_takes_its_draft_away(desk, pair):
    address = f"/pasangan/{pair.pk}/ketik/"
    ticket = ticket_in(desk.get(address))
    keep(desk, ticket)
    row = factories.person(1, marital="S") | {"draf": ticket}
    pair.election.windows.update(closes_at=Now())
    assert desk.post(address, row).status_code == 422
    assert read(desk, ticket) == TYPED
    pair.election.windows.update(closes_at=Now() + timedelta(days=1))
    assert desk.post(address, row).status_code == 302
    assert read(desk, ticket) == 204


def test_another_users_ticket_in_a_form_erases_nothing(desk, pair, operator):
    lo = factories.user("lo", Role.LO, pair)
    other = Client()
    other.force_login(lo)
    keep(other, ticket_of(lo, "uji.1"))
    desk.post(
        f"/pasangan/{pair.pk}/ketik/", factories.person(1, marital="S") | {"draf": ticket_of(lo, "uji.1")}
    )
    assert Draft.objects.count() == 1


def test_forms_of_the_commission_keep_drafts_too(client, pair):
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    for path in (f"/pasangan/{pair.pk}/masa/usul/", "/gangguan/catat/"):
        assert keep(client, ticket_in(client.get(path))).status_code == 204
    assert Draft.objects.count() == 2


def test_who_is_not_logged_in_has_no_drafts(client):
    assert "data-draft" not in client.get("/simulasi/").content.decode()
