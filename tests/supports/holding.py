"""Holding a job at one of its steps: another session has locked what the step writes to."""

from contextlib import contextmanager, suppress

import psycopg2
from django.db import connections

from foundation import sql
from tests.stack import wait_until

# What a job of an upload writes, in the order of its steps, and how to be in its way there.
STEPS = {
    "reading": "LOCK TABLE supports_support IN SHARE MODE",
    "loading": "LOCK TABLE supports_standing IN SHARE MODE",
    "findings": "LOCK TABLE supports_finding IN SHARE MODE",
    "the end": "SELECT FROM supports_upload FOR UPDATE",
}


@contextmanager
def held_at(step):
    """Whoever comes to this step waits there until the block ends."""
    parameters = connections["default"].get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    session = psycopg2.connect(**parameters | {"application_name": "holder"})
    try:
        session.cursor().execute(STEPS.get(step, step))
        yield
    finally:
        with suppress(psycopg2.Error):  # the server itself may be gone
            session.rollback()
        session.close()


def waiting():
    """The database sessions that wait for somebody's lock: {process id: application_name}."""
    watcher = sql.SideConnection("watcher")  # inside a transaction, pg_stat_activity would never change
    try:
        return dict(
            watcher.rows("SELECT pid, application_name FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        )
    finally:
        watcher.close()


def wait_until_somebody_waits(number=1):
    """Until so many sessions are held up."""
    return wait_until(lambda: len(waiting()) >= number and waiting())
