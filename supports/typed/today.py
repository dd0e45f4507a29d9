"""How much was typed by whom: a small sum for each day, kept in the transaction that stores the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from candidates.models import Pair
from candidates.queries import now
from foundation import sql
from foundation.accounts.models import User
from supports.typed_table import TypedDay

ADD = (
    "INSERT INTO supports_typedday AS kept (pair_id, day, typed_by_id, n)"
    " VALUES (%(pair)s, (clock_timestamp() AT TIME ZONE %(zone)s)::date, %(by)s, %(n)s)"
    " ON CONFLICT (pair_id, day, typed_by_id) DO UPDATE SET n = kept.n + excluded.n"
)


@dataclass(frozen=True)
class Typed:
    """What one person typed for a pair: today, and on all days together."""

    today: int = 0
    total: int = 0


def add_typed(pair: Pair, n: int, *, by: User) -> None:
    """Add rows to today's sum of a person; the day is the election's, by the database's clock."""
    sql.execute(ADD, {"pair": pair.pk, "zone": pair.election.zone, "by": by.pk, "n": n})


def typed_by(pair: Pair, people: Iterable[int] | None = None) -> dict[int, Typed]:
    """By user id, what each typed for the pair; one query over a few rows, however many supporters there are."""
    days = TypedDay.objects.filter(pair=pair)
    if people is not None:
        days = days.filter(typed_by__in=list(people))
    sums = days.values("typed_by").annotate(
        today=Sum("n", filter=Q(day=_today(pair)), default=0), total=Sum("n")
    )
    return {one["typed_by"]: Typed(one["today"], one["total"]) for one in sums.order_by("typed_by")}


def typed_today(pair: Pair, moment: datetime | None = None) -> list[tuple[User, int]]:
    """Who typed today (the day of ``moment``) and how many rows, the most first: for the team's desk."""
    days = TypedDay.objects.filter(pair=pair, day=_today(pair, moment)).select_related("typed_by")
    return [(one.typed_by, one.n) for one in days.order_by("-n", "typed_by_id")]


def _today(pair: Pair, moment: datetime | None = None) -> date:
    return (moment or now()).astimezone(ZoneInfo(pair.election.zone)).date()
