"""A file sent in pieces through the API: every call of the protocol, every way it is refused, loaded once."""

import base64
import hashlib
import io
import threading
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import InMemoryStorage, default_storage
from django.db import connection
from django.db.models.functions import Now

from candidates.models import Window
from candidates.queries import now
from foundation import pieces
from foundation.accounts.matrix import Role
from foundation.keys.models import StoredFile, StoredPart
from foundation.keys.tasks import sweep_files
from foundation.storage import open_file
from foundation.workflow.models import Event
from supports.models import IncomingFile, Support, Upload
from tests import factories
from tests.supports.calling import client_of, send
from tests.supports.holding import held_at, wait_until_somebody_waits
from tests.supports.test_api_uploads import Untouched, refusal

pytestmark = pytest.mark.usefixtures("committed")
PIECE = "application/offset+octet-stream"
TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}
ROWS = [factories.person(number) for number in range(30)]
CONTENT = factories.as_csv(ROWS)
SIZE = len(CONTENT)


@pytest.fixture
def pair(committed):
    return factories.pair()


@pytest.fixture
def operator(pair):
    return factories.operator(pair)


@pytest.fixture
def client(operator):
    return client_of(operator)


def b64(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def checksum_of(algorithm, data):
    """The header Upload-Checksum."""
    return f"{algorithm} {b64(hashlib.new(algorithm, data).digest())}"


def metadata(name="posko.csv", digest=None):
    """The header; with the digest of the content when it is given."""
    more = f",sha256 {b64(digest)}" if digest else ""
    return f"filename {b64(name)}{more}"


def files_of(pair):
    return f"/api/v1/pairs/{pair.pk}/files/"


def create(client, pair, size=SIZE, body=b"", **headers):
    headers = {**TUS, "HTTP_UPLOAD_LENGTH": str(size), "HTTP_UPLOAD_METADATA": metadata(), **headers}
    kind = PIECE if body else ""
    headers = {name: value for name, value in headers.items() if value is not None}
    return client.generic("POST", files_of(pair), body, content_type=kind, **headers)


def begin(client, pair, content=CONTENT, **more):
    """The address of a declared file."""
    made = create(client, pair, len(content), HTTP_UPLOAD_METADATA=metadata(**more))
    assert made.status_code == 201, made.content
    return made["Location"]


def patch(client, address, offset, body, **headers):
    headers = {**TUS, "HTTP_UPLOAD_OFFSET": str(offset), **headers}
    kind = headers.pop("kind", PIECE)
    return client.generic("PATCH", address, body, content_type=kind, **headers)


def offset_of(client, address):
    return int(client.head(address, **TUS)["Upload-Offset"])


def id_of(address):
    return int(address.rstrip("/").rsplit("/", 1)[1])


def finish(client, pair, address, key=None, **more):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    body = {"file": id_of(address), **more}
    return client.post(f"/api/v1/pairs/{pair.pk}/uploads/", body, format="json", **headers)


def sent(client, pair, content=CONTENT, **more):
    """The address of a file that has arrived whole, in two pieces."""
    address = begin(client, pair, content, **more)
    half = len(content) // 2
    assert patch(client, address, 0, content[:half]).status_code == 204
    assert patch(client, address, half, content[half:]).status_code == 204
    return address


def end_window(hours=0):
    """The window of filling ended so many hours ago."""
    Window.objects.update(closes_at=now() - timedelta(hours=hours))


# ---- the way a file goes ---------------------------------------------------------------------------


def test_a_file_in_pieces_becomes_the_same_upload_as_a_whole_one(pair, client):
    made = create(client, pair, HTTP_UPLOAD_METADATA=metadata("data posko.csv", sha256(CONTENT)))
    assert (made.status_code, made["Tus-Resumable"], made["Upload-Offset"]) == (201, "1.0.0", "0")
    address = made["Location"]
    assert address == f"http://testserver{files_of(pair)}{made.json()['id']}/"

    for start in range(0, len(CONTENT), 1000):
        taken = patch(client, address, start, CONTENT[start : start + 1000])
        assert taken.status_code == 204
        assert taken["Upload-Offset"] == str(min(start + 1000, len(CONTENT)))
        assert "GMT" in taken["Upload-Expires"]

    done = finish(client, pair, address)
    assert (done.status_code, done.json()["status"]) == (202, "received")
    assert (done.json()["name"], done.json()["size"]) == ("data posko.csv", len(CONTENT))
    assert done.json()["sha256"] == sha256(CONTENT)
    assert done["Location"] == f"http://testserver/api/v1/uploads/{done.json()['id']}/"
    factories.work()
    loaded = client.get(done["Location"]).json()
    assert (loaded["status"], loaded["rows_clean"]) == ("loaded", len(ROWS))

    whole = send(client, pair, CONTENT)
    assert (whole.status_code, whole.json()["id"]) == (200, loaded["id"])


def test_head_tells_how_far_and_what(pair, client):
    address = begin(client, pair, name="posko utara.csv", digest=sha256(CONTENT))
    patch(client, address, 0, CONTENT[:100])
    told = client.head(address, **TUS)
    assert (told.status_code, told.content, told["Cache-Control"]) == (200, b"", "no-store")
    assert (told["Upload-Offset"], told["Upload-Length"]) == ("100", str(len(CONTENT)))
    assert told["Upload-Metadata"] == metadata("posko utara.csv", sha256(CONTENT))
    shown = client.get(address).json()
    assert (shown["offset"], shown["size"], shown["upload"]) == (100, len(CONTENT), None)
    assert client.get(files_of(pair)).json()["results"] == [shown]


def test_options_tell_what_is_understood(pair, client, settings):
    for address in (files_of(pair), begin(client, pair)):
        told = client.options(address)
        assert (told.status_code, told["Tus-Version"], told["Tus-Resumable"]) == (204, "1.0.0", "1.0.0")
        assert told["Tus-Max-Size"] == str(settings.UPLOAD_LIMIT_BYTES)
        assert told["Tus-Checksum-Algorithm"] == "sha1,sha256"
        asked = {"creation", "creation-with-upload", "checksum", "termination", "expiration"}
        assert set(told["Tus-Extension"].split(",")) == asked


def test_the_first_piece_may_come_with_the_declaration(pair, client):
    made = create(client, pair, body=CONTENT[:500])
    assert (made.status_code, made["Upload-Offset"]) == (201, "500")
    assert patch(client, made["Location"], 500, CONTENT[500:]).status_code == 204
    assert finish(client, pair, made["Location"]).status_code == 202


def test_a_mapping_goes_with_the_finish(pair, client):
    content = CONTENT.replace(b"NIK,Nama", b"Kolom A,Kolom B")
    done = finish(client, pair, sent(client, pair, content), mapping={"nik": "Kolom A", "name": "Kolom B"})
    factories.work()
    assert client.get(done["Location"]).json()["status"] == "loaded"


def test_bytes_are_sealed_in_parts_and_never_in_clear(pair, client, monkeypatch):
    monkeypatch.setattr(pieces, "PART_BYTES", 700)
    address = sent(client, pair)
    stored = []
    for part in StoredPart.objects.all():
        with default_storage.open(part.name) as sealed:
            stored.append(sealed.read())
    assert len(stored) == sum(
        -(-half // 700) for half in (len(CONTENT) // 2, len(CONTENT) - len(CONTENT) // 2)
    )
    assert not any(ROWS[0]["nik"].encode() in part or b"Budi" in part for part in stored)
    with open_file(StoredFile.objects.get()) as stream:
        assert stream.read() == CONTENT
    assert finish(client, pair, address).status_code == 202


class ObjectStorage(InMemoryStorage):
    """What an object storage cannot do fails: appending, changing, listing a folder."""

    def _open(self, name, mode="rb"):
        assert mode in ("rb", "wb")
        return super()._open(name, mode)

    def listdir(self, path):
        raise AssertionError("a folder was listed")


def test_a_storage_that_cannot_append_will_do(pair, client, settings):
    here = {"BACKEND": f"{__name__}.ObjectStorage"}
    settings.STORAGES = settings.STORAGES | {"default": here}
    done = finish(client, pair, sent(client, pair))
    factories.work()
    assert client.get(done["Location"]).json()["rows"] == len(ROWS)


# ---- cut off, and gone on with ---------------------------------------------------------------------


class Cut(io.BytesIO):
    """A body whose connection is reset after the bytes it has; or that simply ends."""

    def __init__(self, data, reset):
        super().__init__(data)
        self.reset = reset

    def read(self, size=-1):
        piece = super().read(size)
        if not piece and self.reset:
            raise OSError("connection reset by peer")
        return piece


def patch_cut(client, address, offset, arrives, declared, *, reset=True, **headers):
    environ = {**TUS, "HTTP_UPLOAD_OFFSET": str(offset), "CONTENT_LENGTH": str(declared), **headers}
    environ["wsgi.input"] = Cut(arrives, reset)
    return client.generic("PATCH", address, content_type=PIECE, **environ)


@pytest.mark.parametrize("reset", [True, False])
def test_cut_at_any_byte_it_goes_on_there(pair, client, reset, monkeypatch):
    monkeypatch.setattr(pieces, "PART_BYTES", 64)
    content = CONTENT[:300]
    for cut in (0, 1, 63, 64, 65, 128, 299):
        address = begin(client, pair, content, digest=sha256(content))
        patch_cut(client, address, 0, content[:cut], len(content), reset=reset)
        assert offset_of(client, address) == cut
        assert patch(client, address, cut, content[cut:]).status_code == 204
        stored = pieces.finish_file(IncomingFile.objects.get(pk=id_of(address)).file)
        assert stored.sha256 == sha256(content)


def test_a_checked_piece_that_breaks_off_is_kept_not_at_all(pair, client):
    address = begin(client, pair)
    checksum = checksum_of("sha1", CONTENT)
    patch_cut(client, address, 0, CONTENT[:100], len(CONTENT), HTTP_UPLOAD_CHECKSUM=checksum)
    assert offset_of(client, address) == 0
    assert not StoredPart.objects.exists()


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_is_checked_against_its_checksum(pair, client, algorithm, monkeypatch):
    monkeypatch.setattr(pieces, "PART_BYTES", 700)
    address = begin(client, pair)
    good, wrong = checksum_of(algorithm, CONTENT), checksum_of(algorithm, CONTENT + b" ")
    response = patch(client, address, 0, CONTENT, HTTP_UPLOAD_CHECKSUM=wrong)
    refusal(response, 460, "checksum_mismatch")
    assert (response.reason_phrase, response["Tus-Resumable"]) == ("Checksum Mismatch", "1.0.0")
    assert offset_of(client, address) == 0
    assert not StoredPart.objects.exists()
    assert patch(client, address, 0, CONTENT, HTTP_UPLOAD_CHECKSUM=good)["Upload-Offset"] == str(len(CONTENT))


def test_a_first_piece_that_is_damaged_leaves_no_file(pair, client):
    wrong = checksum_of("sha1", b"")
    refusal(create(client, pair, body=CONTENT, HTTP_UPLOAD_CHECKSUM=wrong), 460, "checksum_mismatch")
    assert not IncomingFile.objects.exists()
    assert not StoredFile.objects.exists()


def test_two_pieces_for_the_same_place_are_one(pair, client, operator):
    """The client gave a connection up that the server still reads: what comes second is refused, not doubled."""
    address = begin(client, pair)
    file = IncomingFile.objects.get().file

    def slow(pieces_left=[CONTENT[:100]]):  # noqa: B006 -- the memory of one call
        if not pieces_left:
            assert patch(client, address, 0, CONTENT).status_code == 204
            return b""
        return pieces_left.pop()

    with pytest.raises(pieces.Conflict) as refused:
        pieces.take_piece(file, lambda _size: slow(), offset=0, keep=timedelta(hours=1))
    assert refused.value.code == "wrong_offset"
    assert offset_of(client, address) == len(CONTENT)
    assert StoredPart.objects.count() == 1
    assert finish(client, pair, address).json()["sha256"] == sha256(CONTENT)


# ---- every way it is refused -----------------------------------------------------------------------


@pytest.mark.parametrize("version", [None, "0.2.2", "1.0"])
def test_another_version_of_the_protocol_is_refused(pair, client, version):
    address = begin(client, pair)
    headers = {"HTTP_TUS_RESUMABLE": version} if version else {}
    answers = [
        client.generic("POST", files_of(pair), HTTP_UPLOAD_LENGTH="10", **headers),
        client.generic("PATCH", address, b"x", content_type=PIECE, HTTP_UPLOAD_OFFSET="0", **headers),
        client.delete(address, **headers),
    ]
    for answer in answers:
        refusal(answer, 412, "tus_version")
        assert answer["Tus-Version"] == "1.0.0"
    assert client.head(address, **headers).status_code == 412
    assert offset_of(client, address) == 0


@pytest.mark.parametrize("length", [None, "", "-1", "1e3", "banyak", "9" * 16])
def test_a_declaration_without_a_length_is_refused(pair, client, length):
    refusal(create(client, pair, HTTP_UPLOAD_LENGTH=length), 400, "header_unreadable")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("filename %%%", "header_unreadable"),
        (f"filename {b64(bytes([0xFF, 0xFE]))}", "header_unreadable"),
        (f"sha256 {b64('123')}", "sha256_unreadable"),
        (f"sha256 {b64('g' * 64)}", "sha256_unreadable"),
    ],
)
def test_a_declaration_that_cannot_be_read_is_refused(pair, client, header, code):
    refusal(create(client, pair, HTTP_UPLOAD_METADATA=header), 400, code)
    assert not IncomingFile.objects.exists()


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (metadata("../../etc/passwd"), "passwd"),
        (metadata("C:\\data\\posko.csv"), "posko.csv"),
        (metadata("po\x00sko\n.csv"), "posko.csv"),
        (metadata("x" * 300), "x" * 255),
        (metadata(".."), "tanpa-nama"),
        ("", "tanpa-nama"),
        (f"filetype {b64('text/csv')}, relativePath,filename {b64('posko.csv')}", "posko.csv"),
    ],
)
def test_the_name_is_only_a_name(pair, client, header, name):
    address = create(client, pair, HTTP_UPLOAD_METADATA=header)["Location"]
    patch(client, address, 0, CONTENT)
    assert finish(client, pair, address).json()["name"] == name


