"""The typing page: rows stored one by one and once each, findings while typing, how much was typed today."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.accounts.matrix import Role
from supports.models import Support, TypedDay
from supports.rows import add_supports, remove_support
from supports.typed.today import typed_by, typed_today
from supports.typed.waiting import key_for_browser
from tests import factories
from tests.supports.test_pages import names, text_of
from tests.supports.test_rows import the

pytestmark = pytest.mark.usefixtures("committed")
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def typist(pair):
    return factories.user("juru", Role.TYPIST, pair)


@pytest.fixture
def desk(client, typist):
    client.force_login(typist)
    return client


def typed(number, **changes):
    """A person as the form sends one."""
    return factories.person(number, marital="S") | changes


def address(pair, more=""):
    return f"/pasangan/{pair.pk}/ketik/{more}"


def type_in(client, pair, row, key=""):
    return client.post(address(pair), row, headers={**SCRIPT, "Idempotency-Key": key})


def look(client, pair, row, at="", furthest="statement"):
    return client.post(address(pair, "periksa/"), {**row, "di": at, "sampai": furthest})


def speaks(answer, name):
    """What is said at one field."""
    return {rule.code for rule in answer.context["found"][name]}


# ---- storing ---------------------------------------------------------------------------------------


def test_a_typed_row_is_stored_and_its_findings_are_said(desk, pair):
    answer = type_in(desk, pair, typed(1), "a")
    assert (answer.status_code, answer.json()["said"]) == (201, "Tersimpan: tidak ada temuan.")
    answer = type_in(desk, pair, typed(2, nik="123"), "b")
    assert answer.json()["said"] == "Tersimpan dengan 1 temuan: NIK tidak 16 angka."
    assert Support.objects.count() == 2


def test_a_row_sent_again_after_a_lost_reply_is_stored_once(desk, pair):
    for _ in range(3):
        assert type_in(desk, pair, typed(1), "a").status_code == 201
    assert Support.objects.count() == 1
    assert typed_today(pair)[0][1] == 1


def test_a_row_that_was_removed_meanwhile_does_not_come_back(desk, pair, typist):
    type_in(desk, pair, typed(1), "a")
    row = Support.objects.select_related("submission__pair__election").get()
    remove_support(row, by=typist, revision=0)
    answer = type_in(desk, pair, typed(1), "a")
    assert answer.status_code == 409
    assert "kemudian dihapus" in answer.json()["message"]
    assert not Support.objects.exists()


def test_without_script_the_page_stores_the_row_and_is_empty_again(desk, pair):
    answer = desk.post(address(pair), typed(1), follow=True)
    assert answer.redirect_chain == [(address(pair), 302)]
    assert "Tersimpan: tidak ada temuan." in text_of(answer)
    assert names(answer) == [factories.person(1)["name"]]
    assert factories.person(1)["nik"] not in answer.content.decode()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "Belum ada isian yang diketik"),
        ({"name": "x" * 101}, "Nama: Isian ini lebih panjang dari 100 karakter"),
        ({"name": "Budi", "sex": "Q"}, "Jenis kelamin: Pilihan itu tidak ada."),
        ({"name": "a\x00b"}, "tidak dapat dibaca"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_a_sentence(desk, pair, row, sentence):
    answer = type_in(desk, pair, row)
    assert answer.status_code == 422
    assert sentence in answer.json()["message"]
    assert sentence.split(":")[-1].strip() in text_of(desk.post(address(pair), row))
    assert not Support.objects.exists()


def test_after_the_window_ended_a_row_is_refused_and_the_page_says_why(desk, pair):
    assert "tidak dapat disimpan ke putaran" not in text_of(desk.get(address(pair)))
    pair.election.windows.all().delete()
    answer = type_in(desk, pair, typed(1), "a")
    assert answer.status_code == 422
    assert answer.json()["code"] == "window_closed"
    for page in (desk.get(address(pair)), look(desk, pair, typed(1))):
        assert "Saat ini baris tidak dapat disimpan ke putaran" in text_of(page)
        assert answer.json()["message"] in text_of(page)


def test_another_pairs_typing_page_does_not_exist(pair):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    client = Client()
    client.force_login(factories.user("juru-lain", Role.TYPIST, other))
    for path in (address(pair), address(pair, "terakhir/"), address(pair, "wilayah/")):
        assert client.get(path).status_code == 404
    assert type_in(client, pair, typed(1)).status_code == 404
    assert look(client, pair, typed(1)).status_code == 404
    assert not Support.objects.exists()


# ---- findings while one types ----------------------------------------------------------------------


def test_a_row_without_fault_has_nothing_said_of_it(desk, pair):
    answer = look(desk, pair, typed(1))
    assert not any(answer.context["found"].values())
    assert answer.context["checked"].repeated == ""


def test_findings_stand_at_their_field_and_nothing_is_stored(desk, pair):
    row = typed(1, nik="123", birth_date="31-02-1990", village="Entah", occupation="Anggota TNI")
    answer = look(desk, pair, row)
    assert speaks(answer, "nik") == {"NIK_LENGTH"}
    assert speaks(answer, "birth_date") == {"BIRTH_DATE_INVALID"}
    assert speaks(answer, "village") == {"VILLAGE_UNKNOWN"}
    assert speaks(answer, "occupation") == {"OCCUPATION"}
    assert not Support.objects.exists()


def test_a_field_that_is_half_typed_or_not_reached_is_no_fault_yet(desk, pair):
    answer = look(desk, pair, {"nik": "6474"}, at="nik", furthest="nik")
    assert not any(answer.context["found"].values())
    answer = look(desk, pair, {"nik": "6474", "name": "B"}, at="name", furthest="name")
    assert speaks(answer, "nik") == {"NIK_LENGTH"}
    assert not speaks(answer, "name") | speaks(answer, "sex")
    answer = look(desk, pair, {"nik": "6474"}, at="sex", furthest="sex")
    assert speaks(answer, "name") == {"NAME_MISSING"}
    assert not speaks(answer, "sex") | speaks(answer, "marital")


def test_the_nik_proposes_birth_date_and_sex_and_fills_nothing_in(desk, pair):
    nik = factories.person(1)["nik"]
    grouped = f"{nik[:6]} {nik[6:12]} {nik[12:]}"
    answer = look(desk, pair, {"nik": grouped}, at="nik", furthest="nik")
    page = answer.content.decode()
    assert 'data-propose="birth_date" data-value="02-01-1960"' in page
    assert 'data-propose="sex" data-value="L"' in page
    assert "data-propose" not in look(desk, pair, {"nik": "6474"}, at="nik").content.decode()


def test_a_nik_of_the_pair_itself_is_said_at_once_and_nothing_about_it(desk, pair, typist):
    operator = factories.operator(pair)
    add_supports(pair, by=operator, rows=[factories.person(1, name="Nama Rahasia")])
    answer = look(desk, pair, {"nik": factories.person(1)["nik"]}, at="nik", furthest="nik")
    assert "NIK ini sudah ada dalam data pasangan ini" in text_of(answer)
    assert "Rahasia" not in answer.content.decode()


def test_a_nik_of_another_pair_is_not_told(desk, pair):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    add_supports(other, by=factories.operator(other, "operator2"), rows=[factories.person(1)])
    answer = look(desk, pair, {"nik": factories.person(1)["nik"]}, at="nik", furthest="nik")
    assert "sudah ada" not in text_of(answer)


def test_looking_costs_the_same_however_many_rows_there_are(desk, pair, typist):
    def queries():
        with CaptureQueriesContext(connection) as done:
            assert look(desk, pair, typed(99)).status_code == 200
        return len(done)

    queries()
    once = queries()
    add_supports(pair, by=typist, rows=[factories.person(at) for at in range(50)])
    assert queries() == once


# ---- what stands beside the form -------------------------------------------------------------------


def test_the_last_ten_rows_are_shown_and_none_of_others(desk, pair, typist):
    add_supports(pair, by=factories.operator(pair), rows=[factories.person(0)])
    add_supports(pair, by=typist, rows=[factories.person(at) for at in range(1, 13)])
    answer = desk.get(address(pair, "terakhir/"))
    assert names(answer) == [factories.person(at)["name"] for at in range(12, 2, -1)]
    assert "Hari ini 12 baris, seluruhnya 12 baris." in text_of(answer)
    assert "data-open" in answer.content.decode()


def test_the_page_costs_the_same_however_much_was_typed(desk, pair, typist):
    def queries():
        with CaptureQueriesContext(connection) as done:
            assert desk.get(address(pair)).status_code == 200
        return len(done)

    add_supports(pair, by=typist, rows=[factories.person(0)])
    queries()
    once = queries()
    add_supports(pair, by=typist, rows=[factories.person(at) for at in range(1, 40)])
    assert queries() == once


def test_desa_of_the_election_are_offered_with_their_kecamatan(desk, pair):
    answer = desk.get(address(pair, "wilayah/"))
    places = answer.json()["places"]
    assert ["Bontang Kuala", "Bontang Utara", ""] in places
    assert len(places) == 15
    assert "private" in answer["Cache-Control"]


def test_what_each_typed_is_added_up_by_day(pair, typist):
    operator = factories.operator(pair)
    add_supports(pair, by=typist, rows=[factories.person(1), factories.person(2)])
    add_supports(pair, by=typist, rows=[factories.person(3)])
    add_supports(pair, by=operator, rows=[factories.person(4)])
    assert typed_today(pair) == [(typist, 3), (operator, 1)]
    TypedDay.objects.filter(typed_by=typist).update(day="2024-01-01")
    assert typed_today(pair) == [(operator, 1)]
    assert typed_by(pair)[typist.pk].total == 3
    assert typed_by(pair, [operator.pk])[operator.pk].today == 1


def test_each_person_and_pair_has_a_key_of_its_own(pair, typist):
    operator = factories.operator(pair)
    other = factories.pair(factories.election(name="Pemilihan lain"), "Bayu Umpama – Kirana Andaikan")
    keys = {key_for_browser(pair, typist), key_for_browser(pair, operator), key_for_browser(other, typist)}
    assert len(keys) == 3
    assert key_for_browser(pair, typist) in keys


def test_a_row_added_by_the_api_counts_for_its_sender(pair, typist):
    (added,) = add_supports(pair, by=typist, rows=[factories.person(1)])
    remove_support(the(added), by=typist, revision=0)
    assert typed_today(pair) == [(typist, 1)]


# ---- without a network -----------------------------------------------------------------------------


@pytest.mark.parametrize("kept", ["/ketik/luring/", "/ketik/luring.js"])
def test_what_a_browser_keeps_of_it_is_the_same_for_everybody(desk, pair, kept):
    desk.get(address(pair))
    seen, by_nobody = desk.get(kept), Client().get(kept)
    assert seen.content == by_nobody.content
    assert (seen.status_code, seen.cookies, seen.headers["Cache-Control"]) == (200, {}, "no-cache")


def test_the_script_that_keeps_it_watches_typing_pages_only_and_names_every_part(client):
    answer = client.get("/ketik/luring.js")
    assert answer.headers["Service-Worker-Allowed"] == "/pasangan/"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    page = client.get("/ketik/luring/").content.decode()
    script = answer.content.decode()
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(set(parts)) == 5
    assert all(f'"{part}"' in script.replace(r"\u002D", "-") for part in parts)
