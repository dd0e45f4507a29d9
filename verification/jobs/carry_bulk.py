"""Job: an approved bulk decision; ``subject_id`` is the Bulk."""

from foundation.jobs.runner import Run
from verification import carrying


def carry_bulk(run: Run) -> None:
    """Decide its rows in parts; taken over by another worker it goes on where the last part ended."""
    carrying.carry(run)
