"""Django's handle on this package."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "service"
    verbose_name = "Service"

    def ready(self) -> None:
        from service import (  # noqa: F401
            advisors,
            approvals,
            board,
            declined_list,
            feed_guard,
            offered_again,
            remembered,
            tellings,
        )
