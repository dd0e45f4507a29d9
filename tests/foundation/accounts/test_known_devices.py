"""A rival who guesses passwords keeps nobody out: not from another network, and not from a known device."""

from datetime import timedelta

import pytest
from django.test import Client

from foundation.accounts.attempts import FAILURES_PER_ACCOUNT, FAILURES_PER_NETWORK, WRONG_CODES_PER_ACCOUNT
from foundation.accounts.devices import COOKIE
from foundation.accounts.models import KnownDevice, User
from foundation.accounts.second_factor import codes_of
from foundation.workflow.models import Event
from tests.foundation.accounts.people import somebody, stored_in
from tests.foundation.accounts.two_steps import (
    PASSWORD,
    SECRET,
    app_code,
    log_in,
    type_code,
    type_password,
    writer_with_app,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_log_ins")]
OFFICE = "192.0.2.7"


@pytest.fixture
def user():
    return writer_with_app()


@pytest.fixture
def known(user):
    """The browser from which the user has logged in once."""
    client = Client(
        REMOTE_ADDR=OFFICE, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537"
    )
    assert log_in(client, user, codes_of(user)[0])["Location"] == "/"
    client.post("/akun/keluar/")
    return client


def guess(user, times, network=OFFICE):
    """A rival tries passwords."""
    rival = Client(REMOTE_ADDR=network)
    for number in range(times):
        assert type_password(rival, user, f"tebakan-{number}").status_code == 200


def is_in(client):
    return client.get("/pasangan/").status_code == 200


class TestRival:
    def test_fifty_wrong_log_ins_lock_the_rival_out_but_not_the_team(self, user, known):
        guess(user, 50)
        locked = Client(REMOTE_ADDR=OFFICE)
        assert "gagal terlalu sering" in log_in(locked, user).text
        elsewhere = Client(REMOTE_ADDR="198.51.100.20")
        log_in(elsewhere, user, app_code(SECRET))
        assert is_in(elsewhere)
        log_in(known, user, app_code(SECRET, 1))
        assert is_in(known)

    def test_known_device_enters_while_its_whole_network_is_locked_out(self, user, known):
        for number in range(FAILURES_PER_NETWORK // FAILURES_PER_ACCOUNT + 1):
            guess(User(username=f"siapa-{number}"), FAILURES_PER_ACCOUNT)
        other = somebody(two_factor_at=None)
        other.set_password(PASSWORD)
        other.save()
        assert "gagal terlalu sering" in type_password(Client(REMOTE_ADDR=OFFICE), other).text
        log_in(known, user)
        assert is_in(known)

    def test_wrong_codes_of_a_rival_who_knows_the_password_stop_at_an_account(self, user, known):
        for number in range(WRONG_CODES_PER_ACCOUNT // FAILURES_PER_ACCOUNT):
            rival = Client(REMOTE_ADDR=f"203.0.113.{number}")
            type_password(rival, user)
            for _ in range(FAILURES_PER_ACCOUNT):
                type_code(rival, "000000")
        fresh = Client(REMOTE_ADDR="198.51.100.99")
        assert "gagal terlalu sering" in log_in(fresh, user).text
        log_in(known, user, app_code(SECRET, 1))
        assert is_in(known)


class TestKnownDevice:
    def test_it_still_needs_password_and_code(self, user, known):
        assert "tidak cocok" in type_password(known, user, "salah").text
        type_password(known, user)
        assert "tidak cocok" in type_code(known, "000000").text
        assert not is_in(known)

    def test_its_own_failures_count_and_nobody_elses(self, user, known):
        for _ in range(FAILURES_PER_ACCOUNT):
            type_password(known, user, "salah")
        assert "gagal terlalu sering" in type_password(known, user).text
        stranger = Client(REMOTE_ADDR=OFFICE)
        log_in(stranger, user)
        assert is_in(stranger)

    def test_it_is_known_to_one_account_only(self, user, known):
        other = writer_with_app()
        guess(other, FAILURES_PER_ACCOUNT)
        assert "gagal terlalu sering" in type_password(known, other).text

    def test_people_who_share_a_browser_share_no_rows(self, user, known):
        other = writer_with_app()
        log_in(known, other)
        assert is_in(known)
        rows = KnownDevice.objects.values_list("user", "digest")
        assert len(rows) == 2
        assert len({digest for _user, digest in rows}) == 1

    def test_cookie_is_hidden_signed_long_lived_and_stored_hashed(self, user, known):
        cookie = known.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/akun/")
        assert cookie["max-age"] > timedelta(days=365).total_seconds()
        secret = cookie.value.partition(":")[0]
        assert secret not in stored_in(KnownDevice, Event)
        device = KnownDevice.objects.get()
        assert (device.user, device.name) == (user, "Chrome di Windows")
        assert Event.objects.filter(name="device_known", by_id=user.pk).count() == 1

    def test_forged_cookie_is_worth_nothing(self, user, known):
        guess(user, FAILURES_PER_ACCOUNT)
        forger = Client(REMOTE_ADDR=OFFICE)
        forger.cookies[COOKIE] = known.cookies[COOKIE].value + "x"
        assert "gagal terlalu sering" in type_password(forger, user).text

    def test_forgotten_device_is_like_any_other(self, user, known):
        log_in(known, user)
        device = KnownDevice.objects.get()
        assert "Chrome di Windows" in known.get("/akun/").text
        assert known.post(f"/akun/perangkat/{device.pk}/lupakan/")["Location"] == "/akun/"
        known.post("/akun/keluar/")
        guess(user, FAILURES_PER_ACCOUNT)
        assert "gagal terlalu sering" in type_password(known, user).text

    def test_device_of_another_is_not_forgotten(self, user, known):
        thief = somebody()
        client = Client()
        client.force_login(thief)
        page = client.post(f"/akun/perangkat/{KnownDevice.objects.get().pk}/lupakan/", follow=True)
        assert "sudah tidak dikenal" in page.text
        assert KnownDevice.objects.exists()

    def test_password_alone_makes_no_device_known(self, user):
        client = Client()
        type_password(client, user)
        assert COOKIE not in client.cookies
        plain = somebody(two_factor_at=None)
        plain.set_password(PASSWORD)
        plain.save()
        type_password(client, plain)
        assert COOKIE not in client.cookies
