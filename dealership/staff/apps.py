"""Django's handle on this package."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "dealership.staff"

    def ready(self) -> None:
        from dealership.staff import doorkeeper, second_factor

        doorkeeper.register()
        second_factor.register()
