"""What the application may not delete, of a practice election it may: its receipts, and counts that are zero.

The database looks itself whether the election is for practice; of any other nothing can go. While a count is not zero,
only its trigger changes it.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION supports_forget_practice(wanted bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    rounds bigint[];
    files bigint[];
BEGIN
    PERFORM FROM candidates_election WHERE id = wanted AND practice;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only a practice election can be thrown away'
              USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'election_is_for_practice';
    END IF;
    SELECT coalesce(array_agg(submission.id), '{}') INTO rounds
      FROM supports_submission AS submission
      JOIN candidates_pair AS pair ON pair.id = submission.pair_id
     WHERE pair.election_id = wanted;
    SELECT coalesce(array_agg(id), '{}') INTO files FROM supports_upload WHERE submission_id = ANY(rounds);
    DELETE FROM supports_receipt WHERE election_id = wanted;
    DELETE FROM supports_tally WHERE submission_id = ANY(rounds) AND n = 0;
    DELETE FROM supports_areatally
     WHERE submission_id = ANY(rounds) AND (unverified, ms, bms, tms, clean) = (0, 0, 0, 0, 0);
    DELETE FROM supports_uploadtally WHERE upload_id = ANY(files) AND n = 0;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0008_mass_changes"),
        ("supports", "0016_hand_in_with_receipt"),
    ]

    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION supports_forget_practice(bigint)")]
