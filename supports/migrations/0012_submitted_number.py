"""The submitted number cannot be written past the counting trigger either: not even by the tables' owner.

``supports_count`` (0003) refuses rows that come or go in a round that was handed in. These refuse what it never sees:
TRUNCATE, and SQL on the counts themselves, which only the owner may write.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION supports_refuse_new_number() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the number of rows of a submitted round cannot change'
          USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'submitted_number_is_frozen';
END
$$;

-- Decisions move a count from one status to another: the sum over an area stays.
CREATE FUNCTION supports_keep_number() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM added JOIN supports_submission AS submission ON submission.id = added.submission_id
          WHERE added.n <> 0 AND added.key IN ('unverified', 'MS', 'BMS', 'TMS')
            AND submission.status NOT IN ('draft', 'returned', 'reopened');
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM FROM removed JOIN supports_submission AS submission ON submission.id = removed.submission_id
          WHERE removed.n <> 0 AND removed.key IN ('unverified', 'MS', 'BMS', 'TMS')
            AND submission.status NOT IN ('draft', 'returned', 'reopened');
    ELSE
        PERFORM FROM (SELECT submission_id, area, key, n FROM added
                       UNION ALL SELECT submission_id, area, key, -n FROM removed) AS one
                JOIN supports_submission AS submission ON submission.id = one.submission_id
          WHERE one.key IN ('unverified', 'MS', 'BMS', 'TMS')
            AND submission.status NOT IN ('draft', 'returned', 'reopened')
          GROUP BY one.submission_id, one.area
         HAVING sum(one.n) <> 0;
    END IF;
    IF FOUND THEN
        PERFORM supports_refuse_new_number();
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION supports_keep_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM supports_tally AS tally
            JOIN supports_submission AS submission ON submission.id = tally.submission_id
      WHERE tally.n <> 0 AND submission.status NOT IN ('draft', 'returned', 'reopened');
    IF FOUND THEN
        PERFORM supports_refuse_new_number();
    END IF;
    RETURN NULL;
END
$$;
"""

TRIGGERS = """
CREATE TRIGGER tally_added AFTER INSERT ON supports_tally REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION supports_keep_number();
CREATE TRIGGER tally_changed AFTER UPDATE ON supports_tally REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION supports_keep_number();
CREATE TRIGGER tally_removed AFTER DELETE ON supports_tally REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION supports_keep_number();
CREATE TRIGGER tally_emptied BEFORE TRUNCATE ON supports_tally
    FOR EACH STATEMENT EXECUTE FUNCTION supports_keep_rows();
CREATE TRIGGER standing_emptied BEFORE TRUNCATE ON supports_standing
    FOR EACH STATEMENT EXECUTE FUNCTION supports_keep_rows();
CREATE TRIGGER support_emptied BEFORE TRUNCATE ON supports_support
    FOR EACH STATEMENT EXECUTE FUNCTION supports_keep_rows();
"""

UNDO = """
DROP TRIGGER tally_added ON supports_tally;
DROP TRIGGER tally_changed ON supports_tally;
DROP TRIGGER tally_removed ON supports_tally;
DROP TRIGGER tally_emptied ON supports_tally;
DROP TRIGGER standing_emptied ON supports_standing;
DROP TRIGGER support_emptied ON supports_support;
DROP FUNCTION supports_keep_number();
DROP FUNCTION supports_keep_rows();
DROP FUNCTION supports_refuse_new_number();
"""


class Migration(migrations.Migration):
    dependencies = [("supports", "0007_incoming_file")]

    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO)]
