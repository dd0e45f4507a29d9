"""Jobs whose worker is gone come back; those of the living are left alone."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from foundation import sql
from foundation.jobs.models import Job, WorkerSign
from foundation.jobs.runner import run_next
from foundation.jobs.sweep import sweep
from tests.foundation.jobs.scripts import end_lock_holder, notes, now_of, queue, sessions_of, work, worker_at
from tests.stack import redis_client, wait_until

pytestmark = pytest.mark.usefixtures("committed")


def age(job, seconds):
    """Let the job's last heartbeat be so many seconds ago."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=Now() - timedelta(seconds=seconds))


def claimed_by_nobody(job):
    """The job as a worker leaves it that died the moment it had claimed it."""
    sql.rows("jobs/claim_job")
    assert now_of(job).state == "running"


def test_job_without_worker_comes_back_and_is_done_once():
    job = queue(inside=[["note", "a"]])
    claimed_by_nobody(job)
    age(job, 4)
    sweep()
    assert (now_of(job).state, now_of(job).attempt) == ("queued", 1)
    work()
    assert (now_of(job).state, now_of(job).attempt) == ("done", 2)
    assert notes() == [(job.pk, "a")]


def test_job_just_claimed_is_left_alone():
    job = queue()
    claimed_by_nobody(job)
    sweep()
    assert now_of(job).state == "running"


def test_job_of_a_living_worker_is_left_alone(tmp_path):
    job = queue(before=[["pause", str(tmp_path)]])
    with worker_at(tmp_path):
        assert sorted(sessions_of(job).values()) == [False, True]
        age(job, 4)
        sweep()
        assert now_of(job).state == "running"
    assert (now_of(job).state, now_of(job).attempt) == ("done", 1)


def test_worker_that_does_not_beat_loses_its_job_and_its_sessions(tmp_path):
    job = queue(inside=[["note", "before"], ["sleep", str(tmp_path)], ["note", "after"]])
    with worker_at(tmp_path) as sleeper:
        age(job, 60)
        sweep()
        wait_until(lambda: not sessions_of(job))
        work()
        assert notes() == [(job.pk, "before"), (job.pk, "after")]
    assert sleeper.error is None
    assert notes() == [(job.pk, "before"), (job.pk, "after")]
    assert (now_of(job).state, now_of(job).attempt) == ("done", 2)


def test_worker_without_its_heartbeat_session_writes_nothing(tmp_path):
    job = queue(before=[["pause", str(tmp_path)]], inside=[["note", "a"]])
    with worker_at(tmp_path) as worker:
        end_lock_holder(job)
        wait_until(lambda: not worker.is_alive())
        assert (now_of(job).state, notes()) == ("running", [])
        age(job, 4)
        # The session that held the job's lock was told to end; the lock is free when it has.
        wait_until(lambda: sweep() or now_of(job).state == "queued")
    work()
    assert (now_of(job).state, notes()) == ("done", [(job.pk, "a")])


def test_third_loss_fails_the_job_in_words():
    job = queue(inside=[["note", "a"]])
    for _ in range(3):
        claimed_by_nobody(job)
        age(job, 60)
        sweep()
    ended = now_of(job)
    assert (ended.state, ended.attempt, ended.error_code) == ("failed", 3, "INTERNAL")
    assert f"nomor pekerjaan {job.pk}" in ended.error_message
    assert (run_next(), notes()) == (False, [])


def test_lost_job_gives_way_to_the_same_job_queued_again():
    job = queue(inside=[["note", "lost"]])
    claimed_by_nobody(job)
    again = Job.objects.create(
        kind=job.kind, lane=job.lane, subject_id=job.subject_id, params={"inside": [["note", "again"]]}
    )
    age(job, 60)
    sweep()
    work()
    assert [now_of(one).state for one in (job, again)] == ["failed", "done"]
    assert notes() == [(again.pk, "again")]


def test_job_that_cannot_even_be_ended_keeps_no_other_from_coming_back():
    poisonous = queue("pair:1", poison=True)
    for _ in range(3):
        claimed_by_nobody(poisonous)
        age(poisonous, 60)
        sweep()
    other = queue("pair:2", inside=[["note", "a"]])
    claimed_by_nobody(other)
    age(other, 60)
    sweep()
    assert now_of(poisonous).state == "running"
    work()
    assert (now_of(other).state, notes()) == ("done", [(other.pk, "a")])


def test_sweep_leaves_a_sign_of_life_and_rings_for_who_waits():
    with redis_client() as redis:
        redis.delete("celery")
        sweep()
        assert redis.llen("celery") == 0
        assert (timezone.now() - WorkerSign.objects.get().seen_at).total_seconds() < 60
        queue()
        redis.delete("celery")
        sweep()
        assert redis.llen("celery") == 1
