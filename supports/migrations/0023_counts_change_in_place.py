"""Room on each page of the counts: a load raises each of them several times, and a count that changes where it stands
needs no new entries in the index.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("supports", "0022_files_of_elections")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE supports_tally SET (fillfactor = 15)",
            "ALTER TABLE supports_tally RESET (fillfactor)",
        )
    ]
