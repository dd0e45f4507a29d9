"""Job: a practice election is thrown away; ``subject_id`` is the election."""

from candidates.models import Election
from foundation.accounts.models import User
from foundation.jobs.runner import Run
from supports.throwing_away import throw_away


def throw_away_election(run: Run) -> None:
    """Everything of it goes in one transaction. One that is gone already needs nothing."""
    by = User.objects.filter(pk=run.job.created_by_id).first()
    with run.effects():
        election = Election.objects.filter(pk=run.job.subject_id).first()
        if election is None:
            return
        run.progress("removing")
        rows = throw_away(election, by=by)
        run.progress("done", rows, rows)
