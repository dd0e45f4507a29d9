"""Jadwal tahapan for everybody: the list, the schedule in force with its countdown, and how it was before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.models import Window
from candidates.operations import open_by_ruling, open_window
from candidates.queries import now
from candidates.schedules import cancel_window, change_window
from foundation.accounts.matrix import Role
from tests import factories
from tests.candidates.making import approve, make_ruling
from tests.candidates.test_window_pages import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def coming(election, days=2, **more):
    opens = (now() + days * DAY + timedelta(minutes=5)).replace(microsecond=0)
    given = {"stage": "awal", "kind": "filling", "opens_at": opens, "closes_at": opens + 4 * DAY}
    return open_window(election, by=None, **given | more)


class TestList:
    def test_it_says_what_is_open_and_what_comes_next(self, client):
        factories.election()
        kupang = factories.election(name="Pemilihan Wali Kota Kupang 2024", region_id=5371, open_now=False)
        coming(kupang)
        factories.election(name="Pemilihan Wali Kota Samarinda 2024", region_id=6472, open_now=False)
        page = text_of(client.get("/jadwal/"))
        assert "Pengisian data · Awal sampai" in page
        assert "berakhir 29 hari 23 jam lagi." in page
        assert "dibuka 2 hari lagi." in page or "dibuka 2 hari" in page
        assert "Jadwal belum ditetapkan." in page

    def test_an_election_is_found_by_name_or_region(self, client):
        factories.election()
        factories.election(name="Pilwalkot", region_id=5371)
        page = text_of(client.get("/jadwal/", {"cari": "kupang"}))
        assert "Pilwalkot" in page
        assert "Bontang 2024" not in page
        assert "Tidak ada pemilihan dengan nama" in text_of(client.get("/jadwal/", {"cari": "x y z"}))

    def test_practice_is_left_out_unless_asked_for(self, client):
        factories.election()
        practice = factories.election(name="Latihan Bimtek", practice=True)
        assert "Latihan Bimtek" not in text_of(client.get("/jadwal/"))
        page = text_of(client.get("/jadwal/", {"latihan": "ya"}))
        assert "Latihan Bimtek" in page
        assert "Pemilihan Wali Kota Bontang 2024" not in page
        assert client.get(f"/jadwal/{practice.pk}/").status_code == 404
        shown = text_of(client.get(f"/jadwal/{practice.pk}/", {"latihan": "ya"}))
        assert "Latihan: data di sini tidak dipakai" in shown

    def test_it_costs_the_same_with_one_election_and_with_many(self, client):
        def queries():
            with CaptureQueriesContext(connection) as done:
                assert client.get("/jadwal/").status_code == 200
            return len(done)

        factories.election()
        queries()
        with_one = queries()
        for number in range(8):
            coming(factories.election(name=f"Pemilihan {number}"), days=60)
        assert queries() == with_one

    def test_nothing_yet_is_said(self, client):
        assert "Belum ada pemilihan yang diumumkan." in text_of(client.get("/jadwal/"))


class TestSchedule:
    def test_it_counts_down_in_local_time_with_the_zone(self, client):
        election = factories.election(region_id=9171, open_now=False)
        window = coming(election)
        page = text_of(client.get(f"/jadwal/{election.pk}/"))
        assert "semua jam dalam WIT" in page
        assert "WIT" in page
        assert "dibuka 2 hari" in page
        assert "<svg" in page
        window.refresh_from_db()
        assert "Versi 1</a></strong>" in page
        assert " · berlaku" in page

    def test_an_older_version_stays_readable_and_says_until_when(self, client):
        election = factories.election(open_now=False)
        window = coming(election, decree="Pengumuman 5/2024")
        change_window(window, by=None, decree="Keputusan 7/2024", closes_at=window.closes_at + DAY)
        cancel_window(window, by=None, decree="Keputusan 8/2024")
        page = text_of(client.get(f"/jadwal/{election.pk}/"))
        assert page.count("Keputusan 7/2024") == 1
        assert "dibatalkan, semula" in page
        assert "Jadwal belum ditetapkan." in page
        first = text_of(client.get(f"/jadwal/{election.pk}/versi/1/"))
        assert "Ini versi 1, yang tidak berlaku lagi sejak" in first
        assert "<svg" in first
        assert "Pengisian data" in first
        last = text_of(client.get(f"/jadwal/{election.pk}/versi/3/"))
        assert "tidak berlaku lagi" not in last
        assert client.get(f"/jadwal/{election.pk}/versi/4/").status_code == 404

    def test_windows_of_single_pairs_are_nobody_else_s(self, client):
        election = factories.election()
        pair = factories.pair(election)
        ruling = make_ruling(pair)
        for number in range(2):
            approve(ruling, by=factories.user(f"kpu-ri-{number}", Role.KPU_RI))
        open_by_ruling(ruling, by=None)
        page = text_of(client.get(f"/jadwal/{election.pk}/"))
        assert Window.objects.count() == 3
        assert ruling.document not in page
        assert pair.name not in page
        assert (
            page.count('class="filling') + page.count('class="handing_in') == 3
        )  # one bar, two of the legend

    def test_pages_lead_there(self, client):
        election = factories.election()
        assert 'href="/jadwal/"' in client.get("/").content.decode()
        client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
        page = client.get(f"/pemilihan/{election.pk}/").content.decode()
        assert f'href="/jadwal/{election.pk}/"' in page
