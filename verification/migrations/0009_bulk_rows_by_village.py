"""The rows of a bulk decision lie in the order in which they are decided: village after village (docs/adr/0043)."""

import django.db.models.deletion
from django.db import migrations, models

BY_VILLAGE = """
ALTER TABLE verification_bulkrow ADD COLUMN area bigint;
UPDATE verification_bulkrow AS kept SET area = standing.area
  FROM supports_standing AS standing WHERE standing.support_id = kept.support_id;
DELETE FROM verification_bulkrow WHERE area IS NULL;
ALTER TABLE verification_bulkrow
    ALTER COLUMN area SET NOT NULL,
    DROP CONSTRAINT verification_bulkrow_pkey,
    ADD CONSTRAINT verification_bulkrow_pkey PRIMARY KEY (bulk_id, area, support_id);
"""

AS_THEY_CAME = """
ALTER TABLE verification_bulkrow
    DROP CONSTRAINT verification_bulkrow_pkey,
    DROP COLUMN area,
    ADD CONSTRAINT verification_bulkrow_pkey PRIMARY KEY (bulk_id, support_id);
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0008_decision_by_unchecked")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(BY_VILLAGE, AS_THEY_CAME)],
            state_operations=[
                migrations.DeleteModel("BulkRow"),
                migrations.CreateModel(
                    name="BulkRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "bulk_id",
                                "area",
                                "support_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "bulk",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waiting",
                                to="verification.bulk",
                            ),
                        ),
                        ("area", models.BigIntegerField()),
                        ("support_id", models.BigIntegerField()),
                    ],
                ),
            ],
        )
    ]
