"""Job: the voting day has moved, so the ages of a round's rows are checked again; ``subject_id`` is the round."""

from foundation import sql
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from foundation.workflow import engine
from supports.ages import STILL_DRAFTS, recheck_round
from supports.locks import lock_counts
from supports.models import Submission


def recheck_ages(run: Run) -> None:
    """One round in one transaction. One that was handed in meanwhile keeps what was said about it."""
    by = User.objects.filter(pk=run.job.created_by_id).first()
    with run.effects():
        sql.make_room()
        sql.value("SELECT id FROM supports_submission WHERE id = %s FOR SHARE", [run.job.subject_id])
        rounds = Submission.objects.select_related("pair__election", "rule_set")
        submission = rounds.filter(pk=run.job.subject_id).first()
        if submission is None or submission.status not in STILL_DRAFTS:
            return
        lock_counts(submission)
        day = submission.pair.election.voting_day.isoformat()
        counts = recheck_round(submission, run)
        engine.record("ages_rechecked", submission, by=by, voting_day=day, **counts)
