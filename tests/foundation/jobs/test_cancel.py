"""Stopping a job: at once while it waits, at its next step when it runs, never after its end."""

import pytest

from foundation.errors import Refused
from foundation.jobs.operations import cancel
from foundation.jobs.runner import run_next
from foundation.workflow.models import Event
from tests.foundation.accounts.people import somebody
from tests.foundation.jobs.scripts import notes, now_of, queue, work, worker_at
from tests.stack import PATIENCE

pytestmark = pytest.mark.usefixtures("committed")


def events(name):
    return list(Event.objects.filter(name=name).values_list("subject_id", "by_id"))


def test_waiting_job_is_cancelled_at_once():
    by, job = somebody(), queue(inside=[["note", "a"]])
    cancel(job, by=by)
    ended = now_of(job)
    assert (ended.state, ended.attempt, ended.error_code) == ("cancelled", 0, "CANCELLED")
    assert ended.finished_at
    assert (run_next(), notes()) == (False, [])
    assert events("job_cancel_requested") == [(job.pk, by.pk)]
    assert events("ended") == [(job.pk, None)]


def test_running_job_stops_at_its_next_step(tmp_path):
    job = queue(inside=[["note", "a"], ["progress", "reading", 5, 9], ["pause", str(tmp_path)]])
    with worker_at(tmp_path) as worker:
        cancel(now_of(job), by=somebody())
        worker.join(PATIENCE)
    ended = now_of(job)
    assert (ended.state, ended.step, ended.done, ended.error_code) == ("cancelled", "reading", 5, "CANCELLED")
    assert "Dibatalkan" in ended.error_message
    assert notes() == []
    assert len(events("ended")) == 1


@pytest.mark.parametrize("script", [[["note", "a"]], [["refuse", "CODE", "Kalimat."]]])
def test_ended_job_is_not_cancelled(script):
    job = queue(inside=script)
    work()
    before = now_of(job)
    with pytest.raises(Refused) as refusal:
        cancel(job, by=somebody())
    assert refusal.value.code == "job_ended"
    assert (now_of(job).state, now_of(job).cancel_requested) == (before.state, False)
    assert events("job_cancel_requested") == []
