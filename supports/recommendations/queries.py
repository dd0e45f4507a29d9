"""Which recommendations a user reads, and what somebody of Bawaslu may recommend something about."""

from datetime import datetime

from django.db.models import Q, QuerySet

from candidates.models import Election
from candidates.queries import elections_visible_to
from candidates.territory import elections_governed_by
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.granting import DIGITS
from foundation.accounts.matrix import Permission
from supports.recommendations.models import Recommendation

RELATED = (
    "election__rule_set", "pair", "upload", "document__stored_file", "created_by", "answered_by"
)  # fmt: skip


def recommendations_visible_to(user: AnyUser) -> QuerySet[Recommendation]:
    """Those about elections that lie wholly in the user's territory, and those that come from it."""
    held = scopes(user, Permission.VIEW_RECOMMENDATIONS)
    found = Recommendation.objects.select_related(*RELATED)
    if held.nation:
        return found
    elections = elections_governed_by(user, Permission.VIEW_RECOMMENDATIONS).order_by().values("pk")
    seen = Q(election__in=elections)
    for code in held.regions:
        seen |= Q(region=code)
        for digits in DIGITS:
            if digits > len(str(code)):
                width = 10 ** (digits - len(str(code)))
                seen |= Q(region__range=(code * width, (code + 1) * width - 1))
    return found.filter(seen)


def elections_open_to(user: AnyUser) -> QuerySet[Election]:
    """The elections about which somebody of Bawaslu may recommend something: those that touch the territory."""
    return elections_visible_to(user, Permission.FILE_RECOMMENDATIONS)


def territory_for(user: AnyUser, election: Election) -> int:
    """In the name of which territory: the widest of the user's that touches the election, 0 for the nation."""
    held = scopes(user, Permission.FILE_RECOMMENDATIONS)
    if held.nation:
        return 0
    region = str(election.region_id)
    touching = [code for code in held.regions if str(code).startswith(region) or region.startswith(str(code))]
    return min(touching, key=lambda code: len(str(code)))


def standing(
    recommendations: QuerySet[Recommendation], state: str, moment: datetime
) -> QuerySet[Recommendation]:
    """Those of one state; ``late`` are those that wait beyond their time."""
    if state == "late":
        return recommendations.filter(status="filed", due_at__lte=moment)
    return recommendations.filter(status=state)
