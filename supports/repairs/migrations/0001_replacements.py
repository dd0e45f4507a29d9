"""Which new row replaces which BMS row of an earlier round, and how many of each round are replaced."""

from django.db import migrations, models
import django.db.models.deletion

COUNT = """
CREATE FUNCTION repairs_count_replaced() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sign integer := CASE TG_OP WHEN 'DELETE' THEN -1 ELSE 1 END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO repairs_replacedcount AS counted (submission_id, rows)
        SELECT origin_round_id, 0 FROM touched WHERE stands GROUP BY 1 ORDER BY 1
            ON CONFLICT (submission_id) DO NOTHING;
    END IF;
    UPDATE repairs_replacedcount AS counted
       SET rows = counted.rows + sign * one.n
      FROM (SELECT origin_round_id, count(*) AS n FROM touched WHERE stands GROUP BY 1) AS one
     WHERE counted.submission_id = one.origin_round_id;
    RETURN NULL;
END
$$;
CREATE FUNCTION repairs_recount_replaced() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO repairs_replacedcount AS counted (submission_id, rows)
    SELECT origin_round_id, 0 FROM added WHERE stands GROUP BY 1 ORDER BY 1
        ON CONFLICT (submission_id) DO NOTHING;
    UPDATE repairs_replacedcount AS counted
       SET rows = counted.rows + one.n
      FROM (SELECT origin_round_id, sum(n) AS n
              FROM (SELECT origin_round_id, 1 AS n FROM added WHERE stands
                     UNION ALL SELECT origin_round_id, -1 FROM removed WHERE stands) AS each
             GROUP BY 1) AS one
     WHERE counted.submission_id = one.origin_round_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER replacement_added AFTER INSERT ON repairs_replacement REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION repairs_count_replaced();
CREATE TRIGGER replacement_removed AFTER DELETE ON repairs_replacement REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION repairs_count_replaced();
CREATE TRIGGER replacement_changed AFTER UPDATE ON repairs_replacement
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION repairs_recount_replaced();
"""
UNDO = """
DROP TRIGGER replacement_added ON repairs_replacement;
DROP TRIGGER replacement_removed ON repairs_replacement;
DROP TRIGGER replacement_changed ON repairs_replacement;
DROP FUNCTION repairs_count_replaced();
DROP FUNCTION repairs_recount_replaced();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('supports', '0020_receive_rounds'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReplacedCount',
            fields=[
                ('submission', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='supports.submission')),
                ('rows', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('rows__gte', 0)), name='replaced_rows_are_never_negative')],
            },
        ),
        migrations.CreateModel(
            name='Replacement',
            fields=[
                ('pk', models.CompositePrimaryKey('origin_id', 'support_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('origin_id', models.BigIntegerField(help_text='The id of the Support of the earlier round.')),
                ('named', models.BooleanField()),
                ('stands', models.BooleanField()),
                ('origin_round', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='supports.submission')),
                ('submission', models.ForeignKey(db_constraint=False, help_text='The round of the new row.', on_delete=django.db.models.deletion.DO_NOTHING, to='supports.submission')),
                ('support', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='supports.support')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('stands', True)), fields=('origin_id',), name='row_is_replaced_once'), models.UniqueConstraint(fields=('support',), name='row_replaces_one')],
            },
        ),
        migrations.RunSQL(COUNT, UNDO),
    ]
