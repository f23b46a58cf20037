"""Loads the Celery app with Django, so that jobs find their broker in every process; holds its settings to account, and the tables."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DealershipConfig(AppConfig):
    name = "dealership"

    def ready(self) -> None:
        from dealership import broker, celery, watchdog  # noqa: F401
        from dealership.database import lookups, upkeep  # noqa: F401 - the lookups register themselves

        post_migrate.connect(upkeep.bring_up_to_date, sender=self)
