"""PostgreSQL or Redis goes away in the middle: nothing is half done, and no request fails for want of a bell."""

import json
import os
import signal

from django.db import OperationalError, connections

from foundation.jobs.models import Job
from supports.models import Upload
from tests.factories import as_csv, person, upload
from tests.faults.test_worker_dies import ROWS, check_loaded_once, team
from tests.stack import Stack, redis_client, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits

__all__ = ["team"]


def database_answers():
    """Whether PostgreSQL takes connections."""
    connections.close_all()
    try:
        return Job.objects.count() is not None
    except OperationalError:
        return False


def test_database_that_crashes_in_the_middle_recovers_and_the_upload_is_loaded_once(stack, team):
    stack.start_worker()
    made = upload(*team, as_csv(ROWS))
    with held_at("findings"):
        (backend,) = wait_until_somebody_waits()
        # PostgreSQL takes the death of one of its processes for a crash: it ends all and recovers from its log.
        os.kill(backend, signal.SIGKILL)
    wait_until(database_answers)
    stack.start_beat()
    stack.wait_until_idle()
    check_loaded_once(made)


def test_redis_emptied_in_the_middle_loses_nothing(stack, team):
    stack.start_worker()
    stack.start_beat()
    made = upload(*team, as_csv(ROWS))
    with held_at("loading"):
        wait_until_somebody_waits()
        with redis_client() as redis:
            redis.flushall()
        following = upload(*team, as_csv([person(5_000)]), "berikutnya.csv")
    stack.wait_until_idle()
    made.refresh_from_db()
    following.refresh_from_db()
    assert [made.status, following.status] == ["loaded", "loaded"]
    last = upload(*team, as_csv([person(6_000)]), "terakhir.csv")
    stack.wait_until_idle()
    last.refresh_from_db()
    assert last.status == "loaded"


def test_upload_is_taken_while_the_broker_is_dead_and_loaded_when_it_is_back(stack, team):
    web = Stack(REDIS_URL="unix:///nonexistent/redis.sock")
    try:
        web.start_web()
        status, body = web.call(f"/api/v1/pairs/{team[0].pk}/uploads/", team[1], file=as_csv(ROWS))
        made = Upload.objects.get()
        assert (status, json.loads(body)["id"]) == (202, made.pk)
        assert (made.status, made.job.state) == ("received", "queued")
        status, body = web.call("/readyz", team[1])
        assert (status, json.loads(body)["database"]) == (503, "ok")
        assert json.loads(body)["broker"].startswith("missing")
    finally:
        web.stop()
    stack.start_worker()
    stack.start_beat()
    stack.wait_until_idle()
    check_loaded_once(made)
