"""Creating elections and pairs, and deciding when they may fill and hand in.

``by=None`` stands for the system (the seeded demo, a command without ``--as``); every change is an Event.
Where a person may do these things is asked here, so that every interface refuses alike.
"""

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from candidates import queries, refusals, schedules, zones
from candidates.models import Election, ElectionArea, Outage, Pair, RuleSet, Ruling, Window
from candidates.named_rows import fingerprint, keep_rows
from candidates.rule_sets import SHIPPED, with_younger_rules
from candidates.ruling_letters import facts_of, kept, locked, refuse_other_terms
from foundation.accounts.matrix import Permission
from foundation.accounts.models import User
from foundation.attachments.models import Attachment
from foundation.attachments.operations import Document
from foundation.workflow import engine


def load_rule_sets() -> int:
    """Store the shipped rule sets, version by version, and say how many were new.

    Raises RuntimeError when a shipped set differs from the one stored under its code and version: what was
    decided under a set must stay readable, so a changed set takes the next version.
    """
    stored = 0
    for rules in SHIPPED.values():
        body = json.loads(json.dumps(rules.to_json()))
        row, created = RuleSet.objects.get_or_create(
            code=rules.code, version=rules.version, defaults={"title": rules.title, "body": body}
        )
        if with_younger_rules(row.body) != body:
            raise RuntimeError(
                f"Rule set {rules.code} v{rules.version} differs from the stored one: raise its version."
            )
        stored += created
    return stored


@transaction.atomic
def create_election(
    *,
    by: User | None,
    name: str,
    level: str,
    region_id: int,
    rule_set: str,
    base: int,
    voting_day: date,
    base_date: date | None = None,
    base_note: str = "",
    decree: str = "",
    zone: str = "",
    areas: Iterable[tuple[int, str]] | None = None,
    parent_region_ids: Iterable[int] = (),
    override_minimum: int | None = None,
    override_spread: int | None = None,
    override_decree: str = "",
    operators_allowed: int | None = None,
    practice: bool = False,
) -> Election:
    """Create an election under the newest version of the rule set of that code.

    ``areas`` (code, name) are those of the decree's day; without them the kecamatan of the kab/kota, or for a
    governor the kab/kota of the province, are taken as they are in force today and stored. ``zone`` defaults
    to the province's. ``parent_region_ids`` are the kab/kota a new region was split from. An ``override`` is
    what an official decree says where it differs from the formula. ``operators_allowed`` is a number other than the
    rule set's.

    Refuses what the region table, the rule set or the arithmetic contradicts, and regions out of reach.
    """
    refusals.refuse_outside(by, Permission.CREATE_ELECTION, region_id)
    region = refusals.region_of(level, region_id)
    election = Election(
        name=_tidy(name),
        level=level, region_id=region_id, region_name=region.name,
        rule_set=refusals.rule_set_of(rule_set),
        base=base,
        base_date=base_date,
        base_note=_tidy(base_note),
        decree=_tidy(decree),
        override_minimum=override_minimum,
        override_spread=override_spread,
        override_decree=_tidy(override_decree),
        operators_allowed=operators_allowed,
        voting_day=voting_day,
        zone=zone or zones.zone_of(region_id),
        practice=practice,
        parent_region_ids=refusals.parents_of(region_id, parent_region_ids),
        created_by=by,
    )  # fmt: skip
    chosen = refusals.areas_of(region_id, areas)
    refusals.refuse_numbers(election, len(chosen))
    refusals.refuse_voting_day(voting_day)
    refusals.save(election)
    ElectionArea.objects.bulk_create(
        [ElectionArea(election=election, code=code, name=area) for code, area in chosen]
    )
    engine.record("election_created", election, by=by, rule_set=str(election.rule_set), areas=len(chosen))
    return election


