"""Which voter lists a user may see and load, and how the rounds of an election stand to them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from candidates.models import Election
from candidates.territory import elections_governed_by
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from foundation.jobs.models import Job
from supports.handing_in.receipts import title_of
from supports.models import IncomingFile, Submission
from supports.queries import arriving
from verification.rolls.matching import JOB, current_rolls
from verification.rolls.models import Kind, Roll, RollMatch

AT_WORK = ("queued", "running")


def elections_with_rolls(user: AnyUser, permission: Permission = Permission.VIEW_ROLLS) -> QuerySet[Election]:
    """The elections whose lists a user may see: those that lie wholly in the territory."""
    return elections_governed_by(user, permission).select_related("rule_set")


def rolls_visible_to(user: AnyUser, permission: Permission = Permission.VIEW_ROLLS) -> QuerySet[Roll]:
    """The lists of these elections, the latest first."""
    elections = elections_with_rolls(user, permission).order_by().values("pk")
    return Roll.objects.filter(election__in=elections).select_related(
        "election", "job", "received_by", "file"
    )


def incoming_rolls(user: AnyUser) -> QuerySet[IncomingFile]:
    """The lists that this user sends in pieces, of elections the user still may load lists of."""
    elections = elections_with_rolls(user, Permission.LOAD_ROLLS).order_by().values("pk")
    found = arriving(user).filter(election__in=elections, target__in=Kind.values)
    return found.select_related("file", "election")


@dataclass(frozen=True)
class Compared:
    """A round in verification: the numbers of its last comparison, whether one is at work, or is due."""

    submission: Submission
    title: str
    match: RollMatch | None
    working: bool
    outdated: bool


def compared_rounds(election: Election) -> list[Compared]:
    """The rounds of an election that are in verification, and those that were compared; a few queries for all."""
    rounds = Submission.objects.filter(pair__election=election, kind=Submission.Kind.ROUND)
    related = ("pair__election", "rule_set", "roll_match__dpt", "roll_match__dp4")
    found = [
        one
        for one in rounds.select_related(*related).order_by("pair__name", "id")
        if one.status == "in_review" or hasattr(one, "roll_match")
    ]
    jobs = Job.objects.filter(kind=JOB, subject_id__in=[one.pk for one in found], state__in=AT_WORK)
    working = set(jobs.values_list("subject_id", flat=True))
    current = {kind: roll.pk for kind, roll in current_rolls(election.pk).items()}
    return [_compared(one, current, one.pk in working) for one in found]


def _compared(submission: Submission, current: dict[str, int], working: bool) -> Compared:
    match = getattr(submission, "roll_match", None)
    with_these = {kind: getattr(match, f"{kind}_id", None) for kind in Kind.values}
    outdated = submission.status == "in_review" and with_these != {
        kind: current.get(kind) for kind in Kind.values
    }
    return Compared(submission, title_of(submission), match, working, outdated and not working)
