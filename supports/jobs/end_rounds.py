"""Job: the rounds of a pair that has withdrawn end, after whatever was under way on the pair."""

from candidates.models import Pair
from foundation.jobs.runner import Run
from supports.desk.pair_changes import end_rounds as end


def end_rounds(run: Run) -> None:
    """End them; ``subject_id`` is the pair."""
    with run.effects():
        end(Pair.objects.select_related("election").get(pk=run.job.subject_id))
