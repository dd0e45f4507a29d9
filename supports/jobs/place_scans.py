"""Job: the scans of a pair are given their rows and counted; ``subject_id`` is the pair."""

from candidates.models import Pair
from foundation.jobs.runner import Run
from supports.scans import placing


def place_scans(run: Run) -> None:
    """All that wait, in one transaction. Can always be run again."""
    pair = Pair.objects.get(pk=run.job.subject_id)
    with run.effects():
        run.progress("placing")
        placed = placing.place_scans(pair)
        run.progress("done", placed, placed)
