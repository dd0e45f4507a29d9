"""Counts of an upload are kept for each round that holds rows of it: rows may move from the pool to a round and back."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

COUNTING = import_module("supports.migrations.0003_counting").FUNCTION

BY_UPLOAD = """
    INSERT INTO supports_uploadtally (upload_id, key, n)
    SELECT DISTINCT upload_id, CASE WHEN is_row THEN 'rows' ELSE key END, 0 FROM unnest(change)
        ON CONFLICT DO NOTHING;
    UPDATE supports_uploadtally AS tally
       SET n = tally.n + one.n
      FROM (SELECT upload_id, CASE WHEN is_row THEN 'rows' ELSE key END AS key, sum(n) AS n
              FROM unnest(change) GROUP BY 1, 2) AS one
     WHERE tally.upload_id = one.upload_id AND tally.key = one.key AND one.n <> 0;
"""

BY_UPLOAD_AND_ROUND = """
    INSERT INTO supports_uploadtally (upload_id, submission_id, key, n)
    SELECT DISTINCT upload_id, submission_id, CASE WHEN is_row THEN 'rows' ELSE key END, 0 FROM unnest(change)
        ON CONFLICT DO NOTHING;
    UPDATE supports_uploadtally AS tally
       SET n = tally.n + one.n
      FROM (SELECT upload_id, submission_id, CASE WHEN is_row THEN 'rows' ELSE key END AS key, sum(n) AS n
              FROM unnest(change) GROUP BY 1, 2, 3) AS one
     WHERE tally.upload_id = one.upload_id AND tally.submission_id = one.submission_id AND tally.key = one.key
       AND one.n <> 0;
"""

# Until now all rows of an upload were in the round it was handed in.
ADD_ROUND = """
ALTER TABLE supports_uploadtally ADD COLUMN submission_id bigint;
UPDATE supports_uploadtally AS tally SET submission_id = upload.submission_id
  FROM supports_upload AS upload WHERE upload.id = tally.upload_id;
DELETE FROM supports_uploadtally WHERE submission_id IS NULL;
ALTER TABLE supports_uploadtally
    ALTER COLUMN submission_id SET NOT NULL,
    DROP CONSTRAINT supports_uploadtally_pkey,
    ADD CONSTRAINT supports_uploadtally_pkey PRIMARY KEY (upload_id, submission_id, key);
"""

REMOVE_ROUND = """
CREATE TEMPORARY TABLE summed ON COMMIT DROP AS
    SELECT upload_id, key, sum(n)::bigint AS n FROM supports_uploadtally GROUP BY 1, 2;
DELETE FROM supports_uploadtally;
ALTER TABLE supports_uploadtally
    DROP CONSTRAINT supports_uploadtally_pkey,
    DROP COLUMN submission_id,
    ADD CONSTRAINT supports_uploadtally_pkey PRIMARY KEY (upload_id, key);
INSERT INTO supports_uploadtally (upload_id, key, n) SELECT upload_id, key, n FROM summed;
"""


def function(tail: str) -> str:
    """The counting function of 0003 with this for its last part."""
    if BY_UPLOAD not in COUNTING:
        raise RuntimeError("0003_counting has changed: its last part was not found")
    text = COUNTING.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    return text.replace(BY_UPLOAD, tail)


class Migration(migrations.Migration):
    dependencies = [("supports", "0011_support_search")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ADD_ROUND, REMOVE_ROUND),
                migrations.RunSQL(function(BY_UPLOAD_AND_ROUND), function(BY_UPLOAD)),
            ],
            state_operations=[
                migrations.DeleteModel("UploadTally"),
                migrations.CreateModel(
                    name="UploadTally",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "upload_id",
                                "submission_id",
                                "key",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("key", models.CharField(max_length=10)),
                        ("n", models.BigIntegerField()),
                        *(
                            (
                                name,
                                models.ForeignKey(
                                    db_constraint=False,
                                    db_index=False,
                                    on_delete=django.db.models.deletion.DO_NOTHING,
                                    to=f"supports.{name}",
                                ),
                            )
                            for name in ("submission", "upload")
                        ),
                    ],
                ),
                migrations.AddConstraint(
                    model_name="uploadtally",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("n__gte", 0)), name="upload_tally_is_never_negative"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="incomingfile",
            name="target",
            field=models.CharField(
                choices=[("round", "Putaran"), ("pool", "Cadangan dukungan")], default="round", max_length=5
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "pool"), ("stage", "pool"), ("status", "draft"))
                | (models.Q(("kind", "round")) & ~models.Q(("stage", "pool"))),
                name="submission_pool_is_no_round",
            ),
        ),
    ]
