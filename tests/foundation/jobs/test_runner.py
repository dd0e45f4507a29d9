"""One job from claim to end, whatever happens to its worker."""

import logging
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from foundation import sql
from foundation.jobs import tasks
from foundation.jobs.models import Job
from foundation.jobs.operations import LATER, enqueue
from foundation.jobs.runner import Lost, Run, give_back, run_next
from foundation.workflow.engine import record
from foundation.workflow.models import Event
from tests.foundation.jobs.scripts import KIND, Worker, end_lock_holder, notes, now_of, queue, work, worker_at
from tests.stack import PATIENCE, wait_until
from tests.supports.holding import held_at

pytestmark = pytest.mark.usefixtures("committed")


def test_job_is_done_with_its_effects():
    job = queue(inside=[["progress", "loading", 3, 7], ["note", "a"], ["progress", "loading", 7, 7]])
    assert run_next() is True
    ended = now_of(job)
    assert (ended.state, ended.attempt, ended.step, ended.done, ended.total) == ("done", 1, "loading", 7, 7)
    assert ended.created_at <= ended.started_at <= ended.finished_at
    assert notes() == [(job.pk, "a")]
    assert run_next() is False


def test_same_message_twice_does_nothing():
    job = queue(inside=[["note", "a"]])
    for _ in range(3):
        tasks.run_next()
    assert notes() == [(job.pk, "a")]
    assert now_of(job).attempt == 1


def test_same_job_is_queued_once():
    first = enqueue(KIND, lane="pair:1", subject_id=7, by=None)
    second = enqueue(KIND, lane="pair:1", subject_id=7, by=None)
    assert first == second
    work()
    assert enqueue(KIND, lane="pair:1", subject_id=7, by=None) != first


def test_pairs_take_turns():
    jobs = [
        queue(lane, inside=[["note", lane]]) for lane in ("pair:1", "pair:1", "pair:1", "pair:2", "pair:3")
    ]
    work()
    turns = [text for _job, text in notes()]
    assert turns == ["pair:1", "pair:2", "pair:3", "pair:1", "pair:1"]
    assert [job for job, text in notes() if text == "pair:1"] == [job.pk for job in jobs[:3]]


def test_who_waited_longest_is_next():
    for lane in ("pair:1", "pair:2"):
        queue(lane)
        work()
    queue("pair:2", inside=[["note", "pair:2"]])
    queue("pair:1", inside=[["note", "pair:1"]])
    work()
    assert [text for _job, text in notes()] == ["pair:1", "pair:2"]


def test_what_can_wait_comes_last_but_not_later_than_ten_minutes():
    queue(LATER, inside=[["note", "later"]])
    for lane in ("pair:1", "pair:1", "pair:2"):
        queue(lane, inside=[["note", lane]])
    work()
    assert [text for _job, text in notes()] == ["pair:1", "pair:2", "pair:1", "later"]
    old = queue(LATER, inside=[["note", "old"]])
    Job.objects.filter(pk=old.pk).update(created_at=Now() - timedelta(minutes=11))
    for _ in range(3):
        queue("pair:3", inside=[["note", "new"]])
    work()
    assert [text for _job, text in notes()][4:] == ["new", "old", "new", "new"]


def test_lane_runs_one_job_at_a_time(tmp_path):
    held = queue("pair:1", before=[["pause", str(tmp_path)]], inside=[["note", "held"]])
    waiting = queue("pair:1", inside=[["note", "waiting"]])
    other = queue("pair:2", inside=[["note", "other"]])
    with worker_at(tmp_path):
        work()
        assert [now_of(job).state for job in (held, waiting, other)] == ["running", "queued", "done"]
    work()
    assert [text for _job, text in notes()] == ["other", "held", "waiting"]


def test_job_does_not_overtake_the_one_that_is_just_being_taken():
    first, second = queue("pair:1", inside=[["note", "first"]]), queue("pair:1", inside=[["note", "second"]])
    other = queue("pair:2", inside=[["note", "other"]])
    with held_at(f"SELECT FROM jobs_job WHERE id = {first.pk} FOR UPDATE"):
        work()
        assert [now_of(job).state for job in (first, second, other)] == ["queued", "queued", "done"]
    work()
    assert [text for _job, text in notes()] == ["other", "first", "second"]


