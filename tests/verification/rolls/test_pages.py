"""The page of an election's voter lists, and the calls of the API: an office loads, Bawaslu reads, nobody else sees."""

import base64
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from foundation.accounts.matrix import Role
from foundation.keys.models import StoredFile
from supports.models import IncomingFile
from tests import factories
from tests.factories import work
from tests.foundation.accounts.people import token_of
from tests.supports.handing_in.teams import round_of
from tests.verification.rolls.lists import as_csv, loaded, received, voter
from tests.verification.rolls.test_matching import ROWS, VOTERS
from tests.verification.rounds import in_review, verifier
from tests.verification.test_pages import browser, text_of
from verification.rolls.models import Roll

pytestmark = pytest.mark.usefixtures("committed")
CONTENT = as_csv(VOTERS)
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def office(committed):
    return factories.user("kpu-satu", Role.KPU_REGENCY, 6474)


@pytest.fixture
def election(committed):
    return factories.election()


def page(election):
    return f"/pemilihan/{election.pk}/daftar-pemilih/"


def named(content, name="dpt.csv"):
    return SimpleUploadedFile(name, content, "text/csv")


def test_an_office_sends_a_list_and_reads_what_became_of_it(election, office):
    client = browser(office)
    assert "Belum ada daftar pemilih" in text_of(client.get(page(election)))
    sent = client.post(page(election), {"target": "dpt", "file": named(CONTENT)})
    assert (sent.status_code, sent["Location"]) == (302, page(election))
    waiting = client.get(page(election)).content.decode()
    assert "Menunggu giliran" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    work()
    assert client.get(f"{page(election)}kemajuan/")["HX-Refresh"] == "true"
    done = text_of(client.get(page(election)))
    assert "DPT versi 1 dpt.csv" in done
    assert "4 pemilih · versi 1" in done
    assert "Berlaku" in done


def test_what_cannot_be_used_of_a_list_stands_on_the_page(election, office):
    voters = [voter(1), voter(2, nik="123"), voter(1)]
    loaded(election, office, as_csv(voters, headings={"nik": "NIK", "village": "Kelurahan"}))
    loaded(election, office, b"NO;NAMA\n1;Budi\n", kind="dp4", name="salah.csv")
    shown = text_of(browser(office).get(page(election)))
    assert "3 1 baris 3 1 baris 4" in shown
    assert "Kolom ini tidak ada, sehingga tidak dibandingkan: Nama, Tanggal lahir." in shown
    assert "Kolom NIK tidak ditemukan" in shown
    assert "“NO”, “NAMA”" in shown


def test_the_rounds_stand_beside_the_lists(office):
    team, _office, _review = in_review(ROWS, rule_set="pkpu8-2024")
    election = team[0].election
    client = browser(office)
    assert "Cocokkan sekarang" not in text_of(client.get(page(election)))
    roll = loaded(election, office, VOTERS)
    shown = text_of(client.get(page(election)))
    assert f"{team[0].name} Awal 5 4 – 1 2" in shown
    Roll.objects.filter(pk=roll.pk).update(status="superseded")
    received(election, office, [voter(4)], name="dpt-2.csv")
    work()
    assert f"{team[0].name} Awal 5 1 – 4 0" in text_of(client.get(page(election)))
    round_of(team).roll_match.delete()
    assert "belum dengan daftar terakhir" in text_of(client.get(page(election)))
    client.post(f"{page(election)}cocokkan/")
    work()
    assert f"{team[0].name} Awal 5 1 – 4 0" in text_of(client.get(page(election)))
    assert "Daftar pemilih" in text_of(client.get(f"/verifikasi/{round_of(team).pk}/"))


def test_rows_of_a_list_are_removed_by_typing_their_number(election, office):
    roll = loaded(election, office, VOTERS)
    client = browser(office)
    wrong = client.post(f"/daftar-pemilih/{roll.pk}/hapus/", {f"hapus-{roll.pk}-count": "3"})
    assert wrong.status_code == 422
    assert "Jumlah yang diketik bukan 4" in text_of(wrong)
    empty = client.post(f"/daftar-pemilih/{roll.pk}/hapus/", {f"hapus-{roll.pk}-count": ""})
    assert "Jumlah baris belum diketik" in text_of(empty)
    client.post(f"/daftar-pemilih/{roll.pk}/hapus/", {f"hapus-{roll.pk}-count": "4"})
    work()
    assert "Barisnya dihapus" in text_of(client.get(page(election)))


def test_bawaslu_reads_and_loads_nothing_and_others_see_nothing(election, office):
    roll = loaded(election, office, VOTERS)
    watcher = browser(factories.user("bawaslu", Role.BAWASLU, 6474))
    shown = watcher.get(page(election))
    assert "DPT versi 1" in text_of(shown)
    assert "Unggah daftar" not in text_of(shown)
    assert "Hapus" not in text_of(shown)
    assert watcher.post(page(election), {"target": "dpt", "file": named(CONTENT)}).status_code == 403
    assert (
        watcher.post(f"/daftar-pemilih/{roll.pk}/hapus/", {f"hapus-{roll.pk}-count": "4"}).status_code == 403
    )
    far = browser(factories.user("jauh", Role.KPU_REGENCY, 6471))
    assert far.get(page(election)).status_code == 404
    assert far.post(page(election), {"target": "dpt", "file": named(CONTENT)}).status_code == 404
    assert far.post(f"/daftar-pemilih/{roll.pk}/hapus/", {f"hapus-{roll.pk}-count": "4"}).status_code == 404
    for other in (factories.operator(factories.pair(election)), verifier()):
        assert browser(other).get(page(election)).status_code == 403
    assert Roll.objects.count() == StoredFile.objects.count() == 1


