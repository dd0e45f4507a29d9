"""Bad input through the real upload: each file is told one clear sentence, and the next file is loaded.

``tests/data/bad_input.csv`` is to be read by a person: what is sent, what becomes of it, and the sentence in full.
"""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from candidates.operations import open_window
from candidates.queries import now
from foundation.accounts.matrix import Role
from foundation.workflow import engine
from supports.ingest import read
from supports.models import Finding, Submission, Support, Upload
from supports.progress import progress
from supports.rules import BY_NUMBER
from tests.factories import as_csv, election, operator, pair, person, upload, user, work
from tests.faults.bad_files import CSV, FILES, content_of
from tests.supports.calling import client_of, send
from tests.supports.test_counts import check_everything

pytestmark = pytest.mark.usefixtures("committed")

TABLE = Path(__file__).resolve().parents[1] / "data" / "bad_input.csv"
with TABLE.open(encoding="utf-8", newline="") as table:
    EXPECTED = {line.pop("sent"): line for line in csv.DictReader(table)}


# ---- files -----------------------------------------------------------------------------------------------


def told(api, page, made):
    """What a team is told about an upload: what became of it, its rows, a code, and all sentences."""
    answer = api.get(f"/api/v1/uploads/{made.pk}/").json()
    fault = answer["error"] or {"code": "", "message": ""}
    sentences = [fault["message"], *answer["columns"].get("notes", [])]
    shown = page.get(f"/unggahan/{made.pk}/").content.decode()
    assert all(escape(sentence) in shown for sentence in sentences)
    if made.status == "needs_mapping" and EXPECTED[made.name]["sentence"] in shown:
        sentences.append(EXPECTED[made.name]["sentence"])
    return {
        "becomes": answer["status"],
        "rows": str(answer["rows"]),
        "code": fault["code"] or ", ".join(answer["findings"]),
        "sentence": " ".join(filter(None, [*sentences, *said_of_rows(made)])),
    }


def said_of_rows(made):
    """What the findings of an upload say, each once."""
    rows = Finding.objects.filter(support_id__gte=made.pk << 24, support_id__lt=(made.pk + 1) << 24)
    for number in sorted(rows.values_list("code", flat=True).distinct()):
        yield f"{BY_NUMBER[number].message} {BY_NUMBER[number].remedy}"


def test_every_file_is_told_its_sentence_and_the_next_one_is_loaded(client):
    """One pair for each, so that no file's people are another's; every second file in the queue is a good one."""
    of, sent, good = election(), {}, []
    for number, name in enumerate(FILES):
        one = pair(of, name=f"Calon {number} – Wakil {number}")
        by = operator(one, f"operator-{number}")
        sent[name] = (by, upload(one, by, content_of(name), name))
        good.append(upload(one, by, as_csv([person(100), person(101)]), "berikutnya.csv"))
    work()
    answers = {}
    for name, (by, made) in sent.items():
        made.refresh_from_db()
        client.force_login(by)
        answers[name] = told(client_of(by), client, made)
    assert answers == {name: EXPECTED.get(name) for name in FILES}
    for following in good:
        following.refresh_from_db()
        assert (following.status, following.rows, following.job.attempt) == ("loaded", 2, 1)
        check_everything(following.submission)
    assert Support.objects.count() == 2 * len(good) + sum(int(answer["rows"]) for answer in answers.values())


def test_a_million_rows_with_nothing_but_a_style_need_little():
    """No phantom rows, in half of the memory that a full sheet takes."""
    data = io.BytesIO(content_of("sejuta baris berformat.xlsx"))
    with read.frames(data, limits=read.Limits(memory=2 << 30, cpu=60)) as frames:
        assert [frame.height for frame in frames] == [2]


# ---- requests --------------------------------------------------------------------------------------------


@pytest.fixture
def team():
    """A pair of an election without any window yet, and its operator."""
    one = pair(election(open_now=False))
    return one, operator(one)


def local(*moment):
    return datetime(*moment, tzinfo=ZoneInfo("Asia/Makassar"))


def filling(one, opens_at, closes_at):
    open_window(one.election, by=None, stage="awal", kind="filling", opens_at=opens_at, closes_at=closes_at)


def opened(one):
    filling(one, now() - timedelta(days=1), now() + timedelta(days=1))


def send_nothing(api, one):
    return api.post(f"/api/v1/pairs/{one.pk}/uploads/", {"mapping": "{}"}, format="multipart")


def send_two(api, one):
    files = {name: SimpleUploadedFile(f"{name}.csv", CSV, "text/csv") for name in ("file", "file2")}
    return api.post(f"/api/v1/pairs/{one.pk}/uploads/", files, format="multipart")


def send_half(api, one):
    body = b'--batas\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + CSV
    kind = "multipart/form-data; boundary=batas"
    return api.generic("POST", f"/api/v1/pairs/{one.pk}/uploads/", body, content_type=kind)


def withdraw(one):
    opened(one)
    engine.move(one, "withdraw", by=user("kpu", Role.KPU_REGENCY, 6474))


def hand_in(one):
    opened(one)
    Submission.objects.create(pair=one, stage="awal", rule_set=one.election.rule_set, status="submitted")


def limited(one, settings):
    opened(one)
    settings.UPLOAD_LIMIT_BYTES = 1 << 20


# As in the table → what is so before, and what is sent.
REQUESTS = {
    "[berkas kosong]": (opened, lambda api, one: send(api, one, b"")),
    "[tanpa berkas]": (opened, send_nothing),
    "[dua berkas]": (opened, send_two),
    "[terputus di tengah]": (opened, send_half),
    "[melebihi batas ukuran]": (limited, lambda api, one: send(api, one, CSV * 10_000)),
    "[masa pengisian belum dijadwalkan]": (lambda _: None, lambda api, one: send(api, one, CSV)),
    "[masa pengisian belum dibuka]": (
        lambda one: filling(one, local(2099, 5, 8, 8), local(2099, 5, 13)),
        lambda api, one: send(api, one, CSV),
    ),
    "[masa pengisian sudah berakhir]": (
        lambda one: filling(one, local(2024, 5, 8, 8), local(2024, 5, 13)),
        lambda api, one: send(api, one, CSV),
    ),
    "[sudah diserahkan]": (hand_in, lambda api, one: send(api, one, CSV)),
    "[mengundurkan diri]": (withdraw, lambda api, one: send(api, one, CSV)),
    "[NIK sebagai angka JSON]": (
        opened,
        lambda api, one: api.post(
            f"/api/v1/pairs/{one.pk}/supports/", person(1, nik=9471010101609001), format="json"
        ),
    ),
}


@pytest.mark.parametrize("sent", REQUESTS)
def test_request_is_told_its_sentence_and_leaves_nothing(team, sent, settings):
    prepare, act = REQUESTS[sent]
    one, by = team
    prepare(one, settings) if prepare is limited else prepare(one)
    response = act(client_of(by), one)
    body = json.loads(response.content)
    assert EXPECTED[sent] == {
        "becomes": str(response.status_code),
        "rows": "",
        "code": body["code"],
        "sentence": body["message"],
    }
    assert (Upload.objects.count(), Support.objects.count(), progress(one).submitted) == (0, 0, 0)


def test_table_names_everything_and_every_sentence_says_what_to_do():
    """What happened is one sentence, what to do another."""
    assert list(EXPECTED) == [*FILES, *REQUESTS]
    for sent, line in EXPECTED.items():
        sentence = line["sentence"]
        if line["becomes"] != "loaded":
            assert sentence.endswith("."), sent
        if sentence and "masa pengisian" not in sent and "JSON" not in sent:
            assert ". " in sentence, sent
