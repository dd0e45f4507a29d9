"""kill -9 and long sleeps of the worker: the upload is complete once, no job stays stuck, and all is counted right."""

import os
import signal
from contextlib import contextmanager

import psutil
import pytest

from foundation.jobs.models import Job
from foundation.jobs.operations import ring
from foundation.jobs.sweep import sweep
from supports import operations
from supports.models import PairMatch, Support, Upload
from supports.progress import progress
from tests.factories import HEADINGS, as_csv, operator, pair, person, upload, work
from tests.foundation.jobs.test_sweep import age
from tests.silon.processes import command_of, gone
from tests.stack import redis_client, wait_until
from tests.supports.holding import STEPS, held_at, wait_until_somebody_waits
from tests.supports.test_counts import check_everything
from tests.supports.test_pipeline import NOTHING, stored
from tests.workbooks import Sheet, xlsx

FAR = [None] * 300 + ["x"]
ROWS = [person(1), person(1), person(2, nik="123"), *(person(n) for n in range(3, 1_000))]


@pytest.fixture
def team(committed):
    """A pair and its operator."""
    made = pair()
    return made, operator(made)


@contextmanager
def held_while(worker, step, act, *arguments):
    """What is done makes a job, and the job waits at the step until the block ends.

    The worker sleeps until the hold is there: a quick one would be past the step before. What was asked for earlier is
    done first: asleep in its middle, the worker would keep what the next act waits for.
    """
    wait_until(lambda: not Job.objects.filter(state__in=["queued", "running"]).exists())
    worker.signal(signal.SIGSTOP)
    made = act(*arguments)
    with held_at(step):
        worker.signal(signal.SIGCONT)
        wait_until_somebody_waits()
        yield made


def sent_and_held(worker, team, step, content=None, name="data.csv"):
    """A file is sent, and its job waits at the step until the block ends."""
    return held_while(worker, step, upload, *team, content or as_csv(ROWS), name)


def let_time_pass():
    """The seconds are over that a sweep gives a worker: now a job's lock tells whether its worker is there."""
    for job in Job.objects.filter(state="running"):
        age(job, 4)


def give_back_what_is_lost():
    """Sweep until nothing is held by a worker that was killed: the database notices a moment later that it is gone."""
    let_time_pass()
    wait_until(lambda: sweep() or not Job.objects.filter(state="running").exists(), every=0.2)


def check_loaded_once(made):
    """All rows are there once, whatever was tried before, and the counts are those of the rows."""
    made.refresh_from_db()
    assert (made.status, made.rows, made.error_code) == ("loaded", len(ROWS), "")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert Support.objects.count() == len(ROWS) == progress(made.submission.pair).submitted
    check_everything(made.submission)


def descendants(process):
    """Everything that runs below a process now."""
    return psutil.Process(process.pid).children(recursive=True)


def kill_children(worker):
    """kill -9 of the processes that carry the jobs; what they had started ends with them."""
    below = descendants(worker)
    for pid in worker.children():
        os.kill(pid, signal.SIGKILL)
    gone(below)


def test_pool_process_killed_at_any_step(stack, team):
    worker, _beat = stack.start_worker(), stack.start_beat()
    for step in STEPS:
        with sent_and_held(worker, team, step, name=f"{step}.csv") as made:
            assert stored() == NOTHING, step
            kill_children(worker)
        let_time_pass()
        stack.wait_until_idle()
        check_loaded_once(made)
        assert Job.objects.get(pk=made.job_id).attempt == 2, step
        check_discarded_once(stack, worker, team, made, step)


def check_discarded_once(stack, worker, team, made, step):
    """Killed at the step while it throws the upload away, it has thrown nothing away; then, all at once."""
    before = stored()
    made.refresh_from_db()
    with held_while(worker, step, lambda: operations.discard_upload(made, by=team[1])):
        kill_children(worker)
        assert stored() == before, step
    let_time_pass()
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, stored()) == ("discarded", NOTHING), step
    assert Job.objects.get(pk=made.job_id).attempt == 2, step
    check_everything(made.submission)


def test_pool_process_killed_while_it_looks_for_duplicates(stack, team):
    worker, _beat = stack.start_worker(), stack.start_beat()
    upload(*team, as_csv([person(1), person(1, name="Sari Misal")]), "lama.csv")
    stack.wait_until_idle()
    before = stored()
    # Of the earlier file one row is marked already; the search takes that back before it says it anew.
    with sent_and_held(worker, team, "SELECT FROM supports_finding FOR UPDATE") as made:
        wait_until(lambda: Job.objects.get(pk=made.job_id).step == "duplicates")
        kill_children(worker)
        assert stored() == before
    let_time_pass()
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, made.rows, made.job.attempt) == ("loaded", len(ROWS), 2)
    assert Support.objects.count() == 2 + len(ROWS)
    check_everything(made.submission)


