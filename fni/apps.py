"""Django's handle on this package."""

from django.apps import AppConfig


class FniConfig(AppConfig):
    name = "fni"
    verbose_name = "F&I"

    def ready(self) -> None:
        from fni import board, remembered  # noqa: F401 - both register
