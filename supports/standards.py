"""By what an upload of one round is judged: the rules in force, the names of the territory, the keys."""

from dataclasses import dataclass

from candidates import rule_sets
from candidates.models import Election
from foundation.keys.keyring import keyring
from foundation.regions.queries import name_index
from supports.checks import Terms
from supports.ingest.places import Territory
from supports.ingest.prepare import RowKeys
from supports.models import Submission
from supports.rules import RULES


@dataclass(frozen=True)
class Standards:
    """Everything the checks of one round need, read once per job or request."""

    terms: Terms
    effects: dict[int, str]
    phone_shared_from: int
    election: Election
    round_key: str

    @property
    def blocking(self) -> set[int]:
        """Numbers of the rules whose finding keeps a row from counting (TMS or BMS)."""
        return {number for number, effect in self.effects.items() if effect != "WARN"}

    def territory(self) -> Territory:
        """The names of the election's region."""
        parents = frozenset(self.election.parent_region_ids)
        return Territory(self.election.region_id, name_index([self.election.region_id]), parents)

    def keys(self) -> RowKeys:
        """The keys that seal a row of this election."""
        ring = keyring(key_scope(self.election))
        return RowKeys(ring.nik, ring.phone, ring.birth_date, ring.text, ring.digest)


def key_scope(election: Election) -> str:
    """The scope of an election's keys: one election, one set; destroying it ends every identity in it."""
    return f"election:{election.pk}"


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
    )
