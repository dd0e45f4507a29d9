"""Scans by the API: sent, followed, listed, looked at, given rows; by who may, and nobody else."""

import base64
import hashlib
import io
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageChops

from foundation.accounts.matrix import Role
from foundation.readings.models import Reading
from supports.models import Support
from supports.scans.models import Scan, ScanBatch
from tests import factories
from tests.factories import person, work
from tests.supports.calling import client_of
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
def api(operator):
    return client_of(operator)


@pytest.fixture
def row(pair, operator):
    factories.loaded(pair, operator, [person(1)])
    return Support.objects.get()


def send(api, pair, content, name="pindaian.zip", **fields):
    body = {"file": SimpleUploadedFile(name, content, "application/zip"), **fields}
    return api.post(f"/api/v1/pairs/{pair.pk}/scans/", body, format="multipart")


def test_a_zip_is_sent_followed_listed_and_looked_at(api, pair, row, operator):
    content = papers.scan()
    zipped = papers.zipped({f"{person(1)['nik']}_ktp.jpg": content, "x.docx": b"bukan"})
    sent = send(api, pair, zipped)
    assert (sent.status_code, sent.json()["job"]["state"]) == (202, "queued")
    assert send(api, pair, zipped).status_code == 200
    work()
    batch = api.get(sent["Location"]).json()
    assert (batch["entries"], batch["taken"], batch["refused"], batch["error"]) == (2, 1, 1, None)
    (fault,) = batch["faults"]
    assert (fault["name"], fault["code"]) == ("x.docx", "kind")
    (scan,) = api.get(f"/api/v1/pairs/{pair.pk}/scans/").json()["results"]
    assert (scan["support"], scan["kind"], scan["found_by"]) == (row.pk, "ktp", "nik")
    shown = api.get(f"/api/v1/scans/{scan['id']}/pages/1.jpg")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in shown["Cache-Control"]
    original = api.get(f"/api/v1/scans/{scan['id']}/original/")
    assert b"".join(original.streaming_content) == content
    assert person(1)["nik"] not in original["Content-Disposition"]
    assert api.get(f"/api/v1/scans/{scan['id']}/pages/2.jpg").status_code == 422
    seen = Reading.objects.filter(by_id=operator.pk, row_id=row.pk).order_by("id")
    assert [(one.kind, one.filter.get("page")) for one in seen] == [("paper", 1), ("original", None)]
    assert scan["name"] == f"6474{'•' * 12}_ktp.jpg"


def test_what_is_shown_bears_who_looks_and_when(api, pair, row):
    send(api, pair, papers.as_bytes(Image.new("RGB", (900, 1270), "white")), f"{person(1)['nik']}.jpg")
    work()
    address = f"/api/v1/scans/{Scan.objects.get().pk}/pages/1.jpg"
    first = Image.open(io.BytesIO(api.get(address).content)).convert("L")
    assert first.getextrema()[0] < 230
    other = client_of(factories.user("verifikator", Role.VERIFIER, 6474))
    second = Image.open(io.BytesIO(other.get(address).content)).convert("L")
    assert ImageChops.difference(first, second).getextrema()[1] > 30


def test_one_file_with_its_row(api, pair, row):
    assert send(api, pair, papers.scan(), "IMG_1.jpg", kind="suket", support=row.pk).status_code == 202
    work()
    assert [(scan.kind, scan.found_by) for scan in papers.held(row.pk)] == [("suket", "call")]
    assert send(api, pair, papers.scan("b"), "a.jpg", kind="paspor").json()["field"] == "kind"
    assert send(api, pair, papers.scan("b"), "a.jpg", support=row.pk + 1).status_code == 404
    other = factories.pair(pair.election, "Andi Misal – Sri Contoh")
    factories.loaded(other, factories.operator(other, "lawan"), [person(5)])
    theirs = Support.objects.latest("id").pk
    refused = send(api, pair, papers.scan("b"), "a.jpg", support=theirs)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert send(api, pair, b"", "a.jpg").json()["code"] == "file_empty"
    assert ScanBatch.objects.count() == 1


def test_a_file_in_pieces_becomes_a_batch_once(api, pair, row):
    content = papers.zipped({f"{person(1)['nik']}.jpg": papers.scan()})
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0"}
    metadata = "filename emlw,sha256 " + _base64(hashlib.sha256(content).hexdigest()) + ",target c2NhbnM="
    made = api.post(
        f"/api/v1/pairs/{pair.pk}/files/",
        HTTP_UPLOAD_LENGTH=str(len(content)),
        HTTP_UPLOAD_METADATA=metadata,
        **tus,
    )
    assert (made.status_code, made.json()["target"]) == (201, "scans")
    body = {"file": made.json()["id"]}
    early = api.post(f"/api/v1/pairs/{pair.pk}/scans/", body, format="json")
    assert (early.status_code, early.json()["code"]) == (409, "file_incomplete")
    api.generic(
        "PATCH", made["Location"], content, "application/offset+octet-stream", HTTP_UPLOAD_OFFSET="0", **tus
    )
    first = api.post(f"/api/v1/pairs/{pair.pk}/scans/", body, format="json")
    again = api.post(f"/api/v1/pairs/{pair.pk}/scans/", body, format="json")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    work()
    assert papers.held(row.pk)


def _base64(text):

    return base64.b64encode(text.encode()).decode()


