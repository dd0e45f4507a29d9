"""Job: an approved correction; ``subject_id`` is the Correction."""

from foundation.jobs.runner import Run
from verification.corrections import carrying


def carry_correction(run: Run) -> None:
    """Take its rows back in parts; taken over by another worker it goes on where the last part ended."""
    carrying.carry(run)
