"""PostgreSQL or Redis goes away in the middle: nothing is half done, and no request fails for want of a bell."""

import json
import os
import signal

from django.db import OperationalError, connections

from foundation import sql
from foundation.jobs.models import Job
from supports.models import Upload
from tests import environment
from tests.factories import as_csv, person, upload
from tests.faults.test_worker_dies import ROWS, check_loaded_once, team
from tests.stack import Stack, redis_client, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits

__all__ = ["team"]


def session_has_ended():
    """Whether the database has ended this process's session."""
    try:
        sql.value("SELECT 1")
    except OperationalError:
        return True
    return False


def database_answers():
    """Whether PostgreSQL takes connections."""
    connections.close_all()
    return not session_has_ended()


def test_database_that_crashes_in_the_middle_recovers_and_the_upload_is_loaded_once(stack, team):
    stack.start_worker()
    made = upload(*team, as_csv(ROWS))
    with held_at("findings"):
        (backend,) = wait_until_somebody_waits()
        # PostgreSQL takes the death of one of its processes for a crash: it ends all and recovers from its log.
        os.kill(backend, signal.SIGKILL)
    wait_until(session_has_ended)
    wait_until(database_answers)
    stack.start_beat()
    stack.wait_until_idle()
    check_loaded_once(made)


def test_redis_emptied_and_stopped_in_the_middle_loses_nothing(stack, team):
    stack.start_worker()
    stack.start_beat()
    sent = [upload(*team, as_csv(ROWS))]
    with held_at("loading"):
        wait_until_somebody_waits()
        with redis_client() as redis:
            redis.flushall()
        sent.append(upload(*team, as_csv([person(5_000)]), "kedua.csv"))
    stack.wait_until_idle()
    with held_at("loading"):
        sent.append(upload(*team, as_csv([person(6_000)]), "ketiga.csv"))
        wait_until_somebody_waits()
        environment.servers._redis.stop()
        sent.append(upload(*team, as_csv([person(7_000)]), "keempat.csv"))
    wait_until(lambda: Upload.objects.get(pk=sent[2].pk).status == "loaded")
    environment.servers._redis.start()
    stack.wait_until_idle()
    assert set(Upload.objects.values_list("status", flat=True)) == {"loaded"}
    assert set(Job.objects.values_list("state", "attempt")) == {("done", 1)}


def test_upload_is_taken_while_the_broker_is_dead_and_loaded_when_it_is_back(stack, team):
    web = Stack(REDIS_URL="unix:///nonexistent/redis.sock")
    try:
        web.start_web()
        status, body = web.call(f"/api/v1/pairs/{team[0].pk}/uploads/", team[1], file=as_csv(ROWS))
        assert web.text().count("the sweep will ring") == 1
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
