"""What every test may use. The database is real, migrated once; ``db`` rolls back, ``committed`` really commits."""

import json
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connections, transaction
from psycopg2.errors import DeadlockDetected

from candidates.rule_sets import SHIPPED
from foundation.keys import keyring
from tests.stack import Stack, empty_redis, seed_demo_quickly

KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "regions_region",
    "candidates_ruleset",
}
LARGE = 1 << 20  # bytes; what such a table leaves behind would slow down whoever reads it next

# A machine that is busy with something else is no fault.
hypothesis.settings.register_profile(
    "silon", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("silon")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """The owner migrates; the application's role, which the tests run as, only uses."""
    with django_db_blocker.unblock():
        call_command("prepare_database", verbosity=0)
        connections["owner"].close()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Commits for real, so that workers and other sessions see it; every table is emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
        empty_tables()


@pytest.fixture(autouse=True)
def keys_stay_in_memory(monkeypatch):
    """As long as a test takes: how many queries a page costs must not hang on whether five seconds have passed."""
    monkeypatch.setattr(keyring, "CACHE_SECONDS", 3600.0)
    yield
    keyring._cache.clear()


@pytest.fixture
def quick_log_ins(settings):
    """No failed log-ins counted so far, and a hash that costs nothing: these tests log in hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def empty_tables():
    """Empty everything but the reference data, as the owner.

    Only what holds something, and without its triggers: truncating every table took longer than most tests.
    """
    for last in (False, False, True):
        try:
            _empty_tables()
            return
        except OperationalError as error:
            # A page that its reader has left is still being written on the running site.
            if last or not isinstance(error.__cause__, DeadlockDetected):
                raise


def _empty_tables():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT relname, pg_relation_size(oid) > %s FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0",
            [LARGE],
        )
        found = {name: large for name, large in cursor.fetchall() if name not in KEPT}
        with transaction.atomic(using="owner"):
            _delete(cursor, [name for name in found if name != "keys_sealedkey"])
        large = [name for name in found if found[name]]
        if large:
            cursor.execute(f"VACUUM {', '.join(large)}")
    connections["owner"].close()


def _delete(cursor, tables):
    if tables:
        # Whoever still writes is waited for: nothing comes after the deletion.
        cursor.execute(f"LOCK {', '.join(tables)} IN EXCLUSIVE MODE")
        cursor.execute("; ".join(f"DELETE FROM {name}" for name in tables))  # noqa: S608 -- ours
    # The check value of the key-encryption key outlives every test, and so do keys of no election: processes that live
    # on remember them.
    cursor.execute("DELETE FROM keys_sealedkey WHERE scope NOT IN ('kek', 'accounts', 'retention')")
    # A rule set that a test made would be the newest of its code for every later election.
    shipped = [f"{rules.code} v{rules.version}" for rules in SHIPPED.values()]
    cursor.execute("DELETE FROM candidates_ruleset WHERE code || ' v' || version <> ALL (%s)", [shipped])
    for rules in SHIPPED.values():  # a test may have asked for a second reader
        body = json.dumps(rules.to_json())
        cursor.execute(
            "UPDATE candidates_ruleset SET body = %s WHERE code = %s AND version = %s AND body <> %s::jsonb",
            [body, rules.code, rules.version, body],
        )


def pytest_collection_modifyitems(items):
    """Tests on the running site come last, and before them those with processes of their own.

    A worker that lives on would take the jobs of tests that carry theirs in this process.
    """
    items.sort(key=lambda item: ("live_stack" in item.fixturenames, "stack" in item.fixturenames))


@pytest.fixture
def stack(committed):
    """An empty ``tests.stack.Stack``: the test starts what it needs, and may kill it."""
    empty_redis()
    started = Stack()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def site(django_db_setup):
    """Web, worker and beat, running until the last test."""
    running = Stack()
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def live_stack(site, committed):
    """The running site (``base_url``) with the demo seeded and loaded, no letter sent; emptied after the test."""
    for letter in Path(settings.EMAIL_FILE_PATH).glob("*"):
        letter.unlink()  # of an earlier test, perhaps to the same address
    seed_demo_quickly()
    site.wait_until_idle()
    yield site
    site.wait_until_idle()
