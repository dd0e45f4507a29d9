"""kill -9 of the worker while it finds the groups of a round: they are found once, and nothing half stays."""

import pytest

from tests.faults.test_worker_dies import kill_children, let_time_pass
from tests.supports.handing_in.teams import round_of
from tests.supports.holding import held_at, wait_until_somebody_waits
from tests.verification.duplicates.groups import ROWS, check_groups
from tests.verification.rounds import accepted
from verification.dealing import open_review
from verification.duplicates.models import Group, Grouping, Member

# What it writes between its first row and its last.
TABLES = ("duplicates_grouparea", "duplicates_member")


@pytest.mark.parametrize("table", TABLES)
def test_worker_killed_in_the_middle_finds_them_once(stack, table):
    team, office = accepted(ROWS, rule_set="pkpu8-2024")
    worker, _beat = stack.start_worker(), stack.start_beat()
    with held_at(f"LOCK TABLE {table} IN SHARE MODE"):
        open_review(round_of(team), by=office)
        wait_until_somebody_waits()
        assert Group.objects.count() == 0
        kill_children(worker)
    let_time_pass()
    stack.wait_until_idle()
    found = Grouping.objects.select_related("job").get()
    assert (found.job.state, found.job.attempt, found.found_at is None) == ("done", 2, False)
    assert (Group.objects.count(), Member.objects.count()) == (3, 8)
    check_groups()
