"""The pages of a verification: an office deals, a verifier decides row after row, others see nothing."""

import re

import pytest
from django.test import Client

from foundation.accounts.matrix import Role
from foundation.readings.models import Reading
from foundation.workflow.models import Event
from supports.models import Standing
from tests import factories
from tests.supports.handing_in.teams import ENOUGH, handed_in, ready_team, round_of
from tests.supports.scans import papers
from tests.verification.rounds import accepted, held_by, in_review, receive, standings, verifier
from verification import deciding
from verification.cards import card_of
from verification.dealing import deal_rows, open_review
from verification.models import Decision, Review

pytestmark = pytest.mark.usefixtures("committed")


HTMX = {"headers": {"HX-Request": "true"}}


def browser(who):
    client = Client()
    client.force_login(who)
    return client


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def dealt():
    """Team, verifier, office and submission; every row waits for the verifier."""
    team, office, review = in_review(rule_set="pkpu8-2024")
    person = verifier()
    deal_rows(review, by=office, people=[person])
    return team, person, office, round_of(team)


def test_office_deals_to_the_people_it_ticks_and_to_nobody_elsewhere():
    _team, office, review = in_review(rule_set="pkpu8-2024")
    page, client = f"/verifikasi/{review.submission_id}/", browser(office)
    nobody = client.post(page, {"area": "0", "way": "village", "everyone": "on"})
    assert nobody.status_code == 422
    assert "Belum ada verifikator di wilayah itu" in text_of(nobody)
    first, second = verifier(), verifier("v-2")
    client.post(page, {"area": "0", "way": "village", "people": [second.pk]})
    assert (len(held_by(first)), len(held_by(second))) == (0, 4)
    late = client.post(page, {"area": "0", "way": "village", "people": [first.pk]})
    assert late.status_code == 422
    assert "Tidak ada baris" in text_of(late)


def test_office_opens_a_review_and_deals_it():
    team, office = accepted()
    person, client = verifier(), browser(office)
    submission = round_of(team)
    assert "Mulai verifikasi" in text_of(client.get("/verifikasi/"))
    opened = client.post(f"/verifikasi/{submission.pk}/buka/", follow=True)
    assert "0 dari 4 baris sudah diputus" in text_of(opened)
    assert "0 sudah dibagi dan 4 belum dibagi" in text_of(opened)
    nobody = client.post(f"/verifikasi/{submission.pk}/", {"area": "0", "way": "random"})
    assert nobody.status_code == 422
    assert "sedikitnya satu verifikator" in text_of(nobody)
    asked = {"area": "0", "way": "random", "everyone": "on"}
    done = text_of(client.post(f"/verifikasi/{submission.pk}/", asked, follow=True))
    assert "4 baris dibagi kepada 1 verifikator." in done
    taken = text_of(client.post(f"/verifikasi/{submission.pk}/ambil/{person.pk}/", follow=True))
    assert "4 baris diambil kembali" in taken
    assert held_by(person) == set()


def test_verifier_decides_and_goes_on_to_the_next_row(dealt):
    _team, person, _office, submission = dealt
    client = browser(person)
    one, two, *_rest = standings(submission)
    assert "4 baris menunggu" in text_of(client.get("/verifikasi/"))
    first = client.get(f"/verifikasi/{submission.pk}/periksa/")
    assert f'data-card="{one.pk}"' in first.content.decode()
    assert Event.objects.filter(name="identity_opened", subject_id=one.pk, by_id=person.pk).count() == 1
    answer = client.post(
        f"/verifikasi/baris/{one.pk}/putuskan/", {"status": "MS"}, headers={"HX-Request": "true"}
    )
    assert f'data-card="{two.pk}"' in answer.content.decode()
    assert "3 baris menunggu Anda" in text_of(answer)
    refused = client.post(
        f"/verifikasi/baris/{two.pk}/putuskan/",
        {"status": "OTHER", "reasons": ["KTP_MISSING"], "note": "lembar kosong"},
        headers={"HX-Request": "true"},
    )
    assert refused.status_code == 422
    missing = client.post(f"/verifikasi/baris/{two.pk}/putuskan/", {"status": "BMS", "note": "lembar kosong"})
    assert missing.status_code == 422
    assert "sedikitnya satu alasan untuk BMS" in text_of(missing)
    assert 'value="lembar kosong"' in missing.content.decode()
    client.post(f"/verifikasi/baris/{two.pk}/putuskan/", {"status": "BMS", "reasons": ["KTP_MISSING"]})
    back = client.post(f"/verifikasi/baris/{two.pk}/batalkan/", headers={"HX-Request": "true"})
    assert f'data-card="{two.pk}"' in back.content.decode()
    assert [kept.after for kept in Decision.objects.order_by("pk")] == ["MS", "BMS", "unverified"]


