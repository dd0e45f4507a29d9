"""Job: people given by several pairs of one election, for the NIKs that an upload touched. Commission only."""

from foundation import sql
from foundation.jobs.runner import Run
from supports.models import Upload, first_id


def match_pairs(run: Run) -> None:
    """Match the upload's NIKs against every pair of its election; running it again changes nothing."""
    upload = Upload.objects.select_related("submission__pair").get(pk=run.job.subject_id)
    with run.effects():
        sql.run(
            "supports/match_pairs",
            election=upload.submission.pair.election_id,
            first=first_id(upload.pk),
            last=first_id(upload.pk + 1),
        )
