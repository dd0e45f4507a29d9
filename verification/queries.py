"""What a user may see of verifications, and whose work waits."""

from collections.abc import Sequence

from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404

from candidates.queries import pairs_visible_to
from candidates.territory import elections_governed_by
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import MATRIX, Permission, ScopeKind
from foundation.accounts.models import Assignment, User
from supports.models import AreaTally, Standing, Submission
from verification.models import Decision, Review, Share, Work

BEGINNING = ("accepted", "completing", "in_review", "reopened")
STATUSES = ("unverified", "ms", "bms", "tms")


def reviews_visible_to(user: AnyUser, permission: Permission = Permission.VIEW_DECISIONS) -> QuerySet[Review]:
    """The verifications of rounds of pairs whose territory the user shares."""
    pairs = pairs_visible_to(user, permission).order_by().values("pk")
    related = ("submission__rule_set", "submission__pair__election__rule_set")
    return Review.objects.filter(submission__pair__in=pairs).select_related(*related)


def rounds_to_verify(user: AnyUser) -> QuerySet[Submission]:
    """The rounds that wait for their verification or are in it, of elections the user's office governs."""
    elections = elections_governed_by(user, Permission.DEAL_WORK).order_by().values("pk")
    found = Submission.objects.filter(
        kind=Submission.Kind.ROUND, status__in=BEGINNING, pair__election__in=elections
    )
    return found.select_related("pair__election", "rule_set").order_by("-id")


def shares_of(user: User) -> QuerySet[Share]:
    """The rounds of which rows wait for this person."""
    found = Share.objects.filter(holder=user, left__gt=0, submission__status="in_review")
    return found.select_related("submission__pair__election", "submission__rule_set").order_by(
        "submission_id"
    )


def waiting_for(user: User, submission: Submission, *, after: int = 0, most: int = 1) -> list[int]:
    """The next rows of a round that wait for this person, from ``after`` on; from the beginning at the end."""
    held = Work.objects.filter(submission=submission, holder=user).order_by("support_id")
    found = list(held.filter(support_id__gt=after).values_list("support_id", flat=True)[:most])
    if not found and after:
        found = list(held.values_list("support_id", flat=True)[:most])
    return found


def review_of(user: AnyUser, permission: Permission, submission_id: int) -> Review:
    """The verification of a round, if this user may do that with it. Raises Http404."""
    return get_object_or_404(reviews_visible_to(user, permission), submission=submission_id)


def waits_for(user: User, submission: Submission, support_id: int) -> bool:
    """Whether this row of a round still waits for this person."""
    return Work.objects.filter(pk=support_id, submission=submission, holder=user).exists()


def standings_to_decide(user: AnyUser) -> QuerySet[Standing]:
    """Rows of the rounds a user may verify in; whose turn each is, the operations say."""
    pairs = pairs_visible_to(user, Permission.VERIFY).order_by().values("pk")
    related = ("support", "submission__rule_set", "submission__pair__election__rule_set")
    return Standing.objects.filter(submission__pair__in=pairs).select_related(*related)


def may_deal_in(user: AnyUser, submission: Submission) -> bool:
    """Whether rows of this round are the user's to deal now."""
    return rounds_to_verify(user).filter(pk=submission.pk, status="in_review").exists()


def decisions_about(support_ids: Sequence[int]) -> QuerySet[Decision]:
    """Every decision about these rows, the first one first."""
    return Decision.objects.filter(support_id__in=support_ids).select_related("by").order_by("id")


def verifiers_of(submission: Submission, area: int = 0, *, offices: bool = True) -> list[User]:
    """Who may verify in an area of a round (0: everywhere in it), by name; with or without those who deal the work."""
    where = str(area or submission.pair.election.region_id)
    codes = [int(where[:digits]) for digits in (2, 4, 6, 10) if digits <= len(where)]
    roles = [role for role, held in MATRIX.items() if Permission.VERIFY in held]
    if not offices:
        roles = [role for role in roles if Permission.DEAL_WORK not in MATRIX[role]]
    held = Assignment.objects.filter(role__in=roles, scope_kind=ScopeKind.REGION, scope_id__in=codes)
    found = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return list(found.prefetch_related("assignments").order_by("name", "pk"))


def counts_of(submissions: list[Submission]) -> dict[int, dict[str, int]]:
    """For each round its rows by status, and all of them; one query."""
    zero = dict.fromkeys((*STATUSES, "rows"), 0)
    found = {one.pk: dict(zero) for one in submissions}
    sums = {name: Sum(name) for name in STATUSES}
    tallies = AreaTally.objects.filter(submission__in=list(found)).values("submission_id").annotate(**sums)
    for one in tallies:
        counted = {name: one[name] for name in STATUSES}
        found[one["submission_id"]] = counted | {"rows": sum(counted.values())}
    return found
