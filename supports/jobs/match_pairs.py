"""Job: people given by several pairs of one election, for the NIKs that an upload touched."""

from foundation.jobs.runner import Run
from supports.matching import match_upload
from supports.models import Upload


def match_pairs(run: Run) -> None:
    """Match one upload's NIKs against the other pairs of its election."""
    upload = Upload.objects.select_related("submission__pair").get(pk=run.job.subject_id)
    with run.effects():
        match_upload(upload)
