"""Lets every connection tell who acts, and the tables be watched as they should be."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "dealership.audit"
    label = "audit"

    def ready(self) -> None:
        from dealership import rail
        from dealership.audit import alarms, sign_ins, telling, upkeep

        connection_created.connect(telling.listen)
        post_migrate.connect(upkeep.bring_up_to_date, sender=self)
        sign_ins.listen()
        rail.counter("audit:trail")(alarms.count)
