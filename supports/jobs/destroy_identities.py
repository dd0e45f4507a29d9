"""Job: the identities of an election are destroyed, because their time is over; ``subject_id`` is the Destruction."""

from foundation.jobs.runner import Run
from supports.retention.destroying import carry_destruction


def destroy_identities(run: Run) -> None:
    """Keys, rows, files, then the certificate; killed in the middle, the next attempt goes on."""
    carry_destruction(run)
