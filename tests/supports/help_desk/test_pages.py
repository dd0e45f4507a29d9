"""The pages of the help desk, as a browser without scripts uses them."""

import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.accounts.matrix import Role
from foundation.attachments.models import Attachment
from foundation.keys.models import StoredFile
from supports.help_desk import operations
from supports.help_desk.models import Message, Thread
from tests import documents, factories
from tests.foundation.accounts.people import somebody
from tests.supports.help_desk.asking import SUBJECT, TEXT, answered, asked, member, officer, row_of, team

pytestmark = pytest.mark.django_db


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def picture(name="layar.png", content=None):
    file = io.BytesIO(content or documents.picture())
    file.name = name
    return file


class TestTheTeam:
    def test_asks_from_an_upload_with_a_screenshot(self):
        pair, operator = team()
        upload = factories.loaded(pair, operator, [factories.person(0)], name="posko.csv")
        client = as_user(operator)
        address = f"/pasangan/{pair.pk}/bantuan/tanya/?tentang=upload&id={upload.pk}"
        assert address.replace("&", "&amp;") in text_of(client.get(f"/unggahan/{upload.pk}/"))
        assert "posko.csv" in text_of(client.get(address))
        said = {"subject": SUBJECT, "text": TEXT, "document": picture()}
        answer = client.post(address, said, follow=True)
        thread = Thread.objects.get()
        assert answer.redirect_chain == [(f"/bantuan/utas/{thread.pk}/", 302)]
        page = text_of(answer)
        assert all(part in page for part in (SUBJECT, "berhenti di 40 %", "posko.csv", "layar.png"))
        assert f'href="/unggahan/{upload.pk}/"' in page
        document = client.get(f"/bantuan/utas/{thread.pk}/lampiran/1/")
        assert document.headers["Content-Type"] == "image/png"
        assert thread.subject in text_of(client.get(f"/pasangan/{pair.pk}/bantuan/"))

    def test_what_is_wrong_is_said_with_the_text_kept_and_no_file_left(
        self, django_capture_on_commit_callbacks
    ):
        pair, operator = team()
        client = as_user(operator)
        address = f"/pasangan/{pair.pk}/bantuan/tanya/"
        for document, sentence in (
            (picture(), "Pokok pertanyaan belum diisi"),
            (picture(content=b"MZ bukan gambar"), "PDF, JPG"),
        ):
            said = {"subject": "", "text": "Tulisan panjang", "document": document}
            with django_capture_on_commit_callbacks(execute=True):
                answer = client.post(address, said)
            assert answer.status_code == 422
            assert sentence in text_of(answer)
            assert "Tulisan panjang" in text_of(answer)
        assert (Thread.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (0, 0, 0)

    def test_a_typist_asks_from_their_row_and_nowhere_else(self):
        pair, _operator = team()
        typist = member(pair, Role.TYPIST)
        row = row_of(pair, typist)
        client = as_user(typist)
        address = f"/pasangan/{pair.pk}/bantuan/tanya/?tentang=support&id={row.pk}"
        assert address.replace("&", "&amp;") in text_of(client.get(f"/pasangan/{pair.pk}/dukungan/{row.pk}/"))
        assert client.post(address, {"subject": SUBJECT, "text": TEXT}).status_code == 302
        assert client.get(f"/pasangan/{pair.pk}/bantuan/tanya/").status_code == 422
        page = text_of(client.get(f"/pasangan/{pair.pk}/bantuan/"))
        assert SUBJECT in page
        assert f'href="/pasangan/{pair.pk}/bantuan/tanya/"' not in page

    @pytest.mark.parametrize("query", ["tentang=typo", "tentang=upload&id=x", "tentang=support&id=-1"])
    def test_an_address_that_means_nothing_is_404(self, query):
        pair, operator = team()
        assert as_user(operator).get(f"/pasangan/{pair.pk}/bantuan/tanya/?{query}").status_code == 404

    def test_another_pairs_thread_is_404_whatever_is_tried(self):
        thread = answered()
        stranger = as_user(member(factories.pair(thread.pair.election, name="Bayu Umpama – Kirana Andaikan")))
        for path in ("", "lampiran/1/"):
            assert stranger.get(f"/bantuan/utas/{thread.pk}/{path}").status_code == 404
        for path in ("tulis/", "selesai/"):
            assert stranger.post(f"/bantuan/utas/{thread.pk}/{path}", {"text": "x"}).status_code == 404
        assert stranger.get(f"/pasangan/{thread.pair_id}/bantuan/").status_code == 404
        assert stranger.post(f"/bantuan/utas/{thread.pk}/jawab/").status_code == 403

    def test_a_new_answer_is_seen_on_the_desk_until_it_is_read(self):
        thread = answered()
        client, pair = as_user(thread.created_by), thread.pair
        assert "1 pertanyaan sudah dijawab KPU dan belum dibaca" in text_of(
            client.get(f"/pasangan/{pair.pk}/")
        )
        assert "Jawaban baru" in text_of(client.get(f"/pasangan/{pair.pk}/bantuan/"))
        as_user(officer()).get(f"/bantuan/utas/{thread.pk}/")
        assert Thread.objects.get().unseen
        client.get(f"/bantuan/utas/{thread.pk}/")
        assert "belum dibaca" not in text_of(client.get(f"/pasangan/{pair.pk}/"))
        assert not Thread.objects.get().unseen

    def test_writes_more_closes_and_opens_again(self):
        thread = answered()
        client = as_user(thread.created_by)
        client.post(f"/bantuan/utas/{thread.pk}/tulis/", {"text": "Masih sama.", "seen": 2})
        client.post(f"/bantuan/utas/{thread.pk}/selesai/")
        assert Thread.objects.get().status == "closed"
        page = text_of(client.get(f"/bantuan/utas/{thread.pk}/"))
        assert "Buka kembali dengan menulis" in page
        client.post(f"/bantuan/utas/{thread.pk}/tulis/", {"text": "Terulang.", "seen": 3})
        assert Thread.objects.get().status == "waiting"


class TestTheOffice:
    def test_finds_the_question_in_the_queue_answers_and_closes(self):
        thread, kota = asked(), officer(name="Ani Petugas")
        client = as_user(kota)
        page = text_of(client.get("/bantuan/meja/"))
        assert "1 pertanyaan menunggu jawaban kantor Anda" in page
        assert f'href="/bantuan/utas/{thread.pk}/"' in page
        client.post(f"/bantuan/utas/{thread.pk}/ambil/")
        assert "dipegang Ani Petugas" in text_of(client.get("/bantuan/meja/"))
        said = {"text": "Unggah ulang.", "seen": 1, "tutup": "1", "document": picture("panduan.png")}
        answer = client.post(f"/bantuan/utas/{thread.pk}/jawab/", said)
        assert answer["Location"] == f"/bantuan/utas/{thread.pk}/#tulisan-2"
        assert Thread.objects.get().status == "closed"
        assert SUBJECT not in text_of(client.get("/bantuan/meja/"))
        assert SUBJECT in text_of(client.get("/bantuan/meja/?status=closed"))

    def test_who_answers_second_is_told_and_keeps_the_text(self):
        thread = asked()
        operations.answer(thread, by=officer(), text="Yang pertama.", seen=1)
        client = as_user(officer())
        answer = client.post(f"/bantuan/utas/{thread.pk}/jawab/", {"text": "Yang kedua.", "seen": 1})
        page = text_of(answer)
        assert answer.status_code == 409
        assert all(part in page for part in ("KPU sudah menjawab sementara", "Yang pertama.", "Yang kedua."))
        assert Message.objects.count() == 2
        # Read by now: the same form sends it.
        assert 'name="seen" value="2"' in page

    def test_hands_on_and_sees_that_it_lies_elsewhere(self):
        thread, client = asked(), as_user(officer())
        client.post(f"/bantuan/utas/{thread.pk}/teruskan/", {"desk": "64"})
        page = text_of(client.get(f"/bantuan/utas/{thread.pk}/"))
        assert "di meja KPU Kalimantan Timur" in page
        assert "/jawab/" not in page
        assert SUBJECT not in text_of(client.get("/bantuan/meja/"))
        assert SUBJECT in text_of(client.get("/bantuan/meja/?meja=semua"))
        assert client.post(f"/bantuan/utas/{thread.pk}/jawab/", {"text": "x", "seen": 1}).status_code == 403

    def test_bawaslu_reads_and_does_nothing(self):
        thread, client = asked(), as_user(somebody(Role.BAWASLU))
        assert SUBJECT in text_of(client.get("/bantuan/meja/"))
        page = text_of(client.get(f"/bantuan/utas/{thread.pk}/"))
        assert "berhenti di 40 %" in page
        assert '<form class="panel"' not in page
        assert client.post(f"/bantuan/utas/{thread.pk}/jawab/").status_code == 403

    def test_a_team_has_no_queue(self):
        _pair, operator = team()
        assert as_user(operator).get("/bantuan/meja/").status_code == 404
        assert as_user(somebody(Role.OBSERVER)).get("/bantuan/meja/").status_code == 403


class TestManyThreads:
    def test_the_menu_says_how_many_wait_and_no_exact_number_when_it_is_large(self, monkeypatch):
        pair, operator = team()
        kota = as_user(officer())
        assert "navcount" not in text_of(kota.get("/bantuan/meja/"))
        for number in range(3):
            asked(pair, operator, subject=f"Soal {number}")
        assert 'class="navcount">3<' in text_of(kota.get("/bantuan/meja/"))
        monkeypatch.setattr("silon.context.COUNTED_TO", 2)
        assert 'class="navcount">2+<' in text_of(kota.get("/bantuan/meja/"))
        assert "navcount" not in text_of(as_user(operator).get(f"/pasangan/{pair.pk}/"))

    def test_a_hundred_messages_cost_what_two_do(self):
        thread = answered()
        client = as_user(thread.created_by)
        address = f"/bantuan/utas/{thread.pk}/"
        client.get(address)

        def queries():
            with CaptureQueriesContext(connection) as asked_for:
                page = client.get(address)
            return len(asked_for), page

        few, _page = queries()
        for number in range(98):
            operations.write(thread, by=thread.created_by, text=f"Tulisan {number}")
        client.get(address)  # keys stay in memory for seconds only
        many, page = queries()
        assert many <= few
        assert text_of(page).count('id="tulisan-') == 100

    def test_the_queue_is_constant_in_queries(self):
        pair, operator = team()
        asked(pair, operator)
        client = as_user(officer())

        def queries():
            with CaptureQueriesContext(connection) as asked_for:
                client.get("/bantuan/meja/")
            return len(asked_for)

        few = (queries(), queries())[1]
        for number in range(10):
            asked(pair, operator, subject=f"Soal {number}")
        assert queries() <= few
