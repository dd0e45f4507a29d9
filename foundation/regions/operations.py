"""Loading the region table into the database."""

import csv
import io
from collections.abc import Iterable
from typing import Final, NamedTuple

from django.db import transaction

from foundation import sql
from foundation.regions import queries, table
from foundation.regions.codes import REGENCY, kind_of, level_of, parent_of
from foundation.regions.names import name_key, regency_key
from foundation.regions.table import RegionRow

COLUMNS: Final = ("code", "parent", "level", "name", "key", "kind", "earlier", "current")

# Three short statements around a temporary table, which no EXPLAIN can see from outside: hence no SQL files.
_CREATE = """
CREATE TEMPORARY TABLE regions_incoming ON COMMIT DROP AS
SELECT code, parent, level, name, key, kind, earlier, current FROM regions_region WITH NO DATA
"""
_MERGE = """
INSERT INTO regions_region AS kept (code, parent, level, name, key, kind, earlier, current)
SELECT code, parent, level, name, key, COALESCE(kind, ''), COALESCE(earlier, ''), current
  FROM regions_incoming
    ON CONFLICT (code) DO UPDATE
   SET parent = EXCLUDED.parent, level = EXCLUDED.level, name = EXCLUDED.name, key = EXCLUDED.key,
       kind = EXCLUDED.kind, earlier = EXCLUDED.earlier, current = EXCLUDED.current
 WHERE (kept.parent, kept.level, kept.name, kept.key, kept.kind, kept.earlier, kept.current)
    IS DISTINCT FROM
       (EXCLUDED.parent, EXCLUDED.level, EXCLUDED.name, EXCLUDED.key, EXCLUDED.kind, EXCLUDED.earlier,
        EXCLUDED.current)
"""
_REMOVE = """
DELETE FROM regions_region AS kept
 WHERE NOT EXISTS (SELECT FROM regions_incoming AS incoming WHERE incoming.code = kept.code)
"""


class Loaded(NamedTuple):
    """What a load did: regions in the table, regions written because they were new or different, removed."""

    regions: int
    written: int
    removed: int


@transaction.atomic
def load_regions() -> Loaded:
    """Make the database say what the region table says; run again, it writes nothing."""
    sql.execute("DROP TABLE IF EXISTS pg_temp.regions_incoming")
    sql.execute(_CREATE)
    regions = sql.copy_rows("regions_incoming", COLUMNS, _as_csv(table.all_rows()))
    written = sql.execute(_MERGE)
    removed = sql.execute(_REMOVE)
    if written or removed:
        sql.execute("ANALYZE regions_region")
    transaction.on_commit(queries.forget_name_indexes)
    return Loaded(regions, written, removed)


def _as_csv(rows: Iterable[RegionRow]) -> io.BytesIO:
    file = io.StringIO(newline="")
    lines = csv.writer(file)
    for row in rows:
        code = row.code
        key = regency_key(row.name)[1] if level_of(code) == REGENCY else name_key(row.name)
        fields = (code, parent_of(code), level_of(code), row.name, key, kind_of(code))
        lines.writerow((*fields, "|".join(row.earlier), row.current))
    return io.BytesIO(file.getvalue().encode())
