"""`manage.py ticker`: the process that wakes periodic jobs."""

from typing import Any

from django.core.management.base import BaseCommand

from dealership.ticker import TURNS, Ticker


class Command(BaseCommand):
    help = "Wakes the periodic jobs, for ever. Two of them are harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        Ticker(TURNS).run()
