"""The rows of a round in verification compared with the lists that are current: when, and what is written.

By a job of the election when its verification is opened, and of each round in verification when a list becomes current
or goes. Which list has a row, and how, is looked up where it is shown (``presence``); only findings are kept.
"""

from django.db.models.functions import Now

from candidates.models import Election
from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.models import Job
from foundation.jobs.operations import enqueue
from supports.models import Finding, Submission
from supports.rules import BY_CODE
from verification.rolls.models import CURRENT, Kind, Roll, RollMatch

JOB = "verification.match_rolls"
NOT_IN_ROLL, MISMATCH = BY_CODE["NOT_IN_ROLL"].number, BY_CODE["ROLL_MISMATCH"].number


def lane_of(election_id: int) -> str:
    """Lists and comparisons of one election come one after the other."""
    return f"election:{election_id}"


def current_rolls(election_id: int) -> dict[str, Roll]:
    """By kind, the lists that count now."""
    return {one.kind: one for one in Roll.objects.filter(election=election_id, status=CURRENT)}


def queue_matching(submission: Submission, *, by: User | None) -> Job | None:
    """Have a round compared, where its election has a list."""
    election = submission.pair.election_id
    if not current_rolls(election):
        return None
    return enqueue(JOB, lane=lane_of(election), subject_id=submission.pk, by=by)


def queue_matching_of(election: Election, *, by: User | None) -> int:
    """Have every round of the election that is in verification compared anew; how many."""
    rounds = Submission.objects.filter(pair__election=election, status="in_review").order_by("id")
    for one in rounds:
        enqueue(JOB, lane=lane_of(election.pk), subject_id=one.pk, by=by)
    return len(rounds)


def match_round(submission: Submission) -> RollMatch | None:
    """Say anew, inside the caller's transaction, what the current lists say about the rows of a round.

    None where no list is current: then nothing is said. A round that is no longer in verification stays as it is.
    """
    status = sql.value("SELECT status FROM supports_submission WHERE id = %s FOR SHARE", [submission.pk])
    if status != "in_review":
        return RollMatch.objects.filter(submission=submission).first()
    rolls = current_rolls(submission.pair.election_id)
    if not rolls:
        Finding.objects.filter(submission=submission, code__in=[NOT_IN_ROLL, MISMATCH]).delete()
        RollMatch.objects.filter(submission=submission).delete()
        return None
    sql.make_room()
    ids = {kind: roll.pk for kind, roll in rolls.items()}
    ((compared, in_dpt, in_dp4, in_none, differing),) = sql.rows(
        "rolls/match_rolls",
        submission=submission.pk,
        rolls=list(ids.values()),
        dpt=ids.get(Kind.DPT),
        dp4=ids.get(Kind.DP4),
        not_in_roll=NOT_IN_ROLL,
        mismatch=MISMATCH,
    )
    found = {"compared": compared, "in_dpt": in_dpt, "in_dp4": in_dp4, "in_none": in_none}
    found |= {"differing": differing, "dpt": rolls.get(Kind.DPT), "dp4": rolls.get(Kind.DP4)}
    made, _new = RollMatch.objects.update_or_create(
        submission=submission, defaults=found | {"matched_at": Now()}
    )
    return made
