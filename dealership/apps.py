"""Loads the Celery app with Django, so that jobs find their broker in every process, and holds its settings to account."""

from django.apps import AppConfig


class DealershipConfig(AppConfig):
    name = "dealership"

    def ready(self) -> None:
        from dealership import broker, celery  # noqa: F401
