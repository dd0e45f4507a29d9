"""An election is changed where support may be there: what it was checked by stays, and ages follow the voting day."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from candidates import elections
from candidates.models import Election, Pair
from foundation.accounts.models import User
from foundation.jobs.models import Job
from foundation.jobs.operations import enqueue
from supports.ages import STILL_DRAFTS
from supports.models import Submission, Upload

RECHECK = "supports.recheck_ages"


@dataclass(frozen=True)
class AgeCheck:
    """How far the ages of an election are checked again: rounds that wait or run, that failed, that keep theirs."""

    working: int
    failed: list[Job]
    kept: list[Submission]


@transaction.atomic
def change_election(election: Election, *, by: User | None, **changes: Any) -> dict[str, list[Any]]:
    """Change an election; returns what changed: {field: [before, after]}.

    When the voting day moves, the ages of every row that was not handed in are checked again, a job for each round.
    Refuses what ``candidates.elections.change_election`` refuses; once a file or a row was received, also other rules,
    regions, areas and base.
    """
    begun = _hold(election)
    changed = elections.change_election(election, by=by, begun=begun, **changes)
    rounds = Submission.objects.filter(pair__election=election)
    if "rule_set" in changed:
        # Nothing was received: they are begun anew under the new rules.
        rounds.delete()
    if "voting_day" in changed:
        for one in rounds.filter(status__in=STILL_DRAFTS).order_by("id"):
            enqueue(RECHECK, lane=f"pair:{one.pair_id}", subject_id=one.pk, by=by)
    return changed


def support_is_there(election: Election) -> bool:
    """Whether any file or row was ever received for the election."""
    return Upload.objects.filter(submission__pair__election=election).exists()


def _hold(election: Election) -> bool:
    """Let no first file come while the election is changed; says whether any came before."""
    pairs = Pair.objects.select_for_update().filter(election=election).order_by("id")
    list(pairs.values_list("pk", flat=True))
    rounds = Submission.objects.select_for_update(of=("self",)).filter(pair__election=election).order_by("id")
    list(rounds.values_list("pk", flat=True))
    return support_is_there(election)


def age_check(election: Election) -> AgeCheck:
    """What became of the last move of the voting day, for the page. Three queries."""
    rounds = {
        one.pk: one for one in Submission.objects.filter(pair__election=election).select_related("pair")
    }
    jobs = Job.objects.filter(kind=RECHECK, subject_id__in=list(rounds)).order_by("subject_id", "-id")
    latest = list(jobs.distinct("subject_id"))
    return AgeCheck(
        working=sum(one.state in ("queued", "running") for one in latest),
        failed=[one for one in latest if one.state == "failed"],
        kept=[one for one in rounds.values() if one.status not in STILL_DRAFTS],
    )
