from django.db import migrations, models

_HELP = "Nobody opens a page of this store by a password alone."


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_squashed")]

    operations = [
        migrations.AddField(
            model_name="store",
            name="idle_minutes",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="After so long without a hand on it, a page asks for the password again.",
            ),
        ),
        # Stores that stand already turn it on themselves; new ones begin with it.
        migrations.AddField(
            model_name="store",
            name="needs_second_factor",
            field=models.BooleanField(default=False, help_text=_HELP),
        ),
        migrations.AlterField(
            model_name="store",
            name="needs_second_factor",
            field=models.BooleanField(default=True, help_text=_HELP),
        ),
    ]
