"""Which round of support comes next for a pair: from its rule set and from what happened to it. Pure.

A round "after_vermin" comes when the administrative verification leaves the pair short of the minimum or the spread,
one "after_verfak" only when the factual one does. Whoever no longer stands, has failed or has met both gets none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from candidates.rule_sets import Round, RuleSet

# Why no round comes.
PAIR_ENDED = "pair_ended"
UNDER_WAY = "under_way"
FAILED = "failed"
MET = "met"
AFTER_FACTUAL = "after_factual"
NO_MORE = "no_more"


@dataclass(frozen=True)
class Past:
    """A round that was begun. ``result`` is that of its administrative verification once it is closed; ``factual`` that
    of the factual one once it was held.
    """

    key: str
    closed: bool
    result: str = ""
    factual: str = ""


@dataclass(frozen=True)
class Next:
    """The round that comes; or None, and why."""

    round: Round | None
    why: str = ""


def next_round(rules: RuleSet, past: Sequence[Past], *, stands: bool) -> Next:
    """What comes after the rounds of a pair, the first one first; ``stands``: it has neither withdrawn nor failed."""
    if not stands:
        return Next(None, PAIR_ENDED)
    if not past:
        return Next(rules.rounds[0])
    latest = past[-1]
    if not latest.closed:
        return Next(None, UNDER_WAY)
    if latest.factual:
        return _after(rules, latest, "after_verfak", latest.factual)
    return _after(rules, latest, "after_vermin", latest.result)


def _after(rules: RuleSet, latest: Past, when: str, result: str) -> Next:
    if result == "MS":
        return Next(None, MET)
    if result != "BMS":
        return Next(None, FAILED)
    later = rounds_after(rules, latest.key)
    found = next((one for one in later if one.when == when), None)
    if found:
        return Next(found)
    waits = when == "after_vermin" and any(one.when == "after_verfak" for one in later)
    return Next(None, AFTER_FACTUAL if waits else NO_MORE)


def rounds_after(rules: RuleSet, key: str) -> tuple[Round, ...]:
    """The rounds of a set behind one of them; none behind a round that the set does not know."""
    keys = [one.key for one in rules.rounds]
    return rules.rounds[keys.index(key) + 1 :] if key in keys else ()
