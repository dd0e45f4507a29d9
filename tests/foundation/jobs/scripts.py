"""Scripted jobs, and workers in threads of this process with a database session of their own."""

import threading
from contextlib import contextmanager
from itertools import count

from django.db import connection

from foundation import sql
from foundation.jobs.models import Job
from foundation.jobs.operations import enqueue
from foundation.jobs.runner import LOCK_SPACE, run_next
from foundation.workflow.models import Event
from tests.stack import PATIENCE, wait_until

KIND = "tests.follow_script"
_subjects = count(1)


def queue(lane="pair:1", **script):
    """A waiting job on a subject of its own."""
    return enqueue(KIND, lane=lane, subject_id=next(_subjects), by=None, **script)


def now_of(job):
    """The job as it stands in the database."""
    return Job.objects.get(pk=job.pk)


def notes():
    """What jobs have committed: (job, text)."""
    return [
        (event.subject_id, event.data["text"]) for event in Event.objects.filter(name="noted").order_by("id")
    ]


def work():
    """Carry every waiting job."""
    while run_next():
        continue


def sessions_of(job):
    """Database sessions of the job's workers: {process id: whether it holds the job's lock}."""
    found = sql.value(
        "SELECT json_object_agg(activity.pid, EXISTS (SELECT FROM pg_locks WHERE pid = activity.pid"
        " AND locktype = 'advisory' AND granted AND (classid::bigint << 32) + objid::bigint = %s))"
        " FROM pg_stat_activity AS activity WHERE application_name LIKE %s",
        [LOCK_SPACE + job.pk, f"silon-job-{job.pk}-%"],
    )
    return {int(pid): holds for pid, holds in (found or {}).items()}


def end_lock_holder(job):
    """End the heartbeat's session, which holds the job's lock; the session of the effects lives on."""
    for pid, holds in sessions_of(job).items():
        if holds:
            sql.execute("SELECT pg_terminate_backend(%s)", [pid])


class Worker(threading.Thread):
    """A worker that carries one job; ``error`` is what escaped it."""

    def __init__(self, carry=run_next):
        super().__init__(daemon=True)
        self.carry, self.error = carry, None

    def run(self):
        try:
            self.carry()
        except BaseException as error:
            self.error = error
        finally:
            connection.close()


@contextmanager
def worker_at(folder):
    """A worker that has come to the script's pause; goes on at the end of the block."""
    worker = Worker()
    worker.start()
    wait_until((folder / "here").exists)
    try:
        yield worker
    finally:
        (folder / "go").touch()
        worker.join(PATIENCE)
        assert not worker.is_alive()
