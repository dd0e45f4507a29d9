"""The rows of a bulk decision are written with it, in one transaction: looking the decision up for each took seconds."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("verification", "0009_bulk_rows_by_village")]

    operations = [
        migrations.AlterField(
            "bulkrow",
            "bulk",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="waiting",
                to="verification.bulk",
            ),
        )
    ]
