# Files that a team sends in pieces.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0003_parent_regions'),
        ('keys', '0002_files_in_pieces'),
        ('supports', '0006_uploads_by_the_system'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IncomingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255)),
                ('size', models.BigIntegerField(help_text='Bytes as declared.')),
                ('sha256', models.CharField(blank=True, help_text='As declared; empty where it was not.', max_length=64)),
                ('declared_at', models.DateTimeField()),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, to='keys.storedfile')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incoming_files', to='candidates.pair')),
                ('upload', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supports.upload')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('upload', None)), fields=['pair', 'declared_by'], name='incoming_file_unfinished')],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='incoming_file_is_not_empty'), models.CheckConstraint(condition=models.Q(('file__isnull', False), ('upload__isnull', False), _connector='OR'), name='incoming_file_is_there_or_became_an_upload')],
            },
        ),
    ]
