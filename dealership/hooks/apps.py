"""Lets the database write the calls: after each migrate it is told which facts are told outside."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HooksConfig(AppConfig):
    name = "dealership.hooks"
    label = "hooks"

    def ready(self) -> None:
        from dealership.hooks import upkeep

        post_migrate.connect(upkeep.bring_up_to_date, sender=self)