def test_pool_process_killed_while_it_matches_pairs(stack, team):
    worker, _beat = stack.start_worker(), stack.start_beat()
    writing = "LOCK TABLE supports_pairmatch IN SHARE MODE"
    other = pair(team[0].election, name="Bayu Umpama – Kirana Andaikan")
    upload(other, operator(other, "operator-b"), as_csv([person(1), person(5_000)]))
    stack.wait_until_idle()
    with sent_and_held(worker, team, writing) as made:
        assert Upload.objects.get(pk=made.pk).status == "loaded"
        kill_children(worker)
    let_time_pass()
    stack.wait_until_idle()
    assert list(PairMatch.objects.values_list("pairs", flat=True)) == [2]
    made.refresh_from_db()
    with held_while(worker, writing, lambda: operations.discard_upload(made, by=team[1])):
        assert Upload.objects.get(pk=made.pk).status == "discarded"
        kill_children(worker)
    let_time_pass()
    stack.wait_until_idle()
    assert not PairMatch.objects.exists()
    kinds = Job.objects.filter(attempt=2).values_list("kind", flat=True)
    assert set(kinds) == {"supports.match_pairs", "supports.recheck_pair_matches"}
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def parser_of(worker):
    """The process that reads a file: the one that has used the processor, not the spare that waits for the next."""
    parsers = [one for one in descendants(worker) if "supports.ingest.parser" in command_of(one)]
    return max(parsers, key=lambda one: sum(one.cpu_times()[:2]))


def test_file_that_kills_its_parser_is_one_failed_upload_and_the_next_is_loaded(stack, team):
    worker = stack.start_worker()
    worker.signal(signal.SIGSTOP)
    deadly = upload(
        *team, xlsx(Sheet([list(HEADINGS.values()), FAR] + [[]] * 1_048_573 + [["x"]])), "berat.xlsx"
    )
    following = upload(*team, as_csv(ROWS), "berikutnya.csv")
    worker.signal(signal.SIGCONT)
    stack.wait_until_idle()
    deadly.refresh_from_db()
    assert (deadly.status, deadly.error_code) == ("failed", "WORKBOOK_TOO_HEAVY")
    following.refresh_from_db()
    assert (following.status, following.rows) == ("loaded", len(ROWS))
    assert Job.objects.filter(attempt=1).count() == Job.objects.count()
    check_everything(following.submission)


def test_killed_parser_is_a_failed_upload_that_can_be_repeated(stack, team):
    worker = stack.start_worker()
    with sent_and_held(worker, team, "reading", as_csv([person(n) for n in range(100_000)])) as made:
        parser_of(worker).kill()
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, made.error_code, stored()) == ("failed", "PARSER_DIED", NOTHING)
    operations.retry_upload(made, by=team[1])
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, made.rows) == ("loaded", 100_000)


def test_discard_that_fails_three_times_is_seen_and_can_be_repeated(stack, team, client):
    worker, _beat = stack.start_worker(), stack.start_beat()
    made = upload(*team, as_csv(ROWS))
    stack.wait_until_idle()
    made.refresh_from_db()
    with held_while(worker, "loading", lambda: operations.discard_upload(made, by=team[1])):
        for attempt in (1, 2, 3):
            wait_until(lambda attempt=attempt: Job.objects.latest("id").attempt == attempt)
            wait_until_somebody_waits()
            kill_children(worker)
            let_time_pass()
        stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, made.job.state, Support.objects.count()) == ("loaded", "failed", len(ROWS))
    client.force_login(team[1])
    page = client.get(f"/unggahan/{made.pk}/").content.decode()
    assert "Unggahan ini belum dibuang" in page
    assert f"nomor pekerjaan {made.job_id}" in page
    operations.discard_upload(made, by=team[1])
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, stored()) == ("discarded", NOTHING)


def test_worker_and_beat_killed_and_started_again(stack, team):
    """Nothing but what an operating system does: no sweep by hand, real waiting."""
    first, beat = stack.start_worker(), stack.start_beat()
    with sent_and_held(first, team, "findings") as made:
        below = descendants(first)
        first.kill()
        beat.kill()
        gone(below)
    assert stored() == NOTHING
    stack.start_worker()
    stack.start_beat()
    stack.wait_until_idle()
    check_loaded_once(made)


def test_worker_killed_three_times_is_a_visible_failure_that_can_be_repeated(stack, team):
    worker, _beat = stack.start_worker(), stack.start_beat()
    with sent_and_held(worker, team, "loading") as made:
        for attempt in (1, 2, 3):
            wait_until(lambda attempt=attempt: Job.objects.get(pk=made.job_id).attempt == attempt)
            wait_until_somebody_waits()
            kill_children(worker)
            let_time_pass()
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, made.error_code, stored()) == ("failed", "INTERNAL", NOTHING)
    assert f"nomor pekerjaan {made.job_id}" in made.error_message
    operations.retry_upload(made, by=team[1])
    stack.wait_until_idle()
    made.refresh_from_db()
    assert (made.status, made.rows) == ("loaded", len(ROWS))


def test_worker_that_slept_through_its_replacement_does_nothing(stack, team):
    sleeper = stack.start_worker()
    with sent_and_held(sleeper, team, "loading") as made:
        sleeper.signal(signal.SIGSTOP)
    for job in Job.objects.filter(state="running"):
        age(job, 60)
    sweep()
    work()
    check_loaded_once(made)
    sleeper.signal(signal.SIGCONT)
    wait_until(lambda: "goes back to the queue" in sleeper.text() or "taken away" in sleeper.text())
    check_loaded_once(made)
    next_one = upload(*team, as_csv([person(5_000)]), "berikutnya.csv")
    stack.wait_until_idle()
    next_one.refresh_from_db()
    assert next_one.status == "loaded"


def test_message_delivered_many_times_is_one_load(stack, team):
    made = upload(*team, as_csv(ROWS))
    for _ in range(50):
        ring()
    stack.start_worker(concurrency=2)
    stack.wait_until_idle()
    with redis_client() as redis:
        wait_until(lambda: redis.llen("celery") + redis.hlen("unacked") == 0)
    check_loaded_once(made)
    assert Job.objects.get(pk=made.job_id).attempt == 1
