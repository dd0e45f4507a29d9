"""How a row stands changes only while its round is in review, whoever writes: not even raw SQL of the tables' owner.

The counting trigger (supports 0003) keeps the number of rows of a round that was handed in; this keeps what was decided
about them. Rows come in undecided. The round is held FOR SHARE: closing it waits, or has been waited for.
"""

from django.db import migrations

# Nearly every statement ends at the first look: a load brings undecided rows, a decision is made in review.
FUNCTION = """
CREATE FUNCTION verification_keep_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    rounds bigint[];
    elsewhere bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM added WHERE vermin <> 'unverified';
        IF FOUND THEN
            RAISE EXCEPTION 'a row comes into a round undecided'
                  USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vermin_only_in_review';
        END IF;
        RETURN NULL;
    END IF;
    SELECT array_agg(submission_id) INTO rounds
      FROM (SELECT submission_id FROM added WHERE vermin <> 'unverified'
             UNION SELECT submission_id FROM removed WHERE vermin <> 'unverified') AS decided;
    IF rounds IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM supports_submission WHERE id = ANY(rounds) ORDER BY id FOR SHARE;
    SELECT array_agg(id) INTO elsewhere
      FROM supports_submission WHERE id = ANY(rounds) AND status <> 'in_review';
    IF elsewhere IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM added FULL JOIN removed USING (support_id)
      WHERE added.vermin IS DISTINCT FROM removed.vermin
        AND (added.submission_id = ANY(elsewhere) OR removed.submission_id = ANY(elsewhere));
    IF FOUND THEN
        RAISE EXCEPTION 'how a row stands changes only while its round is in review'
              USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vermin_only_in_review';
    END IF;
    RETURN NULL;
END
$$;
"""

TRIGGERS = """
CREATE TRIGGER standing_comes_undecided AFTER INSERT ON supports_standing REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION verification_keep_decided();
CREATE TRIGGER standing_kept AFTER UPDATE ON supports_standing REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION verification_keep_decided();
"""

UNDO = """
DROP TRIGGER standing_comes_undecided ON supports_standing;
DROP TRIGGER standing_kept ON supports_standing;
DROP FUNCTION verification_keep_decided();
"""


class Migration(migrations.Migration):
    dependencies = [("supports", "0020_receive_rounds"), ("verification", "0004_second_readings")]

    operations = [migrations.RunSQL(FUNCTION + TRIGGERS, UNDO)]
