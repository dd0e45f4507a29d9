"""Putting work in the queue, and taking it out again."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import cancelled_waiting, end
from foundation.workflow import engine

# The lane of work that nobody waits for: it runs when nothing else does, one job at a time.
LATER = "later"
log = logging.getLogger(__name__)


def enqueue(kind: str, *, lane: str, subject_id: int, by: User | None, **params: Any) -> Job:
    """Queue one job and ring the bell after the commit.

    The same job already waiting is returned as it is: what it will do, it does for both.
    """
    job, _ = Job.objects.get_or_create(
        kind=kind,
        subject_id=subject_id,
        state="queued",
        defaults={"lane": lane, "params": params, "created_by": by},
    )
    transaction.on_commit(ring)
    return job


def ring() -> None:
    """Make a worker look at the queue. A dead broker never fails a request: the sweep rings again."""
    try:
        current_app.send_task("foundation.jobs.run_next", retry=False)
    except (OperationalError, OSError) as error:
        log.warning("The broker does not answer; the sweep will ring: %s", error)


def cancel(job: Job, *, by: User) -> None:
    """Stop a job: at once when it still waits, between two steps when it runs.

    Refuses when the job has already ended.
    """
    with transaction.atomic():
        current = Job.objects.select_for_update().get(pk=job.pk)
        if current.state not in ("queued", "running"):
            raise Refused(
                "job_ended",
                "Pekerjaan ini sudah selesai, sehingga tidak dapat dibatalkan. Muat ulang halamannya.",
            )
        engine.record("job_cancel_requested", current, by=by)
        if current.state == "queued":
            end(current, cancelled_waiting())
        else:
            Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    ring()
