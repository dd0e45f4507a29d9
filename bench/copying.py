"""The floor: the same rows, already checked and sealed, by COPY into tables with the same columns and indexes."""

import time
from pathlib import Path

from django.db import transaction

from bench.database import owner_cursor, settle
from bench.failed import Failed

# table → its key, the order in which a load writes it
ORDERS = {
    "supports_support": "id",
    "supports_standing": "support_id",
    "supports_finding": "submission_id, code, support_id",
}
BUFFER = 1 << 20  # bytes, as foundation.sql.copy_rows


class Floor:
    """Rows exported once, copied as often as asked."""

    def __init__(self, folder: Path) -> None:
        self._files = {table: folder / f"{table}.csv" for table in ORDERS}
        self._rows: dict[str, int] = {}

    def export(self) -> None:
        """Write what is loaded now to files, in key order."""
        with owner_cursor() as cursor:
            for table, path in self._files.items():
                query = f"COPY (SELECT * FROM {table} ORDER BY {ORDERS[table]}) TO STDOUT (FORMAT csv)"  # noqa: S608
                with path.open("wb") as file:
                    cursor.copy_expert(query, file, BUFFER)
                self._rows[table] = cursor.rowcount

    def copy(self) -> float:
        """Seconds for one COPY of each table from its file, in one transaction with its commit.

        The tables are logged, with every index and constraint, without the trigger that counts.
        """
        with owner_cursor() as cursor:
            for table in ORDERS:
                cursor.execute(f"CREATE TABLE copy_of_{table} (LIKE {table} INCLUDING ALL)")
        settle()
        began = time.perf_counter()
        with transaction.atomic(using="owner"), owner_cursor() as cursor:
            for table, path in self._files.items():
                with path.open("rb") as file:
                    cursor.copy_expert(f"COPY copy_of_{table} FROM STDIN (FORMAT csv)", file, BUFFER)
                if cursor.rowcount != self._rows[table]:
                    raise Failed(f"{cursor.rowcount} rows copied into {table}, not {self._rows[table]}.")
        seconds = time.perf_counter() - began
        with owner_cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(f'copy_of_{table}' for table in ORDERS)}")
        return seconds
