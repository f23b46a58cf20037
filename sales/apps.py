"""Django's handle on this package."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = "Sales"

    def ready(self) -> None:
        from sales import board, remembered  # noqa: F401 - both register
