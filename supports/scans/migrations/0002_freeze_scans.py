"""The scans of a round that was handed in do not change, not even by SQL past the application.

Until then they come and go. Afterwards only what was received before the handing-in still comes to its rows (a job may
be slower than the team), and takes the place of older ones received before; and while the round is completed, what
its rows lack. What a scan shows (its place in the file, its kind) never changes under a row that is frozen.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION scans_keep_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    fault bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT scan.id INTO fault
          FROM added AS scan
          JOIN supports_standing AS standing ON standing.support_id = scan.support_id
         WHERE NOT scans_may_come(standing.submission_id, scan.received_at)
         LIMIT 1;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT scan.id INTO fault
          FROM removed AS scan
          JOIN supports_standing AS standing ON standing.support_id = scan.support_id
          JOIN supports_submission AS submission ON submission.id = standing.submission_id
         WHERE submission.status NOT IN ('draft', 'returned', 'reopened')
         LIMIT 1;
    ELSE
        SELECT was.id INTO fault
          FROM removed AS was
          JOIN added AS scan ON scan.id = was.id
          LEFT JOIN supports_standing AS left_row ON left_row.support_id = was.support_id
          LEFT JOIN supports_submission AS left_round ON left_round.id = left_row.submission_id
          LEFT JOIN supports_standing AS new_row ON new_row.support_id = scan.support_id
         WHERE (was.support_id, was.ended_at, was.kind, was.digest, was.batch_id, was.pack_id, was.begins,
                was.packed, was.method, was.size, was.pictures)
               IS DISTINCT FROM
               (scan.support_id, scan.ended_at, scan.kind, scan.digest, scan.batch_id, scan.pack_id, scan.begins,
                scan.packed, scan.method, scan.size, scan.pictures)
           AND (
               (scan.support_id IS DISTINCT FROM was.support_id
                AND new_row.submission_id IS NOT NULL
                AND NOT scans_may_come(new_row.submission_id, scan.received_at))
               OR (left_round.status NOT IN ('draft', 'returned', 'reopened')
                   AND (scan.support_id IS DISTINCT FROM was.support_id
                        OR NOT EXISTS (
                            SELECT FROM scans_scan AS newer
                             WHERE newer.support_id = was.support_id
                               AND newer.id <> was.id
                               AND newer.ended_at IS NULL
                               AND newer.received_at <= scans_asked_at(left_row.submission_id)
                        )))
           )
         LIMIT 1;
    END IF;
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'the scans of a round that was handed in do not change'
              USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'scans_are_frozen';
    END IF;
    RETURN NULL;
END
$$;
"""

QUESTIONS = """
CREATE FUNCTION scans_asked_at(round bigint) RETURNS timestamptz LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS $$
    SELECT max(requested_at) FROM supports_handin WHERE submission_id = round AND error_code = ''
$$;

CREATE FUNCTION scans_may_come(round bigint, received timestamptz) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS $$
    SELECT status IN ('draft', 'returned', 'reopened', 'completing') OR coalesce(received <= scans_asked_at(round), false)
      FROM supports_submission WHERE id = round
$$;
"""

TRIGGERS = """
CREATE TRIGGER scan_added AFTER INSERT ON scans_scan REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION scans_keep_frozen();
CREATE TRIGGER scan_changed AFTER UPDATE ON scans_scan REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION scans_keep_frozen();
CREATE TRIGGER scan_removed AFTER DELETE ON scans_scan REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION scans_keep_frozen();
"""

UNDO = """
DROP TRIGGER scan_added ON scans_scan;
DROP TRIGGER scan_changed ON scans_scan;
DROP TRIGGER scan_removed ON scans_scan;
DROP FUNCTION scans_keep_frozen();
DROP FUNCTION scans_may_come(bigint, timestamptz);
DROP FUNCTION scans_asked_at(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("scans", "0001_scans")]

    operations = [migrations.RunSQL(QUESTIONS + FUNCTION + TRIGGERS, UNDO)]
