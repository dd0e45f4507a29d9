"""Job: the rows of a removed voter list are erased; ``subject_id`` is the Roll."""

from foundation.jobs.runner import Run
from verification.rolls.emptying import empty
from verification.rolls.models import Roll


def empty_roll(run: Run) -> None:
    """Erase them in parts; taken over by another worker it goes on with those that are left."""
    roll = Roll.objects.get(pk=run.job.subject_id)
    gone = empty(run, roll)
    with run.effects():
        run.progress("done", gone, roll.entries)
