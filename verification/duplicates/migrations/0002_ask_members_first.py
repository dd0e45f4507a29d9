"""Whether another row counts a person is asked of the groups first, once they are found: half a million rows at once.

Most rows are in no group, and that is the end of it. The groups of a round hold every person whom it has repeatedly or
an earlier round had, and no row comes to it any more. Until they are found, and once a later round exists, every row is
asked by its NIK as before (docs/adr/0043).
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("verification.duplicates.migrations.0001_initial")

DOUBTFUL = """
CREATE FUNCTION duplicates_doubtful(round bigint, ids bigint[]) RETURNS bigint[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM duplicates_grouping AS grouping
            JOIN supports_submission AS own ON own.id = grouping.submission_id
      WHERE own.id = round
        AND grouping.found_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM supports_submission AS later
                         WHERE later.pair_id = own.pair_id AND later.kind = 'round' AND later.id > own.id);
    IF FOUND THEN
        RETURN ARRAY(SELECT DISTINCT support_id FROM duplicates_member WHERE support_id = ANY(ids));
    END IF;
    RETURN ids;
END
$$;
"""

# The lock is the one under which a round's counts change (supports.locks): always taken before a group is held.
DECIDED = """
CREATE OR REPLACE FUNCTION duplicates_follow_decisions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one record;
    grouped bigint[];
BEGIN
    DELETE FROM duplicates_counted AS counted
     USING added
     WHERE counted.support_id = added.support_id AND added.before = 'MS' AND added.takes_effect;
    FOR one IN SELECT submission_id, array_agg(support_id) AS ids, array_agg(support_id) FILTER (WHERE after = 'MS') AS ms
                 FROM added WHERE takes_effect GROUP BY 1 ORDER BY 1 LOOP
        PERFORM FROM supports_support AS mine
                JOIN supports_submission AS own ON own.id = mine.submission_id
          WHERE mine.id = ANY(duplicates_doubtful(one.submission_id, one.ms))
            AND EXISTS (SELECT FROM supports_support AS other
                          JOIN supports_submission AS round ON round.id = other.submission_id
                         WHERE other.nik = mine.nik AND other.id <> mine.id
                           AND round.pair_id = own.pair_id AND round.kind = 'round')
            AND NOT EXISTS (SELECT FROM duplicates_counted AS counted
                             WHERE counted.support_id = mine.id AND counted.pair_id = own.pair_id
                               AND counted.nik = mine.nik);
        IF FOUND THEN
            RAISE EXCEPTION 'a person is counted once'
                  USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'person_is_counted_once';
        END IF;
        grouped := ARRAY(SELECT support_id FROM duplicates_member WHERE support_id = ANY(one.ids));
        CONTINUE WHEN grouped = '{}';
        PERFORM pg_advisory_xact_lock(5120000000000 + one.submission_id);
        UPDATE duplicates_group AS held
           SET waiting = held.waiting + changed.n
          FROM (SELECT member.group_id,
                       sum((added.after = 'unverified')::int - (added.before = 'unverified')::int) AS n
                  FROM added
                  JOIN duplicates_member AS member ON member.support_id = added.support_id
                  JOIN duplicates_group AS its ON its.id = member.group_id AND its.submission_id = added.submission_id
                 WHERE added.takes_effect AND added.support_id = ANY(grouped)
                   AND added.submission_id = one.submission_id
                 GROUP BY 1) AS changed
         WHERE held.id = changed.group_id AND changed.n <> 0;
    END LOOP;
    RETURN NULL;
END
$$;
"""
BACK = BEFORE.DECIDED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").partition("CREATE TRIGGER")[0]


class Migration(migrations.Migration):

    dependencies = [("duplicates", "0001_initial")]

    operations = [migrations.RunSQL(DOUBTFUL + DECIDED, BACK + "DROP FUNCTION duplicates_doubtful(bigint, bigint[])")]
