"""Findings as people read them: title, what it suggests in this round, how many rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from candidates.rule_sets import DEFAULT_EFFECTS, SHIPPED, RuleSet
from supports.models import Submission
from supports.rules import BY_CODE, COMMISSION, RULES, Rule
from supports.standards import standards_of

GRAVITY = {"TMS": 0, "BMS": 1, "WARN": 2}
# Matches across pairs are no rule about a row: they live in their own table and have a page of their own.
PAIR_MATCH_TITLE = "Ganda antarbakal pasangan calon"


@dataclass(frozen=True)
class FindingCount:
    """How many rows one rule speaks of, and what that suggests. ``listed``: its rows stand in the pair's list."""

    code: str
    title: str
    effect: str
    n: int
    listed: bool = True


@dataclass(frozen=True)
class ExplainedRule:
    """A rule with what it leads to: ``effect`` in all shipped sets, ``exceptions`` where it differs."""

    rule: Rule
    effect: str
    exceptions: list[tuple[str, str]] = field(default_factory=list)

    @property
    def for_commission(self) -> bool:
        """Whether the teams never see it."""
        return self.rule.audience == COMMISSION


def effects_by_code(submission: Submission) -> dict[str, str]:
    """What each rule suggests in this round."""
    effects = standards_of(submission).effects
    return {rule.code: effects[rule.number] for rule in RULES}


def finding_counts(submission: Submission, counts: Mapping[str, int]) -> list[FindingCount]:
    """The counts of a round or upload, the gravest and most frequent first."""
    effects = effects_by_code(submission)
    found = [_finding_count(code, n, effects) for code, n in counts.items()]
    return sorted(found, key=lambda one: (GRAVITY[one.effect], -one.n, one.code))


def _finding_count(code: str, n: int, effects: Mapping[str, str]) -> FindingCount:
    if code in BY_CODE:
        return FindingCount(code, BY_CODE[code].title, effects[code], n)
    return FindingCount(code, PAIR_MATCH_TITLE, DEFAULT_EFFECTS[code], n, listed=False)


@cache
def explained_rules() -> tuple[ExplainedRule, ...]:
    """Every rule with its effect in the shipped rule sets and their rounds."""
    return tuple(_explained(rule, SHIPPED.values()) for rule in RULES)


def _explained(rule: Rule, sets: Iterable[RuleSet]) -> ExplainedRule:
    usual = DEFAULT_EFFECTS[rule.code]
    exceptions: dict[str, str] = {}
    for rules in sets:
        if rules.effect(rule.code) != usual:
            exceptions[rules.title] = rules.effect(rule.code)
        for one in rules.rounds:
            effect = rules.effect(rule.code, one.key)
            if effect != rules.effect(rule.code):
                exceptions[f"{one.title} ({rules.title})"] = effect
    return ExplainedRule(rule, usual, list(exceptions.items()))
