"""`manage.py ticker`: the process that wakes periodic jobs."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from dealership.ticker import TURNS, Ticker


class Command(BaseCommand):
    help = "Wakes the periodic jobs, for ever. Two of them are harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ["KEPT_PROCESS"] = "ticker"  # what it does itself, where the broker is gone, no worker did
        Ticker(TURNS).run()
