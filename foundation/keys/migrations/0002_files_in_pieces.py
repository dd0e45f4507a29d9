# Files that arrive in pieces: their parts, and when an unfinished one expires.

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='expires_at',
            field=models.DateTimeField(help_text='Until when a file that arrives in pieces is waited for; empty once it is kept.', null=True),
        ),
        migrations.CreateModel(
            name='StoredPart',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('begins_at', models.BigIntegerField(help_text='The byte of the file it begins with.')),
                ('size', models.BigIntegerField(help_text='Bytes before sealing.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('stored_at', models.DateTimeField(null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='keys.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('stored_at__isnull', False)), fields=('file', 'begins_at'), name='stored_part_once_per_place'), models.CheckConstraint(condition=models.Q(models.Q(('size', None), ('stored_at', None)), models.Q(('size__gt', 0), ('stored_at__isnull', False)), _connector='OR'), name='stored_part_has_size_once_stored')],
            },
        ),
    ]
