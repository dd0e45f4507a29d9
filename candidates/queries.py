"""Reading elections, pairs, requirements and windows."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from candidates import thresholds, windows
from candidates.models import Election, Outage, Pair, RuleSet, Ruling, Window, Zone
from candidates.rule_sets import RuleSet as Rules
from foundation import sql
from foundation.accounts.access import AnyUser, Scopes, scopes
from foundation.accounts.matrix import Permission
from foundation.regions.codes import PROVINCE, REGENCY, level_of
from foundation.workflow.models import Event


@dataclass(frozen=True)
class OfficialRequirement(thresholds.Requirement):
    """What a pair of one election needs: the decree's numbers where there are any, else the formula's.

    ``decree`` names the document of an override, empty without one; ``formula`` is what the rule set yields.
    """

    formula: thresholds.Requirement
    decree: str = ""

    @property
    def differs_from_formula(self) -> bool:
        """Whether the official numbers are not those of the formula: pages then say so."""
        return (self.minimum, self.min_spread) != (self.formula.minimum, self.formula.min_spread)


def elections_visible_to(
    user: AnyUser, permission: Permission = Permission.VIEW_ELECTION
) -> QuerySet[Election]:
    """The elections a user may see: of their regions, of those above and below, and of their pairs."""
    held = scopes(user, permission)
    elections = Election.objects.select_related("rule_set")
    if held.nation:
        return elections
    own = Q(pk__in=Pair.objects.filter(pk__in=held.pairs).values("election_id"))
    return elections.filter(own | _touching(held))


def elections_announced(*, practice: bool = False) -> QuerySet[Election]:
    """The elections everybody may know of; those for practice only when they are asked for."""
    elections = Election.objects.select_related("rule_set")
    return elections if practice else elections.filter(practice=False)


def pairs_visible_to(user: AnyUser, permission: Permission = Permission.VIEW_PAIR) -> QuerySet[Pair]:
    """The pairs a user may see: every pair of an election of their regions, or their own."""
    held = scopes(user, permission)
    pairs = Pair.objects.select_related("election__rule_set")
    if held.nation:
        return pairs
    return pairs.filter(Q(pk__in=held.pairs) | Q(election__in=Election.objects.filter(_touching(held))))


def rulings_visible_to(user: AnyUser) -> QuerySet[Ruling]:
    """The rulings about pairs a user may see."""
    pairs = pairs_visible_to(user).order_by().values("pk")
    rulings = Ruling.objects.select_related("pair__election__rule_set", "attachment__stored_file")
    return rulings.filter(pair__in=pairs)


def windows_visible_to(user: AnyUser, election: Election) -> QuerySet[Window]:
    """An election's windows; those of single pairs only where the user may see the pair."""
    pairs = pairs_visible_to(user).order_by().values("pk")
    windows_of_all = Window.objects.select_related("election").filter(election=election)
    return windows_of_all.filter(Q(pair=None) | Q(pair__in=pairs))


def _touching(held: Scopes) -> Q:
    """Elections held inside one of the regions, or around one (a PPK's kota, a governor's election)."""
    touching = Q(pk__in=[])
    for code in held.regions:
        around = {int(str(code)[: 2 * level]) for level in (PROVINCE, REGENCY) if level <= level_of(code)}
        touching |= Q(region_id__in=around)
        if level_of(code) == PROVINCE:
            touching |= Q(region_id__range=(code * 100, code * 100 + 99))
    return touching


def outages_listed() -> QuerySet[Outage]:
    """Every outage with its elections, the latest first: everybody may read them."""
    return Outage.objects.prefetch_related("elections")


def outages_touching(user: AnyUser, permission: Permission) -> QuerySet[Outage]:
    """The outages that concern elections where the user holds the permission."""
    held = scopes(user, permission)
    if held.nation:
        return outages_listed()
    elections = elections_visible_to(user, permission).order_by().values("pk")
    own = Outage.objects.filter(elections__in=elections).values("pk")
    return outages_listed().filter(Q(everywhere=True) | Q(pk__in=own))


def outages_that_last(election_id: int) -> QuerySet[Outage]:
    """The outages of an election that have not ended."""
    concerned = Outage.elections.through.objects.filter(election_id=election_id).values("outage_id")
    return Outage.objects.filter(Q(everywhere=True) | Q(pk__in=concerned), ended_at=None)


def zone_of(outage: Outage) -> str:
    """The zone to tell an outage's times in: that of its elections, WIB when they have several. Prefetch them."""
    found = {one.zone for one in outage.elections.all()}
    return found.pop() if len(found) == 1 else Zone.WIB


def corrections_of(outages: Iterable[Outage]) -> dict[int, list[Event]]:
    """By outage, the Events that tell what was told before; one query for all."""
    found: dict[int, list[Event]] = {one.pk: [] for one in outages}
    for event in Event.objects.filter(
        subject_kind=Outage._meta.model_name, subject_id__in=list(found), name="outage_corrected"
    ):
        found[event.subject_id].append(event)
    return found


def key_scope(election: Election) -> str:
    """The scope of an election's keys: one election, one set; destroying it ends every identity in it."""
    return f"election:{election.pk}"


def newest_rule_set(code: str) -> RuleSet | None:
    """The version of a rule set that a new election gets; None for an unknown code."""
    return RuleSet.objects.filter(code=code).order_by("-version").first()