def test_an_empty_file_is_refused_at_once(pair, client):
    assert "kosong" in refusal(create(client, pair, 0), 422, "file_empty", "file")


def test_a_file_above_the_limit_is_refused_at_once(pair, client, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    assert "1 MB" in refusal(create(client, pair, 1024 * 1024 + 1), 413, "file_too_large", "file")
    assert create(client, pair, 1024 * 1024).status_code == 201


def test_a_piece_longer_than_the_rest_is_refused_unread(pair, client):
    address = begin(client, pair)
    environ = {"CONTENT_LENGTH": str(len(CONTENT) + 1), "wsgi.input": Untouched()}
    refusal(patch(client, address, 0, b"", **environ), 413, "piece_too_long")


@pytest.mark.parametrize("offset", [1, 99, 101, 10_000])
def test_a_piece_for_another_place_is_refused_unread(pair, client, offset):
    address = begin(client, pair)
    patch(client, address, 0, CONTENT[:100])
    environ = {"CONTENT_LENGTH": "10", "wsgi.input": Untouched()}
    refused = patch(client, address, offset, b"", **environ)
    assert "byte 100" in refusal(refused, 409, "wrong_offset")


@pytest.mark.parametrize("offset", ["", "-1", "x"])
def test_a_piece_without_a_place_is_refused(pair, client, offset):
    refusal(patch(client, begin(client, pair), offset, b"x"), 400, "header_unreadable")


@pytest.mark.parametrize(
    "kind", ["text/csv", "application/octet-stream", "multipart/form-data; boundary=b", ""]
)
def test_a_piece_of_another_kind_is_refused_unread(pair, client, kind):
    address = begin(client, pair)
    environ = {"CONTENT_LENGTH": "10", "wsgi.input": Untouched(), "kind": kind}
    refusal(patch(client, address, 0, b"", **environ), 415, "unsupported_media_type")


def test_a_piece_of_unknown_length_is_refused(pair, client):
    address = begin(client, pair)
    refusal(patch(client, address, 0, b"x", HTTP_TRANSFER_ENCODING="chunked"), 400, "length_required")
    refusal(patch(client, address, 0, b"x", CONTENT_LENGTH=""), 400, "length_required")


@pytest.mark.parametrize(
    ("header", "code"),
    [("md5 AAAA", "checksum_unknown"), ("", "checksum_unknown"), ("sha1 %%", "header_unreadable")],
)
def test_a_checksum_that_cannot_be_read_is_refused(pair, client, header, code):
    refusal(patch(client, begin(client, pair), 0, b"x", HTTP_UPLOAD_CHECKSUM=header), 400, code)


def test_nothing_is_read_of_what_may_not_be_sent(pair, client):
    address = begin(client, pair)
    unread = {"CONTENT_LENGTH": "60000000", "wsgi.input": Untouched()}
    strangers = {
        401: client.__class__(),
        403: client_of(factories.user("verifikator", Role.VERIFIER, 6474)),
        404: client_of(factories.operator(factories.pair(pair.election, "Bayu – Kirana"), "operator2")),
    }
    for status, stranger in strangers.items():
        assert patch(stranger, address, 0, b"", **unread).status_code == status
        assert create(stranger, pair, body=b"", **unread | {"CONTENT_TYPE": PIECE}).status_code == status


# ---- whose file it is ------------------------------------------------------------------------------


def test_another_persons_file_does_not_exist(pair, client):
    address = sent(client, pair)
    colleague = client_of(factories.user("rekan", Role.LO, pair))
    elsewhere = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    rival = client_of(factories.operator(elsewhere, "operator2"))
    for stranger in (colleague, rival):
        assert stranger.head(address, **TUS).status_code == 404
        refusal(patch(stranger, address, len(CONTENT), b""), 404, "not_found")
        refusal(stranger.delete(address, **TUS), 404, "not_found")
        refusal(finish(stranger, pair, address), 404, "not_found")
    refusal(finish(rival, elsewhere, address), 404, "not_found")
    assert client.get(address).json()["offset"] == len(CONTENT)
    assert not Upload.objects.exists()


def test_a_file_of_one_pair_is_not_handed_in_for_another(pair, client, operator):
    other = factories.pair(pair.election, "Bayu Umpama – Kirana Andaikan")
    factories.assign_role(operator, Role.OPERATOR, scope_kind="pair", scope_id=other.pk, by=None)
    address = sent(client, pair)
    refusal(finish(client, other, address), 404, "not_found")
    refusal(client.get(f"{files_of(other)}{id_of(address)}/"), 404, "not_found")
    assert finish(client, pair, address).status_code == 202


# ---- finished once ---------------------------------------------------------------------------------


def test_an_incomplete_file_is_not_handed_in(pair, client):
    address = begin(client, pair)
    patch(client, address, 0, CONTENT[:100])
    sentence = refusal(finish(client, pair, address), 409, "file_incomplete", "file")
    assert f"100 dari {len(CONTENT)} byte" in sentence


@pytest.mark.parametrize("file", ["x", None, 0, -1, [], {}, 1.5])
def test_what_is_no_file_is_refused(pair, client, file):
    path = f"/api/v1/pairs/{pair.pk}/uploads/"
    response = client.post(path, {"file": file}, format="json")
    assert (response.status_code, response.json()["field"]) == (400, "file")
    refusal(client.post(path, {"file": 999}, format="json"), 404, "not_found")
    body = {"file": 1, "mode": "replace"}
    refusal(client.post(path, body, format="json"), 422, "replaces_missing", "replaces")
    too_large = b'{"file": 1, "x": "' + b"x" * django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
    assert client.generic("POST", path, too_large, content_type="application/json").status_code == 413


def test_finishing_twice_is_one_upload(pair, client):
    address = sent(client, pair)
    first, again = finish(client, pair, address), finish(client, pair, address)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    factories.work()
    assert finish(client, pair, address).json()["rows"] == len(ROWS)
    assert Support.objects.count() == len(ROWS)
    assert client.get(address).json()["upload"] == first.json()["id"]
    assert client.get(files_of(pair)).json()["results"] == []


def test_finishing_at_the_same_moment_is_one_upload(pair, client):
    address = sent(client, pair)
    answers, start = [], threading.Barrier(4)

    def ask():
        start.wait()
        answers.append(finish(client, pair, address))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    factories.work()
    assert Support.objects.count() == len(ROWS)


def test_a_file_that_was_there_already_is_the_same_upload_and_stored_once(pair, client):
    whole = send(client, pair, CONTENT).json()["id"]
    address = sent(client, pair)
    for _ in range(2):
        done = finish(client, pair, address)
        assert (done.status_code, done.json()["id"]) == (200, whole)
    assert StoredFile.objects.count() == 1
    assert not StoredPart.objects.exists()
    assert offset_of(client, address) == len(CONTENT)


def test_the_same_key_is_the_same_upload(pair, client):
    first = finish(client, pair, sent(client, pair), key="kunci-1")
    again = finish(client, pair, begin(client, pair), key="kunci-1")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


def test_other_bytes_than_declared_are_refused_and_forgotten(pair, client):
    address = sent(client, pair, digest=sha256(b"lain"))
    assert "berbeda dari yang dinyatakan" in refusal(
        finish(client, pair, address), 422, "sha256_mismatch", "file"
    )
    assert client.head(address, **TUS).status_code == 404
    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()


def test_a_mapping_that_is_refused_loses_nothing(pair, client):
    address = sent(client, pair)
    refusal(finish(client, pair, address, mapping={"entah": "NIK"}), 422, "MAPPING_FIELD_UNKNOWN", "mapping")
    refusal(finish(client, pair, address, key="k" * 101), 422, "idempotency_key_too_long")
    assert finish(client, pair, address).status_code == 202


# ---- withdrawn and expired -------------------------------------------------------------------------


def stored_things():
    return sorted(default_storage.exists(part.name) for part in StoredPart.objects.all())


def test_a_withdrawn_file_leaves_nothing(pair, client):
    address = begin(client, pair)
    patch(client, address, 0, CONTENT[:100])
    (part,) = StoredPart.objects.all()
    assert client.delete(address, **TUS).status_code == 204
    assert client.head(address, **TUS).status_code == 404
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(part.name)
    names = list(Event.objects.filter(subject_kind="incomingfile").values_list("name", flat=True))
    assert names == ["file_declared", "file_withdrawn"]


def test_a_file_that_became_an_upload_is_not_withdrawn(pair, client):
    address = sent(client, pair)
    finish(client, pair, address)
    refusal(client.delete(address, **TUS), 409, "file_handed_in")
    assert StoredFile.objects.count() == 1


def test_an_unfinished_file_expires_and_is_swept_and_one_in_progress_is_not(pair, client):
    expired, going_on, kept = begin(client, pair), begin(client, pair), sent(client, pair)
    for address in (expired, going_on):
        patch(client, address, 0, CONTENT[:100])
    finish(client, pair, kept)
    week = timedelta(days=7)
    StoredFile.objects.update(created_at=Now() - week)
    StoredFile.objects.filter(incomingfile=id_of(expired)).update(expires_at=Now() - timedelta(seconds=1))
    refusal(patch(client, expired, 100, CONTENT[100:]), 404, "not_found")
    sweep_files()
    assert set(IncomingFile.objects.values_list("pk", flat=True)) == {id_of(going_on), id_of(kept)}
    assert stored_things() == [True, True, True]
    assert patch(client, going_on, 100, CONTENT[100:]).status_code == 204
    factories.work()
    assert Support.objects.count() == len(ROWS)


def test_each_piece_puts_the_end_off(pair, client, settings):
    settings.UNFINISHED_FILE_HOURS = 48
    address = begin(client, pair)
    StoredFile.objects.update(expires_at=Now() + timedelta(hours=1))
    patch(client, address, 0, CONTENT[:100])
    assert StoredFile.objects.get().expires_at > now() + timedelta(hours=47)


def test_parts_that_a_killed_process_left_are_swept(pair, client):
    address = begin(client, pair)
    broken = StoredPart.objects.create(file=StoredFile.objects.get(), begins_at=0)
    default_storage.save(broken.name, io.BytesIO(b"SILON"))
    assert offset_of(client, address) == 0
    assert patch(client, address, 0, CONTENT).status_code == 204
    StoredPart.objects.filter(pk=broken.pk).update(created_at=Now() - timedelta(hours=25))
    sweep_files()
    assert not default_storage.exists(broken.name)
    assert finish(client, pair, address).json()["sha256"] == sha256(CONTENT)


# ---- the window ------------------------------------------------------------------------------------


def test_nothing_is_declared_outside_the_window(pair, client):
    end_window()
    assert "berakhir" in refusal(create(client, pair), 422, "window_closed")


def test_the_last_byte_counts_where_no_digest_was_declared(pair, client):
    in_time, late = sent(client, pair), begin(client, pair, CONTENT + b"\n")
    patch(client, late, 0, CONTENT)
    end_window()
    assert finish(client, pair, in_time).status_code == 202
    assert Upload.objects.get().received_at < Window.objects.get().closes_at
    sentence = refusal(patch(client, late, len(CONTENT), b"\n"), 422, "window_closed")
    assert "tidak selesai dikirim pada waktunya" in sentence
    assert "Masa pengisian dukungan berakhir" in sentence


def test_a_declared_digest_counts_as_receipt_within_the_grace(pair, client):
    address = begin(client, pair, digest=sha256(CONTENT))
    declared = IncomingFile.objects.get().declared_at
    patch(client, address, 0, CONTENT[:100])
    end_window()
    assert patch(client, address, 100, CONTENT[100:]).status_code == 204
    assert finish(client, pair, address).status_code == 202
    assert Upload.objects.get().received_at == declared


def test_after_the_grace_nothing_counts(pair, client):
    address = begin(client, pair, digest=sha256(CONTENT))
    IncomingFile.objects.update(declared_at=Now() - timedelta(hours=10))
    patch(client, address, 0, CONTENT[:-1])
    end_window(hours=4)
    sentence = refusal(patch(client, address, len(CONTENT) - 1, CONTENT[-1:]), 422, "window_closed")
    assert "tenggang 3 jam" in sentence
    end_window(hours=2)
    assert patch(client, address, len(CONTENT) - 1, CONTENT[-1:]).status_code == 204
    assert finish(client, pair, address).status_code == 202


def test_other_bytes_than_declared_have_no_grace(pair, client):
    address = begin(client, pair, digest=sha256(b"lain"))
    end_window()
    patch(client, address, 0, CONTENT)
    refusal(finish(client, pair, address), 422, "sha256_mismatch", "file")


def test_a_schedule_taken_back_takes_the_grace_with_it(pair, client):
    address = sent(client, pair, digest=sha256(CONTENT))
    Window.objects.all().delete()
    refusal(finish(client, pair, address), 422, "window_closed")


def test_withdrawing_takes_a_part_along_that_just_begins(pair, client):
    """Who cancels while bytes are on their way: the server has begun a part that nobody else sees yet."""
    address = begin(client, pair)
    file = IncomingFile.objects.get().file
    answers = []

    def withdraw():
        answers.append(client.delete(address, **TUS))
        connection.close()

    withdrawing = threading.Thread(target=withdraw)
    sender = connection.copy()
    sender.set_autocommit(False)
    with sender.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "INSERT INTO keys_storedpart (id, file_id, begins_at, created_at) VALUES (gen_random_uuid(), %s, 0, now())",
            [file.pk],
        )
        withdrawing.start()
        wait_until_somebody_waits()
    sender.commit()
    withdrawing.join()
    sender.close()
    assert [answer.status_code for answer in answers] == [204]
    assert not StoredFile.objects.exists()
    assert not StoredPart.objects.exists()


def test_who_hands_a_file_in_that_is_just_withdrawn_finds_it_gone(pair, client):
    """Its bytes still wait to be erased: they must not become an upload meanwhile."""
    address = sent(client, pair)
    withdrawing = threading.Thread(target=lambda: (client.delete(address, **TUS), connection.close()))
    with held_at("SELECT FROM keys_storedfile FOR UPDATE"):
        withdrawing.start()
        wait_until_somebody_waits()
        assert finish(client, pair, address).status_code == 404
    withdrawing.join()
    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()
