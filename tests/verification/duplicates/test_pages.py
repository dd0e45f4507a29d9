"""The queue of groups and a group's page: rows side by side, decided there; other pairs' people for the commission."""

import re

import pytest
from django.test import Client

from foundation.accounts.matrix import Role
from foundation.readings.models import Reading
from foundation.workflow.models import Event
from supports.models import Standing
from tests import factories
from tests.supports.handing_in.teams import SOUTH
from tests.verification.duplicates.groups import Scene, check_groups, later_round
from tests.verification.rounds import BONTANG, held_by, verifier
from tests.verification.test_api import client_of
from verification.dealing import deal_rows, take_back
from verification.deciding import decide
from verification.duplicates import queries
from verification.duplicates.models import Counted
from verification.models import Decision, SecondReading

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def scene():
    return Scene()


def browser(who):
    client = Client()
    client.force_login(who)
    return client


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_queue_shows_each_kind_with_its_first_rows(scene):
    client = browser(scene.person)
    page = f"/verifikasi/{scene.submission.pk}/ganda/"
    seen = text_of(client.get(page))
    assert "Ganda identik 1 menunggu dari 1" in seen and "6474••••••••••••" in seen
    other = client.get(page, {"jenis": "nik"})
    assert "Budi Tertulis Lain" in text_of(other)
    assert factories.person(2)["nik"] not in other.content.decode()
    assert "petunjuk saja" in text_of(client.get(page, {"jenis": "phone"}))
    empty = client.get(page, {"jenis": "nik", "keadaan": "diputus"})
    assert "Tidak ada kelompok dengan saringan ini" in text_of(empty)
    assert "Tertulis Lain" in text_of(client.get(page, {"jenis": "nik", "wilayah": "647402"}))
    assert "Tidak ada kelompok" in text_of(client.get(page, {"jenis": "identical", "wilayah": "647402"}))
    assert client.get(page, {"jenis": "apa"}).status_code == 422
    assert client.get(page, {"jenis": "nik", "kursor": "x"}).status_code == 422


def test_rows_stand_side_by_side_and_say_in_words_what_differs(scene):
    group = scene.group("nik")
    seen = text_of(browser(scene.person).get(f"/verifikasi/ganda/{group.pk}/"))
    assert "3 baris, 3 menunggu keputusan" in seen
    assert "beda Budi Tertulis Lain" in seen and "beda Bontang Selatan" in seen
    assert "beda disamarkan" in seen and "sama" in seen
    opened = browser(scene.person).post(f"/verifikasi/ganda/{group.pk}/buka/")
    assert factories.person(2)["nik"] in text_of(opened) and "beda Jl. Lain 5" in text_of(opened)
    assert Reading.objects.filter(kind="identity", row_id__in=scene.ids(4, 5, 6)).count() == 3
    assert Event.objects.filter(name="identity_opened").count() == 3


def test_picked_rows_are_decided_together(scene):
    group = scene.group("nik")
    client, page = browser(scene.person), f"/verifikasi/ganda/{group.pk}/putuskan/"
    assert "sedikitnya satu" in text_of(client.post(page, {"status": "MS"}))
    ids = scene.ids(5, 6)
    missing = client.post(page, {"status": "TMS", "supports": ids})
    assert missing.status_code == 422 and "sedikitnya satu alasan" in text_of(missing)
    both = client.post(page, {"status": "MS", "supports": ids})
    assert both.status_code == 422 and "Satu orang dihitung satu kali" in text_of(both)
    done = client.post(page, {"status": "TMS", "supports": ids, "reasons-TMS": "DUPLICATE_NIK"}, follow=True)
    assert "2 baris diputus TMS." in text_of(done)
    assert set(Decision.objects.values_list("support_id", "after")) == {(pk, "TMS") for pk in ids}
    check_groups()


def test_one_stays_counted_and_the_others_do_not(scene):
    group = scene.group("nik")
    kept = scene.row(5)
    client = browser(scene.person)
    done = text_of(client.post(f"/verifikasi/ganda/{group.pk}/tetap/{kept.pk}/", follow=True))
    assert "Diputus sekarang: 1 MS, 2 BMS." in done
    assert [scene.row(n).vermin for n in (4, 5, 6)] == ["BMS", "MS", "BMS"]
    check_groups()
    undone = text_of(client.post(f"/verifikasi/ganda/{group.pk}/batalkan/", follow=True))
    assert "3 keputusan Anda dibatalkan" in undone
    assert set(scene.ids(4, 5, 6)) <= held_by(scene.person)
    check_groups()


def test_copies_of_the_kept_row_are_tms(scene):
    browser(scene.person).post(f"/verifikasi/ganda/{scene.group('identical').pk}/tetap/{scene.row(3).pk}/")
    assert [scene.row(n).vermin for n in (2, 3)] == ["TMS", "MS"]
    assert Decision.objects.get(after="TMS").reasons == [12]


def test_shared_telephone_forces_nothing(scene):
    client = browser(scene.person)
    page = f"/verifikasi/ganda/{scene.group('phone').pk}/"
    assert "hanya petunjuk" in text_of(client.get(page))
    assert "hanya petunjuk" in text_of(client.post(f"{page}tetap/{scene.row(7).pk}/"))
    client.post(f"{page}putuskan/", {"status": "MS", "supports": scene.ids(7, 8, 9)})
    assert [scene.row(n).vermin for n in (7, 8, 9)] == ["MS", "MS", "MS"]


