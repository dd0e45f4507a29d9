"""What the planner knows of the tables of supporters: looked at anew when a large part of them has just come."""

from foundation import sql

# Below this many rows the statistics do not change enough to be worth a look.
FROM_ROWS = 100_000
# Of Support the columns that statements choose by; the others the server looks at by itself, later.
TABLES = ("supports_support (id, submission_id, nik)", "supports_standing", "supports_finding")


def gather_statistics(rows: int) -> None:
    """Let the planner see ``rows`` that came. Passed over when another does it: nobody waits for statistics."""
    if rows >= FROM_ROWS:
        for table in TABLES:
            sql.execute(f"ANALYZE (SKIP_LOCKED) {table}")
