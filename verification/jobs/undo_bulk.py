"""Job: a bulk decision is undone; ``subject_id`` is the Bulk."""

from foundation.jobs.runner import Run
from verification import carrying


def undo_bulk(run: Run) -> None:
    """Take its decisions back in parts; taken over by another worker it goes on where the last part ended."""
    carrying.undo(run)
