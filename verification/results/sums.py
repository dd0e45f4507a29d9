"""What a pair has kept after the verification of a round: people and areas, of this round and of those before it.

Read from the counts, never from the rows. A row that a later round replaces was BMS and stays it, so the MS of the
rounds can simply be added: Bontang 2024 had 10,011 and 4,062, together 14,073.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from candidates.queries import requirement_of
from candidates.rule_sets import Round, RuleSet
from candidates.thresholds import Requirement, asked_in
from supports.models import AreaTally, Submission
from supports.progress import UNPLACED


@dataclass(frozen=True)
class AreaSum:
    """The MS of one area that counts for the spread; code 0: of none of them."""

    code: int
    name: str
    before: int
    here: int

    @property
    def ms(self) -> int:
        """Of all rounds up to this one."""
        return self.before + self.here


@dataclass(frozen=True)
class Earlier:
    """What one round brought that was closed before."""

    stage: str
    title: str
    ms: int


@dataclass(frozen=True)
class Sum:
    """``before`` from the rounds closed earlier and ``here`` from this one, against what the election asks.

    ``asked`` is what the round's rule asked to be handed in: the gap that was left, or ``factor`` times it.
    """

    minimum: int
    min_spread: int
    before: int
    here: int
    by_area: tuple[AreaSum, ...]
    asks: str
    factor: int
    asked: int
    rounds: tuple[Earlier, ...] = ()

    @property
    def ms(self) -> int:
        """Everybody who meets the requirements."""
        return self.before + self.here

    @property
    def missing(self) -> int:
        """People short of the minimum."""
        return max(0, self.minimum - self.ms)

    @property
    def covered(self) -> list[AreaSum]:
        """The areas with at least one of them; who is of no known area covers none."""
        return [area for area in self.by_area if area.code and area.ms]

    @property
    def empty(self) -> list[AreaSum]:
        """The areas without a single one."""
        return [area for area in self.by_area if area.code and not area.ms]

    @property
    def areas_reached(self) -> int:
        """In how many areas there is one."""
        return len(self.covered)

    @property
    def areas_missing(self) -> int:
        """Areas short of the spread."""
        return max(0, self.min_spread - self.areas_reached)

    @property
    def met(self) -> bool:
        """Both conditions hold: the number and the spread."""
        return not self.missing and not self.areas_missing

    def as_json(self) -> dict[str, Any]:
        """The same to be kept and read by programs."""
        areas = [
            {"code": one.code, "name": one.name, "before": one.before, "here": one.here}
            for one in self.by_area
        ]
        names = (
            "minimum",
            "min_spread",
            "before",
            "here",
            "ms",
            "missing",
            "areas_reached",
            "areas_missing",
            "met",
        )
        return {
            **{name: getattr(self, name) for name in (*names, "asks", "factor", "asked")},
            "rounds": [{"stage": one.stage, "title": one.title, "ms": one.ms} for one in self.rounds],
            "by_area": areas,
        }


def sum_of(submission: Submission) -> Sum:
    """The sum of a round as it stands now: three queries, however many rows and rounds.

    Of a round after the factual verification it takes what the administrative one of earlier rounds left.
    """
    election = submission.pair.election
    closed_before = Q(submission__status="closed", submission_id__lt=submission.pk)
    found = AreaTally.objects.filter(
        Q(submission=submission) | closed_before,
        submission__pair=submission.pair_id,
        submission__kind=Submission.Kind.ROUND,
    )
    rules = RuleSet.from_json(submission.rule_set.body)
    titles = {one.key: one.title for one in rules.rounds}
    before, here, rounds = Counter[int](), Counter[int](), Counter[str]()
    counts = found.order_by("submission_id").values_list("submission_id", "submission__stage", "code", "ms")
    for submission_id, stage, code, ms in counts:
        if submission_id == submission.pk:
            here[code] += ms
        else:
            before[code] += ms
            rounds[stage] += ms
    names = {area.code: area.name for area in election.areas.all()}
    added = add_up(requirement_of(election), rules.round(submission.stage), names, before, here)
    earlier = tuple(Earlier(stage, titles.get(stage, stage), ms) for stage, ms in rounds.items())
    return replace(added, rounds=earlier)


def add_up(
    requirement: Requirement,
    rule: Round,
    names: Mapping[int, str],
    before: Mapping[int, int],
    here: Mapping[int, int],
) -> Sum:
    """The sum of MS by area: ``names`` are the areas of the election, whatever lies elsewhere counts as people only."""
    areas = [AreaSum(code, name, before.get(code, 0), here.get(code, 0)) for code, name in names.items()]
    elsewhere = AreaSum(0, UNPLACED, _outside(names, before), _outside(names, here))
    brought = sum(before.values())
    return Sum(
        minimum=requirement.minimum,
        min_spread=requirement.min_spread,
        before=brought,
        here=sum(here.values()),
        by_area=(*areas, *([elsewhere] if elsewhere.ms else [])),
        asks=rule.asks,
        factor=rule.factor,
        asked=asked_in(rule, max(0, requirement.minimum - brought)),
    )


def _outside(names: Iterable[int], counts: Mapping[int, int]) -> int:
    return sum(n for code, n in counts.items() if code not in names)
