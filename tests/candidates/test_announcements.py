"""Pengumuman: to everybody, to a territory, or to the teams of some elections."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.announcements import (
    announce,
    announcements_visible_to,
    dismiss,
    shown_above_pages,
    withdraw_announcement,
)
from candidates.models import Announcement
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.errors import Conflict, NotAllowed, Refused
from foundation.workflow.models import Event
from tests import factories
from tests.foundation.accounts.people import token_of

pytestmark = pytest.mark.django_db
TOLD = {"title": "Perubahan jadwal", "text": "Penyerahan diperpanjang.", "audience": "territory"}


@pytest.fixture
def kpu_ri():
    return factories.user("kpu-ri", Role.KPU_RI)


def titles(user):
    return {one.title for one in shown_above_pages(user)}


def told(by, **changes):
    return announce(by=by, **TOLD | changes)


class TestWho:
    def test_the_nation_s_reaches_everybody_who_works_here(self, kpu_ri):
        pair = factories.pair()
        told(kpu_ri)
        for user in (factories.operator(pair), factories.user("bawaslu", Role.BAWASLU, 5371), kpu_ri):
            assert titles(user) == {"Perubahan jadwal"}

    def test_a_province_s_reaches_its_own_and_no_other(self, kpu_ri):
        inside = factories.operator(factories.pair())
        outside = factories.operator(
            factories.pair(factories.election(region_id=5371, name="Kupang")), "operator2"
        )
        told(factories.user("kpu-kaltim", Role.KPU_PROVINCE, 64))
        assert titles(inside) == {"Perubahan jadwal"}
        assert titles(factories.user("ppk", Role.PPK, 647401)) == {"Perubahan jadwal"}
        assert titles(outside) == set()
        assert titles(factories.user("kpu-ntt", Role.KPU_PROVINCE, 53)) == set()

    def test_that_of_chosen_elections_reaches_their_teams(self, kpu_ri):
        bontang = factories.pair()
        kupang = factories.pair(factories.election(region_id=5371, name="Kupang"))
        told(kpu_ri, audience="elections", election_ids=[bontang.election_id])
        assert titles(factories.operator(bontang)) == {"Perubahan jadwal"}
        assert titles(factories.operator(kupang, "operator2")) == set()

    def test_a_public_one_is_read_without_an_account_and_others_are_not(self, client, kpu_ri):
        told(kpu_ri, audience="public", title="Untuk umum")
        told(kpu_ri, title="Untuk petugas")
        page = client.get("/pengumuman/").content.decode()
        assert "Untuk umum" in page
        assert "Untuk petugas" not in page

    @pytest.mark.parametrize("role", [Role.BAWASLU, Role.PPK, Role.OBSERVER])
    def test_only_the_commission_announces(self, client, role):
        user = factories.user("lain", role, 647401 if role == Role.PPK else 6474)
        with pytest.raises(NotAllowed):
            told(user)
        client.force_login(user)
        assert client.get("/pengumuman/buat/").status_code == 403

    def test_an_office_chooses_elections_of_its_own_only(self):
        kupang = factories.election(region_id=5371, name="Kupang")
        user = factories.user("kpu", Role.KPU_REGENCY, 6474)
        with pytest.raises(Refused) as refusal:
            told(user, audience="elections", election_ids=[kupang.pk])
        assert refusal.value.code == "election_unknown"
        assert not Announcement.objects.exists()


class TestWhen:
    def test_it_is_shown_from_until_and_read_afterwards(self, client, kpu_ri):
        moment = now()
        user = factories.user("kpu", Role.KPU_REGENCY, 6474)
        told(kpu_ri, title="Nanti", shown_from=moment + timedelta(days=1))
        told(kpu_ri, title="Sekarang", shown_until=moment + timedelta(days=1))
        past = told(kpu_ri, title="Dulu", audience="public")
        Announcement.objects.filter(pk=past.pk).update(
            shown_from=moment - timedelta(days=3), shown_until=moment - timedelta(days=1)
        )
        assert titles(user) == {"Sekarang"}
        page = client.get("/pengumuman/").content.decode()
        assert "Dulu" in page
        assert "Berakhir" in page
        assert not announcements_visible_to(user).filter(title="Nanti").exists()
        assert announcements_visible_to(kpu_ri).filter(title="Nanti").exists()

    @pytest.mark.parametrize("until", [datetime(2020, 1, 1, tzinfo=UTC), None])
    def test_one_that_would_never_be_shown_is_refused(self, kpu_ri, until):
        start = now() + timedelta(days=5)
        end = until or start - timedelta(hours=1)
        with pytest.raises(Refused) as refusal:
            told(kpu_ri, shown_from=start, shown_until=end)
        assert refusal.value.code == "announcement_never_shown"

    @pytest.mark.parametrize(
        ("moment", "code"),
        [
            (datetime(2030, 9, 3, 15, tzinfo=timezone(timedelta(hours=20, minutes=44))), "zone_unknown"),
            (datetime(500, 9, 3, 15, tzinfo=UTC), "impossible_date"),
            (datetime(2030, 9, 3, 15), "time_without_zone"),  # noqa: DTZ001 — refused
        ],
    )
    @pytest.mark.parametrize("field", ["shown_from", "shown_until"])
    def test_a_time_that_is_none_is_refused(self, kpu_ri, moment, code, field):
        with pytest.raises(Refused) as refusal:
            told(kpu_ri, **{field: moment})
        assert (refusal.value.code, refusal.value.field) == (code, field)

    def test_pinned_ones_stand_first(self, kpu_ri):
        told(kpu_ri, title="Disematkan", pinned=True)
        told(kpu_ri, title="Biasa")
        assert [one.title for one in shown_above_pages(kpu_ri)] == ["Disematkan", "Biasa"]


class TestPuttingAway:
    def test_it_is_put_away_by_one_person_and_stays_in_the_list(self, client, kpu_ri):
        pair = factories.pair()
        made = told(kpu_ri)
        operator, other = factories.operator(pair), factories.operator(pair, "operator2")
        client.force_login(operator)
        assert "Perubahan jadwal" in client.get(f"/pasangan/{pair.pk}/").content.decode()
        here = f"/pasangan/{pair.pk}/"
        answer = client.post(f"/pengumuman/{made.pk}/tutup/", {"halaman_ini": here})
        assert answer.url == here
        assert "Perubahan jadwal" not in client.get(here).content.decode()
        assert "Perubahan jadwal" in client.get("/pengumuman/").content.decode()
        assert titles(other) == {"Perubahan jadwal"}
        dismiss(made, by=operator)
        away = client.post(f"/pengumuman/{made.pk}/tutup/", {"halaman_ini": "https://contoh.invalid/"})
        assert away.url == "/pengumuman/"

    def test_what_is_not_for_one_is_not_there(self, client, kpu_ri):
        bontang = factories.pair()
        made = told(kpu_ri, audience="elections", election_ids=[bontang.election_id])
        kupang = factories.pair(factories.election(region_id=5371, name="Kupang"))
        client.force_login(factories.operator(kupang))
        assert client.post(f"/pengumuman/{made.pk}/tutup/").status_code == 404


class TestWithdrawing:
    def test_it_is_withdrawn_with_a_reason_by_its_office_or_above(self, client, kpu_ri):
        office = factories.user("kpu", Role.KPU_REGENCY, 6474)
        made = told(office)
        client.force_login(kpu_ri)
        address = f"/pengumuman/{made.pk}/tarik/"
        assert "Alasan belum diisi." in client.post(address, {"reason": ""}).content.decode()
        assert client.post(address, {"reason": "Keliru tanggal"}).status_code == 302
        assert titles(office) == set()
        assert "ditarik: Keliru tanggal" in client.get("/pengumuman/").content.decode()
        assert Event.objects.get(name="announcement_withdrawn").data == {"reason": "Keliru tanggal"}
        with pytest.raises(Conflict):
            withdraw_announcement(made, by=kpu_ri, reason="Lagi")

    def test_another_office_s_stays(self, client, kpu_ri):
        made = told(kpu_ri)
        office = factories.user("kpu", Role.KPU_REGENCY, 6474)
        with pytest.raises(NotAllowed):
            withdraw_announcement(made, by=office, reason="x")
        client.force_login(office)
        assert client.get(f"/pengumuman/{made.pk}/tarik/").status_code == 404


class TestPage:
    def test_it_is_announced_on_the_page(self, client, kpu_ri):
        election = factories.election()
        client.force_login(kpu_ri)
        typed = {"title": "Gladi bersih", "text": "Besok pukul 09.00.", "audience": "elections",
                 "elections": [election.pk], "shown_until": "12-05-2099 23.59"}  # fmt: skip
        assert client.post("/pengumuman/buat/", typed).url == "/pengumuman/"
        made = Announcement.objects.get()
        assert (made.region, list(made.elections.all())) == (0, [election])
        assert Event.objects.get(name="announced").data["elections"] == 1
        assert "Gladi bersih" in client.get("/pengumuman/").content.decode()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": ""}, "Judul belum diisi."),
            ({"text": ""}, "Isi belum diisi."),
            ({"audience": "elections"}, "Pilih paling sedikit satu pemilihan"),
            ({"shown_until": "kemarin"}, "waktu tidak dikenal"),
            ({"shown_until": "01-01-2020 08.00"}, "sudah lewat"),
        ],
    )
    def test_what_is_wrong_is_said(self, client, kpu_ri, changes, sentence):
        client.force_login(kpu_ri)
        answer = client.post("/pengumuman/buat/", TOLD | changes)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Announcement.objects.exists()

    def test_markup_is_shown_as_text(self, client, kpu_ri):
        told(kpu_ri, audience="public", text="<script>alert(1)</script>")
        assert "<script>alert" not in client.get("/pengumuman/").content.decode()

    def test_more_cost_no_more_queries(self, client, kpu_ri):
        def queries():
            with CaptureQueriesContext(connection) as done:
                client.get("/pengumuman/")
            return len(done)

        client.force_login(kpu_ri)
        election = factories.election()
        told(kpu_ri, audience="elections", election_ids=[election.pk])
        queries()
        once = queries()
        for _ in range(4):
            told(kpu_ri, audience="elections", election_ids=[election.pk])
        assert queries() == once


class TestApi:
    def test_the_public_reads_and_the_commission_announces(self, client, kpu_ri):
        told(kpu_ri, audience="public", title="Untuk umum")
        told(kpu_ri, title="Untuk petugas")
        answer = client.get("/api/v1/announcements/").json()
        assert [one["title"] for one in answer["results"]] == ["Untuk umum"]
        office = token_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
        found = client.get("/api/v1/announcements/", **office).json()["results"]
        assert {one["title"] for one in found} == {"Untuk umum", "Untuk petugas"}
        made = client.post("/api/v1/announcements/", TOLD, content_type="application/json", **office)
        assert (made.status_code, made.json()["region"]) == (201, 6474)
        team = token_of(factories.operator(factories.pair()))
        refused = client.post("/api/v1/announcements/", TOLD, content_type="application/json", **team)
        assert refused.status_code == 403
