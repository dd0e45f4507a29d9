"""From the received file to counted rows: all of it or none, and always an end that can be seen."""

import pytest
from django.core.files.storage import default_storage
from django.db.models.functions import Now

from candidates.models import Window
from foundation.errors import Conflict, Refused
from foundation.jobs.models import Job
from foundation.jobs.operations import enqueue
from foundation.workflow.models import Event
from supports import operations
from supports.ingest import read
from supports.models import Finding, Standing, Submission, Support, Tally, Upload
from tests.factories import HEADINGS, as_csv, loaded, operator, pair, person, upload, work
from tests.foundation.jobs.scripts import Worker
from tests.stack import PATIENCE, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits

pytestmark = pytest.mark.usefixtures("committed")
UNREADABLE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
# Its NIK stands under a heading that nobody knows.
UNMAPPED = as_csv([person(1), person(2)]).replace(b"NIK,", b"Kode Orang,", 1)


@pytest.fixture
def team():
    """A pair and its operator."""
    made = pair()
    return made, operator(made)


def stored():
    """How much is stored of any upload: rows, standings, findings, and what the counts say."""
    counted = sum(Tally.objects.values_list("n", flat=True))
    return (Support.objects.count(), Standing.objects.count(), Finding.objects.count(), counted)


NOTHING = (0, 0, 0, 0)


def now_of(one):
    return Upload.objects.select_related("job").get(pk=one.pk)


def test_file_becomes_rows_that_know_their_number_in_it(team):
    made = loaded(*team, [person(1), person(2, nik="123"), person(3)])
    assert (made.status, made.rows, made.error_code) == ("loaded", 3, "")
    assert made.received_at <= made.loaded_at
    assert [(row.upload_id, row.row_no) for row in Support.objects.order_by("id")] == [
        (made.pk, 2),
        (made.pk, 3),
        (made.pk, 4),
    ]
    assert made.columns["fields"] == HEADINGS
    assert Job.objects.get(pk=made.job_id).state == "done"
    events = Event.objects.filter(subject_kind="upload", subject_id=made.pk).order_by("id")
    assert list(events.values_list("name", "by_id")) == [
        ("upload_received", team[1].pk),
        ("upload_load", None),
    ]


def test_file_of_nothing_but_bad_rows_is_loaded(team):
    made = loaded(*team, [dict.fromkeys(HEADINGS, "?") for _ in range(50)])
    assert (made.status, made.rows) == ("loaded", 50)
    assert Standing.objects.filter(clean=True).count() == 0


def test_unreadable_file_is_one_failed_upload_and_the_next_is_loaded(team):
    bad = upload(*team, UNREADABLE, "foto.csv")
    good = upload(*team, [person(1)])
    work()
    bad, good = now_of(bad), now_of(good)
    assert (bad.status, bad.error_code, bad.rows) == ("failed", "FILE_NOT_TEXT", 0)
    assert bad.error_message == bad.job.error_message != ""
    assert (good.status, good.rows, good.error_code, good.error_message) == ("loaded", 1, "", "")
    assert Support.objects.count() == 1


@pytest.mark.parametrize("content", [as_csv([person(1)]), UNREADABLE, UNMAPPED])
def test_next_parser_starts_when_a_job_is_over_however_it_ended(team, content, monkeypatch):
    monkeypatch.setattr(read, "_spare", keeper := read._Spare())
    keeper._kept = True
    upload(*team, content, "berkas.csv")
    work()
    assert keeper._child is not None
    with keeper.take() as waiting:
        waiting.kill()


def test_failed_upload_can_be_tried_again_and_discarded(team):
    made = loaded(*team, UNREADABLE)
    operations.retry_upload(now_of(made), by=team[1])
    assert (now_of(made).status, now_of(made).error_message) == ("received", "")
    work()
    assert (now_of(made).status, now_of(made).error_code) == ("failed", "FILE_NOT_TEXT")
    operations.discard_upload(now_of(made), by=team[1])
    assert now_of(made).status == "discarded"
    with pytest.raises(Conflict):
        operations.retry_upload(now_of(made), by=team[1])


def test_failed_upload_is_not_tried_again_once_its_file_was_loaded(team):
    stopped = upload(*team, [person(1)])
    operations.cancel_upload(stopped, by=team[1])
    assert now_of(stopped).status == "failed"
    again = loaded(*team, [person(1)])
    assert (again.status, again.pk) == ("loaded", stopped.pk + 1)
    with pytest.raises(Conflict) as refusal:
        operations.retry_upload(now_of(stopped), by=team[1])
    assert refusal.value.code == "upload_repeated"
    assert now_of(stopped).status == "failed"


def test_columns_that_nobody_knows_are_asked_for(team):
    made = loaded(*team, UNMAPPED)
    assert (made.status, made.columns["missing"], stored()) == ("needs_mapping", ["nik"], NOTHING)
    with pytest.raises(Refused) as refusal:
        operations.map_upload(made, by=team[1], mapping={"ref": "Kode Orang"})
    assert refusal.value.code == "mapping_incomplete"
    operations.map_upload(made, by=team[1], mapping={"nik": "Kode Orang"})
    work()
    assert (now_of(made).status, now_of(made).rows) == ("loaded", 2)
    assert Standing.objects.filter(clean=True).count() == 2