def test_a_scan_is_given_a_row_and_taken_off(api, pair, row):
    send(api, pair, papers.zipped({"foto.jpg": papers.scan()}))
    work()
    (scan,) = api.get(f"/api/v1/pairs/{pair.pk}/scans/?list=waiting").json()["results"]
    assert scan["reason"]["code"] == "no_row"
    address = f"/api/v1/scans/{scan['id']}/row/"
    placed = api.post(address, {"support": row.pk, "kind": "statement"}, format="json").json()
    assert (placed["support"], placed["kind"], placed["reason"]) == (row.pk, "statement", None)
    assert api.post(address, {"support": row.pk}, format="json").status_code == 409
    assert api.get(f"/api/v1/pairs/{pair.pk}/scans/?list=waiting").json()["results"] == []
    assert api.delete(address).json()["reason"]["code"] == "taken_off"
    other = factories.pair(pair.election, "Andi Misal – Sri Contoh")
    factories.loaded(other, factories.operator(other, "lawan"), [person(5)])
    theirs = Support.objects.latest("id").pk
    assert api.post(address, {"support": theirs}, format="json").status_code == 404
    assert papers.held(theirs) == []


def test_scans_are_seen_by_who_may_in_their_territory(api, pair, row, committed):
    send(api, pair, papers.zipped({f"{person(1)['nik']}.jpg": papers.scan(), "x.jpg": papers.scan("x")}))
    work()
    scan, waiting = Scan.objects.order_by("support_id")
    pages = [f"/api/v1/scans/{one.pk}/pages/1.jpg" for one in (scan, waiting)]

    def answers(user):
        return [client_of(user).get(page).status_code for page in pages]

    assert answers(factories.user("verifikator", Role.VERIFIER, 6474)) == [200, 404]
    assert answers(factories.user("ppk", Role.PPK, 647401)) == [200, 404]
    assert answers(factories.user("ppk-lain", Role.PPK, 647402)) == [404, 404]
    assert answers(factories.user("pemantau", Role.OBSERVER, 6474)) == [403, 403]
    rival = factories.operator(factories.pair(pair.election, "Andi Misal – Sri Contoh"), "lawan")
    assert answers(rival) == [404, 404]
    verifier = client_of(factories.user("verifikator2", Role.VERIFIER, 6474))
    assert verifier.get(f"/api/v1/scans/{scan.pk}/original/").status_code == 403
    listed = verifier.get(f"/api/v1/pairs/{pair.pk}/scans/").json()["results"]
    assert [one["id"] for one in listed] == [scan.pk]
    assert send(client_of(rival), pair, papers.scan("y")).status_code == 404
    assert client_of(rival).get(f"/api/v1/pairs/{pair.pk}/scan-batches/1/").status_code == 404


def listed(api, address):
    """What a list gives page by page, forwards, and the number of queries of each page."""
    found, queries = [], []
    while address:
        with CaptureQueriesContext(connection) as seen:
            page = api.get(address).json()
        found.append(page["results"])
        queries.append(len(seen))
        address = page["next"]
    return found, queries


def test_rows_without_scan_come_page_by_page(api, pair, operator):
    factories.loaded(pair, operator, [person(number) for number in range(1, 7)])
    first = Support.objects.order_by("id").first()
    address = f"/api/v1/pairs/{pair.pk}/scans/missing/"
    assert len(api.get(address).json()["results"]) == 6
    send(api, pair, papers.zipped({f"{person(1)['nik']}_ktp.jpg": papers.scan()}))
    work()
    pages, queries = listed(api, f"{address}?page_size=2")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len(set(queries[1:])) == 1
    assert first.pk not in [row["id"] for page in pages for row in page]
    assert pages[0][0]["nik"] == f"6474{'•' * 12}"
    assert len(api.get(f"{address}?document=statement").json()["results"]) == 6
    assert len(api.get(f"{address}?document=ktp").json()["results"]) == 5
    assert api.get(f"{address}?document=paspor").json()["field"] == "document"
    assert api.get(f"{address}?cursor=x").json()["code"] == "cursor_unknown"
    back = api.get(api.get(f"{address}?page_size=2").json()["next"]).json()["previous"]
    assert api.get(back).json()["results"] == pages[0]
    assert client_of(factories.user("kpu-kota", Role.KPU_REGENCY, 6474)).get(address).status_code == 200
    for user in (
        factories.user("ppk", Role.PPK, 647401),
        factories.operator(factories.pair(pair.election, "Andi Misal – Sri Contoh"), "lawan"),
    ):
        assert client_of(user).get(address).status_code == 404


def test_the_same_content_on_several_rows_is_listed_together(api, pair, operator):
    factories.loaded(pair, operator, [person(number) for number in range(1, 7)])
    same, other = papers.scan("sama"), papers.scan("serupa")
    files = {
        f"{person(number)['nik']}.jpg": content
        for number, content in zip(range(1, 6), [same, other] * 3, strict=False)
    }
    send(api, pair, papers.zipped(files | {f"{person(6)['nik']}.jpg": papers.scan("lain")}))
    work()
    address = f"/api/v1/pairs/{pair.pk}/scans/?list=repeated"
    pages, queries = listed(api, f"{address}&page_size=2")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len(set(queries[1:])) == 1
    contents = [scan["content"] for page in pages for scan in page]
    assert sorted(Counter(contents).values()) == [2, 3]
    assert contents == sorted(contents)
    last = api.get(f"{address}&page_size=4").json()["next"]
    assert api.get(api.get(last).json()["previous"] + "&page_size=4").json()["results"] == pages[0] + pages[1]
    assert api.get(f"{address}&cursor=>1").json()["code"] == "cursor_unknown"
    client = Client()
    client.force_login(operator)
    page = text_of(client.get(f"/pasangan/{pair.pk}/pindaian/?daftar=berulang"))
    assert [page.count(person(number)["name"]) for number in (1, 2, 6)] == [1, 1, 0]
    assert client.get(f"/pasangan/{pair.pk}/pindaian/?daftar=belum&dokumen=x").status_code == 404
