"""Loads what messaging remembers and counts, once the models are there."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "dealership.messaging"

    def ready(self) -> None:
        from dealership.messaging import about_customers, remembered, waiting  # noqa: F401
