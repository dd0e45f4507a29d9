"""Pages of groups and of their members; identities masked. Constant in queries, and nothing is counted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from foundation import sql
from foundation.accounts.access import AnyUser
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Refused
from foundation.regions.codes import area_range
from supports.handing_in.receipts import title_of
from supports.listing import Row, keys_of_page, masked_niks, rows_of
from supports.models import Standing, Submission, Support
from supports.queries import reach_of
from supports.removal import as_array
from supports.rules import COMMISSION
from verification.duplicates.models import Group, GroupArea, GroupCount, Grouping, Member
from verification.models import Decision, Work
from verification.queries import reviews_visible_to

GROUPS_PER_PAGE, MEMBERS_PER_PAGE, FIRST = 25, 25, 3
KINDS = tuple(Group.Kind.values)


@dataclass(frozen=True)
class GroupLine:
    """A group as the queue shows it: its first members, and what is left to decide."""

    group: Group
    nik_masked: str | None
    first: list[Support]

    @property
    def more(self) -> int:
        """How many members the line does not name."""
        return self.group.members - len(self.first)


@dataclass(frozen=True)
class GroupPage:
    """One page of groups, and the cursors beside it."""

    lines: list[GroupLine]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class MemberLine:
    """A row of a group with who holds it, or who decided it; ``round`` names an earlier round, "" for this one."""

    row: Row
    support: Support
    round: str
    holder: User | None
    decision: Decision | None

    @property
    def here(self) -> bool:
        """Whether it is a row of the round that is verified."""
        return not self.round


@dataclass(frozen=True)
class MemberPage:
    """One page of a group; ``reference`` is its first member, which every other is compared with."""

    reference: MemberLine
    lines: list[MemberLine]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class Beside:
    """A group as the card of one of its rows names it; ``earlier`` are rows of earlier rounds."""

    group: Group
    earlier: list[MemberLine]


def groups_visible_to(user: AnyUser, permission: Permission = Permission.VIEW_DECISIONS) -> QuerySet[Group]:
    """The groups of the verifications a user may see."""
    reviews = reviews_visible_to(user, permission).select_related(None).order_by()
    related = ("submission__rule_set", "submission__pair__election__rule_set")
    return Group.objects.filter(submission__in=reviews.values("submission")).select_related(*related)


def grouping_of(submission: Submission) -> Grouping | None:
    """Whether the groups of a round were found; None where nobody asked for it yet."""
    return Grouping.objects.filter(submission=submission).select_related("job").first()


def counts_of_groups(submission: Submission) -> dict[str, GroupCount]:
    """How many groups of each kind a round has; every kind is there."""
    held = {one.kind: one for one in GroupCount.objects.filter(submission=submission)}
    return {kind: held.get(kind) or GroupCount(kind=kind, groups=0, waiting=0) for kind in KINDS}


def group_or_404(user: AnyUser, group_id: int, permission: Permission) -> Group:
    """A group that this user may see: one of its rows lies in the own area. Raises Http404."""
    found = get_object_or_404(groups_visible_to(user, permission), pk=group_id)
    reach = reach_of(user, found.submission.pair)
    if reach is not None:
        get_object_or_404(Group.objects.filter(_touches(reach, found.submission_id, "pk"), pk=found.pk))
    return found


def _touches(reach: Sequence[int], submission_id: int, group: str) -> Exists:
    """Whether a group has a row of the round in these regions: each of its few rows is looked up by its key."""
    inside = Q(pk__in=[])
    for code in reach:
        inside |= Q(area__range=area_range(code))
    standing = Standing.objects.filter(inside, pk=OuterRef("support_id"), submission=submission_id)
    return Exists(Member.objects.filter(Exists(standing), group_id=OuterRef(group)))


def list_groups(
    submission: Submission,
    *,
    kind: str,
    waiting: bool | None = None,
    area: int | None = None,
    reach: Sequence[int] | None = None,
    cursor: str = "",
) -> GroupPage:
    """One page of the groups of a kind, those with rows that wait or without, in an area of the spread.

    ``reach``: those with a row in these regions alone. Refuses an unknown kind or cursor.
    """
    if kind not in KINDS:
        message = _("Jenis kelompok “%(kind)s” tidak dikenal. Pilih salah satu: %(known)s.")
        raise Refused("kind_unknown", message % {"kind": kind, "known": ", ".join(KINDS)}, field="kind")
    order, found = "id", Group.objects.filter(submission=submission, kind=kind)
    prefix = ""
    if area is not None:
        order, prefix = "group_id", "group__"
        found = GroupArea.objects.filter(submission=submission, kind=kind, area=area)
    if waiting is not None:
        found = found.filter(**{f"{prefix}waiting__gt" if waiting else f"{prefix}waiting": 0})
    if reach is not None:
        found = found.filter(_touches(reach, submission.pk, "group_id" if prefix else "pk"))
    keys, onwards, backwards = keys_of_page(found, (order,), cursor, GROUPS_PER_PAGE)
    return GroupPage(_lines([pk for (pk,) in keys], submission), onwards, backwards)


def _lines(ids: Sequence[int], submission: Submission) -> list[GroupLine]:
    groups = Group.objects.in_bulk(ids)
    members: dict[int, list[int]] = defaultdict(list)
    for group, support in sql.rows("duplicates/list_first_members", ids=as_array(ids), most=FIRST):
        members[group].append(support)
    wanted = [pk for one in members.values() for pk in one]
    supports = Support.objects.defer("sealed").in_bulk(wanted)
    masks = masked_niks(list(supports.values()), submission)
    found = []
    for pk in ids:
        first = [supports[one] for one in members[pk] if one in supports]
        mask = masks[first[0].pk] if first and groups[pk].kind != Group.Kind.PHONE else None
        found.append(GroupLine(groups[pk], mask, first))
    return found


def list_members(group: Group, *, cursor: str = "") -> MemberPage:
    """One page of a group's rows, side by side with its first one. Refuses an unknown cursor."""
    held = Member.objects.filter(group=group)
    keys, onwards, backwards = keys_of_page(held, ("support_id",), cursor, MEMBERS_PER_PAGE)
    ids = [pk for (pk,) in keys]
    first = held.order_by("support_id").values_list("support_id", flat=True)[0]
    lines = member_lines(group, sorted({first, *ids}))
    return MemberPage(lines[first], [lines[pk] for pk in ids if pk in lines], onwards, backwards)


