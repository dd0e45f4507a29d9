"""Lists sent beside the scans: which file is whose, kept by digests of names."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0014_rulings_name_rows'),
        ('jobs', '0001_initial'),
        ('keys', '0002_files_in_pieces'),
        ('scans', '0004_list_lacks'),
        ('supports', '0022_files_of_elections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='scan',
            name='named',
            field=models.ForeignKey(db_constraint=False, db_index=False, help_text='The row whose id a list gives.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='supports.support'),
        ),
        migrations.AlterField(
            model_name='scan',
            name='found_by',
            field=models.CharField(blank=True, help_text='nik, ref, sheet, row, hand or call.', max_length=8),
        ),
        migrations.CreateModel(
            name='ScanManifest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='A NIK in it is masked.', max_length=255)),
                ('size', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('lines', models.IntegerField(default=0)),
                ('kept', models.IntegerField(default=0)),
                ('wrong', models.IntegerField(default=0)),
                ('matched', models.IntegerField(default=0)),
                ('faults', models.JSONField(default=list)),
                ('error_code', models.CharField(blank=True, max_length=40)),
                ('error_message', models.TextField(blank=True)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('finished_at', models.DateTimeField(null=True)),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='keys.storedfile')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scan_manifests', to='candidates.pair')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ManifestLine',
            fields=[
                ('pk', models.CompositePrimaryKey('pair_id', 'name', blank=True, editable=False, primary_key=True, serialize=False)),
                ('name', models.UUIDField()),
                ('nik', models.UUIDField(null=True)),
                ('token', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=9)),
                ('pair', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='candidates.pair')),
                ('support', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='supports.support')),
                ('manifest', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='scans.scanmanifest')),
            ],
        ),
        migrations.AddIndex(
            model_name='scanmanifest',
            index=models.Index(fields=['pair', '-id'], name='scan_manifest_of_pair'),
        ),
    ]
