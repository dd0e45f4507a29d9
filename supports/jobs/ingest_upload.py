"""Job: a received file becomes rows, findings and counts."""

from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import Run
from foundation.storage import open_file
from foundation.workflow import engine
from supports.ingest.pipeline import NeedsMapping, ingest
from supports.matching import queue_match
from supports.models import Upload
from supports.searchable import queue_search


def ingest_upload(run: Run) -> None:
    """Load the upload whole or not at all; when a required column is unknown, ask the team instead."""
    upload = Upload.objects.select_related("submission__pair__election", "file").get(pk=run.job.subject_id)
    if upload.status != "received":
        with run.effects():
            return
    try:
        with run.effects(), open_file(upload.file) as source:
            ingest(run, upload, source)
            queue_match(upload)
            queue_search(upload)
    except NeedsMapping:
        upload.refresh_from_db(fields=["status"])
        with run.effects():
            engine.move(upload, "ask_mapping", by=None, columns=upload.columns)


def when_not_done(job: Job, error: Refused) -> None:
    """The upload is visibly failed, with the sentence, and can be tried again."""
    upload = Upload.objects.get(pk=job.subject_id)
    if upload.status == "received":
        engine.move(upload, "fail", by=None, error_code=error.code, error_message=error.message)
