"""Rows that only come raise each count once: it was written with 0 and then changed, 12,000 counts for each portion.

What takes rows away keeps the two steps: a count to be lowered must never be proposed as a new one below zero. Counts
by the areas of the spread (0018) were kept by UPDATE alone; a count that begins above 0 reaches them by INSERT.
"""

from importlib import import_module

from django.db import migrations

EARLIER = import_module("supports.migrations.0010_count_uploads_by_round")
AREAS = import_module("supports.migrations.0018_area_tally")

IN_TWO_STEPS = """
    INSERT INTO supports_tally (submission_id, area, key, n)
    SELECT DISTINCT"""

# In key order, so that the index of the counts is walked along.
IN_ONE_STEP = """
    IF minus IS NULL THEN
        INSERT INTO supports_tally AS tally (submission_id, area, key, n)
        SELECT submission_id, area, key, sum(n) FROM unnest(plus) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            ON CONFLICT (submission_id, area, key) DO UPDATE SET n = tally.n + excluded.n;
        INSERT INTO supports_uploadtally AS tally (upload_id, submission_id, key, n)
        SELECT upload_id, submission_id, CASE WHEN is_row THEN 'rows' ELSE key END, sum(n)
          FROM unnest(plus) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            ON CONFLICT (upload_id, submission_id, key) DO UPDATE SET n = tally.n + excluded.n;
        RETURN NULL;
    END IF;
"""

ROLLED_UP_NEW = f"""
    IF TG_OP = 'INSERT' THEN
        INSERT INTO supports_areatally AS tally (submission_id, code, unverified, ms, bms, tms, clean)
        SELECT each.submission_id, each.area / {AREAS.WIDTH}, {AREAS.BY_KEY} FROM added AS each {AREAS.OF_ELECTION}
            ON CONFLICT (submission_id, code) DO UPDATE
           SET unverified = tally.unverified + excluded.unverified, ms = tally.ms + excluded.ms,
               bms = tally.bms + excluded.bms, tms = tally.tms + excluded.tms, clean = tally.clean + excluded.clean;
        RETURN NULL;
    END IF;
"""

TRIGGER = """
CREATE TRIGGER tally_rolled_up_new AFTER INSERT ON supports_tally REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION supports_roll_up();
"""


COUNTED_BEFORE = EARLIER.function(EARLIER.BY_UPLOAD_AND_ROUND)
ROLLED_UP_BEFORE = AREAS.FUNCTION.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def changed(text: str, place: str, new: str) -> str:
    """An earlier migration's function with ``new`` for ``place``."""
    if text.count(place) != 1:
        raise RuntimeError("an earlier migration has changed: the place to change was not found")
    return text.replace(place, new)


class Migration(migrations.Migration):
    dependencies = [("supports", "0019_papers")]

    operations = [
        migrations.RunSQL(changed(ROLLED_UP_BEFORE, "BEGIN\n", "BEGIN" + ROLLED_UP_NEW), ROLLED_UP_BEFORE),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER tally_rolled_up_new ON supports_tally"),
        migrations.RunSQL(changed(COUNTED_BEFORE, IN_TWO_STEPS, IN_ONE_STEP + IN_TWO_STEPS), COUNTED_BEFORE),
    ]
