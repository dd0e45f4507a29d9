"""The frame around every page: where one is, where one can go, and how long it is open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.extensions import propose_extensions
from candidates.operations import open_by_ruling, open_window
from candidates.outages import end_outage, record_outage
from candidates.queries import now
from candidates.windows import WindowState
from candidates.zones import say_start
from foundation.accounts.matrix import Role
from silon.context import window_line
from supports.repairs.succession import why_none
from tests import factories
from tests.candidates.making import approve
from tests.supports.repairs.teams import closed

MOMENT = datetime(2024, 5, 12, 12, 0, tzinfo=UTC)


def state(left, is_open=True):
    closes = MOMENT + left
    return WindowState(is_open, MOMENT, closes, closes, "Masa penyerahan dukungan dibuka.", "WITA")


@pytest.mark.parametrize(
    ("left", "tone"),
    [
        (timedelta(days=2), ""),
        (timedelta(hours=24, seconds=1), ""),
        (timedelta(hours=24), "warn"),
        (timedelta(hours=2, seconds=1), "warn"),
        (timedelta(hours=2), "bad"),
        (timedelta(seconds=1), "bad"),
    ],
)
def test_the_line_gets_louder_as_time_runs_out(left, tone):
    assert window_line(state(left), MOMENT).tone == tone


def test_the_line_says_the_time_left_only_while_it_is_open():
    line = window_line(state(timedelta(days=1, hours=4)), MOMENT)
    assert line.sentence == "Masa penyerahan dukungan dibuka · 1 hari 4 jam lagi"
    assert window_line(state(timedelta(days=1), is_open=False), MOMENT).sentence.endswith("dibuka.")


def nav_of(response):
    return [item.title for item in response.context["frame"].nav]


def test_a_team_goes_between_its_desk_its_files_and_its_people(client, db):
    pair = factories.pair()
    client.force_login(factories.operator(pair))
    response = client.get("/aturan/")
    assert nav_of(response)[:4] == ["Meja kerja", "Unggahan", "Daftar pendukung", "Cadangan dukungan"]
    assert response.context["frame"].headline == pair.election.name
    assert response.context["frame"].subline == pair.name


def test_the_commission_begins_with_its_territory(client, db):
    pair = factories.pair()
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    assert nav_of(client.get("/pasangan/"))[:3] == ["Wilayah kerja", "Verifikasi administrasi", "Pasangan"]
    frame = client.get("/pasangan/").context["frame"]
    assert (frame.headline, frame.subline) == ("KPU kabupaten/kota", "Kota Bontang")
    assert "Daftar pendukung" in nav_of(client.get(f"/pasangan/{pair.pk}/"))


def test_an_observer_is_not_offered_what_only_others_may(client, db):
    pair = factories.pair()
    client.force_login(factories.user("pemantau", Role.OBSERVER, 6474))
    assert nav_of(client.get(f"/pasangan/{pair.pk}/")) == [
        "Wilayah kerja",
        "Pasangan",
        "Ringkasan pasangan",
        "Masa dan putusan",
        "Jadwal tahapan",
        "Pengumuman",
        "Catatan gangguan",
        "Aturan pemeriksaan",
        "Simulasi syarat",
    ]


def test_nobody_is_offered_anything_before_logging_in(client, db):
    assert nav_of(client.get("/simulasi/")) == []


def test_the_page_one_is_on_is_marked_once(client, db):
    pair = factories.pair()
    client.force_login(factories.operator(pair))
    page = client.get(f"/pasangan/{pair.pk}/").content.decode()
    assert page.count('aria-current="page"') == 2  # at the side, and at the bottom of a phone


def test_the_deadline_of_handing_in_stands_above_that_of_filling(client, db):
    election = factories.election()
    pair = factories.pair(election)
    client.force_login(factories.operator(pair))
    assert "Masa pengisian dukungan" in client.get("/aturan/").context["frame"].window.sentence
    open_window(
        election,
        by=None,
        stage="awal",
        kind="handing_in",
        opens_at=now() - timedelta(days=1),
        closes_at=now() + timedelta(hours=1),
    )
    line = client.get("/aturan/").context["frame"].window
    assert "Masa penyerahan dukungan" in line.sentence
    assert line.tone == "bad"


def test_nothing_is_said_of_handing_in_once_the_rounds_of_a_pair_have_ended(client, committed):
    team, _office, awal = closed(("MS",) * 5, "MS")
    client.force_login(team[1])
    for address in ("/aturan/", f"/pasangan/{team[0].pk}/", f"/pasangan/{team[0].pk}/dukungan/"):
        line = client.get(address).context["frame"].window
        assert (line.sentence, line.tone) == (why_none(awal), "")
    assert "syarat jumlah dan sebaran terpenuhi" in why_none(awal)


def test_an_outage_that_lasts_is_told_to_the_pairs_of_its_election(client, db):
    pair = factories.pair()
    elsewhere = factories.pair(factories.election(name="Samarinda", region_id=6472))
    client.force_login(factories.operator(pair))
    assert "sedang ditangani" not in client.get("/aturan/").content.decode()
    began = now() - timedelta(days=2)
    told = {"affected": "Pengunggahan berkas.", "description": "x", "began_at": began}
    outage = record_outage(by=None, election_ids=[pair.election_id], **told)
    since = say_start(began, "Asia/Makassar")
    sentence = f"Gangguan sedang ditangani sejak {since}. Yang terganggu: Pengunggahan berkas."
    assert client.get("/aturan/").context["frame"].outage == sentence
    assert sentence in client.get("/aturan/").content.decode()
    end_outage(outage, by=None)
    assert client.get("/aturan/").context["frame"].outage == ""
    client.force_login(factories.operator(elsewhere, "operator2"))
    record_outage(by=None, election_ids=[pair.election_id], **told)
    assert client.get("/aturan/").context["frame"].outage == ""
    record_outage(by=None, everywhere=True, **told)
    assert client.get("/aturan/").context["frame"].outage == sentence


def test_a_window_lengthened_by_an_outage_leads_to_the_log(client, db):
    pair = factories.pair()
    moment = now()
    times = {"began_at": moment - timedelta(hours=3), "ended_at": moment - timedelta(hours=1)}
    told = {"affected": "Pengunggahan berkas", "description": "x"}
    outage = record_outage(by=None, election_ids=[pair.election_id], **told, **times)
    (ruling,) = propose_extensions(outage, by=None, document="7/2024")
    for name in ("kpu-ri", "kpu-ri-2"):
        ruling = approve(ruling, by=factories.user(name, Role.KPU_RI))
    client.force_login(factories.operator(pair))
    assert f"/gangguan/#gangguan-{outage.pk}" not in client.get("/aturan/").content.decode()
    open_by_ruling(ruling, by=None)
    page = client.get("/aturan/").content.decode()
    assert f'href="/gangguan/#gangguan-{outage.pk}"' in page
    assert "diperpanjang berdasarkan Gangguan sistem 7/2024" in page


def test_practice_is_said_on_every_page_of_the_pair(client, db):
    pair = factories.pair(factories.election(practice=True))
    client.force_login(factories.operator(pair))
    assert "Latihan: data di sini tidak dipakai" in client.get("/simulasi/").content.decode()


def test_a_fragment_asks_nothing_for_the_frame(client, db):
    pair = factories.pair()
    client.force_login(factories.operator(pair))
    with CaptureQueriesContext(connection) as done:
        client.get(f"/pasangan/{pair.pk}/unggahan-terakhir/")
    assert not [query for query in done.captured_queries if "candidates_window" in query["sql"]]


def test_what_is_not_there_is_said_inside_the_frame(client, db):
    client.force_login(factories.operator(factories.pair()))
    response = client.get("/pasangan/999999/")
    assert response.status_code == 404
    assert "Tidak ditemukan" in response.content.decode()
    assert nav_of(response)[0] == "Meja kerja"


@pytest.mark.parametrize("address", ["/", "/simulasi/", "/aturan/", "/akun/masuk/", "/tidak-ada/"])
def test_no_page_carries_inline_script_or_style(client, db, address):
    response = client.get(address)
    page = response.content.decode()
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
