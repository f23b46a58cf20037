"""Loads the Celery app with Django, so that jobs find their broker in every process."""

from django.apps import AppConfig


class DealershipConfig(AppConfig):
    name = "dealership"

    def ready(self) -> None:
        from dealership import celery  # noqa: F401