def test_mapping_that_another_upload_of_the_file_has_is_refused(team):
    waiting = loaded(*team, UNMAPPED)
    mapping = {"nik": "Kode Orang"}
    other = loaded(*team, UNMAPPED, mapping=mapping)
    assert (other.status, other.pk) == ("loaded", waiting.pk + 1)
    with pytest.raises(Conflict) as refusal:
        operations.map_upload(waiting, by=team[1], mapping=mapping)
    assert refusal.value.code == "upload_repeated"
    assert now_of(waiting).status == "needs_mapping"


def test_progress_never_goes_back_ends_whole_and_says_nothing_of_the_file_before(team):
    broken = upload(*team, UNREADABLE, "rusak.csv")
    made = upload(*team, [person(number) for number in range(60_000)], "baik.csv")
    worker, seen = Worker(work), []
    worker.start()

    def is_done():
        job = now_of(made).job
        seen.append((job.step, job.done, job.total, job.error_code))
        return job.state == "done"

    wait_until(is_done)
    worker.join(PATIENCE)
    assert (now_of(broken).status, worker.error) == ("failed", None)
    rows = [done for step, done, _total, _error in seen if step == "reading"]
    assert rows == sorted(rows)
    assert all(done <= total for _step, done, total, _error in seen if total)
    assert seen[-1] == ("done", 60_000, 60_000, "")
    assert {error for *_, error in seen} == {""}


def test_waiting_upload_is_stopped_at_once(team):
    made = upload(*team, [person(1)])
    operations.cancel_upload(made, by=team[1])
    made = now_of(made)
    assert (made.status, made.error_code, made.job.state) == ("failed", "CANCELLED", "cancelled")
    work()
    assert stored() == NOTHING
    operations.retry_upload(made, by=team[1])
    work()
    assert now_of(made).status == "loaded"


def test_running_upload_is_stopped_and_keeps_no_row(team):
    made = upload(*team, [person(n) for n in range(500)])
    worker = Worker()
    with held_at("loading"):
        worker.start()
        wait_until_somebody_waits()
        operations.cancel_upload(now_of(made), by=team[1])
        wait_until_cancel_was_heard(made)
    worker.join(PATIENCE)
    assert worker.error is None
    made = now_of(made)
    assert (made.status, made.error_code, made.job.state) == ("failed", "CANCELLED", "cancelled")
    assert "Dibatalkan" in made.error_message
    assert stored() == NOTHING


def wait_until_cancel_was_heard(made):
    """The heartbeat after the wish has been answered, and another one begun: the job has read the answer."""
    for _answered_and_read in range(2):
        before = now_of(made).job.heartbeat_at
        wait_until(lambda before=before: now_of(made).job.heartbeat_at > before)


def test_round_that_closed_meanwhile_takes_no_row(team):
    made = upload(*team, [person(1)])
    Submission.objects.update(status="submitted")
    work()
    made = now_of(made)
    assert (made.status, made.error_code, stored()) == ("failed", "round_closed", NOTHING)
    assert "Diserahkan" in made.error_message


def test_window_that_closed_meanwhile_does_not_matter(team):
    """What arrived in time counts, whenever it is its turn."""
    made = upload(*team, [person(1)])
    Window.objects.update(closes_at=Now())
    work()
    assert now_of(made).status == "loaded"


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_damaged_file_in_the_storage_is_a_fault_of_ours(team, damage):
    made = upload(*team, [person(1)])
    name = made.file.name
    if damage == "gone":
        default_storage.delete(name)
    else:
        with default_storage.open(name, "r+b") as file:
            file.seek(-1, 2)
            file.write(b"\0")
    good = upload(*team, [person(2)])
    work()
    made = now_of(made)
    assert (made.status, made.error_code) == ("failed", "INTERNAL")
    assert f"nomor pekerjaan {made.job_id}" in made.error_message
    assert (now_of(good).status, Support.objects.count()) == ("loaded", 1)


def test_job_of_an_upload_that_is_loaded_does_nothing(team):
    made = loaded(*team, [person(1)])
    before = stored()
    enqueue("supports.ingest_upload", lane="pair:1", subject_id=made.pk, by=None)
    work()
    assert (stored(), now_of(made).status) == (before, "loaded")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_discarded_upload_leaves_nothing_and_its_job_repeated_does_nothing(team):
    made = loaded(*team, [person(1), person(1), person(2, nik="1")])
    operations.discard_upload(made, by=team[1])
    operations.discard_upload(made, by=team[1])
    work()
    assert (now_of(made).status, stored()) == ("discarded", NOTHING)
    enqueue("supports.discard_upload", lane="pair:1", subject_id=made.pk, by=team[1])
    work()
    assert (now_of(made).status, stored()) == ("discarded", NOTHING)
