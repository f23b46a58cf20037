"""An index for the order of the list of ROs."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("service", "0001_squashed")]

    operations = [
        migrations.AddIndex(
            model_name="repairorder", index=models.Index(fields=["store", "-opened_at"], name="ro_newest")
        ),
    ]
