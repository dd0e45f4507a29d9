"""Somebody is invited by mail, and makes the account their own."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.utils.html import escape

from foundation.accounts.activation import activate, invite, propose_username, resend
from foundation.accounts.links import LinkDead, Purpose, digest_of, open_link
from foundation.accounts.matrix import Role, ScopeKind
from foundation.accounts.models import AccessLink, Mail, User
from foundation.errors import Conflict, Refused, TooMany
from foundation.jobs.models import Job
from foundation.workflow.models import Event
from tests.factories import work
from tests.foundation.accounts.people import long_ago, somebody, stored_in

PASSWORD = "melati-di-tepi-kali"
pytestmark = [pytest.mark.usefixtures("committed", "quick_log_ins")]


def invited(email="rangga@contoh.test", role=Role.OBSERVER, kind=ScopeKind.NATION, scope_id=0, by=None):
    return invite(email=email, name="Rangga Contoh", role=role, scope_kind=kind, scope_id=scope_id, by=by)


def mailed_link():
    """The address in the last letter, without the site."""
    work()
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.outbox[-1].body)[1]


def link_of(address):
    return open_link(digest_of(address.partition("kunci=")[2]), Purpose.ACTIVATION)


def choose(client, username="rangga", password=PASSWORD, again=None):
    return client.post(
        "/akun/aktivasi/", {"username": username, "password": password, "again": again or password}
    )


class TestInvite:
    def test_account_has_its_role_and_cannot_log_in(self):
        admin = somebody(Role.KPU_RI)
        user = invited(role=Role.LO, kind=ScopeKind.PAIR, scope_id=7, by=admin)
        assert user.is_invited
        assert not user.is_active
        assert not user.has_usable_password()
        assert list(user.assignments.values_list("role", "scope_id")) == [("lo", 7)]
        work()
        (letter,) = mail.outbox
        assert letter.to == ["rangga@contoh.test"]
        assert "Petugas penghubung (LO)" in letter.body
        assert "72 jam" in letter.body
        events = Event.objects.filter(subject_kind="user", subject_id=user.pk).order_by("id")
        assert [(event.name, event.by_id) for event in events] == [
            ("user_invited", admin.pk),
            ("role_assigned", admin.pk),
        ]
        assert "contoh.test" not in str([event.data for event in events])

    @pytest.mark.parametrize(
        ("address", "code"),
        [("bukan alamat", "email_invalid"), ("", "email_invalid"), (" Siti@Contoh.test", "email_taken")],
    )
    def test_address_that_cannot_be_used_is_refused(self, address, code):
        User.objects.create(username="siti", email="siti@contoh.test")
        with pytest.raises(Refused) as refusal:
            invited(email=address)
        assert (refusal.value.code, refusal.value.field) == (code, "email")
        assert User.objects.count() == 1

    def test_who_is_invited_already_is_told_so(self):
        invited()
        with pytest.raises(Refused, match="sudah diundang"):
            invited(email="RANGGA@contoh.test")

    def test_address_of_an_ended_account_is_free_again(self):
        User.objects.create(
            username="dulu", email="rangga@contoh.test", is_active=False, activated_at="2024-01-01T00:00Z"
        )
        assert invited().is_invited

    def test_database_holds_one_living_account_for_an_address(self):
        invited()
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(username="kembar", email="Rangga@Contoh.test")

    def test_secret_is_in_the_letter_only(self):
        invited()
        secret = mailed_link().partition("kunci=")[2]
        assert len(secret) > 40
        assert secret not in stored_in(AccessLink, Mail, Job, Event)


class TestResend:
    def test_new_link_ends_the_old_one(self):
        user = invited()
        old = mailed_link()
        with pytest.raises(TooMany) as refusal:
            resend(user, by=None)
        assert refusal.value.code == "link_just_sent"
        long_ago()
        resend(user, by=None)
        new = mailed_link()
        with pytest.raises(LinkDead) as refusal:
            link_of(old)
        assert refusal.value.code == "link_replaced"
        assert link_of(new).user == user
        assert Event.objects.filter(name="invitation_sent_again", subject_id=user.pk).count() == 1

    def test_active_account_gets_no_link(self):
        invited()
        user = activate(link_of(mailed_link()), username="rangga", password=PASSWORD)
        with pytest.raises(Conflict) as refusal:
            resend(user, by=None)
        assert refusal.value.code == "not_invited"


class TestActivate:
    def test_of_two_at_once_the_second_is_refused(self):
        invited()
        link = link_of(mailed_link())
        activate(link, username="rangga", password=PASSWORD)
        with pytest.raises(LinkDead) as refusal:
            activate(link, username="penyusup", password=PASSWORD)
        assert refusal.value.code == "link_used"
        assert not User.objects.filter(username="penyusup").exists()

    def test_refusal_does_not_use_the_link_up(self):
        User.objects.create(username="Rangga")
        invited()
        link = link_of(mailed_link())
        for username, password, code in [
            ("rangga", PASSWORD, "username_taken"),
            ("rang ga", PASSWORD, "username_invalid"),
            ("rangga2", "pendek", "password_weak"),
            ("rangga2", "rangga contoh", "password_weak"),
        ]:
            with pytest.raises(Refused) as refusal:
                activate(link, username=username, password=password)
            assert refusal.value.code == code
        assert activate(link, username="rangga2", password=PASSWORD).is_active

    def test_invitation_of_an_account_that_was_ended_opens_nothing(self):
        user = invited()
        link = link_of(mailed_link())
        User.objects.filter(pk=user.pk).update(activated_at=Now())
        with pytest.raises(Refused) as refusal:
            activate(link, username="rangga", password=PASSWORD)
        assert refusal.value.code == "not_invited"

    def test_name_is_proposed_from_the_address_and_free(self):
        for name in ("rangga", "Rangga2"):
            User.objects.create(username=name)
        assert propose_username(invited()) == "rangga3"
        assert propose_username(User(email="-@contoh.test")) == "-"
        assert propose_username(User(email="é@contoh.test")) == "akun"


class TestPage:
    def test_link_leads_to_an_active_account_that_is_logged_in(self, client):
        user = invited()
        moved = client.get(mailed_link())
        assert (moved.status_code, moved["Location"]) == (302, "/akun/aktivasi/")
        page = client.get("/akun/aktivasi/")
        assert 'value="rangga"' in page.text
        assert "Paling sedikit 10 karakter" in page.text
        answer = choose(client)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        user.refresh_from_db()
        assert (user.username, user.is_active, user.check_password(PASSWORD)) == ("rangga", True, True)
        assert client.get("/pasangan/").status_code == 200
        assert Event.objects.get(name="user_activated").by_id == user.pk

    def test_looking_at_the_link_uses_nothing_up(self, client):
        invited()
        address = mailed_link()
        for _ in range(3):
            assert Client().get(address, follow=True).status_code == 200
        client.get(address)
        assert choose(client).status_code == 302

    def test_secret_stays_in_no_address_and_no_page_is_kept(self, client):
        invited()
        address = mailed_link()
        for response, policy in (
            (client.get(address), "no-referrer"),
            (client.get("/akun/aktivasi/"), "same-origin"),
            (Client().get(address + "x"), "no-referrer"),
        ):
            assert response["Referrer-Policy"] == policy
            assert response["Cache-Control"] == "no-store"
            assert address.partition("kunci=")[2] not in response.get("Location", "") + response.text

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"used_at": Now()}, "sudah dipakai. Masuk dengan nama pengguna"),
            ({"expires_at": Now() - timedelta(seconds=1)}, "hanya berlaku 72 jam dan sudah berakhir"),
            ({"ended_at": Now()}, "digantikan oleh tautan yang lebih baru"),
            ({"digest": "0"}, "tidak dikenal"),
        ],
    )
    def test_dead_link_says_why_and_what_to_do(self, client, changes, sentence):
        invited()
        address = mailed_link()
        AccessLink.objects.update(**changes)
        page = client.get(address)
        assert page.status_code == 410
        assert escape(sentence) in page.text
        assert choose(client).status_code == 410
        assert not User.objects.filter(is_active=True).exists()

    def test_page_without_a_link_is_told_so(self, client):
        assert "tidak dikenal" in client.get("/akun/aktivasi/").text

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"username": ""}, "Nama pengguna belum diisi"),
            ({"username": "dengan spasi"}, "Nama pengguna ini tidak dapat dipakai"),
            ({"again": "lain-sekali-ya"}, "Kedua kata sandi berbeda"),
            ({"password": "pendek"}, "terlalu pendek"),
        ],
    )
    def test_wrong_choice_is_told_at_its_field(self, client, values, sentence):
        invited()
        client.get(mailed_link())
        page = choose(client, **values)
        assert page.status_code == 200
        assert escape(sentence) in page.text
        assert not User.objects.filter(is_active=True).exists()
