"""Django's handle on this package."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "dealership.customers"

    def ready(self) -> None:
        from dealership.customers import giving, listing, orphans  # noqa: F401 - register
