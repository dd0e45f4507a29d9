"""Which results a user may read, and what changed between their versions."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from candidates.models import Pair
from candidates.queries import pairs_visible_to
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from verification.results.canonical import NUMBERS
from verification.results.models import Result

RELATED = ("review__submission__rule_set", "review__submission__pair__election__rule_set", "closed_by")


def results_visible_to(user: AnyUser, permission: Permission = Permission.VIEW_RESULTS) -> QuerySet[Result]:
    """The results of the pairs a user may see; they hold sums, no person."""
    pairs = pairs_visible_to(user, permission).order_by().values("pk")
    return Result.objects.filter(review__submission__pair__in=pairs).select_related(*RELATED)


def results_of(pair: Pair) -> list[Result]:
    """Every version of every round of a pair, the latest round first, each with its latest version first."""
    found = Result.objects.filter(review__submission__pair=pair).select_related(*RELATED)
    return list(found.order_by("-review__submission_id", "-version"))


def latest_results(user: AnyUser, most: int = 25) -> list[Result]:
    """What closed last in the user's territory: the last version of each round."""
    later = Result.objects.filter(review=OuterRef("review"), version__gt=OuterRef("version"))
    visible = results_visible_to(user, Permission.VIEW_DECISIONS)
    return list(visible.filter(~Exists(later)).order_by("-id")[:most])


def with_changes(versions: Sequence[Result]) -> list[tuple[Result, dict[str, int]]]:
    """Versions of one round, the latest first, each with what its numbers differ from the version before."""
    before = [*versions[1:], None] if versions else []
    return [(one, _changes(one, earlier)) for one, earlier in zip(versions, before, strict=True)]


def _changes(one: Result, earlier: Result | None) -> dict[str, int]:
    if earlier is None:
        return {}
    return {name: getattr(one, name) - getattr(earlier, name) for name in NUMBERS}
