"""manage.py push_key: a new key for PUSH_KEY."""

from typing import Any

from django.core.management.base import BaseCommand

from dealership.push import vapid


class Command(BaseCommand):
    help = "Prints a new key for PUSH_KEY. With another key every device must be switched on again."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line, to be kept with the other secrets."""
        self.stdout.write(vapid.new_key())
