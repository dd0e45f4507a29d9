"""The table of states contradicts itself nowhere."""

import pytest

from foundation.accounts.matrix import Role
from foundation.workflow.table import MACHINES, SYSTEM

MOVES = [(machine, move) for machine in MACHINES for move in machine.moves]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_machine_begins_in_one_of_its_states(machine):
    assert machine.initial in machine.states
    assert all(title.strip() for title in [machine.title, *machine.states.values()])


@pytest.mark.parametrize(("machine", "move"), MOVES, ids=lambda one: one.name)
def test_move_goes_between_states_by_somebody(machine, move):
    assert {*move.sources, move.target} <= set(machine.states)
    assert move.target not in move.sources
    assert move.sources
    assert move.by
    assert set(move.by) <= {*Role, SYSTEM}
    assert machine.move(move.name) is move


@pytest.mark.parametrize("machine", [one for one in MACHINES if one.moves], ids=lambda machine: machine.name)
def test_every_state_can_be_reached(machine):
    reached, before = {machine.initial}, set()
    while reached != before:
        before = set(reached)
        reached |= {move.target for move in machine.moves if before & set(move.sources)}
    assert reached == set(machine.states)


def test_unknown_move_is_an_error():
    with pytest.raises(KeyError, match="has no move 'fly'"):
        MACHINES[0].move("fly")


def test_names_of_machines_are_their_own():
    names = [machine.name for machine in MACHINES]
    assert len(names) == len(set(names))
