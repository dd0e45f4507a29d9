"""kill -9 of the worker in the middle of a move: it is done once, or not at all."""

import pytest

from supports.models import Standing, Support
from supports.moving import Choice, move_supports
from tests.factories import operator, pair, person
from tests.faults.test_worker_dies import kill_children, let_time_pass
from tests.supports.holding import held_at, wait_until_somebody_waits
from tests.supports.test_counts import check_everything
from tests.supports.test_pool import numbers, pool_of, round_of, spare

# The first thing a move writes, and the last.
TABLES = ("supports_finding", "supports_supportsearch")


@pytest.mark.parametrize("table", TABLES)
def test_worker_killed_in_mid_move_moves_once(stack, table):
    made = pair()
    team = (made, operator(made))
    spare(team, [person(1), person(1), *(person(n) for n in range(2, 300))])
    worker, _beat = stack.start_worker(), stack.start_beat()
    with held_at(f"LOCK TABLE {table} IN SHARE MODE"):
        job = move_supports(made, by=team[1], choice=Choice())
        wait_until_somebody_waits()
        assert (numbers(pool_of(team)), numbers(round_of(team))) == ((300, 299), (0, 0))
        kill_children(worker)
    let_time_pass()
    stack.wait_until_idle()
    job.refresh_from_db()
    assert (job.state, job.done, job.attempt) == ("done", 300, 2)
    assert (numbers(pool_of(team)), numbers(round_of(team))) == ((0, 0), (300, 299))
    assert Standing.objects.count() == Support.objects.count() == 300
    check_everything(round_of(team))
