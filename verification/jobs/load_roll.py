"""Job: a received voter list is loaded; ``subject_id`` is the Roll."""

from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import Run
from foundation.storage import open_file
from foundation.workflow import engine
from supports.ingest.read import renew_spare
from verification.rolls.loading import load
from verification.rolls.matching import queue_matching_of
from verification.rolls.models import Roll


def load_roll(run: Run) -> None:
    """Load the list whole or not at all; the rounds in verification are then compared with it."""
    roll = Roll.objects.select_related("election", "file", "received_by").get(pk=run.job.subject_id)
    if roll.status != Roll.machine.initial:
        with run.effects():
            return
    try:
        with run.effects(), open_file(roll.file) as source:
            load(run, roll, source)
            queue_matching_of(roll.election, by=roll.received_by)
    finally:
        renew_spare()


def when_not_done(job: Job, error: Refused) -> None:
    """The list is visibly failed, with the sentence; the one before stays current."""
    roll = Roll.objects.get(pk=job.subject_id)
    if roll.status == Roll.machine.initial:
        engine.move(roll, "fail", by=None, error_code=error.code, error_message=error.message)
