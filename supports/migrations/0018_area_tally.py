"""Counts of a round by the areas that count for the spread, so that the progress of every pair is read at once.

Kept by a trigger on the counts themselves: they change by UPDATE only (0003 adds a row as 0, then updates it), and one
round's in one transaction at a time.
"""

import django.db.models.deletion
from django.db import migrations, models

WIDTH = "CASE WHEN election.level = 'gubernur' THEN 1000000 ELSE 10000 END"
OF_ELECTION = """
      JOIN supports_submission AS submission ON submission.id = each.submission_id
      JOIN candidates_pair AS pair ON pair.id = submission.pair_id
      JOIN candidates_election AS election ON election.id = pair.election_id
     WHERE each.key IN ('unverified', 'MS', 'BMS', 'TMS', 'clean') AND each.n <> 0
     GROUP BY 1, 2
"""
BY_KEY = """
           coalesce(sum(each.n) FILTER (WHERE each.key = 'unverified'), 0) AS unverified,
           coalesce(sum(each.n) FILTER (WHERE each.key = 'MS'), 0) AS ms,
           coalesce(sum(each.n) FILTER (WHERE each.key = 'BMS'), 0) AS bms,
           coalesce(sum(each.n) FILTER (WHERE each.key = 'TMS'), 0) AS tms,
           coalesce(sum(each.n) FILTER (WHERE each.key = 'clean'), 0) AS clean
"""

FUNCTION = f"""
CREATE FUNCTION supports_roll_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO supports_areatally (submission_id, code, unverified, ms, bms, tms, clean)
    SELECT each.submission_id, each.area / {WIDTH}, 0, 0, 0, 0, 0
      FROM added AS each {OF_ELECTION}
        ON CONFLICT DO NOTHING;
    UPDATE supports_areatally AS tally
       SET unverified = tally.unverified + one.unverified, ms = tally.ms + one.ms, bms = tally.bms + one.bms,
           tms = tally.tms + one.tms, clean = tally.clean + one.clean
      FROM (SELECT each.submission_id, each.area / {WIDTH} AS code, {BY_KEY}
              FROM (SELECT submission_id, area, key, n FROM added
                     UNION ALL
                    SELECT submission_id, area, key, -n FROM removed) AS each {OF_ELECTION}) AS one
     WHERE tally.submission_id = one.submission_id AND tally.code = one.code;
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_rolled_up AFTER UPDATE ON supports_tally REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION supports_roll_up();
"""

FILL = f"""
INSERT INTO supports_areatally (submission_id, code, unverified, ms, bms, tms, clean)
SELECT each.submission_id, each.area / {WIDTH}, {BY_KEY} FROM supports_tally AS each {OF_ELECTION};
"""

UNDO = """
DROP TRIGGER tally_rolled_up ON supports_tally;
DROP FUNCTION supports_roll_up();
"""


class Migration(migrations.Migration):
    dependencies = [("supports", "0010_count_uploads_by_round")]

    operations = [
        migrations.CreateModel(
            name="AreaTally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "submission_id", "code", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.BigIntegerField()),
                *((name, models.IntegerField()) for name in ("unverified", "ms", "bms", "tms", "clean")),
                (
                    "submission",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="supports.submission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(bms__gte=0, clean__gte=0, ms__gte=0, tms__gte=0, unverified__gte=0),
                        name="area_tally_is_never_negative",
                    )
                ],
            },
        ),
        migrations.RunSQL(FUNCTION + FILL, UNDO),
    ]  # fmt: skip
