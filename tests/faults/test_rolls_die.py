"""kill -9 while a voter list is loaded, compared or emptied: it is whole once, and nothing is said twice."""

import pytest

from foundation.accounts.matrix import Role
from foundation.jobs.models import Job
from foundation.jobs.runner import Lost, Run
from supports.models import Finding
from tests import factories
from tests.faults.test_worker_dies import give_back_what_is_lost, held_while, kill_children, let_time_pass
from tests.supports.handing_in.teams import round_of
from tests.verification.rolls.lists import loaded, received, voter
from tests.verification.rolls.test_matching import ROWS, VOTERS, codes
from tests.verification.rounds import in_review
from verification.rolls.matching import queue_matching
from verification.rolls.models import Roll, RollEntry, RollMatch
from verification.rolls.operations import remove_roll


@pytest.fixture
def office(committed):
    return factories.user("kpu-lain", Role.KPU_REGENCY, 6474)


@pytest.mark.parametrize("table", ["rolls_rollentry", "workflow_event"])
def test_a_list_whose_worker_is_killed_is_loaded_once(stack, office, table):
    election = factories.election()
    before = loaded(election, office, [voter(9)])
    worker, _beat = stack.start_worker(), stack.start_beat()
    with held_while(worker, f"LOCK TABLE {table} IN SHARE MODE", received_quietly, election, office):
        kill_children(worker)
    assert list(RollEntry.objects.values_list("roll_id", flat=True)) == [before.pk]
    let_time_pass()
    stack.wait_until_idle()
    made = Roll.objects.exclude(pk=before.pk).get()
    assert (made.status, made.entries, made.job.attempt) == ("current", len(VOTERS), 2)
    assert RollEntry.objects.filter(roll_id=made.pk).count() == len(VOTERS)


def received_quietly(election, office):
    """The list is received while its worker is stopped, so that nothing of it is past the step before."""
    return received(election, office, VOTERS)


def test_a_comparison_whose_worker_is_killed_says_everything_once(stack, committed):
    team, office, _review = in_review(ROWS)
    submission = round_of(team)
    loaded(team[0].election, office, VOTERS)
    found = codes(submission)
    Finding.objects.filter(submission=submission, code__in=[40, 41]).delete()
    RollMatch.objects.all().delete()
    worker, _beat = stack.start_worker(), stack.start_beat()
    with held_while(
        worker, "LOCK TABLE supports_tally IN SHARE MODE", lambda: queue_matching(submission, by=office)
    ):
        kill_children(worker)
    assert codes(submission) == {}
    let_time_pass()
    stack.wait_until_idle()
    assert codes(submission) == found
    assert RollMatch.objects.get().differing == 2
    assert Job.objects.filter(kind="verification.match_rolls").latest("id").attempt == 2


def test_emptying_a_list_goes_on_behind_the_last_part(office, monkeypatch):
    roll = loaded(factories.election(), office, [voter(n) for n in range(60)])
    parts, part = [], Run.part

    def dies_in_the_middle(run):
        parts.append(run)
        if len(parts) == 30:
            raise Lost
        return part(run)

    monkeypatch.setattr(Run, "part", dies_in_the_middle)
    remove_roll(roll, by=office, count=60)
    factories.work()
    assert 0 < RollEntry.objects.count() < 60
    give_back_what_is_lost()
    factories.work()
    assert not RollEntry.objects.exists()
    assert Job.objects.get(kind="verification.empty_roll").state == "done"
