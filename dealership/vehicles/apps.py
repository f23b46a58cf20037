"""Django's handle on this package."""

from django.apps import AppConfig


class VehiclesConfig(AppConfig):
    name = "dealership.vehicles"

    def ready(self) -> None:
        from dealership.vehicles import shared  # noqa: F401 - registers
