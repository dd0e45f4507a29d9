"""The trigger function that keeps Tally and UploadTally, and refuses to change a frozen round's number.

One function for both tables, called once per statement with the rows the statement added and removed. It runs with
its owner's rights: the application's role can read the counts and cannot write them.
"""

from django.db import migrations

CHANGE = """
CREATE TYPE supports_change AS (
    submission_id bigint, upload_id bigint, area bigint, key text, n bigint, is_row boolean
);
"""

FUNCTION = """
CREATE FUNCTION supports_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plus supports_change[];
    minus supports_change[];
    change supports_change[];
    round bigint;
BEGIN
    IF TG_TABLE_NAME = 'supports_standing' THEN
        IF TG_OP IN ('INSERT', 'UPDATE') THEN
            WITH seen AS MATERIALIZED (
                SELECT submission_id, support_id >> 24 AS upload_id, area, vermin, clean, count(*) AS n
                  FROM added GROUP BY 1, 2, 3, 4, 5
            ), each AS (
                SELECT submission_id, upload_id, area, vermin AS key, n, true AS is_row FROM seen
                 UNION ALL
                SELECT submission_id, upload_id, area, 'clean', n, false FROM seen WHERE clean
            )
            SELECT array_agg(ROW(each.*)::supports_change) INTO plus FROM each;
        END IF;
        IF TG_OP IN ('DELETE', 'UPDATE') THEN
            WITH seen AS MATERIALIZED (
                SELECT submission_id, support_id >> 24 AS upload_id, area, vermin, clean, count(*) AS n
                  FROM removed GROUP BY 1, 2, 3, 4, 5
            ), each AS (
                SELECT submission_id, upload_id, area, vermin AS key, -n, true AS is_row FROM seen
                 UNION ALL
                SELECT submission_id, upload_id, area, 'clean', -n, false FROM seen WHERE clean
            )
            SELECT array_agg(ROW(each.*)::supports_change) INTO minus FROM each;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(ROW(each.*)::supports_change) INTO plus
          FROM (SELECT submission_id, support_id >> 24, 0::bigint, code::text AS key, count(*), false
                  FROM added GROUP BY 1, 2, 4) AS each;
    ELSE
        SELECT array_agg(ROW(each.*)::supports_change) INTO minus
          FROM (SELECT submission_id, support_id >> 24, 0::bigint, code::text AS key, -count(*), false
                  FROM removed GROUP BY 1, 2, 4) AS each;
    END IF;
    change := coalesce(plus, '{}') || coalesce(minus, '{}');

    -- Counts of one round change in one transaction at a time, so that no two lock them in different order.
    FOR round IN SELECT DISTINCT submission_id FROM unnest(change) ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(5120000000000 + round);
    END LOOP;

    PERFORM FROM unnest(change) AS one
            JOIN supports_submission AS submission ON submission.id = one.submission_id
      WHERE one.is_row AND submission.status NOT IN ('draft', 'returned', 'reopened')
      GROUP BY one.submission_id, one.area
     HAVING sum(one.n) <> 0;
    IF FOUND THEN
        RAISE EXCEPTION 'the number of rows of a submitted round cannot change'
              USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'submitted_number_is_frozen';
    END IF;

    INSERT INTO supports_tally (submission_id, area, key, n)
    SELECT DISTINCT submission_id, area, key, 0 FROM unnest(change)
        ON CONFLICT DO NOTHING;
    UPDATE supports_tally AS tally
       SET n = tally.n + one.n
      FROM (SELECT submission_id, area, key, sum(n) AS n FROM unnest(change) GROUP BY 1, 2, 3) AS one
     WHERE tally.submission_id = one.submission_id AND tally.area = one.area AND tally.key = one.key
       AND one.n <> 0;

    INSERT INTO supports_uploadtally (upload_id, key, n)
    SELECT DISTINCT upload_id, CASE WHEN is_row THEN 'rows' ELSE key END, 0 FROM unnest(change)
        ON CONFLICT DO NOTHING;
    UPDATE supports_uploadtally AS tally
       SET n = tally.n + one.n
      FROM (SELECT upload_id, CASE WHEN is_row THEN 'rows' ELSE key END AS key, sum(n) AS n
              FROM unnest(change) GROUP BY 1, 2) AS one
     WHERE tally.upload_id = one.upload_id AND tally.key = one.key AND one.n <> 0;
    RETURN NULL;
END
$$;
"""

TRIGGERS = """
CREATE TRIGGER standing_added AFTER INSERT ON supports_standing REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION supports_count();
CREATE TRIGGER standing_changed AFTER UPDATE ON supports_standing REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION supports_count();
CREATE TRIGGER standing_removed AFTER DELETE ON supports_standing REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION supports_count();
CREATE TRIGGER finding_added AFTER INSERT ON supports_finding REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION supports_count();
CREATE TRIGGER finding_removed AFTER DELETE ON supports_finding REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION supports_count();
"""


class Migration(migrations.Migration):
    dependencies = [("supports", "0002_standing_decided")]

    operations = [
        migrations.RunSQL(CHANGE, "DROP TYPE supports_change"),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION supports_count()"),
        migrations.RunSQL(
            TRIGGERS,
            "DROP TRIGGER standing_added ON supports_standing; DROP TRIGGER standing_changed ON supports_standing;"
            "DROP TRIGGER standing_removed ON supports_standing; DROP TRIGGER finding_added ON supports_finding;"
            "DROP TRIGGER finding_removed ON supports_finding",
        ),
    ]
