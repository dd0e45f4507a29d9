"""A change of many windows as it is previewed, and then made: exactly what was seen, or nothing.

A plan lists every window with what it is and what it would be, and for those that cannot change the reason. Its digest
covers all of it: who applies a plan names the digest of what they saw, and it is made anew while the elections are
held. Where anything differs, by somebody else's hand or by the clock, nothing is changed.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candidates import schedules, zones
from candidates.models import Election, MassChange, Window
from candidates.territory import elections_governed_by
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.errors import Conflict, Refused
from foundation.workflow import engine


@dataclass(frozen=True)
class Chosen:
    """Which elections of the own territory: all, or those of a level, a province, a name, or of these ids.

    Practice elections are never among them.
    """

    level: str = ""
    province: int | None = None
    words: str = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Step:
    """One window: as it is (None: there is none yet), as it would be, or why it stays as it is."""

    window: Window
    before: dict[str, Any] | None
    after: dict[str, Any]
    why_not: str = ""


@dataclass(frozen=True)
class Plan:
    """All steps of one decision, in the order of the elections' names."""

    kind: str
    decree: str
    steps: Sequence[Step]
    terms: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def changes(self) -> list[Step]:
        """Those that will be made."""
        return [step for step in self.steps if not step.why_not]

    @cached_property
    def blocked(self) -> list[Step]:
        """Those that stay as they are, each with its reason."""
        return [step for step in self.steps if step.why_not]

    @property
    def elections(self) -> int:
        """How many elections change."""
        return len({step.window.election_id for step in self.changes})

    @cached_property
    def digest(self) -> str:
        """Of everything that a preview shows."""
        seen = [
            [step.window.election_id, step.before, step.after, step.why_not]
            for step in sorted(self.steps, key=_place)
        ]
        text = json.dumps([self.kind, self.decree, seen], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _place(step: Step) -> tuple:
    return (step.window.election_id, step.window.pk or 0, step.window.stage, step.window.kind)


def elections_chosen(chosen: Chosen, by: User | None) -> QuerySet[Election]:
    """The elections that a plan is about: those whose windows the user manages."""
    found = Election.objects.filter(practice=False)
    if by is not None:
        found = elections_governed_by(by, Permission.MANAGE_WINDOWS).filter(practice=False)
    if chosen.level:
        found = found.filter(level=chosen.level)
    if chosen.province:
        first = chosen.province * 100
        found = found.filter(region_id__in=[chosen.province, *range(first, first + 100)])
    for word in chosen.words.split():
        found = found.filter(name__icontains=word)
    return found.filter(pk__in=chosen.ids) if chosen.ids else found


def hold(elections: QuerySet[Election]) -> None:
    """Nobody else changes windows of these elections until the transaction ends; always in the same order."""
    list(elections.select_related(None).select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def without_clashes(steps: Sequence[Step], others: Iterable[Window]) -> list[Step]:
    """The same steps; those whose windows would overlap another of their election, stage and kind are blocked.

    ``others`` are all windows of the elections as they are. Where some of a group clash, none of the group moves.
    """
    moving = {step.window.pk for step in steps if step.before and not step.why_not}
    standing: dict[tuple, list[Window]] = defaultdict(list)
    for row in others:
        if row.pk not in moving:
            standing[_group(row)].append(row)
    planned: dict[tuple, list[Step]] = defaultdict(list)
    for step in steps:
        if not step.why_not:
            planned[_group(step.window)].append(step)
    reasons: dict[int, str] = {}
    for group, found in planned.items():
        clash = _overlap([*standing[group], *(step.window for step in found)])
        if clash:
            reasons.update(dict.fromkeys(map(id, found), _clash_sentence(clash)))
    return [replace(step, why_not=reasons.get(id(step), step.why_not)) for step in steps]


def _group(window: Window) -> tuple:
    return (window.election_id, window.stage, window.kind)


def _overlap(rows: Sequence[Window]) -> Window | None:
    """The first window that begins before the one before it has ended."""
    in_order = sorted(rows, key=lambda row: row.opens_at)
    for earlier, later in pairwise(in_order):
        if later.opens_at < earlier.closes_at:
            return later if later.pk and not earlier.pk else earlier
    return None


def _clash_sentence(clash: Window) -> str:
    zone = clash.election.zone
    message = _("Bertumpuk dengan masa %(start)s sampai %(end)s pada pemilihan yang sama.")
    return message % {
        "start": zones.say_start(clash.opens_at, zone), "end": zones.say_end(clash.closes_at, zone)
    }  # fmt: skip


def refuse_other_plan(plan: Plan, digest: str) -> None:
    """Refuse a plan that would do nothing; Conflict for one that is not the one that was seen."""
    if plan.digest != digest:
        message = _(
            "Jadwal sudah berubah sejak pratinjau itu dibuat, jadi tidak ada yang diterapkan. Periksa pratinjau yang "
            "baru, lalu terapkan lagi."
        )
        raise Conflict("plan_changed", message)
    if not plan.changes:
        message = _("Tidak ada masa yang berubah menurut pilihan ini, jadi tidak ada yang diterapkan.")
        raise Refused("nothing_changed", message)


def finish(plan: Plan, event: str, *, by: User | None) -> MassChange:
    """Record what a plan has just done: an Event for each window, a version of each schedule, and the decision."""
    changes: dict[int, list[schedules.Change]] = defaultdict(list)
    for step in plan.changes:
        what = "changed" if step.before else "added"
        after = schedules.told(step.window)
        changes[step.window.election_id].append({"what": what, "before": step.before, "after": after})
    engine.record_each(event, [(step.window, _told(step, plan.decree)) for step in plan.changes], by=by)
    schedules.publish_all(changes, by=by, decree=plan.decree)
    made = MassChange.objects.create(
        kind=plan.kind, decree=plan.decree, terms=plan.terms, digest=plan.digest,
        changed=len(plan.changes), elections=plan.elections, created_by=by,
    )  # fmt: skip
    engine.record(plan.kind, made, by=by, decree=plan.decree, changed=made.changed, elections=made.elections)
    return made


def _told(step: Step, decree: str) -> dict[str, Any]:
    after = schedules.told(step.window)
    return {"decree": decree, "before": step.before, "after": after} if step.before else {**after}


def terms_of(**parts: Any) -> dict[str, Any]:
    """What a decision asked for, as it is kept: dataclasses as dictionaries, moments as text."""
    kept = {
        name: asdict(part) if hasattr(part, "__dataclass_fields__") else part for name, part in parts.items()
    }
    return json.loads(json.dumps(kept, default=str))
