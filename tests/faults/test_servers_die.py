"""PostgreSQL or Redis goes away in the middle: nothing is half done, and no request fails for want of a bell."""

import base64
import json
import os
import signal
from contextlib import closing, contextmanager

import psycopg2
from django.db import Error, connections

from foundation import sql
from foundation.jobs.models import Job
from foundation.jobs.operations import ring
from supports.models import Upload
from tests import environment
from tests.factories import as_csv, person, upload
from tests.faults.test_worker_dies import ROWS, check_loaded_once, sent_and_held, team
from tests.stack import Stack, redis_client, wait_until
from tests.supports.holding import held_at, wait_until_somebody_waits, waiting

__all__ = ["team"]
RECOVERY = 900  # seconds: recovery takes as long as the disk needs, and that is nobody's fault


def session_has_ended():
    """Whether the database has ended this process's session."""
    try:
        sql.value("SELECT 1")
    except Error:
        return True
    return False


def database_answers():
    """Whether PostgreSQL takes connections."""
    connections.close_all()
    return not session_has_ended()


def write_checkpoint():
    """So that recovery begins here, and not with the first test of the session."""
    server = connections["default"].settings_dict
    with closing(psycopg2.connect(host=server["HOST"], dbname=server["NAME"], user="postgres")) as session:
        session.autocommit = True
        session.cursor().execute("CHECKPOINT")


@contextmanager
def database_back_at_the_end():
    """Whatever comes of this test, the next one finds a database."""
    try:
        yield
    finally:
        wait_until(database_answers, RECOVERY)


@contextmanager
def database_away():
    """PostgreSQL is stopped in good order, which ends every session, and started again."""
    server = environment.servers._postgres
    server.stop()
    connections.close_all()
    try:
        yield
    finally:
        server.start()


def test_database_that_crashes_in_the_middle_recovers_and_the_upload_is_loaded_once(stack, team):
    worker = stack.start_worker()
    write_checkpoint()
    with database_back_at_the_end():
        with sent_and_held(worker, team, "findings") as made:
            (backend,) = waiting()
            # PostgreSQL takes the death of one of its processes for a crash: it ends all and recovers from its log.
            os.kill(backend, signal.SIGKILL)
        wait_until(session_has_ended)
    stack.start_beat()
    stack.wait_until_idle()
    check_loaded_once(made)


def test_database_restarted_in_the_middle_is_waited_for_and_the_upload_is_loaded_once(stack, team):
    """The worker carries on by itself; web, and a second worker, start while the database is still away."""
    worker = stack.start_worker()
    with sent_and_held(worker, team, "loading") as made, database_away():
        begun = [stack.begin_web(), stack.begin_worker()]
        wait_until(lambda: all("Waiting for the database" in one.text() for one in begun))
        assert all(one.alive() for one in begun)
    for one in begun:
        one.when_ready()
    stack.start_beat()
    stack.wait_until_idle()
    check_loaded_once(made)


def test_database_that_stays_away_ends_the_start_with_its_reason():
    lonely = Stack(DATABASE_URL="postgresql://silon_app@/silon?host=/nonexistent", DATABASE_WAIT_SECONDS="1")
    begun = [lonely.begin_web(), lonely.begin_worker()]
    try:
        for one in begun:
            wait_until(lambda one=one: not one.alive())
            assert "/nonexistent" in one.text()
    finally:
        lonely.stop()


def test_wrong_key_ends_web_and_worker_at_once(django_db_setup):
    """As they are really started; beat takes no key into its hands."""
    key = base64.b64encode(bytes(range(32))).decode()
    strange = Stack(SILON_KEK=key)
    begun = [strange.begin_web(), strange.begin_worker()]
    try:
        for one in begun:
            wait_until(lambda one=one: not one.alive())
            assert "does not open the key kek check of this database" in one.text()
            assert "Use that KEK" in one.text()
            assert key not in one.text()
    finally:
        strange.stop()


def test_redis_emptied_and_stopped_in_the_middle_loses_nothing(stack, team):
    worker, _beat = stack.start_worker(), stack.start_beat()
    with sent_and_held(worker, team, "loading") as first:
        with redis_client() as redis:
            redis.flushall()
        sent = [first, upload(*team, as_csv([person(5_000)]), "kedua.csv")]
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


@contextmanager
def redis_full():
    """Redis refuses everything that would need memory."""
    with redis_client() as redis:
        try:
            redis.config_set("maxmemory", 1)
            yield
        finally:
            redis.config_set("maxmemory", 0)


def test_upload_is_taken_while_redis_is_full_and_loaded_when_it_has_room(stack, team):
    stack.start_web()
    worker = stack.start_worker()
    stack.start_beat()
    for _ in range(300):  # so that the worker is just taking one when there is no room to note that it did
        ring()
    with redis_full():
        status, body = stack.call(f"/api/v1/pairs/{team[0].pk}/uploads/", team[1], file=as_csv(ROWS))
        assert status == 202, body
        assert "the sweep will ring" in stack.text()
        assert stack.call(f"/pasangan/{team[0].pk}/", team[1])[0] == 200
    stack.wait_until_idle()
    assert worker.alive()
    check_loaded_once(Upload.objects.get())


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
