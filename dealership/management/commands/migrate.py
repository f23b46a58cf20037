"""Django's `migrate`, as the owner of the tables and in sight of all stores: else a change of rows would find none, and say nothing."""

from typing import Any

from django.core.management.commands import migrate

from dealership import sight
from dealership.database import role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with role.owner(), sight.all_stores("tables are changed for all stores"):
            super().handle(*args, **options)
