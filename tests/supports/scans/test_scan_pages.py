"""The pages of scans: what is left to do, a scan beside the search for its row, sending with and without script."""

import base64
import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from foundation.accounts.matrix import Role
from foundation.readings.models import Reading
from supports.models import IncomingFile, Support
from supports.scans.models import Scan, ScanBatch
from tests import factories
from tests.factories import person, work
from tests.supports.scans import papers
from tests.supports.test_pages import text_of

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def team(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def rows(pair, operator):
    factories.loaded(pair, operator, [person(1), person(2)])
    return list(Support.objects.order_by("id"))


def test_the_page_says_what_is_left_and_a_scan_is_placed_by_hand(pair, operator, rows, team):
    files = {f"{person(1)['nik']}.jpg": papers.scan("a"), "foto.jpg": papers.scan("b"), "x.docx": b"bukan"}
    batch = papers.taken(pair, operator, files)
    page = text_of(team.get(reverse("support_scans", args=[pair.pk])))
    assert "dari 2 baris putaran ini" in page
    assert "Baris tanpa pindaian 1" in page
    assert "Pindaian tanpa baris 1" in page
    assert person(2)["name"] in page
    assert person(1)["name"] not in page
    faults = text_of(team.get(reverse("scan_batch", args=[pair.pk, batch.pk])))
    assert "x.docx Bukan PDF, JPEG, PNG, atau HEIC" in faults
    assert "foto.jpg" in text_of(team.get(reverse("support_scans", args=[pair.pk]) + "?daftar=menunggu"))
    waiting = Scan.objects.get(support=None)
    address = reverse("support_scan", args=[waiting.pk])
    assert "Tidak ada baris dengan NIK atau nomor itu." in text_of(team.get(address))
    found = team.post(address, {"cari": person(2)["nik"]})
    assert person(2)["name"] in text_of(found)
    assert person(2)["nik"] not in text_of(found).replace(f'value="{person(2)["nik"]}"', "")
    placed = team.post(
        reverse("place_support_scan", args=[waiting.pk]), {"support": rows[1].pk, "kind": "ktp"}, follow=True
    )
    assert f"Pindaian ditempatkan pada baris {person(2)['name']}." in text_of(placed)
    assert [scan.kind for scan in papers.held(rows[1].pk)] == ["ktp"]
    off = team.post(reverse("take_scan_off", args=[waiting.pk]), follow=True)
    assert "Pindaian dilepas dari barisnya." in text_of(off)
    assert "NIK terdiri atas 16 angka" in text_of(team.post(address, {"cari": "647401"}))


def test_pictures_are_shown_and_the_look_is_on_record(pair, operator, rows, team):
    papers.taken(pair, operator, {f"{person(1)['nik']}.pdf": papers.pdf("satu", "dua")})
    scan = Scan.objects.get()
    shown = team.get(reverse("scan_picture", args=[scan.pk, 2]))
    assert (shown["Content-Type"], shown["Content-Security-Policy"]) == (
        "image/jpeg", "sandbox; default-src 'none'",
    )  # fmt: skip
    assert Image.open(io.BytesIO(shown.content)).format == "JPEG"
    small = Image.open(io.BytesIO(team.get(reverse("scan_thumbnail", args=[scan.pk])).content))
    assert max(small.size) <= 240
    assert list(Reading.objects.filter(kind="paper").values_list("row_id", flat=True)) == [rows[0].pk]
    original = team.get(reverse("scan_original", args=[scan.pk]))
    assert b"".join(original.streaming_content).startswith(b"%PDF")


def test_the_page_of_a_row_shows_its_scans(pair, operator, rows, team):
    papers.taken(pair, operator, {f"{person(1)['nik']}_suket.jpg": papers.scan()})
    address = reverse("support_scan", args=[Scan.objects.get().pk])
    mine, other = (team.get(reverse("support", args=[pair.pk, row.pk])).content.decode() for row in rows)
    assert f'href="{address}"' in mine
    assert "Surat keterangan" in mine
    assert address not in other


def test_offices_look_and_do_not_place(pair, operator, rows, client):
    papers.taken(pair, operator, {f"{person(1)['nik']}.jpg": papers.scan(), "x.jpg": papers.scan("x")})
    held = Scan.objects.exclude(support=None).get()
    client.force_login(factories.user("verifikator", Role.VERIFIER, 6474))
    page = text_of(client.get(reverse("support_scans", args=[pair.pk])))
    assert "Baris tanpa pindaian 1" in page
    assert "Pindaian tanpa baris" not in page
    assert client.get(reverse("support_scans", args=[pair.pk]) + "?daftar=menunggu").status_code == 404
    shown = text_of(client.get(reverse("support_scan", args=[held.pk])))
    assert person(1)["name"] in shown
    assert "lepaskan" not in shown
    assert client.post(reverse("take_scan_off", args=[held.pk])).status_code == 403
    client.force_login(factories.user("ppk", Role.PPK, 647401))
    assert client.get(reverse("support_scans", args=[pair.pk])).status_code == 404
    assert client.get(reverse("support_scan", args=[held.pk])).status_code == 200
    other = factories.pair(pair.election, "Andi Misal – Sri Contoh")
    client.force_login(factories.operator(other, "lawan"))
    for name in ("support_scan", "scan_thumbnail", "scan_original"):
        assert client.get(reverse(name, args=[held.pk])).status_code == 404
    assert client.get(reverse("support_scans", args=[pair.pk])).status_code == 404
    body = {"support": rows[1].pk, "kind": "ktp"}
    assert client.post(reverse("place_support_scan", args=[held.pk]), body).status_code == 404


def test_a_zip_in_pieces_by_the_script_becomes_a_batch_once(pair, operator, rows, team):
    content = papers.zipped({f"{person(1)['nik']}.jpg": papers.scan()})
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}
    metadata = f"filename emlw,sha256 {_base64(hashlib.sha256(content).hexdigest())}"
    made = team.post(
        reverse("scan_files", args=[pair.pk]),
        HTTP_UPLOAD_LENGTH=str(len(content)),
        HTTP_UPLOAD_METADATA=metadata,
        **tus,
    )
    assert made.status_code == 201
    address = made["Location"]
    assert "emlw" not in text_of(team.get(reverse("uploads", args=[pair.pk])))
    assert "Belum selesai dikirim" not in text_of(team.get(reverse("uploads", args=[pair.pk])))
    piece = {"content_type": "application/offset+octet-stream", "HTTP_UPLOAD_OFFSET": "0"}
    assert team.generic("PATCH", address, content[:1000], **piece, **tus).status_code == 204
    assert team.head(address, **tus)["Upload-Offset"] == "1000"
    assert team.post(f"{address}selesai/", **tus).status_code == 409
    team.generic("PATCH", address, content[1000:], **piece | {"HTTP_UPLOAD_OFFSET": "1000"}, **tus)
    first, again = (team.post(f"{address}selesai/", **tus) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    work()
    assert ScanBatch.objects.count() == 1
    assert not IncomingFile.objects.exists()
    assert papers.held(rows[0].pk)


def _base64(text):

    return base64.b64encode(text.encode()).decode()


def test_without_script_a_form_sends_one_zip_and_needs_its_token(pair, operator, rows, team):
    content = papers.zipped({f"{person(1)['nik']}.jpg": papers.scan()})
    address = reverse("send_support_scans", args=[pair.pk])
    team.post(address, {"file": SimpleUploadedFile("a.zip", content)})
    assert ScanBatch.objects.count() == 1
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)
    refused = strict.post(address, {"file": SimpleUploadedFile("b.zip", content + b"x")})
    assert (refused.status_code, ScanBatch.objects.count()) == (403, 1)
    assert "kosong" in text_of(team.post(address, {"file": SimpleUploadedFile("c.zip", b"")}, follow=True))
