"""Frequent answers: published, read, searched, changed with their versions kept, withdrawn."""

import re

import pytest
from django.test import Client

from foundation.accounts.matrix import Role, ScopeKind
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from supports.help_desk import answers
from supports.help_desk.answers import Said
from supports.help_desk.first_answers import FIRST_ANSWERS, publish_first_answers
from supports.help_desk.models import Answer
from supports.help_desk.wording import as_line, as_page, foreign_links
from tests.foundation.accounts.people import somebody
from tests.supports.help_desk.asking import answered, officer

pytestmark = pytest.mark.django_db
SAID = Said("Mengapa NIK berubah?", "Karena Excel.\n\nLihat [aturan](/aturan/).", "files")


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


class TestPublishing:
    def test_from_a_thread_to_a_page_of_everybody(self):
        thread = answered()
        client = as_user(thread.holder)
        address = f"/bantuan/jawaban/baru/?dari={thread.pk}"
        assert address in text_of(client.get(f"/bantuan/utas/{thread.pk}/"))
        assert f'value="{thread.subject}"' in text_of(client.get(address))
        said = {"title": SAID.title, "text": SAID.text, "topic": "files", "position": 5}
        assert client.post(address, said)["Location"] == "/bantuan/mengapa-nik-berubah/"
        page = text_of(Client().get("/bantuan/mengapa-nik-berubah/"))
        assert '<a href="/aturan/">aturan</a>' in page
        assert "<p>Karena Excel.</p>" in page
        assert Answer.objects.get().thread == thread
        assert "Mengapa NIK berubah?" in text_of(Client().get("/bantuan/"))

    def test_who_may_not_see_the_thread_cannot_begin_with_it(self):
        thread = answered()
        stranger = as_user(somebody((Role.KPU_REGENCY, ScopeKind.REGION, 6472)))
        assert stranger.get(f"/bantuan/jawaban/baru/?dari={thread.pk}").status_code == 404
        assert stranger.get("/bantuan/jawaban/baru/?dari=x").status_code == 404

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"title": ""}, "title_missing"),
            ({"text": " "}, "text_missing"),
            ({"text": "NIK 6474011201909001"}, "nik_in_answer"),
            ({"text": "[sini](https://contoh.test/)"}, "foreign_link"),
            ({"text": "[sini](//contoh.test/)"}, "foreign_link"),
            ({"text": "[sini](javascript:alert(1))"}, None),
            ({"text": "[sini](/tidak/ada/)"}, "foreign_link"),
        ],
    )
    def test_what_cannot_be_an_answer(self, changes, code):
        said = Said(**{"title": "Judul", "text": "Isi", "topic": "files"} | changes)
        if code is None:
            assert "<a" not in as_page(answers.publish_answer(said, by=officer()).text)
            return
        with pytest.raises(Refused) as caught:
            answers.publish_answer(said, by=officer())
        assert caught.value.code == code

    def test_titles_alike_get_addresses_of_their_own(self):
        slugs = [answers.publish_answer(SAID, by=officer()).slug for _ in range(3)]
        assert slugs == ["mengapa-nik-berubah", "mengapa-nik-berubah-2", "mengapa-nik-berubah-3"]
        assert answers.publish_answer(Said("Meja", "Isi", "files"), by=officer()).slug == "meja-2"
        assert answers.publish_answer(Said("？", "Isi", "files"), by=officer()).slug == "jawaban-kpu"


