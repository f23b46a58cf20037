"""Django's `migrate`, as the owner of the tables and in sight of all stores: else a change of rows would find none, and say nothing."""

from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from dealership import clock, sight
from dealership.database import between, role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # While tables are first made there is none that could say how a played day goes.
        at = clock.at(clock.real()) if settings.PHONE_SIMULATOR else nullcontext()
        with role.owner(), sight.all_stores("tables are changed for all stores"), at:
            between.catch_up()
            super().handle(*args, **options)
