"""The rows of a round that lack scans, listed when scans are placed, so that no page looks for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scans', '0003_read_scans'),
        ('supports', '0022_files_of_elections'),
    ]

    operations = [
        migrations.AlterField(
            model_name='scancount',
            name='key',
            field=models.CharField(help_text='scans, rows, waiting, repeated, problems, or no_ and what is wanted.', max_length=12),
        ),
        migrations.CreateModel(
            name='ScanLack',
            fields=[
                ('pk', models.CompositePrimaryKey('submission_id', 'wanted', 'area', 'support_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('wanted', models.CharField(choices=[('any', 'Pindaian apa pun'), ('statement', 'Surat pernyataan dukungan'), ('ktp', 'KTP-el atau surat keterangan')], max_length=9)),
                ('area', models.BigIntegerField()),
                ('submission', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='supports.submission')),
                ('support', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='supports.support')),
            ],
        ),
    ]