def test_group_of_two_holders_is_taken_over_by_the_first(scene):
    take_back(scene.review, by=scene.office, person=scene.person)
    other = verifier("lain")
    deal_rows(scene.review, by=scene.office, people=[scene.person, other])
    group = scene.group("nik")
    first, second = (browser(one) for one in (scene.person, other))
    if not set(scene.ids(4)) <= held_by(scene.person):
        first, second = second, first
    page = f"/verifikasi/ganda/{group.pk}/"
    refused = second.post(f"{page}ambil-alih/")
    assert refused.status_code == 422 and "pemegang baris pertamanya" in text_of(refused)
    assert "menunggu Anda." in text_of(first.post(f"{page}ambil-alih/", follow=True))
    told = Event.objects.get(name="group_taken_over")
    assert told.data["rows"] == sum(told.data["taken_from"].values()) == 1
    assert "Tidak ada baris lain" in text_of(first.post(f"{page}ambil-alih/"))
    assert len(held_by(scene.person)) + len(held_by(other)) == 11


def test_people_of_other_pairs_are_for_the_commission_alone(scene):
    other = factories.pair(scene.team[0].election, "Sari Umpama – Bayu Contoh")
    factories.loaded(
        other, factories.operator(other, "operator-lain"), [factories.person(6), factories.person(90)]
    )
    factories.work()
    page = f"/verifikasi/{scene.submission.pk}/ganda/antarpasangan/"
    seen = text_of(browser(scene.office).get(page))
    assert seen.count("Sari Umpama – Bayu Contoh") == 1 and "saat verifikasi faktual" in seen
    assert "Antarbakal" not in text_of(browser(scene.person).get(f"/verifikasi/{scene.submission.pk}/ganda/"))
    watcher = factories.user("bawaslu", Role.BAWASLU, BONTANG)
    answers = [browser(one).get(page).status_code for one in (scene.person, watcher, scene.team[1])]
    assert answers == [403, 403, 403]
    call = f"/api/v1/submissions/{scene.submission.pk}/review/pair-matches/"
    (shared,) = client_of(scene.office).get(call).json()["results"]
    assert {one["pair_name"] for one in shared["given"]} == {scene.team[0].name, other.name}
    assert factories.person(6)["nik"] not in str(shared)
    answers = [client_of(one).get(call).status_code for one in (scene.person, watcher, scene.team[1])]
    assert answers == [403, 403, 403]
    assert client_of(factories.user("kpu-lain", Role.KPU_REGENCY, 6471)).get(call).status_code == 404


def test_watchers_read_and_strangers_find_nothing(scene):
    group = scene.group("nik")
    pages = (f"/verifikasi/{scene.submission.pk}/ganda/", f"/verifikasi/ganda/{group.pk}/")
    watcher = browser(factories.user("bawaslu", Role.BAWASLU, BONTANG))
    assert [watcher.get(page).status_code for page in pages] == [200, 200]
    assert watcher.post(f"{pages[1]}putuskan/", {"status": "MS"}).status_code == 403
    far = browser(verifier("jauh", 6471))
    assert [far.get(page).status_code for page in pages] == [404, 404]
    assert far.post(f"{pages[1]}tetap/{scene.row(4).pk}/").status_code == 404
    team = browser(scene.team[1])
    assert [team.get(page).status_code for page in pages] == [403, 403]
    assert set(Standing.objects.values_list("vermin", flat=True)) == {"unverified"}


def test_pages_cost_as_much_however_many_rows(scene, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(queries, "MEMBERS_PER_PAGE", 2)
    client = browser(scene.person)
    page = f"/verifikasi/ganda/{scene.group('nik').pk}/"
    first = client.get(page)
    onwards = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&gt;", ">")
    second = text_of(client.get(onwards))
    assert "acuan" in second and "Budi Tertulis Lain" in second
    with django_assert_max_num_queries(45):
        client.get(page)
    with django_assert_max_num_queries(35):
        client.get(f"/verifikasi/{scene.submission.pk}/ganda/?jenis=nik")


def test_card_of_a_row_leads_to_its_group(scene):
    client, page = browser(scene.person), f"/verifikasi/{scene.submission.pk}/periksa/"
    first = client.get(page)
    assert "Ganda identik: 2 baris" in text_of(first)
    assert f"/verifikasi/ganda/{scene.group('identical').pk}/" in first.content.decode()
    later = later_round(scene, [factories.person(7, **SOUTH)])
    card = text_of(client.get(f"/verifikasi/{later.pk}/periksa/"))
    assert "Putaran sebelumnya: 2 baris" in card and "Awal · Tanjung Laut" in card


def test_where_two_must_read_the_same_a_group_is_read_row_by_row():
    scene = Scene()
    rules = scene.submission.rule_set
    type(rules).objects.filter(pk=rules.pk).update(body={**rules.body, "second_reader": ["TMS"]})
    group = scene.group("identical")
    client = browser(scene.person)
    client.post(f"/verifikasi/ganda/{group.pk}/tetap/{scene.row(2).pk}/")
    assert [scene.row(n).vermin for n in (2, 3)] == ["MS", "unverified"]
    assert SecondReading.objects.get().support_id == scene.row(3).pk
    check_groups()
    client.post(f"/verifikasi/ganda/{group.pk}/batalkan/")
    assert set(scene.ids(2, 3)) <= held_by(scene.person)
    assert SecondReading.objects.count() == 0
    check_groups()


def test_first_reading_of_two_takes_nobody():
    scene = Scene()
    rules = scene.submission.rule_set
    type(rules).objects.filter(pk=rules.pk).update(body={**rules.body, "second_reader": ["MS"]})
    decide(scene.row(2), by=scene.person, status="MS")
    assert (scene.row(2).vermin, Counted.objects.count()) == ("unverified", 0)