def test_a_list_is_sent_in_pieces_and_gone_on_with(election, office):
    client = browser(office)
    told = TUS | {
        "Upload-Length": str(len(CONTENT)),
        "Upload-Metadata": f"filename {base64.b64encode(b'dp4.csv').decode()}",
    }
    unknown = client.post(
        f"{page(election)}berkas/?target=dps", headers=told, content_type="text/plain", data=""
    )
    assert (unknown.status_code, unknown.json()["code"]) == (422, "roll_kind_unknown")
    made = client.post(
        f"{page(election)}berkas/?target=dp4", headers=told, content_type="text/plain", data=""
    )
    address = made["Location"]
    half = len(CONTENT) // 2
    for at, piece in ((0, CONTENT[:half]), (half, CONTENT[half:])):
        assert int(client.head(address, headers=TUS)["Upload-Offset"]) == at
        sent = client.patch(
            address,
            piece,
            headers=TUS | {"Upload-Offset": str(at)},
            content_type="application/offset+octet-stream",
        )
        assert sent.status_code == 204
        assert "dp4.csv" in text_of(client.get(page(election)))
    other = browser(factories.user("kpu-dua", Role.KPU_REGENCY, 6474))
    assert other.head(address, headers=TUS).status_code == 404
    script = {"X-Requested-With": "XMLHttpRequest"}
    for _again in range(2):
        assert client.post(f"{address}selesai/", headers=script).json() == {"url": page(election)}
    work()
    roll = Roll.objects.get()
    assert (roll.kind, roll.status, roll.entries, roll.name) == ("dp4", "current", 4, "dp4.csv")
    assert not IncomingFile.objects.exists()


def test_an_unfinished_list_can_be_withdrawn(election, office):
    client = browser(office)
    told = TUS | {"Upload-Length": "1000"}
    made = client.post(
        f"{page(election)}berkas/?target=dpt", headers=told, content_type="text/plain", data=""
    )
    client.post(f"{made['Location']}batal/")
    assert not IncomingFile.objects.exists()
    assert not StoredFile.objects.exists()


# ---- through REST ---------------------------------------------------------------------------------------


@pytest.fixture
def api(client, office):
    client.defaults |= token_of(office)
    return client


def test_a_program_loads_follows_and_removes_a_list(api, election):
    address = f"/api/v1/elections/{election.pk}/rolls/"
    sent = api.post(address, {"kind": "dpt", "file": named(CONTENT)})
    assert (sent.status_code, sent.json()["status"]) == (202, "received")
    again = api.post(address, {"kind": "dpt", "file": named(CONTENT)})
    assert (again.status_code, again.json()["id"]) == (200, sent.json()["id"])
    work()
    roll = api.get(sent["Location"]).json()
    assert (roll["status"], roll["rows"], roll["entries"], roll["unusable"]) == ("current", 4, 4, 0)
    assert roll["columns"]["fields"]["NIK"] == "NIK"
    assert roll["error"] is None
    assert [one["id"] for one in api.get(address).json()["results"]] == [roll["id"]]
    assert api.delete(f"/api/v1/rolls/{roll['id']}/?count=5").json()["code"] == "count_differs"
    removed = api.delete(f"/api/v1/rolls/{roll['id']}/?count=4")
    assert (removed.status_code, removed.json()["status"]) == (202, "removed")
    refused = api.post(address, {"kind": "dps", "file": named(CONTENT)})
    assert (refused.status_code, refused.json()["code"]) == (422, "roll_kind_unknown")


def test_a_program_sends_a_list_in_pieces(api, election):
    address = f"/api/v1/elections/{election.pk}/rolls/files/?kind=dp4"
    told = TUS | {"Upload-Length": str(len(CONTENT))}
    made = api.post(address, CONTENT[:9], headers=told, content_type="application/offset+octet-stream")
    assert (made.status_code, made.json()["offset"], made.json()["kind"]) == (201, 9, "dp4")
    sent = api.patch(
        made["Location"],
        CONTENT[9:],
        headers=TUS | {"Upload-Offset": "9"},
        content_type="application/offset+octet-stream",
    )
    assert sent.status_code == 204
    body = json.dumps({"file": made.json()["id"]})
    for status in (202, 200):
        finished = api.post(f"/api/v1/elections/{election.pk}/rolls/", body, content_type="application/json")
        assert (finished.status_code, finished.json()["kind"]) == (status, "dp4")


def test_a_pair_cannot_send_a_list_as_its_own(client, election):
    team = factories.operator(factories.pair(election))
    client.defaults |= token_of(team)
    pair = election.pairs.get()
    told = TUS | {
        "Upload-Length": "10",
        "Upload-Metadata": f"target {base64.b64encode(b'dpt').decode()}",
    }
    made = client.post(f"/api/v1/pairs/{pair.pk}/files/", headers=told, content_type="text/plain", data="")
    assert (made.status_code, made.json()["code"]) == (422, "target_unknown")
