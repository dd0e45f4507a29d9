# The tables of wrapped keys and sealed files.

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='SealedKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=40)),
                ('purpose', models.CharField(max_length=20)),
                ('wrapped', models.BinaryField(help_text='Nonce, ciphertext and tag of AES-GCM.', null=True)),
                ('kek_id', models.CharField(help_text='Which SILON_KEK wraps it; tells nothing about it.', max_length=16)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scope', 'purpose'), name='sealed_key_once_per_scope_and_purpose'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at', None), ('wrapped__isnull', False)), models.Q(('destroyed_at__isnull', False), ('wrapped', None)), _connector='OR'), name='sealed_key_is_there_or_destroyed')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(help_text='The scope whose file key seals it: election:3.', max_length=40)),
                ('size', models.BigIntegerField(help_text='Bytes before sealing.', null=True)),
                ('sha256', models.CharField(blank=True, help_text='Of the bytes before sealing.', max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('stored_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['created_at'], name='stored_file_by_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sha256', ''), ('size', None), ('stored_at', None)), models.Q(('size__isnull', False), ('stored_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='stored_file_has_size_and_sha256_once_stored')],
            },
        ),
    ]