def member_lines(group: Group, ids: Sequence[int]) -> dict[int, MemberLine]:
    """Everything a page shows of some rows of a group, by their ids."""
    supports = Support.objects.defer("sealed").in_bulk(ids)
    rounds = Submission.objects.select_related("pair__election__rule_set", "rule_set").in_bulk(
        {one.submission_id for one in supports.values()}
    )
    rows = {}
    for pk, submission in rounds.items():
        own = [one for one in ids if one in supports and supports[one].submission_id == pk]
        rows |= {row.id: row for row in rows_of(own, submission, COMMISSION)}
    work = {one.support_id: one.holder for one in Work.objects.filter(pk__in=ids).select_related("holder")}
    decisions = Decision.objects.filter(support_id__in=ids).select_related("by").order_by("id")
    last = {one.support_id: one for one in decisions}
    return {
        pk: MemberLine(
            row=row,
            support=supports[pk],
            round="" if row_is_here(supports[pk], group) else title_of(rounds[supports[pk].submission_id]),
            holder=work.get(pk),
            decision=last.get(pk) if row.status != "unverified" else None,
        )
        for pk, row in rows.items()
    }


def row_is_here(support: Support, group: Group) -> bool:
    """Whether a row is of the round that the group was found in."""
    return support.submission_id == group.submission_id


def groups_beside(support_id: int, submission: Submission) -> list[Beside]:
    """The groups that a row is in, of its person and of its telephone, with what an earlier round had of it."""
    found = Group.objects.filter(submission=submission, member_rows__support_id=support_id)
    return [Beside(one, _earlier(one)) for one in sorted(found, key=lambda one: KINDS.index(one.kind))]


def _earlier(group: Group) -> list[MemberLine]:
    """The first rows that earlier rounds had of a person."""
    if group.kind != Group.Kind.ROUND:
        return []
    first = Member.objects.filter(group=group).order_by("support_id").values_list("support_id", flat=True)
    return [one for one in member_lines(group, list(first[:FIRST])).values() if not one.here]
