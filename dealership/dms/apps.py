"""Django's handle on this package: what feeds must be asked before a no-show is declared is registered at start."""

from django.apps import AppConfig


class DmsConfig(AppConfig):
    name = "dealership.dms"
    verbose_name = "DMS feeds"

    def ready(self) -> None:
        from dealership.dms import board, freshness  # noqa: F401
