"""How far a permission reaches: all of a pair's rows, or those of some areas.

``queries.*_visible_to`` says what a user may know of; this says whose rows and files a user reads whole, and
of whom only a part.
"""

from django.db.models import Q, QuerySet

from candidates.models import Election, Pair
from foundation.accounts.access import AnyUser, scopes
from foundation.accounts.matrix import Permission


def pairs_governed_by(user: AnyUser, permission: Permission) -> QuerySet[Pair]:
    """The own pairs, and the pairs of elections that lie wholly in the user's territory: all their rows.

    Not the pairs of whose rows the user reads only the own ones.
    """
    where = scopes(user, permission)
    if where.nation:
        return Pair.objects.all()
    return Pair.objects.filter(_inside(where.regions, "election__") | Q(pk__in=where.whole))


def governs(user: AnyUser, permission: Permission, pair: Pair) -> bool:
    """Whether this pair is one of ``pairs_governed_by``; no query where its election is selected."""
    where = scopes(user, permission)
    return pair.pk in where.whole or where.contains_region(pair.election.region_id)


def elections_governed_by(user: AnyUser, permission: Permission) -> QuerySet[Election]:
    """The elections that lie wholly in the user's territory; nobody governs one by being of a pair's team."""
    where = scopes(user, permission)
    return Election.objects.all() if where.nation else Election.objects.filter(_inside(where.regions))


def areas_visible_to(user: AnyUser, permission: Permission, pair: Pair) -> list[tuple[int, int]] | None:
    """Which areas of a pair's rows a user may read: half-open ranges of 10-digit codes; None: all of them.

    An office below the election's level (a PPK, or a kabupaten in a governor's election) reads the rows of
    its own area only; whoever reads only the rows they typed (``Scopes.own``) reads none by area.
    """
    if governs(user, permission, pair):
        return None
    region = str(pair.election.region_id)
    return [area_range(code) for code in scopes(user, permission).regions if str(code).startswith(region)]


def area_range(code: int) -> tuple[int, int]:
    """The 10-digit codes inside a region, half-open: 647401 → (6474010000, 6474020000)."""
    width = 10 ** (10 - len(str(code)))
    return code * width, (code + 1) * width


def _inside(regions: tuple[int, ...], prefix: str = "") -> Q:
    """The election's region is one of the regions, or lies in one."""
    inside = Q(**{f"{prefix}region_id__in": regions})
    for province in (code for code in regions if code < 100):
        inside |= Q(**{f"{prefix}region_id__range": (province * 100, province * 100 + 99)})
    return inside
