"""Logging in and out, and changing a password, as a person does it."""

import pytest
from django.test import Client

from foundation.accounts.attempts import FAILURES_PER_ACCOUNT
from foundation.accounts.matrix import Role
from tests.foundation.accounts.people import somebody

pytestmark = pytest.mark.django_db
PASSWORD = "melati-di-tepi-kali"


@pytest.fixture
def user(quick_log_ins):
    user = somebody(Role.OBSERVER, two_factor_at=None)
    user.set_password(PASSWORD)
    user.save()
    return user


def log_in(client, user, password=PASSWORD, **extra):
    return client.post("/akun/masuk/", {"login": user.username, "password": password}, **extra)


def test_log_in_leads_back_to_where_one_wanted(client, user):
    asked = client.get("/pasangan/")
    page = client.get(asked["Location"])
    assert page.status_code == 200
    answer = client.post(
        asked["Location"], {"login": user.username, "password": PASSWORD, "next": "/pasangan/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/pasangan/")
    assert client.get("/pasangan/").status_code == 200


def test_an_empty_log_in_says_of_each_field_what_is_missing(client):
    answer = client.post("/akun/masuk/", {"login": "", "password": ""})
    text = answer.content.decode()
    assert all(f"{field} belum diisi." in text for field in ("Nama pengguna", "Kata sandi"))


def test_log_in_never_leads_elsewhere(client, user):
    body = {"login": user.username, "password": PASSWORD, "next": "https://contoh.invalid/"}
    assert client.post("/akun/masuk/", body)["Location"] == "/"


def test_wrong_password_is_told_in_words(client, user):
    page = log_in(client, user, "salah")
    assert page.status_code == 200
    assert "tidak cocok" in page.text


def test_failures_lock_this_network_only(client, user):
    for _ in range(FAILURES_PER_ACCOUNT):
        log_in(client, user, "salah")
    assert "gagal terlalu sering" in log_in(client, user).text
    assert log_in(client, user, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_log_out_ends_the_session(client, user):
    log_in(client, user)
    assert client.post("/akun/keluar/").status_code == 302
    assert client.get("/pasangan/").status_code == 302


def test_password_is_changed_by_its_owner(client, user):
    log_in(client, user)
    assert client.get("/akun/kata-sandi/").status_code == 200
    new = "kenanga-di-atas-bukit"
    answer = client.post("/akun/kata-sandi/", {"current": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 302
    assert log_in(Client(), user, new).status_code == 302


def test_an_inactive_account_does_not_get_in(client, user):
    user.is_active = False
    user.save()
    log_in(client, user)
    assert client.get("/pasangan/").status_code == 302


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "confirm-email/", "login/code/"])
def test_other_pages_of_allauth_do_not_exist(client, path):
    assert client.get(f"/akun/{path}").status_code == 404
    assert client.get(f"/accounts/{path}").status_code == 404


def test_a_form_open_too_long_is_told_so(user):
    client = Client(enforce_csrf_checks=True)
    answer = log_in(client, user)
    assert answer.status_code == 403
    assert "kedaluwarsa" in answer.text
