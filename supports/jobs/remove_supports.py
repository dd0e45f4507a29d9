"""Job: all rows of a round that a filter shows go away, if they are still those that were looked at."""

from foundation.jobs.runner import Run
from supports.bulk_removal import carry_removal


def remove_supports(run: Run) -> None:
    """Remove them; ``subject_id`` is the round, ``params`` the filter, the number and the token of the rows."""
    carry_removal(run)
