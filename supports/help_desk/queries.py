"""Reading threads: which ones somebody may read, the queue of an office, and how many wait."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext as _

from candidates.models import Pair
from foundation.accounts.access import AnyUser, Scopes, scopes
from foundation.accounts.matrix import Permission
from foundation.errors import Refused
from foundation.regions.models import Region
from foundation.workflow.table import HELP_THREAD
from supports.help_desk.models import Message, Thread
from supports.listing import read_cursor, written_cursor

PAGE = 25
# A badge says "99+" beyond: nobody needs the exact number, and counting it would cost.
COUNTED_TO = 99
NATION = 0
PROVINCE_DIGITS = 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def threads_of_team(user: AnyUser, permission: Permission = Permission.VIEW_HELP) -> QuerySet[Thread]:
    """The threads of the pairs a user works for; of who reads only what they typed, those they began."""
    held = scopes(user, permission)
    return Thread.objects.filter(_of_team(user, held))


def threads_visible_to(user: AnyUser, permission: Permission = Permission.VIEW_HELP) -> QuerySet[Thread]:
    """Those about the user's territory and those of the own pairs."""
    held = scopes(user, permission)
    threads = Thread.objects.select_related("election", "pair", "holder", "created_by")
    return threads if held.nation else threads.filter(_inside(held, "region") | _of_team(user, held))


def _of_team(user: AnyUser, held: Scopes) -> Q:
    return Q(pair__in=held.whole) | Q(pair__in=held.own, created_by=user.pk)


def _inside(held: Scopes, field: str) -> Q:
    """The region is one of these, or lies in one; everything for the nation."""
    if held.nation:
        return Q(pk__gt=0)
    inside = Q(**{f"{field}__in": held.regions})
    for province in (code for code in held.regions if len(str(code)) == PROVINCE_DIGITS):
        inside |= Q(**{f"{field}__range": (province * 100, province * 100 + 99)})
    return inside


def own_desks(user: AnyUser) -> list[int]:
    """The offices for which a user answers: the nation (0), or regions."""
    held = scopes(user, Permission.ANSWER_HELP)
    return [NATION] if held.nation else list(held.regions)


def answers_at(user: AnyUser, desk: int) -> bool:
    """Whether a user may answer what lies at the desk of that office: their own, or one inside their territory."""
    return scopes(user, Permission.ANSWER_HELP).contains_region(desk)


def waiting_for(user: AnyUser) -> int:
    """How many threads wait at the user's own desk, up to one more than ``COUNTED_TO``. One query, by index."""
    desks = own_desks(user)
    if not desks:
        return 0
    waiting = Thread.objects.filter(status="waiting", desk__in=desks).order_by()
    return waiting[: COUNTED_TO + 1].count()


def unseen_by(user: AnyUser) -> int:
    """How many threads of the user's pairs have an answer that nobody there has looked at. One query, by index."""
    return threads_of_team(user).filter(unseen=True).order_by()[: COUNTED_TO + 1].count()


def unseen_of(user: AnyUser, pair: Pair) -> int:
    """The same of one pair."""
    return threads_of_team(user).filter(pair=pair, unseen=True).order_by()[: COUNTED_TO + 1].count()


@dataclass(frozen=True)
class Wanted:
    """What a queue is asked for: a state ("" for all), own desk or whole territory, an election, a kind."""

    status: str = HELP_THREAD.initial
    own_desk: bool = True
    election: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Page:
    """Threads, and the cursors of the pages after and before; None at the ends."""

    threads: list[Thread]
    next: str | None
    previous: str | None


CITIZENS = "citizen"


def queue(user: AnyUser, wanted: Wanted, *, cursor: str = "", limit: int = PAGE) -> Page:
    """A page of an office's threads: what waits longest first, elsewhere what changed last. Refuses a bad cursor."""
    found = threads_visible_to(user)
    if wanted.own_desk:
        found = found.filter(desk__in=own_desks(user))
    if wanted.status in HELP_THREAD.states:
        found = found.filter(status=wanted.status)
    if wanted.election:
        found = found.filter(election=wanted.election)
    if wanted.kind:
        found = (
            found.filter(pair=None) if wanted.kind == CITIZENS else found.filter(attached_kind=wanted.kind)
        )
    waiting = wanted.status == "waiting"
    return _page(
        found, "waiting_since" if waiting else "last_at", ascending=waiting, cursor=cursor, limit=limit
    )


def threads_of_pair(user: AnyUser, pair: Pair, *, cursor: str = "", limit: int = PAGE) -> Page:
    """A page of a pair's threads, what changed last in front."""
    found = threads_visible_to(user).filter(pair=pair)
    return _page(found, "last_at", ascending=False, cursor=cursor, limit=limit)


def _page(found: QuerySet[Thread], field: str, *, ascending: bool, cursor: str, limit: int) -> Page:
    """By keyset: a page far behind costs what the first does."""
    onwards, position = _read_key(cursor)
    upwards = ascending == onwards
    if position is not None:
        lookup = TupleGreaterThan if upwards else TupleLessThan
        found = found.filter(lookup(Tuple(field, "id"), position))
    order = (field, "id") if upwards else (f"-{field}", "-id")
    threads = list(found.order_by(*order)[: limit + 1])
    more = len(threads) > limit
    threads = threads[:limit] if onwards else threads[:limit][::-1]
    keys = [_key(one, field) for one in threads]
    return Page(
        threads=threads,
        next=written_cursor(">", keys[-1]) if keys and (more or not onwards) else None,
        previous=written_cursor("<", keys[0]) if keys and (bool(cursor) if onwards else more) else None,
    )


def _read_key(cursor: str) -> tuple[bool, tuple[datetime, int] | None]:
    onwards, position = read_cursor(cursor)
    if position is None:
        return onwards, None
    try:
        at, pk = position
        return onwards, (EPOCH + at * MICROSECOND, pk)
    except (ValueError, OverflowError) as error:
        message = _("Penanda halaman tidak dikenal. Mulai lagi dari halaman pertama.")
        raise Refused("cursor_unknown", message, "cursor") from error


def _key(thread: Thread, field: str) -> tuple[int, int]:
    return (getattr(thread, field) - EPOCH) // MICROSECOND, thread.pk


def messages_of(thread: Thread) -> list[Message]:
    """All of a thread, in their order. Two threads of one number cannot be: there is a bound (``operations``)."""
    found = Message.objects.filter(thread=thread).select_related("created_by", "attachment__stored_file")
    return list(found.order_by("number"))


def office_names(codes: Iterable[int]) -> dict[int, str]:
    """What the offices of these regions are called. One query."""
    wanted = {code for code in codes if code}
    names = dict(Region.objects.filter(pk__in=wanted).values_list("code", "name"))
    found = {code: _("KPU %(region)s") % {"region": names.get(code, code)} for code in wanted}
    return {NATION: _("KPU RI"), **found}


def offices_above_and_at(region: int) -> list[int]:
    """The offices a thread about a region can lie at: that of the region, of its province, of the nation.

    One about no region can be given to any province.
    """
    if region == NATION:
        provinces = Region.objects.filter(parent=None, current=True).order_by("code")
        return [NATION, *provinces.values_list("code", flat=True)]
    province = int(str(region)[:PROVINCE_DIGITS])
    return list(dict.fromkeys([region, province, NATION]))


def names_of_desks(threads: Sequence[Thread]) -> dict[int, Any]:
    """The offices of a page of threads by their code."""
    return office_names(one.desk for one in threads)