@transaction.atomic
def create_pair(election: Election, *, by: User | None, name: str, head: str, deputy: str) -> Pair:
    """Enter a pair of an election. Refuses a name that the election already has."""
    refusals.refuse_outside(by, Permission.CREATE_PAIR, election.region_id)
    # Two officers entering the same pair at once wait for each other here.
    Election.objects.select_for_update().get(pk=election.pk)
    pair = Pair(election=election, name=_tidy(name), head=_tidy(head), deputy=_tidy(deputy), created_by=by)
    refusals.refuse_taken_name(pair)
    refusals.save(pair)
    engine.record("pair_created", pair, by=by)
    return pair


@transaction.atomic
def open_window(
    election: Election,
    *,
    by: User | None,
    stage: str,
    kind: str,
    opens_at: datetime,
    closes_at: datetime,
    daily_from: time | None = None,
    daily_until: time | None = None,
    decree: str = "",
) -> Window:
    """Schedule when every pair of an election may fill ("filling") or hand in ("handing_in") a stage.

    An end given as 23.59 of the local day lasts until 23.59.59: it is stored as 24.00. Daily hours hold on
    every day but the last, which lasts until ``closes_at``.

    Refuses a stage unknown to the rule set, times without a zone, spans that never open, and an overlap with
    a window of the same stage and kind.
    """
    refusals.refuse_outside(by, Permission.MANAGE_WINDOWS, election.region_id)
    refusals.refuse_unknown_stage(queries.rules_of(election), stage)
    refusals.refuse_strange_times(opens_at=opens_at, closes_at=closes_at)
    # Two officers scheduling the same stage at once wait for each other here.
    Election.objects.select_for_update().get(pk=election.pk)
    window = Window(
        election=election,
        stage=stage,
        kind=kind,
        opens_at=opens_at,
        closes_at=zones.whole_last_minute(closes_at, election.zone),
        daily_from=daily_from,
        daily_until=daily_until,
        decree=_tidy(decree),
        created_by=by,
    )
    refusals.refuse_empty_window(window)
    refusals.refuse_clash(window)
    refusals.save(window)
    engine.record(
        "window_opened",
        window,
        by=by,
        stage=stage,
        kind=kind,
        opens_at=window.opens_at.isoformat(),
        closes_at=window.closes_at.isoformat(),
        daily=[str(clock) for clock in (daily_from, daily_until) if clock],
        decree=window.decree,
    )
    schedules.publish(election, [schedules.added(window)], by=by, decree=window.decree)
    return window


@transaction.atomic
def propose_ruling(
    pair: Pair,
    *,
    by: User | None,
    kind: str,
    document: str,
    stage: str,
    hours: int,
    opens: str = "both",
    covers: str = "all",
    upload_ids: Iterable[int] = (),
    row_ids: Collection[int] = (),
    planned_at: datetime | None = None,
    outage: Outage | None = None,
    letter: Document | Attachment | None = None,
) -> Ruling:
    """Enter a putusan, kesepakatan or outage that shall give one pair ``hours`` of its own for a stage.

    ``opens`` is filling, handing_in or both. ``covers`` says which rows may change then: all, new ones, those of
    the uploads named (``upload_ids``), those named one by one (``row_ids``), or none ("frozen": the pair only hands
    in). ``planned_at`` is when the opening was promised, ``outage`` the one that is the reason, ``letter`` the document
    itself, which may come later. Nothing opens before two people of KPU RI approved all of it. Refuses a stage unknown
    to the rule set, hours outside 1 to 720, rows that do not fit what is opened, and a pair that has withdrawn.
    """
    election = pair.election
    refusals.refuse_outside(by, Permission.MANAGE_WINDOWS, election.region_id)
    refusals.refuse_unknown_stage(queries.rules_of(election), stage)
    refusals.refuse_withdrawn(pair)
    ruling = Ruling(
        pair=pair, kind=kind, document=_tidy(document), stage=stage, opens=opens, hours=hours, covers=covers,
        upload_ids=sorted(set(upload_ids)), planned_at=planned_at, outage=outage, created_by=by,
    )  # fmt: skip
    ruling.row_count, ruling.row_digest = fingerprint(row_ids)
    refusals.refuse_hours(hours)
    refusals.refuse_rows(ruling)
    if planned_at:
        refusals.refuse_strange_times(planned_at=planned_at)
    ruling.attachment = kept(letter, by)
    refusals.save(ruling)
    keep_rows(ruling, row_ids)
    engine.record(
        "ruling_proposed",
        ruling,
        by=by,
        document=ruling.document,
        stage=stage,
        hours=hours,
        opens=opens,
        covers=covers,
        uploads=ruling.upload_ids,
        rows=ruling.row_count,
        outage=ruling.outage_id,
        **facts_of(ruling.attachment),
    )
    return ruling


