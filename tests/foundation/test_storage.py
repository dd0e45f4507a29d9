import hashlib
import io
import json
import os
import tempfile
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.exception import response_for_exception
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import UnreadablePostError
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import Refused, TooLarge
from foundation.keys import keyring as keyring_module
from foundation.keys.models import StoredFile
from foundation.keys.operations import destroy_keys
from foundation.seal import SealBroken
from foundation.sealed_files import (
    CHUNK_BYTES,
    MAGIC,
    SALT_BYTES,
    TAG_BYTES,
    SealedWriter,
    delete,
    open_sealed,
)
from foundation.storage import (
    FileNotExpected,
    RefusingUploadHandler,
    delete_file,
    open_file,
    receive_file,
    sweep_orphans,
    take_file,
)

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
HEADER = len(MAGIC) + SALT_BYTES
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
NIK = b"6474015302799001"
LIMIT = 4 * 1024 * 1024


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Each test has a storage of its own, as FileSystemStorage stores in production."""
    options = {"location": str(tmp_path / "files"), "base_url": None}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    }
    keyring_module._cache.clear()
    yield tmp_path / "files"
    keyring_module._cache.clear()


def seal_file(name, content, key=KEY):
    writer = SealedWriter(name, key)
    writer.write(content)
    return writer.close()


def read_file(name, key=KEY):
    with open_sealed(name, key) as stream:
        return stream.read()


def raw(name):
    return Path(default_storage.path(name)).read_bytes()


def overwrite(name, content):
    Path(default_storage.path(name)).write_bytes(content)


def on_disk(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# ---- the sealed stream


@pytest.mark.parametrize(
    "size", [0, 1, 15, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7]
)
def test_file_opens_to_what_was_written(size):
    content = os.urandom(size)

    assert seal_file("a/b", content) == (size, hashlib.sha256(content).hexdigest())
    assert read_file("a/b") == content
    chunks = max(1, -(-size // CHUNK_BYTES))
    assert len(raw("a/b")) == HEADER + size + chunks * TAG_BYTES


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.integers(0, CHUNK_BYTES + 9), max_size=5),
    st.lists(st.integers(1, 2 * CHUNK_BYTES), max_size=5),
)
def test_pieces_of_any_size_go_in_and_come_out(written, read):
    pieces = [os.urandom(size) for size in written]
    writer = SealedWriter("a/b", KEY)
    for piece in pieces:
        writer.write(piece)
    writer.close()

    with open_sealed("a/b", KEY) as stream:
        found = b"".join([stream.read(size) for size in read] + [stream.read()])
        assert stream.read(1) == b""
    delete("a/b")

    assert found == b"".join(pieces)


def test_file_is_read_line_by_line():
    lines = [f"{number};BUDI SANTOSO É 𝟙\r\n".encode() for number in range(60_000)]
    seal_file("a/b", b"".join(lines))

    with open_sealed("a/b", KEY) as stream:
        assert list(stream) == lines


def test_identity_is_nowhere_in_the_stored_bytes(own_folder):
    content = (NIK + b";+6281234567890;BUDI\r\n") * 100_000
    seal_file("a/b", content)

    (path,) = on_disk(own_folder)
    stored = path.read_bytes()
    assert len(stored) > len(content)
    # Nothing shorter: among millions of random bytes any four may be found.
    for clear in (NIK, b"+6281234567890", b";BUDI\r\n", NIK[:8]):
        assert clear not in stored


def test_same_content_twice_is_stored_differently():
    seal_file("a/b", NIK)
    seal_file("a/c", NIK)

    assert raw("a/b")[HEADER:] != raw("a/c")[HEADER:]


def test_memory_stays_small_however_large_the_file():
    piece = os.urandom(64 * 1024)
    tracemalloc.start()
    try:
        writer = SealedWriter("a/b", KEY)
        for _ in range(512):
            writer.write(piece)
        writer.close()
        with open_sealed("a/b", KEY) as stream:
            while stream.read(64 * 1024):
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 * CHUNK_BYTES


def test_stored_file_is_never_written_over():
    seal_file("a/b", b"first")

    with pytest.raises(FileExistsError):
        SealedWriter("a/b", KEY)
    assert read_file("a/b") == b"first"
    assert default_storage.listdir("a") == ([], ["b"])


def test_aborted_file_leaves_nothing(own_folder):
    writer = SealedWriter("a/b", KEY)
    writer.write(os.urandom(2 * CHUNK_BYTES))
    writer.abort()
    writer.abort()

    assert on_disk(own_folder) == []


def test_missing_file_is_not_found():
    with pytest.raises(FileNotFoundError):
        open_sealed("a/b", KEY)
    delete("a/b")


# ---- tampering


@pytest.mark.parametrize(
    "position",
    [
        0,
        len(MAGIC) - 1,
        len(MAGIC),
        HEADER - 1,
        HEADER,
        HEADER + CHUNK_BYTES - 1,
        HEADER + CHUNK_BYTES,
        HEADER + SEALED_CHUNK - 1,
        HEADER + SEALED_CHUNK,
        HEADER + 2 * SEALED_CHUNK,
        -TAG_BYTES - 1,
        -TAG_BYTES,
        -1,
    ],
)
def test_changed_byte_does_not_open(position):
    seal_file("a/b", os.urandom(2 * CHUNK_BYTES + 100))
    stored = bytearray(raw("a/b"))
    stored[position] ^= 1
    overwrite("a/b", stored)

    with pytest.raises(SealBroken):
        read_file("a/b")


@pytest.mark.parametrize(
    "length",
    [
        0,
        len(MAGIC),
        HEADER - 1,
        HEADER,
        HEADER + TAG_BYTES,
        HEADER + SEALED_CHUNK - 1,
        HEADER + SEALED_CHUNK,
        HEADER + SEALED_CHUNK + 1,
        HEADER + 2 * SEALED_CHUNK,
        -1,
    ],
)
def test_file_cut_short_does_not_open(length):
    seal_file("a/b", os.urandom(2 * CHUNK_BYTES + 100))
    overwrite("a/b", raw("a/b")[:length])

    with pytest.raises(SealBroken):
        read_file("a/b")


def test_chunks_before_the_cut_come_out_but_never_the_end():
    content = os.urandom(2 * CHUNK_BYTES + 100)
    seal_file("a/b", content)
    overwrite("a/b", raw("a/b")[: HEADER + 2 * SEALED_CHUNK])

    with open_sealed("a/b", KEY) as stream:
        assert stream.read(CHUNK_BYTES) == content[:CHUNK_BYTES]
        for _ in range(2):
            with pytest.raises(SealBroken):
                stream.read(1)


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 0, 2], [0, 2], [0, 1, 2, 2], [0, 1, 1, 2], [2, 1, 0]])
def test_chunks_in_another_order_do_not_open(order):
    seal_file("a/b", os.urandom(3 * CHUNK_BYTES))
    stored = raw("a/b")
    chunks = [stored[HEADER + i * SEALED_CHUNK : HEADER + (i + 1) * SEALED_CHUNK] for i in range(3)]
    overwrite("a/b", stored[:HEADER] + b"".join(chunks[i] for i in order))

    with pytest.raises(SealBroken):
        read_file("a/b")


def test_chunk_of_another_file_does_not_open():
    seal_file("a/b", os.urandom(2 * CHUNK_BYTES))
    seal_file("a/c", os.urandom(2 * CHUNK_BYTES))
    first, second = raw("a/b"), raw("a/c")
    overwrite("a/b", first[: HEADER + SEALED_CHUNK] + second[HEADER + SEALED_CHUNK :])

    with pytest.raises(SealBroken):
        read_file("a/b")


def test_bytes_added_at_the_end_do_not_open():
    seal_file("a/b", b"x" * 100)
    overwrite("a/b", raw("a/b") + b"\0")

    with pytest.raises(SealBroken):
        read_file("a/b")


def test_file_put_in_the_place_of_another_does_not_open():
    seal_file("a/b", b"first")
    seal_file("a/c", b"second")
    overwrite("a/b", raw("a/c"))

    with pytest.raises(SealBroken):
        read_file("a/b")


def test_file_does_not_open_with_another_key():
    seal_file("a/b", b"first")

    with pytest.raises(SealBroken):
        read_file("a/b", OTHER)


# ---- files with a row


def test_received_file_is_stored_with_its_figures(db, own_folder):
    receiving = receive_file("election:1")
    assert StoredFile.objects.get().state == "receiving"
    receiving.write(NIK)
    stored = receiving.finish()

    assert (stored.state, stored.size, stored.sha256) == ("stored", 16, hashlib.sha256(NIK).hexdigest())
    assert [str(path.relative_to(own_folder)) for path in on_disk(own_folder)] == [stored.name]
    with open_file(stored) as stream:
        assert stream.read() == NIK


def test_row_is_there_before_the_first_byte_and_outside_any_transaction(committed):
    with transaction.atomic(), pytest.raises(RuntimeError):
        receive_file("election:1")

    receiving = receive_file("election:1")
    assert StoredFile.objects.filter(pk=receiving.stored_file.pk).exists()
    receiving.abort()
    assert not StoredFile.objects.exists()


def test_files_of_destroyed_keys_are_unreadable(committed):
    receiving = receive_file("election:1")
    receiving.write(NIK)
    stored = receiving.finish()

    destroy_keys("election:1", by=None)

    with pytest.raises(Refused, match="dimusnahkan"):
        open_file(stored)
    with pytest.raises(Refused, match="dimusnahkan"):
        receive_file("election:1")


def test_deleted_file_goes_after_the_commit_only(committed, own_folder):
    stored = receive_file("election:1").finish()

    with transaction.atomic():
        delete_file(stored)
        transaction.set_rollback(True)
    assert len(on_disk(own_folder)) == 1
    with transaction.atomic():
        delete_file(stored)
        assert len(on_disk(own_folder)) == 1

    assert on_disk(own_folder) == []
    assert not StoredFile.objects.exists()


def test_sweep_removes_what_a_killed_process_left(db, own_folder):
    halfway = receive_file("election:1")
    halfway.write(os.urandom(2 * CHUNK_BYTES))
    unclaimed = receive_file("election:1").finish()
    fresh = receive_file("election:1").finish()
    StoredFile.objects.exclude(pk=fresh.pk).update(created_at=fresh.created_at - timedelta(hours=25))

    assert sweep_orphans(timedelta(hours=24)) == 2

    assert [path.name for path in on_disk(own_folder)] == [fresh.id.hex]
    assert set(StoredFile.objects.values_list("pk", flat=True)) == {fresh.pk}
    assert not StoredFile.objects.filter(pk=unclaimed.pk).exists()
    with pytest.raises(Refused) as refused:
        halfway.finish()
    assert refused.value.code == "upload_interrupted"
    assert len(on_disk(own_folder)) == 1


def test_sweep_is_on_the_schedule_and_spares_what_is_young(db, own_folder):
    current_app.loader.import_default_modules()
    task = current_app.tasks[django_settings.CELERY_BEAT_SCHEDULE["sweep-files"]["task"]]
    young, old = receive_file("election:1").finish(), receive_file("election:1").finish()
    StoredFile.objects.filter(pk=old.pk).update(created_at=old.created_at - timedelta(hours=25))

    task()

    assert [path.name for path in on_disk(own_folder)] == [young.id.hex]


# ---- files in requests


def form(content, boundary="XX", name="dukungan.csv", field="file", closed=True):
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="mode"\r\n\r\nadd\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return head.encode() + content + (f"\r\n--{boundary}--\r\n".encode() if closed else b"")


def request_of(stream, length):
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "CONTENT_TYPE": "multipart/form-data; boundary=XX",
            "CONTENT_LENGTH": str(length),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.input": stream,
        }
    )


def posted(body):
    return request_of(io.BytesIO(body), len(body))


def nothing_left(folder):
    return on_disk(folder) == [] and not StoredFile.objects.exists()


@pytest.mark.parametrize("size", [0, 100, 3 * CHUNK_BYTES + 11])
def test_file_of_a_request_is_sealed_and_hashed(db, size):
    content = os.urandom(size)
    request = posted(form(content))

    upload = take_file(request, "election:1", limit=LIMIT)

    assert (upload.name, upload.size, upload.content_type) == ("dukungan.csv", size, "text/csv")
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    assert request.POST["mode"] == "add"
    with open_file(upload.stored_file) as stream:
        assert stream.read() == content
    request.close()


class Watched(io.BytesIO):
    """The body of a request that looks at the disk while it is read."""

    def __init__(self, content, folders):
        super().__init__(content)
        self.folders, self.seen, self.largest_read = folders, [], 0

    def read(self, size=-1):
        piece = super().read(size)
        self.largest_read = max(self.largest_read, len(piece))
        self.seen += [path for folder in self.folders for path in on_disk(folder) if NIK in path.read_bytes()]
        return piece


def test_body_is_never_on_the_disk_in_clear_while_it_arrives(db, settings, tmp_path, own_folder, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(temporary)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    body = form((NIK + b";BUDI\r\n") * 150_000)
    stream = Watched(body, [temporary, own_folder])

    upload = take_file(request_of(stream, len(body)), "election:1", limit=LIMIT)

    assert upload.size == 23 * 150_000
    assert stream.seen == []
    assert on_disk(temporary) == []
    assert stream.largest_read <= 64 * 1024


def test_file_larger_than_the_limit_is_refused(db, own_folder):
    with pytest.raises(TooLarge) as refused:
        take_file(posted(form(os.urandom(LIMIT + 1))), "election:1", limit=LIMIT)

    assert (refused.value.code, refused.value.http_status) == ("file_too_large", 413)
    assert "4 MB" in refused.value.message
    assert nothing_left(own_folder)


def test_file_of_exactly_the_limit_is_taken(db):
    assert take_file(posted(form(os.urandom(LIMIT))), "election:1", limit=LIMIT).size == LIMIT


def test_body_declared_too_large_is_refused_unread(db, own_folder):
    stream = io.BytesIO(form(b"x"))
    declared = LIMIT + django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1

    with pytest.raises(TooLarge):
        take_file(request_of(stream, declared), "election:1", limit=LIMIT)

    assert stream.tell() == 0
    assert nothing_left(own_folder)


def test_body_that_ends_early_leaves_nothing(db, own_folder):
    body = form(os.urandom(2 * CHUNK_BYTES), closed=False)

    with pytest.raises(Refused) as refused:
        take_file(request_of(io.BytesIO(body), len(body) + 500_000), "election:1", limit=LIMIT)

    assert refused.value.code == "upload_interrupted"
    assert nothing_left(own_folder)


class Broken(io.BytesIO):
    """A connection that is reset after the bytes it has."""

    def read(self, size=-1):
        piece = super().read(size)
        if not piece:
            raise OSError("connection reset by peer")
        return piece


def test_connection_reset_leaves_nothing(db, own_folder):
    body = form(os.urandom(2 * CHUNK_BYTES), closed=False)

    with pytest.raises(UnreadablePostError):
        take_file(request_of(Broken(body), len(body) + 500_000), "election:1", limit=LIMIT)

    assert nothing_left(own_folder)


def test_request_without_a_file_is_refused(db, own_folder):
    with pytest.raises(Refused) as refused:
        take_file(RequestFactory().post("/", {"mode": "add"}), "election:1", limit=LIMIT)

    assert (refused.value.code, refused.value.field) == ("file_missing", "file")
    assert nothing_left(own_folder)


def test_file_under_another_name_of_field_is_refused_and_not_kept(db, own_folder):
    with pytest.raises(Refused) as refused:
        take_file(posted(form(NIK, field="berkas")), "election:1", limit=LIMIT)

    assert refused.value.code == "file_missing"
    assert nothing_left(own_folder)


def test_second_file_is_refused_and_none_is_kept(db, own_folder):
    files = [SimpleUploadedFile("a.csv", b"a"), SimpleUploadedFile("b.csv", b"b")]

    with pytest.raises(Refused) as refused:
        take_file(RequestFactory().post("/", {"file": files}), "election:1", limit=LIMIT)

    assert refused.value.code == "one_file_only"
    assert nothing_left(own_folder)


def test_name_of_the_sender_says_nothing_about_the_place(db, own_folder):
    upload = take_file(posted(form(b"x", name="../../etc/passwd")), "election:1", limit=LIMIT)

    assert upload.name == "passwd"
    (path,) = on_disk(own_folder)
    assert str(path.relative_to(own_folder)) == upload.stored_file.name


def test_page_that_takes_no_file_refuses_one(own_folder):
    request = RequestFactory().post("/api/v1/nik/check/", {"file": SimpleUploadedFile("a.csv", NIK)})

    assert [type(handler) for handler in request.upload_handlers] == [RefusingUploadHandler]
    with pytest.raises(FileNotExpected) as refused:
        request.POST.get("csrfmiddlewaretoken")
    assert refused.value.code == "file_not_expected"
    response = response_for_exception(request, refused.value)
    assert (response.status_code, json.loads(response.content)["code"]) == (400, "file_not_expected")
    assert on_disk(own_folder) == []


def test_page_that_takes_no_file_reads_its_form():
    request = RequestFactory().post("/", {"name": "BUDI"})

    assert request.POST["name"] == "BUDI"
