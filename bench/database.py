"""What the bench does to the database besides using the product: empty it, let it settle, look at it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import connections

from silon.embedded.postgres import OWNER

SUPPORTS = ("supports_support", "supports_standing", "supports_finding")
VERIFICATION = (
    "verification_work",
    "verification_share",
    "verification_bulkrow",
    "verification_decision",
)
COUNTS = (
    "supports_tally",
    "supports_areatally",
    "supports_uploadtally",
    "supports_pairmatch",
    "supports_pairmatchcount",
)


def prepare() -> None:
    """Schema, rights, rule sets and regions, as on every installation; and the owner may ask for a checkpoint."""
    call_command("prepare_database", verbosity=0)
    settings = connections["owner"].settings_dict
    with closing(
        psycopg2.connect(host=settings["HOST"], dbname=settings["NAME"], user="postgres")
    ) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute(f"GRANT pg_checkpoint TO {OWNER}")


@contextmanager
def owner_cursor() -> Iterator[Any]:
    """A cursor in the owner's role; each statement is committed at once."""
    with connections["owner"].cursor() as cursor:
        yield cursor


def empty() -> None:
    """No rows of supporters at all, as on a new installation."""
    with owner_cursor() as cursor:
        # The rows of a round that was handed in cannot be emptied, not even by the owner.
        cursor.execute("UPDATE supports_submission SET status = 'draft' WHERE kind = 'round'")
        cursor.execute(f"TRUNCATE {', '.join(SUPPORTS + COUNTS + VERIFICATION)}")


def settle() -> None:
    """What the server would do by itself within minutes, so that it does not do it while something is measured."""
    with owner_cursor() as cursor:
        for table in SUPPORTS:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("CHECKPOINT")


def indexes() -> list[str]:
    """The definitions of every index that a load keeps up."""
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT regexp_replace(indexdef, ' ON (public\\.)?', ' ON ') FROM pg_indexes"
            " WHERE tablename = ANY(%s) ORDER BY tablename, indexname",
            [list(SUPPORTS)],
        )
        return [definition for (definition,) in cursor.fetchall()]


def version() -> str:
    """Of the server."""
    with owner_cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]
