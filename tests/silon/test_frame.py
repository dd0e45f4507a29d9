"""The frame around every page: where one is, where one can go, and how long it is open."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.operations import open_window
from candidates.queries import now
from candidates.windows import WindowState
from foundation.accounts.matrix import Role
from silon.context import window_line
from tests import factories

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
    assert nav_of(response)[:4] == ["Meja kerja", "Unggahan", "Daftar pendukung", "Aturan pemeriksaan"]
    assert response.context["frame"].headline == pair.election.name
    assert response.context["frame"].subline == pair.name


def test_the_commission_begins_with_its_list(client, db):
    pair = factories.pair()
    client.force_login(factories.user("kpu", Role.KPU_REGENCY, 6474))
    assert nav_of(client.get("/pasangan/"))[0] == "Pasangan"
    frame = client.get("/pasangan/").context["frame"]
    assert (frame.headline, frame.subline) == ("KPU kabupaten/kota", "Kota Bontang")
    assert "Daftar pendukung" in nav_of(client.get(f"/pasangan/{pair.pk}/"))


def test_an_observer_is_not_offered_what_only_others_may(client, db):
    pair = factories.pair()
    client.force_login(factories.user("pemantau", Role.OBSERVER, 6474))
    assert nav_of(client.get(f"/pasangan/{pair.pk}/")) == [
        "Pasangan",
        "Ringkasan pasangan",
        "Aturan pemeriksaan",
        "Simulasi syarat",
    ]


def test_nobody_is_offered_anything_before_logging_in(client, db):
    assert nav_of(client.get("/simulasi/")) == []


def test_the_page_one_is_on_is_marked_once(client, db):
    client.force_login(factories.operator(factories.pair()))
    page = client.get("/aturan/").content.decode()
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
