"""kill -9 of the web server while a file comes in pieces: what was acknowledged is there, and it goes on there."""

import hashlib
import http.client
import json
import socket
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from foundation.keys.models import StoredFile, StoredPart
from foundation.pieces import READ_BYTES
from foundation.storage import sweep_orphans
from supports.models import IncomingFile, Upload
from tests.factories import as_csv
from tests.faults.test_web_dies import files_on_disk
from tests.faults.test_worker_dies import ROWS, check_loaded_once, team
from tests.stack import PATIENCE, signs_of, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits

__all__ = ["team"]
# As many rows as elsewhere, and 14 MB: more than one part of a piece.
HEADINGS, *LINES = as_csv(ROWS).splitlines()
CONTENT = b"\n".join([HEADINGS + b",Catatan", *(line + b"," + b"catatan " * 1_800 for line in LINES)])
FIRST = 1_000_000
PART = 8 * 1024 * 1024


class Sender:
    """A program that sends one file; it survives the server."""

    def __init__(self, stack, team):
        self.stack, self.pair, self.user = stack, *team
        self.files = f"/api/v1/pairs/{self.pair.pk}/files/"
        size = {"Upload-Length": str(len(CONTENT))}
        self.file = self.ask("POST", self.files, **size)[1]["id"]
        self.path = f"{self.files}{self.file}/"

    def headers(self, **more):
        return signs_of(self.user, "/api/") | {"Tus-Resumable": "1.0.0"} | more

    def ask(self, method, path, body=None, **headers):
        address = urlsplit(self.stack.base_url)
        with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=PATIENCE)) as line:
            line.request(method, path, body, self.headers(**headers))
            answer = line.getresponse()
            text = answer.read()
        return answer.status, json.loads(text) if text else {}

    def send(self, start, end):
        """A piece, whole and acknowledged."""
        kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(start)}
        assert self.ask("PATCH", self.path, CONTENT[start:end], **kind)[0] == 204

    def begin_to_send(self, start, upto):
        """A line on which a piece is announced to the end of the file, and comes as far as ``upto``."""
        address = urlsplit(self.stack.base_url)
        headers = self.headers(
            **{
                "Host": address.netloc,
                "Content-Type": "application/offset+octet-stream",
                "Content-Length": str(len(CONTENT) - start),
                "Upload-Offset": str(start),
            }
        )
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line = socket.create_connection((address.hostname, address.port))
        line.sendall(f"PATCH {self.path} HTTP/1.1\r\n{head}\r\n".encode() + CONTENT[start:upto])
        return line

    def offset(self):
        return self.ask("GET", self.path)[1]["offset"]

    def finish(self):
        body = json.dumps({"file": self.file})
        path = f"/api/v1/pairs/{self.pair.pk}/uploads/"
        return self.ask("POST", path, body, **{"Content-Type": "application/json"})


def counted():
    """How many parts count."""
    return StoredPart.objects.filter(stored_at__isnull=False).count()


@pytest.fixture
def sender(stack, team):
    """Somebody whose first piece has been acknowledged."""
    stack.start_web()
    made = Sender(stack, team)
    made.send(0, FIRST)
    return made


def restart(stack):
    stack.processes[-1].kill()
    stack.start_web()


def go_on_from(sender, offset, files):
    """It ends there; the rest is sent, handed in and loaded once, and nothing else is left on the disk."""
    assert sender.offset() == offset
    sender.send(offset, len(CONTENT))
    status, body = sender.finish()
    assert (status, body["sha256"]) == (202, hashlib.sha256(CONTENT).hexdigest())
    check_loaded(sender, files)


def check_loaded(sender, files):
    sender.stack.start_worker()
    sender.stack.start_beat()
    sender.stack.wait_until_idle()
    check_loaded_once(Upload.objects.get())
    assert sweep_orphans(timedelta(0)) == 0
    assert StoredFile.objects.count() == 1
    assert len(files_on_disk()) == len(files) + counted() == len(files) + StoredPart.objects.count()


def test_killed_in_the_middle_of_a_piece_it_goes_on_after_the_last_whole_part(stack, sender):
    files = files_on_disk()[:-1]
    with sender.begin_to_send(FIRST, FIRST + PART + 2_000_000):
        wait_until(lambda: counted() == 2 and StoredPart.objects.count() == 3)
        restart(stack)
    go_on_from(sender, FIRST + PART, files)


def test_killed_when_a_part_has_arrived_and_does_not_count_yet(stack, sender):
    files = files_on_disk()[:-1]
    # What counting a part waits for, and beginning one does not.
    held = held_at(
        f"SELECT FROM keys_storedfile WHERE id = '{StoredFile.objects.get().pk}' FOR NO KEY UPDATE"
    )
    with held, sender.begin_to_send(FIRST, FIRST + PART + 1):
        wait_until_somebody_waits()
        restart(stack)
    go_on_from(sender, FIRST, files)


def test_killed_before_the_sender_read_the_answer(stack, sender):
    files = files_on_disk()[:-1]
    with sender.begin_to_send(FIRST, len(CONTENT)):
        wait_until(lambda: counted() == 3)
        restart(stack)
    assert sender.offset() == len(CONTENT)
    assert sender.finish()[0] == 202
    check_loaded(sender, files)


def test_a_network_that_is_lost_without_a_word_costs_neither_bytes_nor_a_thread(stack, team):
    stack.environ |= {"WEB_THREADS": "1", "SILON_SILENT_BODY_SECONDS": "2"}
    stack.start_web()
    sender = Sender(stack, team)
    sender.send(0, FIRST)
    with sender.begin_to_send(FIRST, FIRST + 2_000_000):
        offset = sender.offset()  # the server's only thread has come back
    assert FIRST + 2_000_000 - READ_BYTES <= offset <= FIRST + 2_000_000
    sender.send(offset, len(CONTENT))
    assert sender.finish()[0] == 202


def test_killed_while_it_is_handed_in_it_is_handed_in_again_once(stack, sender):
    files = files_on_disk()[:-1]
    sender.send(FIRST, len(CONTENT))
    with held_at("LOCK TABLE supports_upload IN SHARE MODE"):
        address = urlsplit(stack.base_url)
        line = http.client.HTTPConnection(address.hostname, address.port)
        body = json.dumps({"file": sender.file})
        kind = {"Content-Type": "application/json"}
        line.request("POST", f"/api/v1/pairs/{sender.pair.pk}/uploads/", body, sender.headers(**kind))
        wait_until_somebody_waits()
        restart(stack)
        line.close()
    assert IncomingFile.objects.get().upload is None
    assert [sender.finish()[0], sender.finish()[0]] == [202, 200]
    check_loaded(sender, files)
