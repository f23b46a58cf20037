"""Django's handle on this package: what it answers and counts is registered at start."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "dealership.appointments"

    def ready(self) -> None:
        from dealership.appointments import board, canned, giving, replies  # noqa: F401
