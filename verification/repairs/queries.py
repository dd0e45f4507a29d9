"""Whose BMS list a user may fetch."""

from django.db.models import QuerySet

from candidates.territory import pairs_governed_by
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from supports.models import Submission


def rounds_listed_to(user: AnyUser) -> QuerySet[Submission]:
    """The rounds whose BMS list a user may fetch: it holds rows of every area, as the report of an upload does."""
    pairs = pairs_governed_by(user, Permission.VIEW_REPORT).order_by().values("pk")
    related = ("pair__election__rule_set", "rule_set")
    return Submission.objects.filter(kind=Submission.Kind.ROUND, pair__in=pairs).select_related(*related)
