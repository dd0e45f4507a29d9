"""Who forgot a password gets a link by mail; who has no account gets the same answer."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models.functions import Now
from django.test import Client

from foundation.accounts.attempts import LINKS_PER_ADDRESS
from foundation.accounts.models import AccessLink, KnownDevice, Mail, User
from foundation.accounts.second_factor import codes_of
from foundation.jobs.models import Job
from foundation.workflow.models import Event
from tests.factories import work
from tests.foundation.accounts.people import stored_in, token_of
from tests.foundation.accounts.two_steps import log_in, type_password, writer_with_app

pytestmark = pytest.mark.usefixtures("committed", "quick_log_ins")
NEW = "kenanga-di-atas-bukit"
ADDRESS = "rangga@contoh.test"


@pytest.fixture
def user():
    user = writer_with_app()
    User.objects.filter(pk=user.pk).update(email=ADDRESS)
    user.refresh_from_db()
    return user


def ask(address=ADDRESS, **extra):
    return Client().post("/akun/lupa-kata-sandi/", {"email": address}, **extra)


def mailed_link():
    work()
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.outbox[-1].body)[1]


def choose(client, password=NEW):
    return client.post("/akun/kata-sandi-baru/", {"password": password, "again": password})


def test_link_leads_to_another_password_and_the_second_step_is_still_asked(user):
    before = Client()
    log_in(before, user, codes_of(user)[0])
    header = token_of(user)
    assert ask(ADDRESS.upper()).status_code == 200
    address = mailed_link()
    assert user.username in mail.outbox[-1].body
    client = Client()
    assert client.get(address)["Location"] == "/akun/kata-sandi-baru/"
    assert client.get("/akun/kata-sandi-baru/")["Cache-Control"] == "no-store"
    assert choose(client)["Location"] == "/akun/masuk/"
    assert before.get("/pasangan/").status_code == 302
    assert client.get("/api/v1/me/", **header).status_code == 401
    assert type_password(client, user).status_code == 200
    assert type_password(client, user, NEW)["Location"] == "/akun/masuk/kode/"
    assert client.get("/pasangan/").status_code == 302
    assert KnownDevice.objects.filter(user=user).exists()
    names = list(Event.objects.filter(subject_id=user.pk).values_list("name", flat=True))
    assert {"password_link_sent", "password_set_by_link"} <= set(names)


def test_answer_never_says_whether_the_account_is_there(user):
    User.objects.create(username="dulu", email="dulu@contoh.test", is_active=False, activated_at=Now())
    pages = [ask(address).text for address in (ADDRESS, "siapa@contoh.test", "dulu@contoh.test")]
    plain = [re.sub(r"[a-z]+@contoh\.test", "", page) for page in pages]
    assert plain[0] == plain[1] == plain[2]
    assert Job.objects.count() == 3
    work()
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_neither_address_nor_secret_lies_in_a_job(user):
    ask()
    assert ADDRESS not in stored_in(Job)
    secret = mailed_link().partition("kunci=")[2]
    assert secret not in stored_in(Job, Mail, AccessLink, Event)


def test_link_works_once_and_for_two_hours(user):
    ask()
    address = mailed_link()
    client = Client()
    client.get(address)
    choose(client)
    assert "sudah dipakai" in Client().get(address).text
    ask()
    address = mailed_link()
    AccessLink.objects.update(expires_at=Now() - timedelta(seconds=1))
    page = Client().get(address)
    assert page.status_code == 410
    assert "hanya berlaku 2 jam" in page.text


def test_activation_link_is_no_password_link(user):
    ask()
    secret = mailed_link().partition("kunci=")[2]
    assert Client().get(f"/akun/aktivasi/?kunci={secret}").status_code == 410


def test_weak_password_uses_nothing_up(user):
    ask()
    client = Client()
    client.get(mailed_link())
    assert "terlalu pendek" in choose(client, "pendek").text
    assert choose(client).status_code == 302


def test_wishes_are_limited_for_an_address(user):
    for number in range(LINKS_PER_ADDRESS):
        assert "Periksa surel Anda" in ask(REMOTE_ADDR=f"192.0.2.{number}").text
    assert "diminta berkali-kali" in ask(REMOTE_ADDR="192.0.2.99").text
    assert "Periksa surel Anda" in ask("lain@contoh.test", REMOTE_ADDR="192.0.2.99").text


def test_wrong_address_is_told_in_words():
    assert "tidak lengkap atau salah tulis" in ask("bukan").text
    assert "belum diisi" in ask("").text
