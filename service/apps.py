"""Django's handle on this package."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "service"
    verbose_name = "Service"

    def ready(self) -> None:
        from service import advisors, approvals, board, offered_again, remembered, tellings  # noqa: F401