def newest_rule_sets() -> dict[str, RuleSet]:
    """The newest version of each rule set, by code, the latest law first."""
    rows = RuleSet.objects.order_by("code", "-version").distinct("code")
    return {row.code: row for row in sorted(rows, key=lambda row: row.code.split("-")[-1], reverse=True)}


def rules_of(election: Election) -> Rules:
    """The rules an election was created under."""
    return Rules.from_json(election.rule_set.body)


def operators_allowed_in(election: Election) -> int:
    """How many operators a pair may have: the election's own number where it has one, else the rule set's."""
    return election.operators_allowed or rules_of(election).operators_allowed


def requirement_of(election: Election) -> OfficialRequirement:
    """How many supporters in how many areas a pair of this election needs, the official override included.

    Reads the areas: prefetch them for lists.
    """
    formula = thresholds.requirement(
        rules_of(election), election.level, election.base, len(election.areas.all())
    )
    return OfficialRequirement(
        permille=formula.permille,
        minimum=election.override_minimum or formula.minimum,
        min_spread=election.override_spread or formula.min_spread,
        formula=formula,
        decree=election.override_decree,
    )


def explanation_of(election: Election) -> thresholds.Explanation:
    """The formula of an election's requirement, spelled out."""
    return thresholds.explain(rules_of(election), election.level, election.base, len(election.areas.all()))


def now() -> datetime:
    """The database's clock: the one clock that decides whether something came in time."""
    return sql.value("SELECT clock_timestamp()")


def window_state(
    pair: Pair, kind: str, stage: str | None = None, *, at: datetime | None = None, own: bool = False
) -> windows.WindowState:
    """Whether the pair may fill ("filling") or hand in ("handing_in") a stage now, and why.

    ``stage`` is a key of the rule set's rounds, without it the first; KeyError for another. Judged by the
    database's clock, in three queries; ``at`` another moment than now. With ``own`` only what rulings give it counts.
    """
    schedule = schedule_of(pair, stage)
    return (schedule.by_rulings() if own else schedule).state(kind, at or now())


@dataclass(frozen=True)
class Schedule:
    """Everything that says when a pair has time for one stage, as it was read: judged at any moment, for any kind.

    ``title`` is how the stage is read, empty for the first. For the reader of one page; what changes something asks
    ``window_state`` anew.
    """

    title: str
    zone: str
    rows: list[Window]
    unopened: list[Ruling]

    def by_rulings(self) -> "Schedule":
        """The same without the windows of everybody."""
        return replace(self, rows=[row for row in self.rows if row.ruling_id])

    def state(self, kind: str, moment: datetime) -> windows.WindowState:
        """Whether the pair may fill ("filling") or hand in ("handing_in") at that moment, and why."""
        opens = (kind, Ruling.Opens.BOTH)
        frozen = Ruling.Covers.FROZEN
        return windows.judge(
            [as_window(row) for row in self.rows if row.kind == kind],
            kind=kind,
            stage=self.title,
            zone=self.zone,
            now=moment,
            waiting=[
                windows.Waiting(one.document, one.approved, one.planned_at)
                for one in self.unopened
                if one.opens in opens
            ],
            frozen=[
                as_window(row)
                for row in self.rows
                if row.kind != kind and row.ruling and row.ruling.covers == frozen
            ],
        )


def schedule_of(pair: Pair, stage: str | None = None) -> Schedule:
    """The windows of a pair in a stage (without one: the first), of both kinds; two queries. KeyError for another."""
    rules = rules_of(pair.election)
    first = rules.rounds[0].key
    key = stage or first
    rows = Window.objects.filter(Q(pair=None) | Q(pair=pair), election_id=pair.election_id, stage=key)
    rulings = Ruling.objects.filter(pair=pair, stage=key, windows=None, withdrawn_at=None)
    title = "" if key == first else rules.round(key).title
    return Schedule(title, pair.election.zone, list(rows.select_related("ruling")), list(rulings))


def as_window(row: Window) -> windows.Window:
    """A stored window as ``windows`` judges it."""
    hours = None
    if row.daily_from is not None and row.daily_until is not None:
        hours = (row.daily_from, row.daily_until)
    ruling = row.ruling
    if ruling is None:
        return windows.Window(row.opens_at, row.closes_at, hours)
    named = frozenset(ruling.upload_ids)
    names_rows = ruling.pk if ruling.covers == Ruling.Covers.ROWS else None
    return windows.Window(
        row.opens_at, row.closes_at, hours, str(ruling), ruling.covers, named, ruling.outage_id, names_rows
    )


def kinds_opened(ruling: Ruling) -> list[str]:
    """The kinds of windows that a ruling opens."""
    return list(Window.Kind.values) if ruling.opens == Ruling.Opens.BOTH else [ruling.opens]


def start_of(ruling: Ruling, kind: str, moment: datetime) -> datetime:
    """When a ruling's window of a kind begins if it is opened at that moment.

    At once; for an outage, where the time ends that the pair has without a break from that moment.
    """
    if ruling.kind != Ruling.Kind.OUTAGE:
        return moment
    pair = ruling.pair
    rows = Window.objects.filter(Q(pair=None) | Q(pair=pair), election_id=pair.election_id, kind=kind)
    found = [
        as_window(row)
        for row in rows.filter(stage=ruling.stage, closes_at__gt=moment).select_related("ruling")
    ]
    here = windows.Window(moment, moment)
    return windows.last_of_chain(found, here).closes_at
