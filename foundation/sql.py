"""The only place that opens a cursor.

Statements that touch a whole upload live in ``<app>/sql/<verb>_<noun>.sql``, one statement each, with bound
parameters only. ``tests/house/test_sql_files.py`` EXPLAINs every one of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import psycopg2
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

DatabaseError = psycopg2.Error
# Bytes handed to the driver at once, which keeps as many. Between two hands it waits for whatever else the process
# computes: a frame of a load goes in three.
COPY_BYTES = 4 << 20


@cache
def statement(name: str) -> str:
    """Text of ``supports/find_duplicates_inside`` = supports/sql/find_duplicates_inside.sql."""
    app, _, verb_noun = name.partition("/")
    return (Path(apps.get_app_config(app).path) / "sql" / f"{verb_noun}.sql").read_text("utf-8")


def run(name: str, /, **params: Any) -> int:
    """Execute a named statement and return the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), params)
        return cursor.rowcount


def rows(name: str, /, **params: Any) -> list[tuple]:
    """Execute a named statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), params)
        return cursor.fetchall()


def dicts(name: str, /, **params: Any) -> list[dict[str, Any]]:
    """Execute a named statement and return its rows as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(statement(name), params)
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def value(text: str, params: Sequence[Any] | dict[str, Any] = ()) -> Any:
    """One value of a short statement that is not worth a file (clock, locks, sequences)."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        row = cursor.fetchone()
        return row[0] if row else None


def execute(text: str, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Execute a short statement that is not worth a file and return the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return cursor.rowcount


def rest() -> None:
    """Give the session back while something slow is waited for; the next statement opens another.

    Inside a transaction nothing happens.
    """
    if not connection.in_atomic_block:
        connection.close()


def make_room() -> None:
    """Let the sorts and hashes of this transaction stay in memory: they concern a whole upload."""
    execute("SET LOCAL work_mem = '192MB'")


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment. In a transaction that has begun, of that transaction's moments."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def copy_rows(table: str, columns: Sequence[str], file: BinaryIO, *, binary: bool = False) -> int:
    """COPY from ``file`` into ``table`` on the default connection.

    CSV (empty unquoted = NULL), or PostgreSQL's binary form: then each value must be what its column's type receives.
    """
    # Django wraps the errors of its own calls only; of this one a deadlock would not be known as what it is.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        target = connection.ops.quote_name(table)
        form = "binary" if binary else "csv"
        cursor.copy_expert(f"COPY {target} ({names}) FROM STDIN WITH (FORMAT {form})", file, COPY_BYTES)
        return cursor.rowcount


def insert_found(table: str, columns: Sequence[str], found: QuerySet) -> int:
    """INSERT what a queryset of ``values_list`` finds, in the order of ``columns``; return how many rows.

    Not one of them leaves the server.
    """
    try:
        query, params = found.query.sql_with_params()
    except EmptyResultSet:
        return 0
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    return execute(f"INSERT INTO {connection.ops.quote_name(table)} ({names}) {query}", params)


def copy_out(name: str, file: BinaryIO, /, **params: Any) -> None:
    """COPY the rows of a named SELECT into ``file``, as CSV (empty unquoted = NULL)."""
    # COPY takes no parameters of its own: the driver writes them into the text, quoted by their types.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        query = cursor.mogrify(statement(name), params).decode()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", file, 1 << 20)


@contextmanager
def server_cursor(name: str, statement_name: str, /, itersize: int = 10_000, **params: Any) -> Iterator[Any]:
    """A cursor kept by the server, so that millions of rows stream in constant memory (inside a transaction)."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor(name=name) as cursor:
        cursor.itersize = itersize
        cursor.execute(statement(statement_name), params)
        yield cursor


class SideConnection:
    """A second session beside the default one, each statement committed at once (heartbeat, session locks).

    Not for effects: what it writes is seen at once and is not undone by a rollback of the default connection.
    """

    def __init__(self, application_name: str) -> None:
        params = connection.get_connection_params() | {"application_name": application_name}
        for name in ("cursor_factory", "context"):
            params.pop(name, None)
        self._connection = psycopg2.connect(**params)
        self._connection.autocommit = True

    def rows(self, text: str, **params: Any) -> list[tuple]:
        """Execute a statement and return its rows. Raises DatabaseError."""
        with self._connection.cursor() as cursor:
            cursor.execute(text, params)
            return cursor.fetchall()

    def close(self) -> None:
        """End the session; its advisory locks go with it."""
        self._connection.close()
