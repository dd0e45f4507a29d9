"""Job: the groups of a round whose verification began; ``subject_id`` is the Submission."""

from foundation.jobs.runner import Run
from verification.duplicates import grouping


def find_groups(run: Run) -> None:
    """Write them down as a whole; taken over by another worker it begins anew."""
    grouping.find_groups(run)
