"""Django's handle on this package."""

from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "marketing"
    verbose_name = "Marketing"

    def ready(self) -> None:
        from marketing import answers, board, crowd, hearing, remembered, sources  # noqa: F401 - all register
