"""kill -9 of the worker while many rows are decided, undone or taken back: every row once, and the counts are right.

A round that goes back to its verification does so once, under one receipt.
"""

import pytest

from foundation.jobs.models import Job
from foundation.jobs.operations import ring
from supports.models import Receipt, Standing
from tests.factories import work
from tests.faults.test_worker_dies import give_back_what_is_lost, held_while
from tests.stack import wait_until
from tests.supports.test_counts import check_everything
from tests.verification.corrections.making import NORTH, fresh
from tests.verification.corrections.making import Scene as Decided
from tests.verification.reopening.making import Scene as Closed
from tests.verification.reopening.making import end_windows
from tests.verification.test_bulk import SOUTHERN
from tests.verification.test_bulk import Scene as Dealt
from verification.bulk import approve_bulk, undo_bulk
from verification.corrections.models import CorrectionRow
from verification.corrections.operations import approve_correction
from verification.models import BulkRow, Decision
from verification.reopening.sweep import sweep_reopenings

# The job sleeps where it would change the first row, and where it would say that it is done.
ROWS, END = "LOCK TABLE supports_standing IN SHARE MODE", "LOCK TABLE {} IN SHARE MODE"

pytestmark = pytest.mark.usefixtures("committed")


def killed_and_taken_over(stack, step, act, *arguments, **options):
    """What is done makes a job; its worker is killed at the step, and another goes on."""
    worker = stack.start_worker()
    with held_while(worker, step, lambda: act(*arguments, **options)):
        worker.kill()
    give_back_what_is_lost()
    stack.start_worker()
    ring()
    wait_until(lambda: not Job.objects.filter(state__in=["queued", "running"]).exists())
    assert Job.objects.latest("pk").state == "done"


@pytest.mark.parametrize("step", [ROWS, END.format("verification_bulk")])
def test_a_killed_bulk_decision_decides_every_row_once(stack, step):
    scene = Dealt()
    made = scene.propose(SOUTHERN, status="MS", reasons=())
    killed_and_taken_over(stack, step, approve_bulk, made, by=scene.second)
    made.refresh_from_db()
    assert (made.status, made.decided, made.passed_over) == ("done", 3, 0)
    assert (Decision.objects.count(), BulkRow.objects.count()) == (3, 0)
    assert scene.counts() == [14, 3, 0, 0]


@pytest.mark.parametrize("step", [ROWS, END.format("verification_bulk")])
def test_a_killed_undoing_takes_every_row_back_once(stack, step):
    scene = Dealt()
    made = scene.approved(wanted=SOUTHERN, status="MS", reasons=())
    work()
    made.refresh_from_db()
    killed_and_taken_over(stack, step, undo_bulk, made, by=scene.office)
    made.refresh_from_db()
    assert (made.status, made.taken_back, Decision.objects.count()) == ("undone", 3, 6)
    assert scene.counts() == [17, 0, 0, 0]


@pytest.mark.parametrize("step", [ROWS, END.format("corrections_correction")])
def test_a_killed_correction_takes_every_row_back_once(stack, step):
    scene = Decided()
    made = scene.approve(scene.propose(NORTH), scene.others[0])
    killed_and_taken_over(stack, step, approve_correction, fresh(made), by=scene.others[1])
    made = fresh(made)
    assert (made.status, made.taken_back, made.passed_over) == ("done", 9, 0)
    assert (Decision.objects.filter(correction=made).count(), CorrectionRow.objects.count()) == (9, 0)
    assert Standing.objects.filter(vermin="unverified").count() == 9
    check_everything(scene.submission)


def test_a_killed_resuming_brings_the_round_back_once(stack):
    scene = Closed()
    scene.closed()
    scene.rule(3, 4)
    work()
    scene.edit(3, name="Nama Sesuai KTP")
    end_windows()
    killed_and_taken_over(stack, END.format("verification_review"), sweep_reopenings)
    assert (scene.submission.status, Receipt.objects.count()) == ("in_review", 2)
    assert scene.stands() == ["MS", "MS", "unverified", "unverified", "TMS"]
