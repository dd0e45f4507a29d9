"""Only who the table of states names may make a move."""

import pytest

from foundation.accounts.matrix import Role
from foundation.errors import Conflict
from foundation.workflow.engine import why_not
from foundation.workflow.table import MACHINES, SYSTEM
from tests.foundation.accounts.people import somebody

MOVES = [(machine, move) for machine in MACHINES for move in machine.moves]
IDS = [f"{machine.name}-{move.name}" for machine, move in MOVES]


@pytest.mark.django_db
@pytest.mark.parametrize(("machine", "move"), MOVES, ids=IDS)
def test_each_role_may_or_may_not(machine, move):
    state = move.sources[0]
    for role in Role:
        refusal = why_not(machine, move, state, somebody(role))
        assert (refusal is None) is (role in move.by), role
        assert refusal is None or refusal.code == "not_yours_to_move"
    assert (why_not(machine, move, state, None) is None) is (SYSTEM in move.by)


@pytest.mark.django_db
@pytest.mark.parametrize(("machine", "move"), MOVES, ids=IDS)
def test_from_any_other_state_it_is_a_conflict(machine, move):
    by = None if SYSTEM in move.by else somebody(move.by[0])
    for state in machine.states:
        refusal = why_not(machine, move, state, by)
        assert isinstance(refusal, Conflict) is (state not in move.sources)