class TestChanging:
    def test_every_version_is_kept(self):
        kota = officer()
        made = answers.publish_answer(SAID, by=kota)
        client = as_user(kota)
        told = {"title": SAID.title, "text": "Karena format angka.", "topic": "rows", "position": 1}
        address = f"/bantuan/jawaban/{made.pk}/"
        assert client.post(address, told | {"version": 1}).status_code == 302
        made.refresh_from_db()
        assert (made.version, made.topic, made.text) == (2, "rows", "Karena format angka.")
        assert list(made.versions.values_list("number", "text")) == [(2, made.text), (1, SAID.text)]
        late = client.post(address, told | {"text": "Terlambat.", "version": 1})
        assert (late.status_code, "Terlambat." in text_of(late)) == (409, True)
        names = list(Event.objects.filter(subject_kind="answer").values_list("name", flat=True))
        assert names == ["answer_published", "answer_changed"]

    def test_moving_it_makes_no_version(self):
        made = answers.publish_answer(SAID, by=officer())
        moved = Said(SAID.title, SAID.text, "rows", 3)
        assert answers.change_answer(made, moved, by=somebody(Role.KPU_RI), version=1).version == 1

    def test_withdrawn_it_is_gone_for_everybody_and_its_address_is_not_given_again(self):
        kota = officer()
        made = answers.publish_answer(SAID, by=kota)
        as_user(kota).post(f"/bantuan/jawaban/{made.pk}/tarik/")
        assert Client().get(f"/bantuan/{made.slug}/").status_code == 404
        assert SAID.title not in text_of(Client().get("/bantuan/"))
        assert "Ditarik" in text_of(as_user(kota).get("/bantuan/jawaban/"))
        with pytest.raises(Conflict):
            answers.withdraw_answer(made, by=kota)
        assert answers.publish_answer(SAID, by=kota).slug == "mengapa-nik-berubah-2"

    def test_another_office_changes_nothing(self):
        made = answers.publish_answer(SAID, by=somebody(Role.KPU_RI))
        kota = officer()
        with pytest.raises(NotAllowed):
            answers.withdraw_answer(made, by=kota)
        assert as_user(kota).get(f"/bantuan/jawaban/{made.pk}/").status_code == 404
        assert as_user(somebody(Role.BAWASLU)).get("/bantuan/jawaban/").status_code == 403


class TestReading:
    def test_search_finds_every_word_anywhere(self):
        publish_first_answers()
        page = text_of(Client().get("/bantuan/?cari=excel+angka"))
        assert "Mengapa NIK di Excel" in page
        assert "Bagaimana tim memperoleh akun" not in page
        assert "Tidak ada jawaban" in text_of(Client().get("/bantuan/?cari=zzzz"))

    def test_a_nik_is_not_searched_for(self):
        page = text_of(Client().get("/bantuan/?cari=6474011201909001"))
        assert "Jangan mengetik NIK di kotak ini" in page
        assert 'value="6474011201909001"' not in page

    def test_the_first_answers_link_to_pages_that_are_there_and_come_once(self):
        assert 8 <= len(FIRST_ANSWERS) <= 12
        assert publish_first_answers() == len(FIRST_ANSWERS)
        assert publish_first_answers() == 0
        for answer in Answer.objects.all():
            page = Client().get(f"/bantuan/{answer.slug}/")
            assert page.status_code == 200
            for address in re.findall(r'<article class="panel">.*?</article>', page.content.decode(), re.S):
                for link in re.findall(r'href="([^"#]+)', address):
                    assert Client().get(link).status_code == 200

    def test_programs_read_them_too(self):
        answers.publish_answer(SAID, by=officer())
        (told,) = Client().get("/api/v1/help/answers/?q=excel").json()["results"]
        assert (told["slug"], told["title"], told["version"]) == ("mengapa-nik-berubah", SAID.title, 1)
        assert Client().get("/api/v1/help/answers/?q=zzz").json()["results"] == []


def test_text_becomes_paragraphs_lists_and_own_links():
    page = as_page("Satu <b>dua\ntiga\n\n- pertama [aturan](/aturan/#X)\n- kedua\n\n[luar](http://x/)")
    assert page == (
        "<p>Satu &lt;b&gt;dua<br>tiga</p>\n"
        '<ul><li>pertama <a href="/aturan/#X">aturan</a></li><li>kedua</li></ul>\n'
        "<p>[luar](http://x/)</p>"
    )
    assert as_line("Satu\n\n- dua [tiga](/aturan/)") == "Satu dua tiga"
    assert foreign_links("[a](/aturan/) [b](/api/v1/me/) [c](x)") == ["/api/v1/me/", "x"]
