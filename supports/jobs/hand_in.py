"""Job: a round is handed in, whole and once."""

from foundation.errors import Refused
from foundation.jobs.models import Job
from foundation.jobs.runner import Run
from supports.handing_in.carrying import carry_hand_in
from supports.handing_in.operations import end_hand_in
from supports.models import HandIn

# Not the team's fault: the wish stays, with its moment, and the sweep has it tried again.
OURS = ("INTERNAL", "CANCELLED", "SUPERSEDED")


def hand_in(run: Run) -> None:
    """Close the round, hash its rows and issue the receipt."""
    carry_hand_in(run)


def when_not_done(job: Job, error: Refused) -> None:
    """What the team can mend ends the handing-in; the round is open again."""
    if error.code not in OURS:
        end_hand_in(HandIn.objects.select_related("submission__pair").get(pk=job.subject_id), error)
