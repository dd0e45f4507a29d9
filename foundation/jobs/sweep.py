"""Looks after jobs whose worker is gone, and rings for those that wait."""

import logging

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from foundation import sql
from foundation.jobs.models import Job, WorkerSign
from foundation.jobs.operations import ring
from foundation.jobs.runner import LOCK_SPACE, Lost, cancelled_waiting, end, give_back

log = logging.getLogger(__name__)

# A job just claimed takes its advisory lock a moment later.
GRACE_SECONDS = 3


def sweep() -> None:
    """One round: leave a sign of life, end what was cancelled while it waited, take back what is lost, ring."""
    WorkerSign.objects.update_or_create(pk=1, defaults={"seen_at": Now()})
    for job in Job.objects.filter(state="queued", cancel_requested=True):
        _quietly_end(job)
    for job in Job.objects.filter(state="running").annotate(age=Now() - F("heartbeat_at")):
        if _is_lost(job):
            log.warning("Job %s attempt %s lost its worker", job.pk, job.attempt)
            sql.rows("jobs/terminate_holder", name=f"silon-job-{job.pk}-%")
            _quietly_give_back(job)
    if Job.objects.filter(state="queued").exists():
        ring()


def _quietly_end(job: Job) -> None:
    try:
        end(job, cancelled_waiting())
    except Lost:
        log.info("Job %s was claimed before it could be cancelled", job.pk)
    except Exception:
        log.exception("Job %s could not be ended", job.pk)


def _quietly_give_back(job: Job) -> None:
    try:
        give_back(job)
    except Lost:
        log.info("Job %s was taken back by another sweep", job.pk)
    except Exception:  # one job that cannot be ended must not keep the others waiting
        log.exception("Job %s could not be given back", job.pk)


def _is_lost(job: Job) -> bool:
    """Heartbeat too old by the database's clock, or the advisory lock of its worker is gone."""
    age = job.age.total_seconds()
    if age > settings.JOB_LOST_AFTER_SECONDS:
        return True
    if age < GRACE_SECONDS:
        return False
    key = LOCK_SPACE + job.pk
    free = sql.value("SELECT pg_try_advisory_lock(%s)", [key])
    if free:
        sql.value("SELECT pg_advisory_unlock(%s)", [key])
    return free
