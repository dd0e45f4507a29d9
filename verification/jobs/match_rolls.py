"""Job: a round in verification is compared with the current voter lists; ``subject_id`` is the Submission."""

from foundation.jobs.runner import Run
from supports.models import Submission
from verification.rolls.matching import match_round


def match_rolls(run: Run) -> None:
    """All of it in one transaction; can always be run again."""
    submission = Submission.objects.select_related("pair").get(pk=run.job.subject_id)
    with run.effects():
        run.progress("matching")
        found = match_round(submission)
        rows = found.compared if found else 0
        run.progress("done", rows, rows)
