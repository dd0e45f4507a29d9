from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('corrections', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='correction',
            name='reopens',
            field=models.BooleanField(default=False, help_text="The round is the team's again (docs/adr/0040)."),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(condition=models.Q(('reopens', True)), fields=('ruling',), name='ruling_reopens_a_round_once'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('reopens', False), ('ruling__isnull', False), _connector='OR'), name='correction_that_reopens_has_a_ruling'),
        ),
    ]
