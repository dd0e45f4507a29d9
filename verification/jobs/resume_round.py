"""Job: a reopened round that was not handed in again; ``subject_id`` is the Submission."""

from foundation.jobs.runner import Run
from verification.reopening import resuming


def resume_round(run: Run) -> None:
    """Let its verification go on, as a whole; taken over by another worker it begins anew."""
    resuming.resume(run)
