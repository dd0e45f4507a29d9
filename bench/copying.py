"""The floor: the same rows, already clean and sealed, by one COPY into a table with Support's columns and indexes."""

import time
from pathlib import Path

from django.db import transaction

from bench.database import owner_cursor, settle
from bench.failed import Failed

BUFFER = 1 << 20  # bytes; nothing else is computed in this process, so that larger ones gain nothing


class Floor:
    """Rows exported once, copied as often as asked."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "supports.csv"
        self._rows = 0

    def export(self) -> None:
        """Write what is loaded now to a file, in the order of its ids, as a load writes it."""
        with owner_cursor() as cursor, self._file.open("wb") as file:
            query = "COPY (SELECT * FROM supports_support ORDER BY id) TO STDOUT (FORMAT csv)"
            cursor.copy_expert(query, file, BUFFER)
            self._rows = cursor.rowcount

    def copy(self) -> float:
        """Seconds for one COPY from the file, with its commit.

        The table is logged, with every index and constraint of Support in place before the first row.
        """
        with owner_cursor() as cursor:
            cursor.execute("CREATE TABLE copy_of_support (LIKE supports_support INCLUDING ALL)")
        settle()
        began = time.perf_counter()
        with transaction.atomic(using="owner"), owner_cursor() as cursor, self._file.open("rb") as file:
            cursor.copy_expert("COPY copy_of_support FROM STDIN (FORMAT csv)", file, BUFFER)
            if cursor.rowcount != self._rows:
                raise Failed(f"{cursor.rowcount} rows copied, not {self._rows}.")
        seconds = time.perf_counter() - began
        with owner_cursor() as cursor:
            cursor.execute("DROP TABLE copy_of_support")
        return seconds
