"""A decided row stays in its round, also while a ruling has given the round back to the team (docs/adr/0040).

Of a round that is reopened exactly the rows that the ruling names become undecided, by the correction that carries it;
every other decided row keeps its status and its area, and none goes: not even by raw SQL of the tables' owner. The
rows of a practice election go with it.
"""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION verification_keep_decided() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
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
      WHERE (added.vermin IS DISTINCT FROM removed.vermin OR added.area IS DISTINCT FROM removed.area
             OR added.submission_id IS DISTINCT FROM removed.submission_id)
        AND (added.vermin <> 'unverified' OR removed.vermin <> 'unverified')
        AND (added.submission_id = ANY(elsewhere) OR removed.submission_id = ANY(elsewhere))
        AND (added.vermin = 'unverified' AND added.area = removed.area
             AND added.submission_id = removed.submission_id
             AND EXISTS (SELECT FROM supports_submission AS round
                               JOIN verification_review AS review ON review.submission_id = round.id
                               JOIN corrections_correction AS correction ON correction.review_id = review.id
                               JOIN corrections_correctionrow AS named
                                 ON named.correction_id = correction.id AND named.support_id = added.support_id
                              WHERE round.id = added.submission_id AND round.status = 'reopened'
                                AND correction.reopens AND correction.status = 'approved')) IS NOT TRUE;
    IF FOUND THEN
        RAISE EXCEPTION 'how a row stands changes only while its round is in review'
              USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vermin_only_in_review';
    END IF;
    RETURN NULL;
END
$$;
"""

STAY = """
CREATE FUNCTION verification_decided_stay() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM (SELECT DISTINCT submission_id FROM removed WHERE vermin <> 'unverified') AS one
            JOIN supports_submission AS submission ON submission.id = one.submission_id
            JOIN candidates_pair AS pair ON pair.id = submission.pair_id
            JOIN candidates_election AS election ON election.id = pair.election_id
      WHERE NOT election.practice;
    IF FOUND THEN
        RAISE EXCEPTION 'a decided row stays in its round'
              USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'decided_row_stays';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER standing_stays AFTER DELETE ON supports_standing REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION verification_decided_stay();
"""

UNDO = """
DROP TRIGGER standing_stays ON supports_standing;
DROP FUNCTION verification_decided_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0006_bulk_doubled"), ("corrections", "0002_reopening")]

    operations = [migrations.RunSQL(KEEP, migrations.RunSQL.noop), migrations.RunSQL(STAY, UNDO)]
