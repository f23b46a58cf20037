"""Indexes for the orders of the list of promises."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_squashed")]

    operations = [
        migrations.AddIndex(
            model_name="promise", index=models.Index(fields=["store", "-opened_at"], name="promise_newest")
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(
                fields=["store", "-closed_at"], name="promise_kept", condition=models.Q(state="kept")
            ),
        ),
    ]
