"""A log-in in two steps: by an app on the phone, computed here as the app does, or by a recovery code."""

import base64
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils.html import escape

from foundation.accounts.attempts import FAILURES_PER_ACCOUNT
from foundation.accounts.matrix import MATRIX, READS, Role
from foundation.accounts.models import ApiToken, User
from foundation.accounts.second_factor import codes_of, renew_codes, set_up, takes_code
from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from tests.foundation.accounts.people import somebody, stored_in, token_of
from tests.foundation.accounts.two_steps import (
    PASSWORD,
    SECRET,
    app_code,
    ask_token,
    set_up_before,
    type_code,
    type_password,
    writer,
    writer_with_app,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_log_ins")]


@pytest.fixture
def user():
    """An operator with both steps."""
    return writer_with_app()


class TestPinnedPartsOfAllauth:
    @pytest.mark.parametrize(
        ("moment", "code"),
        [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
    )
    def test_codes_are_those_of_rfc_6238(self, moment, code):
        assert format_hotp_value(hotp_value(SECRET, moment // 30)) == code

    def test_half_a_minute_of_a_wrong_clock_is_forgiven(self):
        now = int(time.time()) // 30
        assert {now - 1, now, now + 1} & set(yield_hotp_counters_from_time()) >= {now}
        assert len(list(yield_hotp_counters_from_time())) == 3

    def test_pages_of_allauth_that_bypass_our_rules_do_not_exist(self, client):
        for path in (
            "2fa/",
            "2fa/authenticate/",
            "2fa/totp/activate/",
            "2fa/recovery-codes/",
            "masuk/percaya/",
        ):
            assert client.get(f"/akun/{path}").status_code == 404


class TestCodes:
    def test_code_works_once(self, user):
        code = app_code(SECRET)
        assert takes_code(user, code)
        assert not takes_code(user, code)

    def test_earlier_code_does_not_work_after_a_later_one(self, user):
        assert takes_code(user, app_code(SECRET, 1))
        assert not takes_code(user, app_code(SECRET))

    def test_code_that_set_it_up_does_not_log_in(self):
        user = writer()
        code = app_code(SECRET)
        set_up(user, secret=SECRET, code=code)
        assert not takes_code(user, code)

    @pytest.mark.parametrize("code", ["", "000000x", "abcdef", "１２３４５６", "9" * 200])
    def test_nonsense_does_not_work(self, user, code):
        assert not takes_code(user, code)

    def test_code_of_another_is_refused(self, user):
        other = writer()
        set_up(other, secret=base64.b32encode(b"0" * 20).decode(), code=app_code(base64.b32encode(b"0" * 20)))
        assert not takes_code(other, app_code(SECRET))

    def test_recovery_code_works_once_and_is_told(self, user):
        first, *others = codes_of(user)
        assert len(others) == 9
        assert takes_code(user, first)
        assert not takes_code(user, first)
        assert codes_of(user) == others
        event = Event.objects.get(name="recovery_code_used")
        assert (event.subject_id, event.data) == (user.pk, {"left": 9})

    def test_new_recovery_codes_end_the_old_ones(self, user):
        old = codes_of(user)
        renew_codes(user)
        assert not set(old) & set(codes_of(user))
        assert not takes_code(user, old[0])

    def test_secrets_lie_sealed(self, user):
        stored = stored_in(Authenticator, User, Event)
        assert SECRET not in stored
        assert not [code for code in codes_of(user) if code in stored]

    def test_wrong_code_sets_nothing_up(self):
        user = writer()
        with pytest.raises(Refused) as refusal:
            set_up(user, secret=SECRET, code="000000")
        assert refusal.value.code == "otp_wrong"
        assert (user.two_factor_at, Authenticator.objects.count()) == (None, 0)

    def test_another_phone_comes_by_moving_only(self, user):
        other = base64.b32encode(b"98765432109876543210").decode()
        with pytest.raises(Conflict):
            set_up(user, secret=other, code=app_code(other))
        old_codes = codes_of(user)
        set_up_before(user, other, moves=True)
        assert takes_code(user, app_code(other))
        assert not takes_code(user, app_code(SECRET))
        assert not set(old_codes) & set(codes_of(user))


class TestLogIn:
    def test_password_alone_opens_nothing(self, client, user):
        answer = type_password(client, user)
        assert (answer.status_code, answer["Location"]) == (302, "/akun/masuk/kode/")
        assert client.get("/akun/masuk/kode/").status_code == 200
        assert client.get("/pasangan/").status_code == 302
        assert "_auth_user_id" not in client.session

    def test_code_after_the_password_opens(self, client, user):
        client.post(
            "/akun/masuk/?next=/aturan/", {"login": user.username, "password": PASSWORD, "next": "/aturan/"}
        )
        answer = type_code(client, app_code(SECRET))
        assert (answer.status_code, answer["Location"]) == (302, "/aturan/")
        assert client.get("/pasangan/").status_code == 200

    def test_recovery_code_opens(self, client, user):
        type_password(client, user)
        assert type_code(client, codes_of(user)[0]).status_code == 302
        assert client.get("/pasangan/").status_code == 200

    def test_code_without_a_password_leads_back(self, client, user):
        answer = type_code(client, app_code(SECRET))
        assert (answer.status_code, answer["Location"]) == (302, "/akun/masuk/")

    def test_wrong_or_used_code_is_told_in_words(self, client, user):
        code = app_code(SECRET)
        assert takes_code(user, code)
        type_password(client, user)
        for wrong in ("123", code):
            page = type_code(client, wrong)
            assert page.status_code == 200
            assert "tidak cocok atau sudah dipakai" in page.text
        assert "_auth_user_id" not in client.session

    def test_wrong_codes_are_counted(self, client, user):
        type_password(client, user)
        for _ in range(FAILURES_PER_ACCOUNT):
            type_code(client, "000000")
        assert "gagal terlalu sering" in type_code(client, app_code(SECRET)).text
        assert "_auth_user_id" not in client.session

    def test_account_that_says_two_steps_but_has_no_app_stays_outside(self, client):
        user = writer()
        User.objects.update(two_factor_at="2024-01-01T00:00Z")
        type_password(client, user)
        assert client.get("/pasangan/").status_code == 302
        assert "_auth_user_id" not in client.session


class TestApi:
    def test_code_is_asked_for_checked_and_taken_once(self, client, user):
        answer = ask_token(client, user)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
            401,
            "otp_required",
            "otp",
        )
        answer = ask_token(client, user, otp="000000")
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
            401,
            "otp_wrong",
            "otp",
        )
        code = app_code(SECRET)
        token = ask_token(client, user, otp=code).json()["token"]
        assert client.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Token {token}").status_code == 200
        assert ask_token(client, user, otp=code).json()["code"] == "otp_wrong"
        assert ApiToken.objects.count() == 1

    def test_recovery_code_serves_too(self, client, user):
        assert "token" in ask_token(client, user, otp=codes_of(user)[3]).json()

    def test_wrong_password_is_said_before_any_code(self, client, user):
        assert ask_token(client, user, "salah", otp=app_code(SECRET)).json()["code"] == "wrong_password"

    def test_wrong_codes_are_counted(self, client, user):
        for _ in range(FAILURES_PER_ACCOUNT):
            ask_token(client, user, otp="000000")
        assert ask_token(client, user, otp=app_code(SECRET)).status_code == 429

    def test_account_that_needs_it_and_has_none_is_told_where(self, client):
        answer = ask_token(client, writer())
        assert (answer.status_code, answer.json()["code"]) == (403, "two_factor_missing")
        assert "/akun/dua-langkah/" in answer.json()["message"]
        assert not ApiToken.objects.exists()

    def test_token_of_before_does_nothing_until_it_is_set_up(self, client):
        user = writer()
        header = token_of(user)
        answer = client.get("/api/v1/me/", **header)
        assert (answer.status_code, answer.json()["code"]) == (403, "two_factor_missing")
        set_up(user, secret=SECRET, code=app_code(SECRET))
        assert client.get("/api/v1/me/", **header).status_code == 200


class TestWhoMustHaveIt:
    @pytest.mark.parametrize("role", Role)
    def test_every_role_that_writes_is_led_to_set_it_up(self, client, role):
        client.force_login(somebody(role, two_factor_at=None))
        answer = client.get("/pasangan/")
        if MATRIX[role] <= READS:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer["Location"]) == (302, "/akun/dua-langkah/")

    def test_nothing_else_can_be_done(self, client):
        client.force_login(somebody(Role.OPERATOR, two_factor_at=None))
        assert client.get("/akun/kata-sandi/").status_code == 302
        fragment = client.get("/pasangan/", headers={"HX-Request": "true"})
        assert fragment["HX-Redirect"] == "/akun/dua-langkah/"
        answer = client.post("/pasangan/")
        assert answer.status_code == 403
        assert "belum mengaktifkan verifikasi dua langkah" in answer.text
        assert client.post("/akun/keluar/").status_code == 302

    def test_demo_accounts_are_exempt_by_name(self, client, settings):
        user = writer()
        settings.TWO_FACTOR_EXEMPT = frozenset({user.username})
        assert "token" in ask_token(client, user).json()
        type_password(client, user)
        assert client.get("/pasangan/").status_code == 200


class TestSetUpPages:
    def secret_on(self, page):
        return re.search(r'class="secret mono">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")

    def test_from_the_first_log_in_to_the_recovery_codes(self, client):
        user = writer()
        type_password(client, user)
        page = client.get("/", follow=True)
        secret = self.secret_on(page)
        assert self.secret_on(client.get("/akun/dua-langkah/")) == secret
        assert 'src="data:image/svg+xml;base64,' in page.text
        assert "Menu utama" not in page.text
        assert secret not in str(dict(client.session))
        answer = client.post("/akun/dua-langkah/", {"code": "12"})
        assert escape("tidak cocok atau sudah dipakai") in answer.text
        answer = client.post("/akun/dua-langkah/", {"code": app_code(secret)})
        assert answer["Location"] == "/akun/kode-pemulihan/"
        page = client.get("/akun/kode-pemulihan/")
        codes = codes_of(user)
        assert all(code in page.text for code in codes)
        text = client.get("/akun/kode-pemulihan/unduh/")
        assert "attachment" in text["Content-Disposition"]
        assert all(code in text.text for code in codes)
        assert client.post("/akun/kode-pemulihan/")["Location"] == "/"
        assert client.get("/pasangan/").status_code == 200
        assert Event.objects.filter(name="two_factor_set_up", by_id=user.pk).count() == 1

    def test_recovery_codes_are_shown_once(self, client, user):
        type_password(client, user)
        type_code(client, app_code(SECRET))
        for path in ("/akun/kode-pemulihan/", "/akun/kode-pemulihan/unduh/", "/akun/dua-langkah/"):
            answer = client.get(path)
            assert (answer.status_code, answer["Location"]) == (302, "/")

    def test_pages_are_of_who_is_logged_in(self):
        for path in ("/akun/kode-pemulihan/", "/akun/kode-pemulihan/unduh/", "/akun/dua-langkah/"):
            assert Client().get(path)["Location"].startswith("/akun/masuk/")
