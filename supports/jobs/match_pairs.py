"""Job: people given by several pairs of one election, for the NIKs that an upload touched."""

from foundation.jobs.runner import Run
from supports.matching import match_upload
from supports.models import Upload
from supports.statistics import gather_statistics


def match_pairs(run: Run) -> None:
    """Match one upload's NIKs against the other pairs of its election.

    It is the first work after a load, which does not wait for the statistics of what it brought.
    """
    upload = Upload.objects.select_related("submission__pair").get(pk=run.job.subject_id)
    with run.effects():
        gather_statistics(upload.rows)
        match_upload(upload)
