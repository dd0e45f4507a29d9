"""Job: a batch of scans is taken apart; ``subject_id`` is the batch."""

from django.db.models.functions import Now

from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.scans.intake import take_apart
from supports.scans.models import ScanBatch
from supports.scans.placing import queue_placing
from supports.scans.reading import queue_reading


def take_scans(run: Run) -> None:
    """Look at file after file; what is whole stays, whatever becomes of the rest. Then they are given their rows."""
    batch = ScanBatch.objects.select_related("file", "pair").get(pk=run.job.subject_id)
    if not batch.finished_at:
        take_apart(run, batch)
    with run.effects():
        ScanBatch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=Now())
        engine.record("scans_taken", batch, by=None, taken=batch.taken, refused=batch.refused)
        queue_placing(batch.pair)
        queue_reading(batch.pair)


def when_not_done(job: Job, error: Refused) -> None:
    """The batch says why; scans that were taken before stay and are given their rows."""
    batch = ScanBatch.objects.select_related("pair").get(pk=job.subject_id)
    batch.error_code, batch.error_message = error.code, error.message
    batch.save(update_fields=["error_code", "error_message"])
    queue_placing(batch.pair)
    queue_reading(batch.pair)
