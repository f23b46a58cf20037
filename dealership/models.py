"""The pulse of the house: when each periodic job last ran."""

from django.db import models


class Heartbeat(models.Model):
    """When a periodic job last ran and what it did: shown to managers, and proof that nobody is silent."""

    job = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    result = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.job} {self.at:%H:%M:%S}"
