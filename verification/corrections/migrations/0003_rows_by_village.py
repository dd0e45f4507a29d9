"""The rows of a correction lie in the order in which they are taken back: village after village (docs/adr/0043)."""

import django.db.models.deletion
from django.db import migrations, models

BY_VILLAGE = """
ALTER TABLE corrections_correctionrow ADD COLUMN area bigint;
UPDATE corrections_correctionrow AS kept SET area = standing.area
  FROM supports_standing AS standing WHERE standing.support_id = kept.support_id;
DELETE FROM corrections_correctionrow WHERE area IS NULL;
ALTER TABLE corrections_correctionrow
    ALTER COLUMN area SET NOT NULL,
    DROP CONSTRAINT corrections_correctionrow_pkey,
    ADD CONSTRAINT corrections_correctionrow_pkey PRIMARY KEY (correction_id, area, support_id);
"""

AS_THEY_CAME = """
ALTER TABLE corrections_correctionrow
    DROP CONSTRAINT corrections_correctionrow_pkey,
    DROP COLUMN area,
    ADD CONSTRAINT corrections_correctionrow_pkey PRIMARY KEY (correction_id, support_id);
"""


class Migration(migrations.Migration):
    dependencies = [("corrections", "0002_reopening")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(BY_VILLAGE, AS_THEY_CAME)],
            state_operations=[
                migrations.DeleteModel("CorrectionRow"),
                migrations.CreateModel(
                    name="CorrectionRow",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "correction_id",
                                "area",
                                "support_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        (
                            "correction",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waiting",
                                to="corrections.correction",
                            ),
                        ),
                        ("area", models.BigIntegerField()),
                        ("support_id", models.BigIntegerField()),
                        (
                            "stood",
                            models.CharField(
                                choices=[
                                    ("unverified", "Belum diperiksa"),
                                    ("MS", "Memenuhi syarat"),
                                    ("BMS", "Belum memenuhi syarat"),
                                    ("TMS", "Tidak memenuhi syarat"),
                                ],
                                max_length=10,
                            ),
                        ),
                    ],
                ),
            ],
        ),
        # As of a bulk decision's rows (verification 0010).
        migrations.AlterField(
            "correctionrow",
            "correction",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="waiting",
                to="corrections.correction",
            ),
        ),
    ]