def test_the_row_after_is_fetched_ahead_and_not_sent_again(dealt, django_assert_max_num_queries):
    _team, person, _office, submission = dealt
    one, two, three, last = standings(submission)
    client = browser(person)
    ahead = client.get(f"/verifikasi/{submission.pk}/periksa/sesudah/{one.pk}/", **HTMX)
    assert f'data-card="{two.pk}"' in ahead.content.decode()
    body = {"status": "MS", "berikut": str(two.pk)}
    with django_assert_max_num_queries(18):
        answer = client.post(f"/verifikasi/baris/{one.pk}/putuskan/", body, **HTMX)
    assert "3 baris menunggu Anda" in text_of(answer)
    assert "data-card" not in answer.content.decode()
    opened = Event.objects.filter(name="identity_opened", subject_id=two.pk)
    assert opened.count() == 1
    deciding.decide(two, by=person, status="MS")
    gone = client.post(
        f"/verifikasi/baris/{three.pk}/putuskan/", {"status": "MS", "berikut": str(two.pk)}, **HTMX
    )
    assert f'data-card="{last.pk}"' in gone.content.decode()
    assert client.get(f"/verifikasi/{submission.pk}/periksa/sesudah/{last.pk}/", **HTMX).status_code == 204
    far = browser(verifier("jauh", 6471))
    assert far.get(f"/verifikasi/{submission.pk}/periksa/sesudah/{one.pk}/").status_code == 404


def test_the_card_shows_scans_by_kind_and_says_where_there_are_none():
    team = ready_team(ENOUGH, rule_set="pkpu8-2024")
    first = ENOUGH[0]["nik"]
    same = papers.scan("sama")
    papers.taken(
        *team,
        {
            f"{first}_ktp.jpg": papers.scan("KTP", size=(320, 200)),
            f"{first}_b1.pdf": papers.pdf("satu", "dua"),
            f"{first}_identitas.jpg": same,
            f"{ENOUGH[1]['nik']}.jpg": same,
        },
    )
    handed_in(team)
    office = factories.user("kpu", Role.KPU_REGENCY, 6474)
    receive(team, office, "accepted")
    review = open_review(round_of(team), by=office)
    person = verifier()
    deal_rows(review, by=office, people=[person])
    one, _two, three, *_rest = standings(round_of(team))
    card = card_of(one, by=person)
    assert [(paper.title, len(paper.pages)) for paper in card.papers] == [
        ("Surat pernyataan dukungan", 2), ("KTP-el", 1), ("Surat pernyataan identitas", 1),
    ]  # fmt: skip
    notes = [" ".join(paper.notes) for paper in card.papers]
    assert [bool(text) for text in notes] == [False, True, True]
    assert "Terlalu kecil" in notes[1]
    assert "ada juga pada baris lain" in notes[2]
    client = browser(person)
    page = client.get(f"/verifikasi/{one.submission_id}/periksa/").content.decode()
    pictures = re.findall(r'src="(/pindaian/[^"]+)"', page)
    assert len(pictures) == 4
    assert page.count('loading="lazy"') == 1
    shown = [client.get(address)["Content-Type"] for address in pictures]
    assert shown == ["image/jpeg"] * 4
    assert Reading.objects.filter(by_id=person.pk, row_id=one.pk, kind="paper").count() == 4
    without = client.get(
        f"/verifikasi/{one.submission_id}/periksa/?setelah={standings(round_of(team))[1].pk}"
    )
    assert f'data-card="{three.pk}"' in without.content.decode()
    assert "Belum ada pindaian untuk baris ini." in text_of(without)


def test_row_that_was_decided_elsewhere_makes_way_for_the_next(dealt):
    _team, person, _office, submission = dealt
    one, two, *_rest = standings(submission)
    client = browser(person)
    client.post(f"/verifikasi/baris/{one.pk}/putuskan/", {"status": "MS"})
    again = client.post(
        f"/verifikasi/baris/{one.pk}/putuskan/", {"status": "MS"}, headers={"HX-Request": "true"}
    )
    assert "sudah diputus MS" in text_of(again)
    assert f'data-card="{two.pk}"' in again.content.decode()


