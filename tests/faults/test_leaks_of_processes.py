"""Identities sent to the running site are found in clear in nothing it wrote: files, logs, database, Redis."""

import base64
import os
import signal
import subprocess
import threading
import urllib.request
from urllib.parse import urlencode

import pytest
from django.core.files.storage import default_storage

from supports import operations
from supports.models import Support, Upload
from tests import environment
from tests.factories import as_csv, operator, pair, person, upload
from tests.faults.test_leaks import dump
from tests.stack import PATIENCE, redis_client, signs_of, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits

NIK, OTHER_NIK, TYPED_NIK, SOUGHT_NIK = (f"64740145098{serial}" for serial in (69711, 69722, 69733, 69744))
PHONE, SOUGHT_PHONE = "81377465921", "81355567912"
SOUGHT_NAME, SOUGHT_IN_BOX = "Tersirat Dicari", "Terselip Kotak"
ADDRESS, PLACE, MAIL = "Lorong Tersembunyi 8151", "Kampung Terselubung", "terselubung@rahasia.test"
BAD_NIK, BAD_PHONE, BAD_DATE, BAD_SEX = "6474O14509869755", "0813-kosong-774", "45-09-19x86", "perempuanlaki"
EXTRA, PHRASE = "Catatan Terpendam 4711", "Frasa Terkubur 1147"
SECRETS = (
    *(NIK, OTHER_NIK, TYPED_NIK, SOUGHT_NIK, PHONE, ADDRESS, PLACE, MAIL),
    *(SOUGHT_PHONE, SOUGHT_NAME, SOUGHT_IN_BOX),
    *(BAD_NIK, BAD_PHONE, BAD_DATE, BAD_SEX, EXTRA, PHRASE),
)
READABLE = "Sukarelawati Terbaca"


def written_forms(text):
    """How a text may lie in a file: as it is, in hexadecimal digits, and in base64 wherever it begins."""
    raw = text.encode()
    forms = [raw, raw.hex().encode(), raw.hex().upper().encode()]
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw)
        forms.append(coded[4 if shift else 0 : -4])
    return forms


def files_with(forms):
    """The files under the tests' folder, servers and their logs included, that hold one of these."""
    grep = ["grep", "--recursive", "--files-with-matches", "--text", "--fixed-strings", "--file=-"]
    patterns = b"\n".join(forms)
    environ = os.environ | {"LC_ALL": "C"}
    found = subprocess.run([*grep, str(environment.folder)], input=patterns, capture_output=True, env=environ)
    # What a server has taken away since its folder was listed holds nothing any more.
    faults = [line for line in found.stderr.splitlines() if not line.endswith(b": No such file or directory")]
    assert faults == []
    return found.stdout.decode().splitlines()


class Monitor(threading.Thread):
    """Writes down every command that Redis gets."""

    def __init__(self):
        super().__init__(daemon=True)
        self.heard, self.over = [], False

    def run(self):
        with redis_client() as client, client.monitor() as monitor:
            for command in monitor.listen():
                self.heard.append(str(command))
                if self.over:
                    return

    def end(self):
        self.over = True
        with redis_client() as client:
            client.ping()
        self.join(30)
        return "\n".join(self.heard)


def rows():
    """A row that is read, and one of which nothing is."""
    good = person(1, nik=NIK, name=READABLE, birth_place=PLACE, address=ADDRESS, phone="0" + PHONE)
    bad = person(2, nik=BAD_NIK, phone=BAD_PHONE, birth_date=BAD_DATE, sex=BAD_SEX, marital=BAD_SEX)
    return [good, bad, good | {"phone": "+62 " + PHONE}]


def files_of_a_team():
    """Files that are loaded, not mapped, not read at all, and given up in the middle."""
    whole = as_csv(rows())
    lines = whole.decode().splitlines()
    extra = "\n".join([lines[0] + ",Email,Catatan", *(f"{line},{MAIL},{EXTRA}" for line in lines[1:])])
    broken = whole + f'{OTHER_NIK},"{PHRASE},{ADDRESS}\n'.encode()
    return {
        "loaded": extra.encode(),
        "broken": broken,
        "unmapped": whole.replace(b"NIK,", b"Kode,", 1),
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9 + whole,
        "one line": whole.split(b"\n")[0] + b"\n" + f"{NIK},{PHRASE} ".encode() * 400_000,
    }


@pytest.fixture
def used(stack):
    """The site after a team, an officer and somebody careless have used it; what Redis was told."""
    monitor = Monitor()
    monitor.start()
    stack.environ["LOG_LEVEL"] = "DEBUG"
    stack.start_web()
    worker = stack.start_worker()
    stack.start_beat()
    of = pair()
    by = operator(of)
    send_files(stack, of, by)
    stack.wait_until_idle()
    call_everything(stack, of, by)
    worker.signal(signal.SIGSTOP)  # or it might read the file before it is broken
    break_a_job(of, by)
    worker.signal(signal.SIGCONT)
    stack.wait_until_idle()
    assert worker.alive()
    return monitor.end()


