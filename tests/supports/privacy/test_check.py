"""Is my NIK listed? Yes or no, and nothing more; asked too often, nothing at all."""

import logging
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.keys.operations import destroy_keys
from supports.privacy import attempts
from supports.privacy.people import is_listed, person_of
from supports.standards import key_scope
from tests import factories
from tests.supports.calling import client_of
from tests.supports.privacy.listing import listed

PAGE, CALL = "/cek-nik/", "/api/v1/own-data/check/"
YES, NO = "itu tercatat dalam data dukungan", "tidak ditemukan dalam data dukungan"
LISTED = factories.person(1)
STRANGER = factories.person(900)


def ask(row, day=None, client=None, **more):
    return (client or Client()).post(
        PAGE, {"nik": row["nik"], "birth_date": day or row["birth_date"]}, **more
    )


def test_a_listed_person_hears_yes_and_no_name(pair):
    answer = ask(LISTED)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert YES in page
    assert NO not in page
    for told in (LISTED["nik"], LISTED["name"], pair.name, pair.election.name, "Bontang"):
        assert told not in page
    assert answer["Cache-Control"].startswith("max-age=0")


def test_who_is_not_listed_and_who_gives_another_birth_date_hear_the_same(pair):
    stranger, wrong_day = ask(STRANGER), ask(LISTED, "01-01-1971")
    plain = [
        one.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0]
        for one in (stranger, wrong_day)
    ]
    assert NO in plain[0]
    assert plain[0] == plain[1]
    assert stranger.status_code == wrong_day.status_code == 200


def test_yes_and_no_cost_the_same_statements(pair):
    ask(STRANGER)  # the key that counts is read once
    counted = []
    for row, day in ((LISTED, None), (LISTED, "01-01-1971"), (STRANGER, None)):
        with CaptureQueriesContext(connection) as asked:
            ask(row, day)
        counted.append(len(asked))
    assert len(set(counted)) == 1


def test_the_birth_date_that_a_team_invented_does_not_hide_a_person(db):
    found = factories.pair()
    row = factories.person(5, birth_date="17-08-1945")
    listed(found, [row])
    assert YES in ask(row, factories.person(5)["birth_date"]).content.decode()
    assert YES in ask(row, "17-08-1945").content.decode()
    assert NO in ask(row, "18-08-1945").content.decode()


def test_a_nik_is_typed_as_people_type_it(pair):
    spaced = f"{LISTED['nik'][:6]} {LISTED['nik'][6:12]}.{LISTED['nik'][12:]}"
    assert YES in ask({"nik": spaced, "birth_date": LISTED["birth_date"]}).content.decode()
    assert YES in ask(LISTED, "2 Januari 1960").content.decode()


@pytest.mark.parametrize(
    ("nik", "day", "sentence"),
    [
        ("", "01-01-1980", "NIK belum diisi"),
        ("123", "01-01-1980", "16 angka. Periksa KTP-el"),
        ("6474010101809O01", "01-01-1980", "16 angka. Periksa KTP-el"),
        ("6474010101809001", "", "Tanggal lahir belum diisi"),
        ("6474010101809001", "31-02-1980", "tidak dapat dibaca"),
        ("6474010101809001", "1 Smarch 1980", "tidak dapat dibaca"),
        ("6474010101809001", "01-01-0080", "Tahun lahir ini tidak mungkin"),
        ("6474010101809001", "01-01-9980", "Tahun lahir ini tidak mungkin"),
    ],
)
def test_what_cannot_be_asked_gets_one_sentence(db, nik, day, sentence):
    answer = ask({"nik": nik, "birth_date": day})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_practice_and_destroyed_elections_hold_nobody(pair):
    practice = factories.pair(factories.election(name="Latihan", practice=True), name="Contoh – Latihan")
    only_there = factories.person(40)
    listed(practice, [only_there], "latihan")
    assert NO in ask(only_there).content.decode()
    destroy_keys(key_scope(pair.election), by=None)
    assert NO in ask(LISTED).content.decode()


def test_every_election_is_asked_at_once(pair, django_assert_num_queries):
    elsewhere = factories.election(name="Pemilihan Wali Kota Samarinda 2024", region_id=6472)
    other = factories.pair(elsewhere, name="Bayu Umpama – Kirana Andaikan")
    listed(other, [factories.person(70)], "operator2")
    person = person_of(factories.person(70)["nik"], date(1960, 3, 15))
    with django_assert_num_queries(3):
        assert is_listed(person)


def test_a_list_of_niks_cannot_be_tried_out(db):
    answers = [ask(factories.person(n), client=Client()) for n in range(attempts.PER_NETWORK + 1)]
    assert {one.status_code for one in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert "sudah terlalu sering" in answers[-1].content.decode()
    assert ask(STRANGER, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_birth_dates_of_one_nik_cannot_be_tried_out(pair):
    days = [f"{day:02d}-03-1970" for day in range(1, 7)]
    assert [ask(LISTED, day).status_code for day in days] == [200] * attempts.PER_NIK_AND_NETWORK + [429]
    from_everywhere = [
        ask(LISTED, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(attempts.PER_NIK)
    ]
    assert from_everywhere[-1] == 429
    assert ask(factories.person(2), REMOTE_ADDR="198.51.100.200").status_code == 200


def test_being_refused_tells_nothing_about_the_nik(pair):
    for row in (LISTED, STRANGER):
        for _ in range(attempts.PER_NIK_AND_NETWORK):
            ask(row)
    refused = [ask(row).content.decode().split("data-focus")[1][:600] for row in (LISTED, STRANGER)]
    assert refused[0] == refused[1]


def test_without_the_cache_nobody_is_answered(pair, settings):
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    answer = ask(LISTED)
    assert answer.status_code == 429
    assert "sedang tidak tersedia" in answer.content.decode()


def test_what_is_typed_stays_nowhere(pair, caplog):
    caplog.set_level(logging.DEBUG)
    for _ in range(attempts.PER_NIK_AND_NETWORK + 1):
        ask(LISTED)
    assert LISTED["nik"] not in caplog.text
    raw = cache._cache.get_client()
    assert not [key for key in raw.keys("*") if LISTED["nik"].encode() in key]


def test_by_address_there_is_only_the_form(pair):
    answer = Client().get(PAGE, {"nik": LISTED["nik"], "birth_date": LISTED["birth_date"]})
    assert answer.status_code == 200
    assert LISTED["nik"] not in answer.content.decode()


def test_programs_ask_without_a_token_and_are_counted(pair):
    nobody = client_of(factories.user("pemantau", "observer"))
    body = {"nik": LISTED["nik"], "birth_date": "1960-01-02"}
    assert nobody.post(CALL, body, format="json").json() == {"listed": True}
    nobody.credentials()
    assert nobody.post(CALL, body, format="json").json() == {"listed": True}
    assert nobody.post(CALL, body | {"birth_date": "1961-01-02"}, format="json").json() == {"listed": False}
    assert (
        nobody.post(CALL, {"nik": 6474010101809001, "birth_date": "1960-01-02"}, format="json").status_code
        == 400
    )
    assert nobody.get(f"{CALL}?nik={LISTED['nik']}").status_code == 405
    codes = [nobody.post(CALL, body, format="json").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
