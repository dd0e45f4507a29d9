"""Another address of one's own: password and code first, confirmed from the new one, told to the old one."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F

from foundation.accounts.matrix import Role
from foundation.accounts.models import AccessLink, User
from foundation.workflow.models import Event
from tests.factories import work
from tests.foundation.accounts.people import somebody
from tests.foundation.accounts.test_staff import as_user
from tests.foundation.accounts.two_steps import SECRET, app_code, set_up_before

pytestmark = pytest.mark.usefixtures("committed", "quick_log_ins")
OLD, NEW, PASSWORD = "lama@contoh.test", "baru@contoh.test", "kata-sandi-panjang-9"
CONFIRM = "/akun/surel/konfirmasi/"


@pytest.fixture
def owner(committed):
    user = somebody(Role.VERIFIER, email=OLD, two_factor_at=None)
    user.set_password(PASSWORD)
    user.save()
    set_up_before(user)
    user.refresh_from_db()
    return user


def ask(owner, **changes):
    typed = {"email": NEW, "current": PASSWORD, "code": app_code(SECRET)} | changes
    answer = as_user(owner).post("/akun/surel/", typed)
    work()
    return answer


def address_of(owner):
    return User.objects.get(pk=owner.pk).email


def secret():
    letter = next(one for one in mail.outbox if one.to == [NEW])
    return re.search(r"kunci=(\S+)", letter.body)[1]


def test_the_address_changes_when_the_new_one_answers(owner, client):
    assert ask(owner).url == "/akun/"
    assert address_of(owner) == OLD
    assert sorted(one.to[0] for one in mail.outbox) == [NEW, OLD]
    assert client.get(CONFIRM, {"kunci": secret()}).url == CONFIRM
    assert NEW in client.get(CONFIRM).content.decode()
    assert address_of(owner) == OLD
    assert client.post(CONFIRM).status_code == 302
    assert address_of(owner) == NEW
    work()
    assert [one.to[0] for one in mail.outbox].count(OLD) == 2
    assert client.get(CONFIRM, {"kunci": secret()}).status_code == 410
    assert set(Event.objects.filter(subject_id=owner.pk).values_list("name", flat=True)) >= {
        "email_change_asked",
        "email_changed",
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"current": "salah"}, "Kata sandi sekarang tidak cocok."),
        ({"code": "000000"}, "Kode verifikasi tidak cocok"),
        ({"email": "bukan surel"}, "salah tulis"),
        ({"email": OLD.upper()}, "sudah menjadi alamat akun Anda"),
        ({"email": "orang@contoh.test"}, "sudah dipakai"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_mailed(owner, changes, sentence):
    somebody(Role.PPK, email="orang@contoh.test")
    answer = ask(owner, **changes)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not (mail.outbox or AccessLink.objects.exists())


def test_an_address_that_another_took_meanwhile_stays_the_other_s(owner, client):
    ask(owner)
    somebody(Role.PPK, email=NEW)
    client.get(CONFIRM, {"kunci": secret()})
    answer = client.post(CONFIRM)
    assert (answer.status_code, "sudah dipakai akun lain" in answer.content.decode()) == (409, True)
    assert address_of(owner) == OLD


def test_a_link_ends_after_two_hours_and_by_a_later_one(owner, client):
    ask(owner)
    AccessLink.objects.update(expires_at=F("expires_at") - timedelta(hours=3))
    dead = client.get(CONFIRM, {"kunci": secret()})
    assert (dead.status_code, "hanya berlaku 2 jam" in dead.content.decode()) == (410, True)
