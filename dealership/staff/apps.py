"""Django's handle on this package."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "dealership.staff"

    def ready(self) -> None:
        from dealership.staff import second_factor

        second_factor.register()
