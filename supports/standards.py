"""By what an upload of one round is judged: the rules in force, the names of the territory, the keys."""

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from candidates import rule_sets
from candidates.models import Election
from candidates.queries import key_scope
from foundation.keys.keyring import keyring
from foundation.regions.names import NameIndex
from foundation.regions.queries import full_names, name_index
from supports.checks import Terms
from supports.ingest.places import Territory
from supports.ingest.prepare import RowKeys
from supports.models import Submission
from supports.rules import RULES

# What a round admits, and the decisions of earlier rounds that it lets be mended with it.
MENDED = {"repaired_bms": "BMS", "repaired_other": "TMS"}


@dataclass(frozen=True)
class Standards:
    """Everything the checks of one round need, read once per job or request.

    ``mended`` are the decisions of earlier rounds after which a row may be mended in this one; of the pool none.
    """

    terms: Terms
    effects: dict[int, str]
    phone_shared_from: int
    election: Election
    round_key: str
    mended: tuple[str, ...]

    @property
    def blocking(self) -> set[int]:
        """Numbers of the rules whose finding keeps a row from counting (TMS or BMS)."""
        return {number for number, effect in self.effects.items() if effect != "WARN"}

    def territory(self) -> Territory:
        """The names of the election's region."""
        parents = frozenset(self.election.parent_region_ids)
        return Territory(self.election.region_id, name_index([self.election.region_id]), parents)

    def territory_of_lists(self) -> Territory:
        """The same for a whole file: most lists write most names as the list of regions does."""
        territory = self.territory()
        return territory.knowing(_official(territory.region, territory.index, territory.parents))

    def keys(self) -> RowKeys:
        """The keys that seal a row of this election."""
        ring = keyring(key_scope(self.election))
        return RowKeys(ring.nik, ring.phone, ring.birth_date, ring.text, ring.digest)


@lru_cache(maxsize=8)
def _official(region: int, index: NameIndex, parents: frozenset[int]) -> pl.DataFrame:
    """The full names of a region, looked up; as long as its index is the same (``name_index`` says how long)."""
    return Territory(region, index, parents).learnt(full_names(region))


def standards_of(submission: Submission) -> Standards:
    """The standards of a round, by the version of the rule set it points to."""
    rules = rule_sets.RuleSet.from_json(submission.rule_set.body)
    round_key = None if submission.kind == Submission.Kind.POOL else submission.stage
    election = submission.pair.election
    return Standards(
        terms=Terms(election.voting_day, rules.minimum_age),
        effects={rule.number: rules.effect(rule.code, round_key) for rule in RULES},
        phone_shared_from=rules.phone_shared_from,
        election=election,
        round_key=round_key or "",
        mended=_mended(rules.round(round_key)) if round_key else (),
    )


def _mended(one: rule_sets.Round) -> tuple[str, ...]:
    return tuple(status for right, status in MENDED.items() if right in one.admits)
