"""What every test may use. The database is real, migrated once; ``db`` rolls back, ``committed`` really commits."""

import pytest
from django.core.management import call_command
from django.db import connections

from candidates.rule_sets import SHIPPED
from tests.stack import Stack, empty_redis, seed_demo_quickly

KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "regions_region",
    "candidates_ruleset",
}


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


def empty_tables():
    """Empty everything but the reference data, as the owner."""
    with connections["owner"].cursor() as cursor:
        tables = sorted(set(connections["owner"].introspection.table_names(cursor)) - KEPT)
        # The check value of the key-encryption key outlives every test.
        tables.remove("keys_sealedkey")
        # The rows of a round that was handed in cannot be emptied, not even by the owner.
        cursor.execute("UPDATE supports_submission SET status = 'draft', result = ''")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("DELETE FROM keys_sealedkey WHERE scope <> 'kek'")
        # A rule set that a test made would be the newest of its code for every later election.
        shipped = [f"{rules.code} v{rules.version}" for rules in SHIPPED.values()]
        cursor.execute("DELETE FROM candidates_ruleset WHERE code || ' v' || version <> ALL (%s)", [shipped])
    connections["owner"].close()


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
    """The running site (``base_url``) with the demo seeded and loaded; emptied after the test."""
    seed_demo_quickly()
    site.wait_until_idle()
    yield site
    site.wait_until_idle()
