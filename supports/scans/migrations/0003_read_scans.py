"""What a machine reads on scans: which wait for it, and the sealed NIK it read on a card."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0014_rulings_name_rows'),
        ('scans', '0002_freeze_scans'),
    ]

    operations = [
        migrations.CreateModel(
            name='CardReading',
            fields=[
                ('scan_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('nik', models.UUIDField(null=True)),
                ('read_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('pair', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='candidates.pair')),
            ],
        ),
        migrations.CreateModel(
            name='UnreadScan',
            fields=[
                ('scan_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('pair', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, to='candidates.pair')),
            ],
            options={
                'indexes': [models.Index(fields=['pair', 'scan_id'], name='unread_scan_of_pair')],
            },
        ),
    ]