@transaction.atomic
def approve_ruling(ruling: Ruling, *, by: User, digest: str) -> Ruling:
    """Approve a ruling: the first person of KPU RI, then a second one; neither proposed it or attached its document.

    ``digest`` is that of what the approver has read (``ruling_letters.digest_of``). Refuses without a document, and the
    same person twice; Conflict when it says something else by now, is approved twice, or was taken back.
    """
    current = locked(ruling)
    refusals.refuse_approval(current, by)
    refuse_other_terms(current, digest)
    approved, moment = Ruling.objects.filter(pk=ruling.pk), queries.now()
    if current.first_approved_by_id:
        refuse_other_terms(current, current.approved_digest)
        place = "second"
        approved.update(second_approved_by=by, second_approved_at=moment)
    else:
        place = "first"
        approved.update(first_approved_by=by, first_approved_at=moment, approved_digest=digest)
    engine.record("ruling_approved", ruling, by=by, approval=place, digest=digest)
    ruling.refresh_from_db()
    return ruling


@transaction.atomic
def withdraw_ruling(ruling: Ruling, *, by: User, reason: str) -> Ruling:
    """Take a ruling back before it is opened; it stays to be read, with who, when and why.

    Refuses without a reason; Conflict when it was opened or withdrawn already.
    """
    current = locked(ruling)
    refusals.refuse_withdrawal(current, by)
    current.withdrawn_reason = _tidy(reason)
    refusals.refuse_without_reason(current.withdrawn_reason, "reason")
    current.withdrawn_by, current.withdrawn_at = by, queries.now()
    refusals.save(current)
    engine.record("ruling_withdrawn", ruling, by=by, reason=current.withdrawn_reason)
    ruling.refresh_from_db()
    return ruling


@transaction.atomic
def open_by_ruling(ruling: Ruling, *, by: User | None) -> list[Window]:
    """Open the pair's own windows: from this very moment of the database's clock, for the ruling's hours.

    One window for each kind that the ruling opens. What makes up for an outage begins where the time that the pair
    has anyway ends, or it would add nothing. Refuses before the second approval; Conflict when it was opened or
    withdrawn.
    """
    pair = ruling.pair
    current = locked(ruling)
    refusals.refuse_opening(current, by)
    refuse_other_terms(current, current.approved_digest)
    moment = queries.now()
    opened = []
    for kind in queries.kinds_opened(current):
        opens_at = queries.start_of(current, kind, moment)
        opened.append(
            Window(
                election_id=pair.election_id, pair=pair, ruling=current, stage=current.stage, kind=kind,
                opens_at=opens_at, closes_at=opens_at + timedelta(hours=current.hours),
                decree=current.document, created_by=by,
            )
        )  # fmt: skip
    Window.objects.bulk_create(opened)
    spans = {one.kind: [one.opens_at.isoformat(), one.closes_at.isoformat()] for one in opened}
    engine.record("ruling_opened", ruling, by=by, windows=spans)
    return opened


def _tidy(text: str) -> str:
    """Typed text without doubled blanks."""
    return " ".join(text.split())