def send_files(stack, of, by):
    for name, content in files_of_a_team().items():
        status, body = stack.call(f"/api/v1/pairs/{of.pk}/uploads/", by, file=content)
        assert status == 202, (name, body)
    with held_at("loading"):
        stopped = upload(of, by, as_csv([person(3, nik=OTHER_NIK, address=ADDRESS)]))
        wait_until_somebody_waits()
        operations.cancel_upload(Upload.objects.select_related("job").get(pk=stopped.pk), by=by)


def call_everything(stack, of, by):
    loaded = Upload.objects.filter(status="loaded").first()
    typed = {**person(9, nik=TYPED_NIK, name=READABLE, address=ADDRESS), "email": MAIL}
    assert stack.call(f"/api/v1/pairs/{of.pk}/supports/", by, data=typed)[0] == 201
    assert stack.call(f"/api/v1/pairs/{of.pk}/supports/", by, data={**typed, "rahasia": PHRASE})[0] == 422
    assert (
        stack.call(f"/api/v1/pairs/{of.pk}/supports/", by, data=f'{{"nik": "{TYPED_NIK}'.encode())[0] == 400
    )
    assert stack.call("/api/v1/nik/check/", by, data={"nik": SOUGHT_NIK})[0] == 200
    assert stack.call(f"/api/v1/pairs/{of.pk}/supports/?finding={SOUGHT_NIK}", by)[0] == 422
    assert stack.call(f"/pasangan/{of.pk}/dukungan/?temuan={SOUGHT_NIK}", by)[0] < 500
    search_everything(stack, of, by)
    for address in ("/api/v1/uploads/{}/report.csv", "/unggahan/{}/laporan.csv", "/unggahan/{}/"):
        assert stack.call(address.format(loaded.pk), by)[0] == 200
    _status, body = stack.call(f"/api/v1/uploads/{loaded.pk}/report.csv", by)
    assert NIK.encode() in body  # what is sent to its owner is whole


def search_everything(stack, of, by):
    """By the API and from the page's box; also what cannot be looked for."""
    path = f"/api/v1/pairs/{of.pk}/supports/search/"
    for sought in ({"nik": SOUGHT_NIK}, {"phone": f"0{SOUGHT_PHONE}"}, {"name": SOUGHT_NAME}):
        assert stack.call(path, by, data=sought)[0] == 200
    assert stack.call(path, by, data={"nik": BAD_NIK})[0] == 422
    assert stack.call(path, by, data={"nik": NIK, "name": "sukarela"})[1].count(READABLE.encode()) > 0
    for text in (SOUGHT_NIK, f"0{SOUGHT_PHONE}", SOUGHT_IN_BOX, READABLE):
        assert "Hasil pencarian" in send_form(stack, f"/pasangan/{of.pk}/dukungan/cari/", by, cari=text)


def send_form(stack, path, by, **fields):
    """What the running site answers to a form of one of its pages."""
    secret = "a" * 32
    body = urlencode(fields | {"csrfmiddlewaretoken": secret}).encode()
    request = urllib.request.Request(stack.base_url + path, body)  # noqa: S310 -- http, ours
    request.add_header("Cookie", f"{signs_of(by, path)['Cookie']}; csrftoken={secret}")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- http, ours
        return answer.read().decode()


def break_a_job(of, by):
    """A fault of ours in the middle of such a file: its trace goes to the log."""
    made = upload(of, by, as_csv(rows() * 40_000))
    with default_storage.open(made.file.name, "r+b") as file:
        file.seek(-1, 2)
        file.write(b"\0")


def test_identities_are_in_nothing_that_was_written(used, stack):
    statuses = dict(Upload.objects.order_by("id").values_list("id", "status"))
    assert sorted(statuses.values()) == sorted(
        ["loaded", "loaded", "needs_mapping", "failed", "failed", "failed", "failed", "loaded"]
    )
    assert Support.objects.filter(name=READABLE).count() > 2
    database = dump()
    assert READABLE.encode() in database
    assert "silon-job" not in used
    assert "foundation.jobs.run_next" in used
    stack.stop()
    assert len(files_with([READABLE.encode()])) > 1  # the search would find them: this name is readable
    forms = [form for secret in SECRETS for form in written_forms(secret)]
    assert files_with(forms) == []
    assert [form for form in forms if form in database] == []
    assert [secret for secret in SECRETS if secret in used] == []
    assert wait_until(lambda: not [one for one in stack.processes if one.alive()])
