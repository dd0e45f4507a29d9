"""All scans of a pair in their order: the list that is asked for without a reason was sorted anew for each page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scans", "0005_name_scans_by_lists")]

    operations = [
        migrations.AddIndex("scan", models.Index(fields=["pair", "id"], name="scan_of_pair")),
    ]
