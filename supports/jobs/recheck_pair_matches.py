"""Job: what is written about people given by several pairs is corrected after rows went away."""

from foundation.jobs.runner import Run
from supports.matching import recheck_election


def recheck_pair_matches(run: Run) -> None:
    """Take away the matches of an election that no longer are; ``subject_id`` is the election."""
    with run.effects():
        recheck_election(run.job.subject_id)
