"""The window closes while a file is on its way, or a form is open: what came too late is not taken, and told so."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from candidates import windows, zones
from candidates.mandates.models import Mandate
from candidates.models import Window
from candidates.queries import now
from foundation.errors import Refused
from foundation.keys.models import StoredFile
from supports import operations
from supports.models import Support, Upload
from supports.rows import add_supports, edit_support
from tests import factories
from tests.candidates.mandates.filing import FIELDS, scan
from tests.faults.test_web_dies import HEAD, LARGE, TAIL, begin_sending, files_on_disk
from tests.faults.test_worker_dies import team
from tests.stack import wait_until

__all__ = ["team"]


def end_the_window():
    Window.objects.update(closes_at=now())


def answer_on(connection):
    """The status and the body of the answer on a socket."""
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        return status, json.loads(stream.read(length))


def test_a_file_whose_last_byte_comes_after_the_end_is_not_taken(stack, team):
    files = files_on_disk()
    stack.start_web()
    body = HEAD + LARGE + TAIL
    with begin_sending(stack, team, LARGE, 2_000_000) as connection:
        wait_until(lambda: StoredFile.objects.filter(stored_at=None).exists())
        end_the_window()
        connection.sendall(body[2_000_000:])
        status, answer = answer_on(connection)
    assert (status, answer["code"]) == (422, "window_closed")
    assert answer["message"].startswith("Masa pengisian dukungan berakhir ")
    assert (Upload.objects.count(), StoredFile.objects.count(), files_on_disk()) == (0, 0, files)


def test_a_file_received_in_time_is_loaded_after_the_end(team):
    made = factories.upload(*team, [factories.person(1)])
    end_the_window()
    factories.work()
    made.refresh_from_db()
    assert (made.status, Support.objects.count()) == ("loaded", 1)


def test_a_form_that_was_open_saves_nothing_after_the_end(team):
    (added,) = add_supports(team[0], by=team[1], rows=[factories.person(1)])
    row = Support.objects.select_related("submission__pair__election__rule_set").get(pk=added.id)
    end_the_window()
    for call in (
        lambda: edit_support(row, by=team[1], changes={"name": "Nama Baru"}, revision=0),
        lambda: add_supports(team[0], by=team[1], rows=[factories.person(2)]),
        lambda: operations.discard_upload(Upload.objects.get(pk=row.upload_id), by=team[1]),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.code == "window_closed"
        assert caught.value.message.startswith("Masa pengisian dukungan berakhir ")
    row.refresh_from_db()
    assert (row.name, Support.objects.count()) == (factories.person(1)["name"], 1)


def test_the_typing_page_says_so_and_keeps_what_was_typed(team, client):
    client.force_login(team[1])
    end_the_window()
    person = factories.person(1, marital="S")
    answer = client.post(f"/pasangan/{team[0].pk}/ketik/", person)
    page = answer.content.decode()
    assert (answer.status_code, Support.objects.count()) == (422, 0)
    assert "Masa pengisian dukungan berakhir " in page
    assert all(f'value="{person[name]}"' in page for name in ("nik", "name", "village", "phone"))


def test_a_row_that_is_being_edited_says_so_and_keeps_what_was_typed(team, client):
    client.force_login(team[1])
    (added,) = add_supports(team[0], by=team[1], rows=[factories.person(1)])
    end_the_window()
    address = f"/pasangan/{team[0].pk}/dukungan/{added.id}/"
    answer = client.post(address, {"name": "Nama Baru", "revisi": "0"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Masa pengisian dukungan berakhir " in page
    assert 'value="Nama Baru"' in page


def test_the_request_for_accounts_says_so_and_keeps_what_was_typed(team, client):
    address = f"/mandat/ajukan/{team[0].election_id}/"
    assert client.get(address).status_code == 200
    end_the_window()
    answer = client.post(address, FIELDS | {"document": scan()})
    page = answer.content.decode()
    assert (answer.status_code, Mandate.objects.exists()) == (422, False)
    assert "sudah ditutup" in page
    assert f'value="{FIELDS["lo_name"]}"' in page


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_the_last_day_lasts_to_its_last_second_on_the_region_s_clocks(zone):
    typed = zones.read("12-05-2024 23.59", zone)
    window = windows.Window(
        zones.read("08-05-2024 08.00", zone), zones.whole_last_minute(typed, zone), (time(8), time(16))
    )
    told = {"kind": "filling", "stage": "", "zone": zone}
    last_second = typed + timedelta(seconds=59)
    assert windows.judge([window], now=last_second, **told).open
    over = windows.judge([window], now=last_second + timedelta(seconds=1), **told)
    assert not over.open
    assert over.reason == (f"Masa pengisian dukungan berakhir 12 Mei 2024 pukul 23.59 {zones.LABELS[zone]}.")
    midnight = {"Asia/Jakarta": 17, "Asia/Makassar": 16, "Asia/Jayapura": 15}[zone]
    assert window.closes_at == datetime(2024, 5, 12, midnight, tzinfo=UTC)
