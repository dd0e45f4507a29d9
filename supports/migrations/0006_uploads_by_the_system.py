from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("supports", "0005_pair_match_unchecked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="upload",
            name="received_by",
            field=models.ForeignKey(
                help_text="Empty for the system (a command without --as).",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
