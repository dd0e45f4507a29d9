"""Job: a round or pool that was never handed in is erased, because its time is over; ``subject_id`` is the round."""

from foundation.jobs.runner import Run
from supports.models import Submission
from supports.retention.drafts import erase_draft as erase


def erase_draft(run: Run) -> None:
    """All of it goes in one transaction, or nothing."""
    submission = Submission.objects.select_related("pair__election").get(pk=run.job.subject_id)
    with run.effects():
        run.progress("removing")
        rows = erase(submission)
        run.progress("done", rows, rows)
