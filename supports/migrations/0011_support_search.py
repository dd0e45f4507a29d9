"""A narrow table to find supporters by name and phone, filled after a load so that no load becomes slower."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

WORDS = r"""
CREATE FUNCTION supports_words(round bigint, name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('simple'::regconfig, regexp_replace(name, '([[:alnum:]]+)[^[:alnum:]]*', round::text || 'w\1 ', 'g'))
$$;
COMMENT ON FUNCTION supports_words(bigint, text) IS
    'The words of a name, each with its round in front (77wbudi): the index leads to the rows of one round only.';
"""

SOUGHT = """
CREATE FUNCTION supports_sought(round bigint, name text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(
               quote_literal(word) || CASE WHEN length(word) > length(round::text || 'w') + 1 THEN ':*' ELSE '' END,
               ' & '
           )::tsquery
      FROM unnest(tsvector_to_array(supports_words(round, name))) AS word
$$;
COMMENT ON FUNCTION supports_sought(bigint, text) IS
    'Names in that round in which a word begins with each of these; a single letter has to be a word by itself.';
"""


def queue_loaded(apps, schema_editor):
    """What was loaded before this table was there is made searchable by the same jobs."""
    jobs = apps.get_model("jobs", "Job").objects.using(schema_editor.connection.alias)
    uploads = apps.get_model("supports", "Upload").objects.using(schema_editor.connection.alias)
    for pk in uploads.filter(status="loaded").values_list("pk", flat=True):
        jobs.create(kind="supports.make_searchable", lane="later", subject_id=pk, state="queued")


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
        ("supports", "0014_pair_match_counts"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="searchable_to",
            field=models.BigIntegerField(default=0, help_text="Rows of smaller ids are searchable by name."),
        ),
        migrations.CreateModel(
            name="SupportSearch",
            fields=[
                ("pk", models.CompositePrimaryKey("submission_id", "support_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("phone", models.UUIDField(null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("submission", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to="supports.submission")),
                ("support", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to="supports.support")),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["words"], gin_pending_list_limit=1024, name="search_by_words"),
                    models.Index(condition=models.Q(("phone__isnull", False)), fields=["phone", "support"], name="search_by_phone"),
                ],
            },
        ),
        migrations.RunSQL(WORDS, "DROP FUNCTION supports_words(bigint, text)"),
        migrations.RunSQL(SOUGHT, "DROP FUNCTION supports_sought(bigint, text)"),
        migrations.RunPython(queue_loaded, migrations.RunPython.noop),
    ]
