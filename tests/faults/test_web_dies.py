"""kill -9 of the web server while a file is on its way: either it was received, or nothing of it stays."""

import json
import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from foundation.jobs.models import Job
from foundation.keys.models import StoredFile
from foundation.storage import sweep_orphans
from supports.models import Upload
from tests.factories import as_csv, person
from tests.faults.test_worker_dies import ROWS, check_loaded_once, team
from tests.stack import signs_of, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits

__all__ = ["team"]
CONTENT = as_csv(ROWS)
LARGE = as_csv([person(n) for n in range(60_000)])
HEAD = b'--batas\r\nContent-Disposition: form-data; name="file"; filename="data.csv"\r\n\r\n'
TAIL = b"\r\n--batas--\r\n"


def begin_sending(stack, team, content, upto):
    """A socket on which the first bytes of a file were sent by the API, and nothing more comes."""
    path = f"/api/v1/pairs/{team[0].pk}/uploads/"
    address = urlsplit(stack.base_url)
    signs = "".join(f"{name}: {value}\r\n" for name, value in signs_of(team[1], path).items())
    body = HEAD + content + TAIL
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\n{signs}Content-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=batas\r\n\r\n"
    )
    connection = socket.create_connection((address.hostname, address.port))
    connection.sendall(head.encode() + body[:upto])
    return connection


def files_on_disk():
    """The files in the storage."""
    return [path for path in Path(settings.SILON_DATA).rglob("*") if path.is_file()]


def check_nothing_was_received(files_before):
    """No upload and no job; what lies around is found and removed by the sweep of files."""
    assert (Upload.objects.count(), Job.objects.count()) == (0, 0)
    assert sweep_orphans(timedelta(0)) == 1
    assert (StoredFile.objects.count(), files_on_disk()) == (0, files_before)


def send_again(stack, team, content=CONTENT):
    """Send the file whole to a web server that has been started again; the status and the upload."""
    stack.start_web()
    status, body = stack.call(f"/api/v1/pairs/{team[0].pk}/uploads/", team[1], file=content)
    return status, Upload.objects.get(pk=json.loads(body)["id"])


def test_killed_in_the_middle_of_a_file(stack, team):
    files = files_on_disk()
    web = stack.start_web()
    with begin_sending(stack, team, LARGE, 2_000_000):
        wait_until(
            lambda: StoredFile.objects.filter(stored_at=None).exists() and len(files_on_disk()) > len(files)
        )
        web.kill()
    check_nothing_was_received(files)
    status, made = send_again(stack, team)
    assert status == 202
    stack.start_worker()
    stack.wait_until_idle()
    check_loaded_once(made)


def test_killed_when_the_file_is_stored_and_its_upload_is_not(stack, team):
    files = files_on_disk()
    web = stack.start_web()
    with held_at("LOCK TABLE supports_upload IN SHARE MODE"):
        with begin_sending(stack, team, CONTENT, None):
            wait_until_somebody_waits()
            web.kill()
        assert StoredFile.objects.exclude(stored_at=None).count() == 1
    check_nothing_was_received(files)
    status, made = send_again(stack, team)
    assert status == 202
    stack.start_worker()
    stack.wait_until_idle()
    check_loaded_once(made)


def test_killed_before_the_sender_read_the_answer(stack, team):
    web = stack.start_web()
    with begin_sending(stack, team, CONTENT, None):
        wait_until(Upload.objects.exists)
        web.kill()
    status, made = send_again(stack, team)
    assert (status, Upload.objects.count()) == (200, 1)
    stack.start_worker()
    stack.start_beat()
    stack.wait_until_idle()
    check_loaded_once(made)
    assert sweep_orphans(timedelta(0)) == 0
