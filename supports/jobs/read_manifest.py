"""Job: a list beside the scans is read; ``subject_id`` is the list."""

from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import Run
from supports.scans import manifests
from supports.scans.models import ScanManifest


def read_manifest(run: Run) -> None:
    """Its lines are kept and said of the scans that wait, in one transaction. Can always be run again."""
    related = ("file", "pair__election")
    manifests.read_manifest(run, ScanManifest.objects.select_related(*related).get(pk=run.job.subject_id))


def when_not_done(job: Job, error: Refused) -> None:
    """The list says why; nothing of it is used."""
    ScanManifest.objects.filter(pk=job.subject_id).update(error_code=error.code, error_message=error.message)
