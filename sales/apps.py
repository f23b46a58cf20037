"""Django's handle on this package."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "sales"
    verbose_name = "Sales"

    def ready(self) -> None:
        from sales import board, deal_board, deal_memory, prospecting, remembered  # noqa: F401 - all register
