"""Rows that take the place of others, and what uploads have in common."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("supports", "0012_submitted_number")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="replaces",
            field=models.ForeignKey(
                help_text="The upload whose place this one is to take as a whole when it is loaded.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="supports.upload",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="successor",
            field=models.ForeignKey(
                help_text="The upload that took the place of this one, which was discarded for it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="predecessors",
                to="supports.upload",
            ),
        ),
        migrations.CreateModel(
            name="Repeat",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id",
                        "other_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "shared",
                    models.BigIntegerField(default=0, help_text="Rows whose NIK the other upload has too."),
                ),
                (
                    "identical",
                    models.BigIntegerField(
                        default=0, help_text="Of these, the ones that it has identically."
                    ),
                ),
                (
                    "theirs",
                    models.BigIntegerField(
                        default=0, help_text="Rows of the other upload whose NIK this one has too."
                    ),
                ),
                (
                    "replaced",
                    models.BigIntegerField(default=0, help_text="Rows of the other that this one replaced."),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="repeated_in",
                        to="supports.upload",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="repeats",
                        to="supports.upload",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mend",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "origin_id",
                        "support_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "origin_id",
                    models.BigIntegerField(help_text="The id of the Support that was named."),
                ),
                (
                    "revision",
                    models.SmallIntegerField(
                        help_text="Of the named row, when its report was fetched."
                    ),
                ),
                (
                    "support",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="supports.support",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["support"], name="mend_by_support")]},
        ),
    ]
