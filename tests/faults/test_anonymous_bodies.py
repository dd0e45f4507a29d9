"""60 MB from nobody, to the running site: answered at once, and not a byte of it is on the disk, then or later."""

import os
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from tests.environment import folder
from tests.faults.test_worker_dies import team

__all__ = ["team"]
MEGABYTE = os.urandom(1024 * 1024)
SIZE = 60 * len(MEGABYTE)
HEAD = b'--batas\r\nContent-Disposition: form-data; name="file"; filename="data.csv"\r\n\r\n'
FORM = "multipart/form-data; boundary=batas"
PIECE = "application/offset+octet-stream"


def on_disk():
    """Every file of the storage and of the server's temporary folder, with its size."""
    places = [Path(settings.SILON_DATA), folder / "temporary"]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    return {path: path.stat().st_size for path in files}


def calls(pair):
    """Method, address and kind of body of whatever takes files, and of pages that take none."""
    yield "POST", "/akun/masuk/", FORM
    yield "POST", "/", FORM
    yield "POST", "/nowhere/", FORM
    yield "POST", "/api/v1/auth/login/", "application/json"
    yield "POST", f"/pasangan/{pair.pk}/unggah/", FORM
    yield "POST", f"/pasangan/{pair.pk}/kiriman/", PIECE
    yield "PATCH", f"/pasangan/{pair.pk}/kiriman/1/", PIECE
    yield "POST", f"/api/v1/pairs/{pair.pk}/uploads/", FORM
    yield "POST", f"/api/v1/pairs/{pair.pk}/files/", PIECE
    yield "PATCH", f"/api/v1/pairs/{pair.pk}/files/1/", PIECE
    # The public pages that do take a document, up to a limit and so many in an hour: this is above it.
    yield "POST", f"/mandat/ajukan/{pair.election_id}/", FORM
    yield "POST", "/mandat/status/1-AAAA-AAAA-AAAA-AAAA/", FORM
    yield "POST", f"/api/v1/mandates/?election={pair.election_id}", FORM


def answered(stack, method, path, kind):
    """The status that comes after the first megabyte, and what was on the disk while the rest was sent."""
    address = urlsplit(stack.base_url)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: {kind}\r\nContent-Length: {SIZE}\r\n"
        "Tus-Resumable: 1.0.0\r\nUpload-Length: 62914560\r\nUpload-Offset: 0\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        line.sendall(head.encode() + HEAD)
        status = int(line.recv(65536).split()[1])
        seen = [on_disk()]
        with suppress(OSError):  # who has answered may hang up
            for _ in range(60):
                line.sendall(MEGABYTE)
                seen.append(on_disk())
    return status, seen


def test_nothing_of_it_is_kept_whatever_it_is_sent_to(stack, team):
    stack.start_web()
    before = on_disk()
    for method, path, kind in calls(team[0]):
        status, seen = answered(stack, method, path, kind)
        assert status in (401, 403, 404, 405, 413), (method, path)
        assert all(state == before for state in seen), (method, path)
    assert on_disk() == before
