"""Job: scans of a pair are read by a machine for some seconds; ``subject_id`` is the pair."""

from candidates.models import Pair
from foundation.jobs.runner import Run
from supports.scans import reading


def read_scans(run: Run) -> None:
    """As many as the time allows; the rest is queued again, behind whatever waits by then."""
    pair = Pair.objects.select_related("election").get(pk=run.job.subject_id)
    reading.read_scans(run, pair)
    with run.effects():
        reading.end_portion(pair)