def test_skipped_rows_come_back_at_the_end(dealt):
    _team, person, _office, submission = dealt
    client = browser(person)
    rows = standings(submission)
    page = client.get(f"/verifikasi/{submission.pk}/periksa/?setelah={rows[-1].pk}")
    assert f'data-card="{rows[0].pk}"' in page.content.decode()
    for row in rows:
        client.post(f"/verifikasi/baris/{row.pk}/putuskan/", {"status": "MS"})
    assert "Tidak ada lagi baris yang menunggu Anda" in text_of(
        client.get(f"/verifikasi/{submission.pk}/periksa/")
    )
    assert set(Standing.objects.values_list("vermin", flat=True)) == {"MS"}


def test_others_see_nothing_of_it(dealt):
    team, _person, _office, submission = dealt
    row = standings(submission)[0]
    pages = (f"/verifikasi/{submission.pk}/", f"/verifikasi/{submission.pk}/periksa/")
    far = browser(verifier("jauh", 6471))
    assert [far.get(page).status_code for page in pages] == [404, 404]
    assert far.post(f"/verifikasi/baris/{row.pk}/putuskan/", {"status": "MS"}).status_code == 404
    own = browser(team[1])
    assert [own.get(page).status_code for page in ("/verifikasi/", *pages)] == [403, 403, 403]
    watcher = browser(factories.user("bawaslu", Role.BAWASLU, 6474))
    assert watcher.get(pages[0]).status_code == 200
    assert watcher.get(pages[1]).status_code == 403
    assert Review.objects.count() == 1
    assert Decision.objects.count() == 0


def test_the_next_row_costs_as_many_queries_however_many_wait(dealt, django_assert_max_num_queries):
    _team, person, _office, submission = dealt
    client = browser(person)
    client.get(f"/verifikasi/{submission.pk}/periksa/")
    with django_assert_max_num_queries(40):
        client.post(
            f"/verifikasi/baris/{standings(submission)[0].pk}/putuskan/",
            {"status": "MS"},
            headers={"HX-Request": "true"},
        )


def test_bulk_decision_goes_from_the_filter_to_its_undoing(dealt):
    team, _person, office, submission = dealt
    first, second = browser(office), browser(factories.user("kpu-2", Role.KPU_REGENCY, 6474))
    page = f"/verifikasi/{submission.pk}/massal/"
    assert "Belum ada keputusan massal" in text_of(first.get(page))
    seen = text_of(first.get(f"{page}?wilayah=647401"))
    assert "3 baris menunggu keputusan" in seen or "2 baris menunggu keputusan" in seen
    assert "Belum ada saringan" in text_of(first.get(f"{page}?temuan="))
    token = re.search(r'name="token" value="([^"]+)"', first.get(f"{page}?wilayah=647401").content.decode())[
        1
    ]
    missing = first.post(f"{page}?wilayah=647401", {"status": "TMS", "token": token})
    assert missing.status_code == 422
    assert "sedikitnya satu alasan" in text_of(missing)
    asked = {"status": "MS", "token": token}
    proposed = text_of(first.post(f"{page}?wilayah=647401", asked, follow=True))
    assert "Menunggu persetujuan orang kedua" in proposed
    assert ("Tarik usulan" in proposed, "Setujui" in proposed) == (True, False)
    others = text_of(second.get(page))
    assert ("Tarik usulan" in others, "Setujui" in others) == (False, True)
    number = submission.review.bulks.get().pk
    own = first.post(f"/verifikasi/massal/{number}/setujui/", follow=True)
    assert "harus disetujui orang lain" in text_of(own)
    assert (
        'hx-trigger="every 2s"'
        in second.post(f"/verifikasi/massal/{number}/setujui/", follow=True).content.decode()
    )
    factories.work()
    ended = first.get(page, headers={"HX-Request": "true"})
    assert ended.status_code == 286
    assert "baris diputus" in text_of(ended)
    second.post(f"/verifikasi/massal/{number}/batalkan/")
    factories.work()
    assert "Dibatalkan seluruhnya" in text_of(first.get(page))
    assert set(Standing.objects.values_list("vermin", flat=True)) == {"unverified"}
    assert browser(team[1]).get(page).status_code == 403
    far = browser(factories.user("jauh", Role.KPU_REGENCY, 6471))
    assert far.get(page).status_code == 404
    assert far.post(f"/verifikasi/massal/{number}/tolak/").status_code == 404
