"""“Akun saya”: sessions, password and second step, changed by their owner alone and told to nobody."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from foundation.accounts.attempts import FAILURES_PER_ACCOUNT
from foundation.accounts.ending import deactivate, end_access
from foundation.accounts.matrix import Role
from foundation.accounts.models import ApiToken, BrowserSession, KnownDevice, User
from foundation.accounts.second_factor import codes_of
from foundation.accounts.seen import SECONDS_BETWEEN_SIGNS, SEEN_AT, shortened
from foundation.accounts.tasks import sweep_accounts
from foundation.accounts.user_agents import device_name
from foundation.errors import Conflict, Refused
from foundation.workflow.models import Event
from tests.foundation.accounts.people import somebody, token_of
from tests.foundation.accounts.two_steps import PASSWORD, SECRET, app_code, log_in, writer_with_app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_log_ins")]
NEW = "kenanga-di-atas-bukit"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def user():
    return writer_with_app()


@pytest.fixture
def here(user):
    client = Client(REMOTE_ADDR="103.10.66.7")
    log_in(client, user, codes_of(user)[0])
    return client


@pytest.fixture
def phone(user):
    client = Client(REMOTE_ADDR="2001:db8:1:2:3::4", HTTP_USER_AGENT=PHONE)
    log_in(client, user, codes_of(user)[0])
    return client


def is_in(client):
    return client.get("/pasangan/").status_code == 200


def events(user):
    return list(Event.objects.filter(subject_kind="user", subject_id=user.pk).values_list("name", flat=True))


class TestSessions:
    def test_list_tells_device_and_a_shortened_network(self, user, here, phone):
        page = here.get("/akun/").text
        assert "Chrome di Android" in page
        assert "103.10.66.•" in page
        assert "2001:0db8:•" in page
        assert "103.10.66.7" not in page
        assert page.count("perangkat ini") == 2  # the session and the device

    def test_one_is_ended_elsewhere(self, user, here, phone):
        row = BrowserSession.objects.get(device__contains="Android")
        assert here.post(f"/akun/sesi/{row.pk}/akhiri/")["Location"] == "/akun/"
        assert not is_in(phone)
        assert is_in(here)
        assert events(user)[-1] == "session_ended"

    def test_all_others_are_ended(self, user, here, phone):
        third = Client()
        log_in(third, user, codes_of(user)[0])
        page = here.post("/akun/sesi/akhiri-lainnya/", follow=True)
        assert "2 sesi lain diakhiri" in page.text
        assert [is_in(client) for client in (here, phone, third)] == [True, False, False]

    def test_session_of_another_is_not_ended(self, user, here):
        thief = Client()
        thief.force_login(somebody())
        page = thief.post(f"/akun/sesi/{BrowserSession.objects.get().pk}/akhiri/", follow=True)
        assert "sudah berakhir" in page.text
        assert is_in(here)

    def test_sign_of_life_is_left_now_and_then(self, user, here):
        long_ago = timezone.now() - timedelta(hours=1)
        BrowserSession.objects.update(last_seen_at=long_ago)
        is_in(here)
        assert BrowserSession.objects.get().last_seen_at == long_ago
        session = here.session
        session[SEEN_AT] -= SECONDS_BETWEEN_SIGNS
        session.save()
        is_in(here)
        assert timezone.now() - BrowserSession.objects.get().last_seen_at < timedelta(minutes=1)

    def test_ended_sessions_are_forgotten(self, user, here):
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        sweep_accounts()
        assert (Session.objects.count(), BrowserSession.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("network", "short"),
        [("103.10.66.7", "103.10.66.•"), ("2001:db8:0:1::/64", "2001:0db8:•"), ("unknown", ""), ("", "")],
    )
    def test_network_is_shortened(self, network, short):
        assert shortened(network) == short

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge di Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
                "Safari di iPhone",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox di Linux"),
            ("curl/8.5", "Peramban lain"),
            ("", "Peramban lain"),
        ],
    )
    def test_device_is_named(self, text, name):
        assert device_name(text) == name


class TestPassword:
    def change(self, client, current=PASSWORD, password=NEW, again=NEW):
        return client.post("/akun/kata-sandi/", {"current": current, "password": password, "again": again})

    def test_change_ends_other_sessions_and_tokens_and_keeps_this_one(self, user, here, phone):
        header = token_of(user)
        page = self.change(here)
        assert page["Location"] == "/akun/"
        assert "Sesi di perangkat lain dan semua token berakhir" in here.get("/akun/").text
        assert [is_in(here), is_in(phone)] == [True, False]
        assert Client().get("/api/v1/me/", **header).status_code == 401
        assert BrowserSession.objects.filter(user=user).count() == 1
        assert events(user)[-1] == "password_changed"
        assert KnownDevice.objects.filter(user=user).exists()

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"current": "salah"}, "Kata sandi sekarang tidak cocok"),
            ({"password": "pendek", "again": "pendek"}, "terlalu pendek"),
            ({"again": "lain"}, "Kedua kata sandi berbeda"),
        ],
    )
    def test_wrong_input_changes_nothing(self, user, here, values, sentence):
        assert sentence in self.change(here, **values).text
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_guessing_the_old_one_is_counted(self, user, here):
        KnownDevice.objects.all().delete()
        for _ in range(FAILURES_PER_ACCOUNT):
            self.change(here, current="salah")
        assert "gagal terlalu sering" in self.change(here).text


class TestSecondStep:
    def test_new_recovery_codes_need_password_and_code(self, user, here):
        old = codes_of(user)
        assert "Sepuluh kode yang lama" in here.get("/akun/kode-pemulihan/baru/").text
        for current, code, sentence in [
            ("salah", app_code(SECRET), "Kata sandi sekarang tidak cocok"),
            (PASSWORD, "000000", "tidak cocok atau sudah dipakai"),
        ]:
            page = here.post("/akun/kode-pemulihan/baru/", {"current": current, "code": code})
            assert sentence in page.text
        assert codes_of(user) == old
        answer = here.post("/akun/kode-pemulihan/baru/", {"current": PASSWORD, "code": app_code(SECRET)})
        assert answer["Location"] == "/akun/kode-pemulihan/"
        assert all(code in here.get("/akun/kode-pemulihan/").text for code in codes_of(user))
        assert not set(old) & set(codes_of(user))

    def test_moving_to_another_phone_needs_password_and_code(self, user, here):
        assert here.get("/akun/dua-langkah/")["Location"] == "/"
        answer = here.post("/akun/dua-langkah/pindah/", {"current": PASSWORD, "code": codes_of(user)[0]})
        assert answer["Location"] == "/akun/dua-langkah/"
        page = here.get("/akun/dua-langkah/").text
        assert "Pindah ke ponsel baru" in page
        secret = page.partition('class="secret mono">')[2].partition("<")[0].replace(" ", "")
        assert (
            here.post("/akun/dua-langkah/", {"code": app_code(secret)})["Location"] == "/akun/kode-pemulihan/"
        )
        assert events(user)[-1] == "two_factor_moved"
        assert here.get("/akun/dua-langkah/")["Location"] == "/"

    def test_who_only_reads_may_set_it_up(self, client):
        client.force_login(somebody(Role.OBSERVER, two_factor_at=None))
        assert "Belum aktif" in client.get("/akun/").text
        assert client.get("/akun/dua-langkah/pindah/")["Location"] == "/akun/dua-langkah/"
        assert "Peran Anda mengubah data" not in client.get("/akun/dua-langkah/").text


class TestEnding:
    def test_access_ends_at_once_everywhere_and_may_begin_anew(self, user, here, phone):
        header = token_of(user)
        unlisted = Client()
        unlisted.force_login(user)
        admin = somebody(Role.KPU_REGENCY)
        end_access(user, by=admin, reason="mandat diganti")
        assert [is_in(client) for client in (here, phone, unlisted)] == [False, False, False]
        assert Client().get("/api/v1/me/", **header).status_code == 401
        assert not KnownDevice.objects.exists()
        event = Event.objects.get(name="access_ended")
        assert (event.subject_id, event.by_id) == (user.pk, admin.pk)
        assert event.data == {"reason": "mandat diganti", "sessions": 2, "tokens": 1, "devices": 2}
        log_in(here, user, codes_of(user)[0])
        assert is_in(here)

    def test_others_keep_theirs(self, user, here):
        other = somebody(Role.OPERATOR)
        header = token_of(other)
        end_access(user, by=None, reason="uji")
        assert Client().get("/api/v1/me/", **header).status_code == 200

    def test_ended_account_does_not_get_in(self, user, here):
        deactivate(user, by=somebody(Role.KPU_REGENCY), reason="mandat dicabut")
        assert not is_in(here)
        log_in(here, user, codes_of(user)[0])
        assert not is_in(here)
        with pytest.raises(Conflict):
            deactivate(user, by=None, reason="lagi")

    def test_nobody_ends_their_own_account(self, user):
        with pytest.raises(Refused) as refusal:
            deactivate(user, by=user, reason="uji")
        assert refusal.value.code == "own_account"

    def test_ended_invitation_leaves_no_account_behind(self):
        invited = User.objects.create(username="undangan-1", email="a@contoh.test", is_active=False)
        deactivate(invited, by=None, reason="salah alamat")
        invited.refresh_from_db()
        assert (invited.is_invited, invited.is_active) == (False, False)
        assert User.objects.filter(activated_at__lte=Now(), pk=invited.pk).exists()


class TestTokens:
    def make(self, client, user, **values):
        body = {
            "name": "Unggah malam",
            "scope": "read",
            "days": "7",
            "current": PASSWORD,
            "code": codes_of(user)[0],
        }
        return client.post("/akun/token/", body | values)

    def test_made_once_shown_listed_and_revoked(self, user, here):
        page = self.make(here, user).text
        secret = page.partition('class="secret mono" tabindex="0">')[2].partition("<")[0]
        header = {"HTTP_AUTHORIZATION": f"Token {secret}"}
        assert Client().get("/api/v1/me/", **header).status_code == 200
        row = ApiToken.objects.get()
        assert timedelta(days=6) < row.expiry - timezone.now() <= timedelta(days=7)
        page = here.get("/akun/").text
        assert "Unggah malam" in page
        assert secret not in page
        here.post(f"/akun/token/{row.digest[:16]}/cabut/")
        assert Client().get("/api/v1/me/", **header).status_code == 401
        assert events(user)[-2:] == ["token_made", "token_revoked"]
        assert secret not in str(list(Event.objects.values_list("data", flat=True)))

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"name": " "}, "Token belum diberi nama"),
            ({"current": "salah"}, "Kata sandi sekarang tidak cocok"),
            ({"code": "000000"}, "tidak cocok atau sudah dipakai"),
            ({"code": ""}, "Kode belum diisi"),
        ],
    )
    def test_wrong_input_makes_none(self, user, here, values, sentence):
        assert sentence in self.make(here, user, **values).text
        assert not ApiToken.objects.exists()


class TestTokensByApi:
    def make(self, client, header, user, **values):
        body = {"name": "posko", "days": 30, "password": PASSWORD, "otp": codes_of(user)[0]} | values
        return client.post("/api/v1/me/tokens/", body, "application/json", **header)

    def test_made_listed_and_revoked(self, client, user):
        header = token_of(user)
        made = self.make(client, header, user)
        assert made.status_code == 201
        own = {"HTTP_AUTHORIZATION": f"Token {made.json()['token']}"}
        listed = client.get("/api/v1/me/tokens/", **own).json()["results"]
        assert [token["name"] for token in listed] == ["posko", ""]
        assert "token" not in listed[0]
        assert client.delete(f"/api/v1/me/tokens/{made.json()['id']}/", **header).status_code == 204
        assert client.get("/api/v1/me/", **own).status_code == 401
        assert client.delete(f"/api/v1/me/tokens/{made.json()['id']}/", **header).status_code == 404

    @pytest.mark.parametrize(
        ("values", "status", "code", "field"),
        [
            ({"password": "salah"}, 401, "wrong_password", "password"),
            ({"otp": "000000"}, 401, "otp_wrong", "otp"),
            ({"days": 91}, 400, "max_value", "days"),
            ({"scope": "semua"}, 400, "invalid_choice", "scope"),
            ({"name": ""}, 400, "blank", "name"),
        ],
    )
    def test_wrong_input_makes_none(self, client, user, values, status, code, field):
        answer = self.make(client, token_of(user), user, **values)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)
        assert ApiToken.objects.count() == 1

    def test_stolen_token_alone_makes_no_other(self, client, user):
        answer = client.post(
            "/api/v1/me/tokens/", {"name": "x", "days": 90}, "application/json", **token_of(user)
        )
        assert answer.status_code == 400

    def test_read_token_makes_and_revokes_none(self, client, user):
        header = token_of(user, scope="read")
        assert client.get("/api/v1/me/tokens/", **header).status_code == 200
        assert self.make(client, header, user).status_code == 403
        number = ApiToken.objects.get().digest[:16]
        assert client.delete(f"/api/v1/me/tokens/{number}/", **header).status_code == 403

    def test_token_of_another_is_404(self, client, user):
        token_of(somebody())
        number = ApiToken.objects.get().digest[:16]
        assert client.delete(f"/api/v1/me/tokens/{number}/", **token_of(user)).status_code == 404
        assert ApiToken.objects.count() == 2
