"""A citizen asks without an account and reads the answer by a mailed link; nobody else can, and nothing leaks."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.accounts.models import Mail
from foundation.keys.keyring import keyring
from foundation.mail import _key
from foundation.readings.models import Reading
from foundation.seal import open_text
from foundation.workflow.models import Event
from supports.help_desk import limits, operations
from supports.help_desk.models import AskerLink, Message, Thread
from supports.help_desk.sealing import open_contact
from tests.candidates.making import make_election
from tests.candidates.mandates.filing import document
from tests.foundation.accounts.people import somebody, stored_in
from tests.supports.help_desk.asking import asked, officer

pytestmark = pytest.mark.django_db
FIELDS = {
    "name": "Warga Contoh",
    "email": "warga@contoh.test",
    "subject": "Kapan hasilnya diumumkan?",
    "text": "Saya ingin tahu jadwalnya.",
}


@pytest.fixture(autouse=True)
def nobody_asked():
    cache.clear()


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def ask(client=None, **changes):
    return (client or Client()).post("/bantuan/tanya/", FIELDS | changes)


def link(number=-1):
    """The address that a letter brought."""
    mail = list(Mail.objects.order_by("pk"))[number]
    return json.loads(open_text(mail.sealed, mail.pk, _key()))["link"].partition("//")[2].partition("/")[2]


def opened(number=-1):
    """A browser that followed the mailed link."""
    client = Client()
    answer = client.get("/" + link(number))
    assert answer["Location"] == "/bantuan/pertanyaan/"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    return client


class TestAsking:
    def test_the_question_goes_to_the_office_of_its_election(self):
        election = make_election()
        answer = ask(election=election.pk)
        assert (answer.status_code, answer["Location"]) == (302, "/bantuan/terkirim/")
        thread = Thread.objects.get()
        assert (thread.election, thread.region, thread.desk) == (election, 6474, 6474)
        assert open_contact(thread).email == FIELDS["email"]

    @pytest.mark.parametrize(("changes", "desk"), [({}, 0), ({"province": "64"}, 64)])
    def test_without_an_election_to_the_province_or_kpu_ri(self, changes, desk):
        ask(**changes)
        assert Thread.objects.get().desk == desk

    def test_no_name_address_or_word_is_stored_in_clear_but_on_the_letter(self):
        ask()
        stored = stored_in(Message, Thread, Event, AskerLink)
        for secret in ("Warga Contoh", "warga@contoh", "jadwalnya"):
            assert secret not in stored
        (mail,) = Mail.objects.all()
        assert (mail.to, mail.template) == ("warga@contoh.test", "help_received")
        assert AskerLink.objects.get().digest not in link()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"text": "NIK saya 6474011201909001."}, "memuat 16 digit seperti NIK"),
            ({"text": "6474 0112 0190 9001"}, "memuat 16 digit seperti NIK"),
            ({"subject": "6474011201909001"}, "memuat 16 digit seperti NIK"),
            ({"name": "6474011201909001"}, "memuat 16 digit seperti NIK"),
            ({"email": "warga"}, "Surel itu tidak lengkap"),
            ({"text": "a" * 4001}, "Isi terlalu panjang"),
            ({"name": ""}, "Nama belum diisi"),
            ({"province": "99"}, "Pilihan itu tidak ada"),
            ({"election": "999999"}, "Pilihan itu tidak ada"),
        ],
    )
    def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(self, changes, sentence):
        answer = ask(**changes)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert (FIELDS | changes)["subject"] in text_of(answer)
        assert not Thread.objects.exists()

    def test_a_practice_election_is_not_offered(self):
        practice = make_election(practice=True, name="Latihan")
        assert "Latihan" not in text_of(Client().get("/bantuan/tanya/"))
        assert ask(election=practice.pk).status_code == 422

    def test_html_is_text(self):
        ask(text="<script>alert(1)</script>")
        page = text_of(opened().get("/bantuan/pertanyaan/"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


class TestAbuse:
    def test_an_address_asks_so_often_in_an_hour_whether_it_is_known_or_not(self):
        for number in range(limits.QUESTIONS_PER_ADDRESS):
            assert ask(subject=f"Soal {number}").status_code == 302
        refused = ask(subject="Satu lagi", email="WARGA@contoh.test")
        assert refused.status_code == 429
        assert "terlalu banyak tulisan" in text_of(refused)
        assert "Satu lagi" in text_of(refused)
        assert ask(email="lain@contoh.test").status_code == 302

    def test_what_is_refused_is_not_counted(self):
        for _time in range(limits.QUESTIONS_PER_ADDRESS + 1):
            assert ask(text="6474011201909001").status_code == 422
        assert ask().status_code == 302

    def test_a_network_asks_so_often_in_an_hour(self, monkeypatch):
        monkeypatch.setattr(limits, "QUESTIONS_PER_NETWORK", 2)
        answers = [ask(email=f"warga{number}@contoh.test").status_code for number in range(3)]
        assert answers == [302, 302, 429]
        other = Client(REMOTE_ADDR="203.0.113.9")
        assert ask(other, email="jauh@contoh.test").status_code == 302

    def test_a_thread_is_written_to_so_often_in_an_hour(self):
        ask()
        client = opened()
        answers = [
            client.post("/bantuan/pertanyaan/tulis/", {"text": f"Lagi {number}"}).status_code
            for number in range(limits.MESSAGES_PER_THREAD + 1)
        ]
        assert answers == [302] * limits.MESSAGES_PER_THREAD + [429]

    def test_the_cache_holds_no_address(self):
        ask()
        keys = [key.decode() for key in cache._cache.get_client(None).keys("*help*")]
        assert keys
        assert not any("contoh" in key for key in keys)


class TestTheLink:
    def test_it_opens_the_thread_and_the_answer_brings_another(self):
        ask(election=make_election().pk)
        thread = Thread.objects.get()
        operations.answer(thread, by=officer(name="Ani Petugas"), text="Tanggal 27.", seen=1)
        page = text_of(opened().get("/bantuan/pertanyaan/"))
        assert "Saya ingin tahu jadwalnya." in page
        assert "Tanggal 27." in page
        assert "Ani Petugas" not in page
        assert not Thread.objects.get().unseen
        # The one that was mailed first still opens it.
        assert "Tanggal 27." in text_of(opened(0).get("/bantuan/pertanyaan/"))
        assert "Tanggal 27" not in str(Mail.objects.values_list("subject", "template", "to"))

    def test_what_kpu_attached_is_opened_by_the_same_link(self):
        election = make_election()
        ask(election=election.pk)
        thread = Thread.objects.get()
        paper = document(election)
        operations.answer(thread, by=officer(), text="Terlampir.", seen=1, document=paper)
        client = opened()
        assert "/bantuan/pertanyaan/lampiran/2/" in text_of(client.get("/bantuan/pertanyaan/"))
        answer = client.get("/bantuan/pertanyaan/lampiran/2/")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert client.get("/bantuan/pertanyaan/lampiran/1/").status_code == 404
        assert Client().get("/bantuan/pertanyaan/lampiran/2/").status_code == 410

    def test_writes_closes_and_opens_again(self):
        ask()
        client = opened()
        client.post("/bantuan/pertanyaan/tulis/", {"text": "Tambahan."})
        client.post("/bantuan/pertanyaan/selesai/")
        assert Thread.objects.get().status == "closed"
        assert "Buka kembali dengan menulis" in text_of(client.get("/bantuan/pertanyaan/"))
        client.post("/bantuan/pertanyaan/tulis/", {"text": "Belum selesai."})
        assert Thread.objects.get().status == "waiting"
        refused = client.post("/bantuan/pertanyaan/tulis/", {"text": "6474011201909001"})
        assert (refused.status_code, "16 digit" in text_of(refused)) == (422, True)

    def test_wrong_expired_or_none_opens_nothing(self):
        ask()
        address = "/" + link()
        for wrong in ("/bantuan/pertanyaan/?kunci=salah", "/bantuan/pertanyaan/"):
            answer = Client().get(wrong)
            assert (answer.status_code, "tidak dikenal" in text_of(answer)) == (410, True)
        client = opened()
        AskerLink.objects.update(expires_at=now() - timedelta(seconds=1))
        for answer in (Client().get(address), client.get("/bantuan/pertanyaan/")):
            assert (answer.status_code, "sudah berakhir" in text_of(answer)) == (410, True)
        assert client.post("/bantuan/pertanyaan/tulis/", {"text": "x"}).status_code == 410
        assert Message.objects.count() == 1

    def test_it_opens_that_thread_and_no_other(self):
        ask(subject="Pertama")
        ask(subject="Kedua")
        first, second = opened(0), opened(1)
        assert "Pertama" in text_of(first.get("/bantuan/pertanyaan/"))
        assert "Kedua" in text_of(second.get("/bantuan/pertanyaan/"))
        other = asked()
        assert first.get(f"/bantuan/utas/{other.pk}/").status_code == 302
        first.post("/bantuan/pertanyaan/tulis/", {"text": "Milik pertama"})
        assert Thread.objects.get(subject="Pertama").written == 2
        assert Thread.objects.get(subject="Kedua").written == 1


class TestWhoKnowsTheCitizen:
    def page(self, user, thread):
        client = Client()
        client.force_login(user)
        return text_of(client.get(f"/bantuan/utas/{thread.pk}/"))

    def test_only_who_may_answer(self):
        ask(election=make_election().pk)
        thread = Thread.objects.get()
        told = self.page(officer(), thread)
        assert "Warga Contoh" in told
        assert "warga@contoh.test" in told
        assert Reading.objects.get().filter == {"thread": thread.pk, "contact": True}
        read = self.page(somebody(Role.BAWASLU), thread)
        assert "Saya ingin tahu jadwalnya." in read
        assert "Warga Contoh" not in read
        assert "warga@contoh.test" not in read
        assert Reading.objects.count() == 1

    def test_kpu_ri_gives_one_without_a_region_to_a_province(self):
        ask()
        thread, centre = Thread.objects.get(), somebody(Role.KPU_RI)
        assert not self.page(somebody(Role.KPU_PROVINCE), thread).count("Saya ingin tahu")
        operations.hand_on(thread, by=centre, desk=64)
        assert "Saya ingin tahu" in self.page(somebody(Role.KPU_PROVINCE), thread)
        assert keyring("accounts")
