"""Django's handle on this package."""

from django.apps import AppConfig


class PartsConfig(AppConfig):
    name = "parts"
    verbose_name = "Parts"

    def ready(self) -> None:
        from parts import board, consequences, remembered  # noqa: F401
