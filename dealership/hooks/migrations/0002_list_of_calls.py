"""An index for the orders of the list of calls."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hooks", "0001_initial"), ("stores", "0001_squashed")]

    operations = [
        migrations.AddIndex(
            model_name="hookcall", index=models.Index(fields=["store", "-id"], name="hook_call_newest")
        )
    ]
