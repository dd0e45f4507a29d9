"""A ruling says what it opens, lasts, is approved in order, and opens each kind of window once."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("candidates", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(name="ruling", options={"ordering": ["id"]}),
        migrations.AddField(
            model_name="ruling",
            name="opens",
            field=models.CharField(
                choices=[
                    ("filling", "Pengisian dukungan"),
                    ("handing_in", "Penyerahan dukungan"),
                    ("both", "Pengisian dan penyerahan dukungan"),
                ],
                default="both",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="ruling",
            name="stage",
            field=models.CharField(help_text="Key of a round of the rule set.", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(
                condition=Q(second_approved_by=None) | Q(first_approved_by__isnull=False),
                name="ruling_second_approval_follows_a_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruling",
            constraint=models.CheckConstraint(condition=Q(hours__gt=0), name="ruling_lasts_at_least_an_hour"),
        ),
        migrations.AddConstraint(
            model_name="window",
            constraint=models.UniqueConstraint(
                condition=Q(ruling__isnull=False), fields=["ruling", "kind"], name="window_once_per_ruling_and_kind"
            ),
        ),
    ]
