"""What was decided about a row that is replaced stays: else the person of both could count twice.

Looks only at decided rows whose status changes; a load and a first decision end at the first look.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION repairs_keep_replaced() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed bigint[];
BEGIN
    SELECT array_agg(removed.support_id) INTO changed
      FROM removed
      JOIN added USING (support_id)
     WHERE removed.vermin IN ('BMS', 'TMS') AND added.vermin <> removed.vermin;
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM repairs_replacement WHERE stands AND origin_id = ANY(changed);
    IF FOUND THEN
        RAISE EXCEPTION 'a row that is replaced stays as it was decided'
              USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'replaced_row_stays';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER standing_replaced_stays AFTER UPDATE ON supports_standing
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION repairs_keep_replaced();
"""
UNDO = """
DROP TRIGGER standing_replaced_stays ON supports_standing;
DROP FUNCTION repairs_keep_replaced();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('repairs', '0001_replacements'),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, UNDO),
    ]
