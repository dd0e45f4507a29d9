"""One schedule for many elections: copied from one of them, or typed once, each on the clocks of its own zone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from candidates import refusals, schedules, zones
from candidates.mass.plans import (
    Chosen,
    Plan,
    Step,
    elections_chosen,
    finish,
    hold,
    refuse_other_plan,
    terms_of,
    without_clashes,
)
from candidates.models import Election, MassChange, RuleSet, Window
from candidates.rule_sets import RuleSet as Rules
from foundation.accounts.models import User
from foundation.errors import Refused


@dataclass(frozen=True)
class Span:
    """One window on local clocks: the moments carry no zone."""

    stage: str
    kind: str
    opens: datetime
    closes: datetime
    daily_from: time | None = None
    daily_until: time | None = None


def spans_of(election: Election) -> list[Span]:
    """The windows of an election for all its pairs, on its own clocks."""
    rows = Window.objects.filter(election=election, pair=None).order_by("opens_at", "id")
    return [
        Span(
            row.stage, row.kind, _clock(row.opens_at, election.zone), _clock(row.closes_at, election.zone),
            row.daily_from, row.daily_until,
        )
        for row in rows
    ]  # fmt: skip


def typed_spans(
    stage: str, kinds: Iterable[str], first: date, last: date, daily: tuple[time, time] | None, end: time
) -> list[Span]:
    """A schedule as it is announced: from a day to a day, with daily hours, the last day until ``end``."""
    opens = datetime.combine(first, daily[0] if daily else time())
    closes = datetime.combine(last, end)
    return [Span(stage, kind, opens, closes, *(daily or (None, None))) for kind in kinds]


def _clock(moment: datetime, zone: str) -> datetime:
    return zones.local(moment, zone).replace(tzinfo=None)


def plan_copies(spans: Sequence[Span], chosen: Chosen, *, decree: str, by: User | None, but: int = 0) -> Plan:
    """Which windows these elections would get, and which not, with the reason. Changes nothing; five queries.

    ``but`` is the election that the schedule comes from. Refuses a schedule without windows.
    """
    if not spans:
        message = _("Jadwal yang disalin belum memuat masa apa pun. Pilih pemilihan yang sudah berjadwal.")
        raise Refused("schedule_empty", message, "source")
    decree = " ".join(decree.split())
    elections = list(elections_chosen(chosen, by).exclude(pk=but).select_related(None).order_by("name", "id"))
    there = list(Window.objects.filter(pair=None, election__in=elections))
    by_pk = {one.pk: one for one in elections}
    held: dict[int, list[Window]] = defaultdict(list)
    for row in there:
        row.election = by_pk[row.election_id]
        held[row.election_id].append(row)
    stages = _stages({one.rule_set_id for one in elections})
    steps = [
        _step(election, span, decree, held[election.pk], stages[election.rule_set_id])
        for election in elections
        for span in spans
    ]
    terms = terms_of(spans=[terms_of(span=span)["span"] for span in spans], chosen=chosen)
    return Plan(MassChange.Kind.COPIED, decree, without_clashes(steps, there), terms)


@transaction.atomic
def copy_schedule(
    spans: Sequence[Span], chosen: Chosen, *, decree: str, digest: str, by: User | None, but: int = 0
) -> MassChange:
    """Give the elections the windows exactly as the plan of that digest said. Conflict when it would be another now."""
    hold(elections_chosen(chosen, by))
    plan = plan_copies(spans, chosen, decree=decree, by=by, but=but)
    refuse_other_plan(plan, digest)
    rows = [step.window for step in plan.changes]
    for row in rows:
        row.created_by = by
    Window.objects.bulk_create(rows)
    return finish(plan, "window_opened", by=by)


def _stages(rule_sets: set[int]) -> dict[int, set[str]]:
    found = RuleSet.objects.filter(pk__in=rule_sets).values_list("pk", "body")
    return {pk: {one.key for one in Rules.from_json(body).rounds} for pk, body in found}


def _step(election: Election, span: Span, decree: str, there: Iterable[Window], stages: set[str]) -> Step:
    zone = election.zone
    window = Window(
        election=election, stage=span.stage, kind=span.kind, opens_at=zones.on_clock(span.opens, zone),
        closes_at=zones.whole_last_minute(zones.on_clock(span.closes, zone), zone),
        daily_from=span.daily_from, daily_until=span.daily_until, decree=decree,
    )  # fmt: skip
    return Step(window, None, schedules.told(window), _why_not(window, there, stages))


def _why_not(window: Window, there: Iterable[Window], stages: set[str]) -> str:
    if window.stage not in stages:
        return _("Aturan pemilihan ini tidak mengenal putaran “%(stage)s”.") % {"stage": window.stage}
    same = (window.stage, window.kind, window.opens_at, window.closes_at)
    if any((row.stage, row.kind, row.opens_at, row.closes_at) == same for row in there):
        return _("Masa yang sama sudah ada.")
    try:
        refusals.refuse_strange_times(opens_at=window.opens_at, closes_at=window.closes_at)
        refusals.refuse_empty_window(window)
    except Refused as refusal:
        return refusal.message
    return ""
