"""Job: a received file becomes rows, findings and counts."""

from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import Run
from foundation.storage import open_file
from foundation.workflow import engine
from supports.ingest.pipeline import NeedsMapping, ingest
from supports.ingest.read import renew_spare
from supports.mappings import Remembered
from supports.matching import queue_match
from supports.models import Upload
from supports.scans.placing import queue_placing
from supports.searchable import queue_search


def ingest_upload(run: Run) -> None:
    """Load the upload whole or not at all; when a required column is unknown, ask the team instead."""
    upload = Upload.objects.select_related("submission__pair__election", "file").get(pk=run.job.subject_id)
    if upload.status != "received":
        with run.effects():
            return
    try:
        _load_as_remembered(run, upload)
    except NeedsMapping:
        upload.refresh_from_db(fields=["status"])
        with run.effects():
            engine.move(upload, "ask_mapping", by=None, columns=upload.columns)
    finally:
        renew_spare()


def _load_as_remembered(run: Run, upload: Upload) -> None:
    """Load the upload; with the team's earlier mapping when its headings were mapped before."""
    try:
        _load(run, upload)
    except Remembered as known:
        # Anew from the file's beginning: the mapping also tells which sheets of a workbook have headings.
        upload.mapping = known.upload.mapping
        _load(run, upload, known.root)


def _load(run: Run, upload: Upload, mapping_from: int | None = None) -> None:
    with run.effects(), open_file(upload.file) as source:
        ingest(run, upload, source, mapping_from)
        queue_match(upload)
        queue_search(upload)
        queue_placing(upload.submission.pair)


def when_not_done(job: Job, error: Refused) -> None:
    """The upload is visibly failed, with the sentence, and can be tried again."""
    upload = Upload.objects.get(pk=job.subject_id)
    if upload.status == "received":
        engine.move(upload, "fail", by=None, error_code=error.code, error_message=error.message)
