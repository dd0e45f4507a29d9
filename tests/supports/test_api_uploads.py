"""A file through the API: handed in, followed, fetched back, thrown away; and every way it is refused."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.matrix import Role
from foundation.keys.models import StoredFile
from supports.models import Support, Upload
from tests import factories
from tests.supports.calling import client_of, send

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def client(operator):
    return client_of(operator)


def progress(client, pair):
    return client.get(f"/api/v1/pairs/{pair.pk}/progress/").json()


def uploads(client, pair):
    return client.get(f"/api/v1/pairs/{pair.pk}/uploads/").json()["results"]


def rows(client, pair, query=""):
    return client.get(f"/api/v1/pairs/{pair.pk}/supports/{query}").json()["results"]


def refusal(response, status, code, field=None):
    """The one form of errors, with a sentence."""
    assert response.status_code == status, response.content
    body = response.json()
    assert set(body) == {"code", "message", "field"}
    assert (body["code"], body["field"]) == (code, field)
    assert body["message"].endswith(".")
    return body["message"]


def test_the_whole_life_of_an_upload(pair, client):
    before = progress(client, pair)
    people = [factories.person(number) for number in range(20)]
    faulty = [factories.person(50, nik="123"), factories.person(51, name=""), factories.person(0)]

    sent = send(client, pair, people + faulty)
    assert sent.status_code == 202
    body = sent.json()
    assert (body["status"], body["job"]) == (
        "received",
        {"state": "queued", "step": "", "done": 0, "total": 0},
    )
    address = sent["Location"]
    assert address == f"http://testserver/api/v1/uploads/{body['id']}/"

    factories.work()
    loaded = client.get(address).json()
    assert (loaded["status"], loaded["rows"], loaded["rows_clean"]) == ("loaded", 23, 20)
    assert loaded["findings"] == {"NIK_LENGTH": 1, "NAME_MISSING": 1, "DUPLICATE_IDENTICAL": 1}
    assert loaded["job"]["state"] == "done"
    assert loaded["columns"]["fields"]["nik"] == "NIK"
    assert (loaded["error"], loaded["columns"]["ignored"], loaded["columns"]["missing"]) == (None, [], [])
    assert progress(client, pair)["counted"] == before["counted"] + 20

    again = send(client, pair, people + faulty)
    assert (again.status_code, again.json()["id"]) == (200, loaded["id"])

    report = client.get(f"{address}report.csv")
    assert (report.status_code, report["Content-Type"]) == (200, "text/csv; charset=utf-8")
    text = b"".join(report.streaming_content).decode("utf-8-sig")
    assert text.count("\n") == 4
    assert "DUPLICATE_IDENTICAL" in text
    assert f"laporan-unggahan-{loaded['id']}.csv" in report["Content-Disposition"]

    gone = client.delete(address)
    assert (gone.status_code, gone.json()["job"]["state"]) == (202, "queued")
    factories.work()
    assert client.get(address).json()["status"] == "discarded"
    assert progress(client, pair) == before
    assert not Support.objects.exists()
    assert client.delete(address).status_code == 204


def test_progress_says_what_is_asked_and_what_is_there(pair, client, operator):
    people = [factories.person(1), factories.person(2, district="Bontang Barat", village="Kanaan")]
    factories.loaded(pair, operator, [*people, factories.person(3, district="Entah")])
    body = progress(client, pair)
    assert (body["minimum"], body["min_spread"]) == (13_160, 2)
    assert (body["submitted"], body["clean"], body["counted"], body["shortfall"]) == (3, 2, 2, 13_158)
    assert body["areas_covered"] == 2
    assert body["findings"] == {"DISTRICT_UNKNOWN": 1}
    areas = {area["code"]: area for area in body["by_area"]}
    assert set(areas) == {647401, 647402, 647403, 0}
    assert sum(area["submitted"] for area in areas.values()) == body["submitted"]
    for area in areas.values():
        assert area["submitted"] == area["ms"] + area["bms"] + area["tms"] + area["unverified"]
    assert body["window"]["open"] is True
    assert body["window"]["reason"].startswith("Masa pengisian dukungan dibuka sampai")


def test_the_same_key_is_the_same_upload_whatever_is_sent(pair, client):
    first = send(client, pair, [factories.person(1)], key="kunci-1")
    again = send(client, pair, [factories.person(2)], key="kunci-1")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"] == Upload.objects.get().pk
    assert StoredFile.objects.count() == 1


def test_the_key_of_another_pair_is_no_key_here(pair, client):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    theirs = client_of(factories.operator(other, "operator2"))
    mine = send(client, pair, [factories.person(1)], key="kunci-1").json()
    answer = send(theirs, other, [factories.person(2)], key="kunci-1")
    assert (answer.status_code, answer.json()["id"] != mine["id"]) == (202, True)
    assert Upload.objects.get(pk=answer.json()["id"]).submission.pair == other


def test_a_reply_that_was_lost_is_given_again_unread_and_after_the_end(pair, client):
    first = send(client, pair, [factories.person(1)], key="kunci-1")
    pair.election.windows.all().delete()
    again = post_unread(client, pair, HTTP_IDEMPOTENCY_KEY="kunci-1")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


def test_a_key_that_is_too_long_is_refused_unread(pair, client):
    refusal(post_unread(client, pair, HTTP_IDEMPOTENCY_KEY="k" * 101), 422, "idempotency_key_too_long")


def test_a_repeated_file_leaves_no_second_copy(pair, client):
    assert send(client, pair, [factories.person(1)]).status_code == 202
    assert send(client, pair, [factories.person(1)]).status_code == 200
    assert StoredFile.objects.count() == 1


def test_another_mapping_of_the_same_file_is_another_upload(pair, client):
    first = send(client, pair, [factories.person(1)])
    second = send(client, pair, [factories.person(1)], mapping='{"ref": "Nomor HP"}')
    assert (second.status_code, first.json()["id"] != second.json()["id"]) == (202, True)


def test_a_mapping_after_the_file_is_used(pair, client):
    content = factories.as_csv([factories.person(1)]).replace(b"NIK,Nama", b"Kolom A,Kolom B")
    sent = send(client, pair, content, mapping='{"nik": "Kolom A", "name": "Kolom B"}')
    factories.work()
    body = client.get(sent["Location"]).json()
    assert (body["status"], body["rows_clean"]) == ("loaded", 1)
    assert body["columns"]["fields"]["nik"] == "Kolom A"


def test_an_upload_that_needs_a_mapping_gets_it_later(pair, client):
    content = factories.as_csv([factories.person(1)]).replace(b"NIK,Nama", b"Kolom A,Kolom B")
    address = send(client, pair, content)["Location"]
    factories.work()
    body = client.get(address).json()
    assert (body["status"], body["columns"]["missing"]) == ("needs_mapping", ["nik", "name"])
    refusal(
        client.post(f"{address}mapping/", {"mapping": {"nik": "Kolom A"}}, format="json"),
        422,
        "mapping_incomplete",
        "mapping",
    )
    asked = {"mapping": {"nik": "Kolom A", "name": "Kolom B"}}
    mapped = client.post(f"{address}mapping/", asked, format="json")
    assert (mapped.status_code, mapped.json()["status"]) == (202, "received")
    factories.work()
    assert client.get(address).json()["status"] == "loaded"


def test_an_unreadable_file_fails_in_words_and_can_be_tried_again(pair, client):
    address = send(client, pair, b"%PDF-1.7 \x00\x01", "berkas.csv")["Location"]
    factories.work()
    body = client.get(address).json()
    assert (body["status"], body["error"]["code"]) == ("failed", "FILE_NOT_TEXT")
    assert "PDF" in body["error"]["message"]
    refusal(client.get(f"{address}report.csv", HTTP_ACCEPT="text/csv"), 409, "report_not_ready")
    retried = client.post(f"{address}retry/")
    assert (retried.status_code, retried.json()["status"], retried.json()["error"]) == (202, "received", None)
    factories.work()
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["status"] == "discarded"


@pytest.mark.parametrize("stop", [lambda c, a: c.delete(a), lambda c, a: c.post(f"{a}cancel/")])
def test_a_waiting_load_is_stopped(pair, client, stop):
    address = send(client, pair, [factories.person(1)])["Location"]
    assert stop(client, address).status_code == 202
    factories.work()
    body = client.get(address).json()
    assert (body["status"], body["error"]["code"], body["rows"]) == ("failed", "CANCELLED", 0)
    refusal(client.post(f"{address}cancel/"), 409, "upload_not_loading")


def test_an_empty_file_is_refused_in_words(pair, client):
    assert "kosong" in refusal(send(client, pair, b""), 422, "file_empty", "file")
    assert not Upload.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"mapping": "{nik"}, "mapping_unreadable", "mapping"),
        ({"mapping": '["nik"]'}, "mapping_unreadable", "mapping"),
        ({"mapping": '{"nik": 3}'}, "mapping_unreadable", "mapping"),
        ({"mapping": '{"nik": "\\u0000"}'}, "mapping_unreadable", "mapping"),
        ({"mapping": '{"\\ud800": "NIK"}'}, "mapping_unreadable", "mapping"),
        ({"mapping": '{"entah": "NIK"}'}, "MAPPING_FIELD_UNKNOWN", "mapping"),
        ({"mode": "replace"}, "replaces_missing", "replaces"),
        ({"mode": "add", "replaces": "7"}, "replaces_unexpected", "replaces"),
    ],
)
def test_a_form_that_is_not_understood_leaves_nothing(pair, client, fields, code, field):
    refusal(send(client, pair, [factories.person(1)], **fields), 422, code, field)
    assert not Upload.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_body_without_a_file_is_refused(pair, client):
    path = f"/api/v1/pairs/{pair.pk}/uploads/"
    refusal(client.post(path, {"mapping": "{}"}, format="multipart"), 422, "file_missing", "file")
    refusal(client.generic("POST", path, b"x", content_type="text/csv"), 415, "unsupported_media_type")
    broken = client.generic("POST", path, b"x", content_type="multipart/form-data")
    refusal(broken, 400, "bad_request")


def test_a_file_above_the_limit_is_refused(pair, client, settings):
    settings.UPLOAD_LIMIT_BYTES = 1000
    people = [factories.person(number) for number in range(40)]
    refusal(send(client, pair, people), 413, "file_too_large", "file")
    assert not StoredFile.objects.exists()


class Untouched(io.RawIOBase):
    """A body that may not be read."""

    def readable(self):
        return True

    def readinto(self, buffer):
        raise AssertionError("the body was read")


def post_unread(client, pair, query="", **environ):
    environ |= {"CONTENT_LENGTH": "60000000", "wsgi.input": Untouched()}
    path = f"/api/v1/pairs/{pair.pk}/uploads/{query}"
    return client.generic("POST", path, content_type="multipart/form-data; boundary=b", **environ)


def test_nothing_is_read_of_what_may_not_be_sent(pair, client, settings):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    refusal(post_unread(client, other), 404, "not_found")
    verifier = client_of(factories.user("verifikator", Role.VERIFIER, 6474))
    refusal(post_unread(verifier, pair), 403, "permission_denied")
    with pytest.raises(AssertionError, match="the body was read"):
        post_unread(client, pair)
    limit, settings.UPLOAD_LIMIT_BYTES = settings.UPLOAD_LIMIT_BYTES, 1_000_000
    refusal(post_unread(client, pair), 413, "file_too_large", "file")
    settings.UPLOAD_LIMIT_BYTES = limit
    pair.election.windows.all().delete()
    with pytest.raises(AssertionError, match="the body was read"):
        post_unread(client, pair, "?target=pool")
    message = refusal(post_unread(client, pair, "?target=round"), 422, "window_closed")
    assert message == "Masa pengisian dukungan belum dijadwalkan. Tunggu pengumuman jadwal dari KPU."


def test_another_teams_uploads_do_not_exist(pair, client, operator):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    theirs = factories.loaded(other, factories.operator(other, "operator2"), [factories.person(1)])
    refusal(client.get(f"/api/v1/pairs/{other.pk}/uploads/"), 404, "not_found")
    for method, rest in (
        ("get", ""),
        ("delete", ""),
        ("get", "report.csv"),
        ("post", "retry/"),
        ("post", "cancel/"),
        ("post", "mapping/"),
    ):
        refusal(getattr(client, method)(f"/api/v1/uploads/{theirs.pk}/{rest}"), 404, "not_found")
    theirs.refresh_from_db()
    assert theirs.status == "loaded"


def test_officers_follow_and_fetch_and_change_nothing(pair, operator):
    upload = factories.loaded(pair, operator, [factories.person(1), factories.person(2, nik="")])
    kpu = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
    address = f"/api/v1/uploads/{upload.pk}/"
    assert kpu.get(address).json()["rows"] == 2
    assert b"NIK_MISSING" in b"".join(kpu.get(f"{address}report.csv").streaming_content)
    refusal(kpu.delete(address), 403, "permission_denied")
    refusal(client_of(factories.user("ppk", Role.PPK, 647401)).get(address), 403, "permission_denied")


def test_officers_see_what_only_they_weigh(pair, client, operator):
    run = [factories.person(n, phone=f"08120000000{n}") for n in range(1, 7)]
    factories.loaded(pair, operator, run)
    kpu = client_of(factories.user("kpu", Role.KPU_REGENCY, 6474))
    assert len(rows(kpu, pair, "?finding=SERIAL_RUN")) == 6
    assert progress(kpu, pair)["findings"] == {"SERIAL_RUN": 6}
    assert progress(client, pair)["findings"] == {}
    assert [row["findings"] for row in rows(client, pair)] == [[]] * 6


def test_report_of_all_rows_or_those_with_findings(pair, client, operator):
    upload = factories.loaded(pair, operator, [factories.person(1), factories.person(2, nik="")])
    path = f"/api/v1/uploads/{upload.pk}/report.csv"
    lines = {
        rows: b"".join(client.get(f"{path}{rows}").streaming_content).count(b"\n")
        for rows in ("", "?rows=all")
    }
    assert lines == {"": 2, "?rows=all": 3}
    refusal(client.get(f"{path}?rows=some"), 400, "invalid_choice", "rows")


def test_the_list_of_uploads_asks_as_often_for_three_as_for_one(pair, client, operator):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            found = uploads(client, pair)
        return len(found), len(captured)

    factories.loaded(pair, operator, [factories.person(1)])
    one, few = queries()
    factories.loaded(pair, operator, [factories.person(2)])
    factories.loaded(pair, operator, [factories.person(3, nik="")])
    three, as_many = queries()
    assert (one, three) == (1, 3)
    assert as_many == few


def test_the_list_pages_by_cursor(pair, client, operator):
    for number in range(3):
        factories.upload(pair, operator, [factories.person(number)])
    first = client.get(f"/api/v1/pairs/{pair.pk}/uploads/?page_size=2").json()
    second = client.get(first["next"]).json()
    ids = [one["id"] for one in first["results"] + second["results"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), second["next"]) == (3, None)