def test_many_workers_share_the_work_without_collision():
    jobs = [queue(f"pair:{lane}", inside=[["note", "a"]]) for lane in range(3) for _ in range(6)]
    workers = [Worker(carry=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)
    assert [worker.error for worker in workers] == [None] * 6
    work()
    assert sorted(job for job, _text in notes()) == sorted(job.pk for job in jobs)
    assert {now_of(job).attempt for job in jobs} == {1}


def test_progress_is_seen_before_the_commit(tmp_path):
    job = queue(inside=[["note", "a"], ["progress", "reading", 25_000, 60_000], ["pause", str(tmp_path)]])
    with worker_at(tmp_path):
        wait_until(lambda: now_of(job).done)
        seen = now_of(job)
        assert (seen.state, seen.step, seen.done, seen.total) == ("running", "reading", 25_000, 60_000)
        assert notes() == []
    assert notes() == [(job.pk, "a")]


def test_refusal_becomes_the_sentence_of_the_job():
    job = queue(inside=[["note", "a"], ["refuse", "FILE_EMPTY", "Berkas kosong."]])
    work()
    ended = now_of(job)
    assert (ended.state, ended.error_code, ended.error_message) == ("failed", "FILE_EMPTY", "Berkas kosong.")
    assert ended.attempt == 1
    assert notes() == []
    assert list(Event.objects.values_list("name", "data")) == [("ended", {"code": "FILE_EMPTY"})]


def test_fault_of_ours_shows_the_number_and_logs_the_trace(caplog):
    job = queue(inside=[["note", "a"], ["stumble", "rahasia di dalam"]])
    with caplog.at_level(logging.ERROR, "foundation.jobs.runner"):
        work()
    ended = now_of(job)
    assert (ended.state, ended.error_code) == ("failed", "INTERNAL")
    assert f"nomor pekerjaan {job.pk}" in ended.error_message
    assert "rahasia" not in ended.error_message
    assert str(job.pk) in caplog.text
    assert "in stumble" in caplog.text
    assert notes() == []


def test_job_of_an_unknown_kind_fails_and_the_next_runs():
    lost = enqueue("tests.no_such_job", lane="pair:1", subject_id=1, by=None)
    following = queue("pair:1", inside=[["note", "a"]])
    work()
    assert (now_of(lost).state, now_of(lost).error_code) == ("failed", "INTERNAL")
    assert now_of(following).state == "done"


@pytest.mark.parametrize("fault", ["retry", "lose_database", "lose_database_in_copy"])
def test_passing_fault_is_tried_three_times_then_failed_in_words(fault):
    job = queue(inside=[["note", "a"], [fault]])
    for attempt in (1, 2):
        run_next()
        assert (now_of(job).state, now_of(job).attempt) == ("queued", attempt)
    work()
    ended = now_of(job)
    assert (ended.state, ended.attempt, ended.error_code) == ("failed", 3, "INTERNAL")
    assert f"nomor pekerjaan {job.pk}" in ended.error_message
    assert notes() == []


def test_worker_that_slept_and_woke_writes_nothing(tmp_path):
    job = queue(inside=[["sleep", str(tmp_path)], ["note", "a"]])
    with worker_at(tmp_path) as sleeper:
        end_lock_holder(job)
        give_back(now_of(job))
        assert run_next() is True
        assert notes() == [(job.pk, "a")]
    assert sleeper.error is None
    assert notes() == [(job.pk, "a")]
    ended = now_of(job)
    assert (ended.state, ended.attempt) == ("done", 2)
    assert Event.objects.get(name="noted").data["attempt"] == 2


def test_effects_of_an_attempt_that_is_over_are_not_committed():
    """The guard itself, whatever the heartbeat has noticed."""
    job = queue()
    sql.rows("jobs/claim_job")
    late = Run(now_of(job))
    give_back(now_of(job))
    sql.rows("jobs/claim_job")
    with pytest.raises(Lost), late.effects():
        record("noted", job, by=None, text="late")
    assert notes() == []
    assert (now_of(job).state, now_of(job).attempt) == ("running", 2)
