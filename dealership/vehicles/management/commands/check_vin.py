"""`manage.py check_vin VIN…`: what the product makes of a VIN, one JSON line each."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dealership import clock
from dealership.vehicles import vin


class Command(BaseCommand):
    """Prints `{"vin","valid","why","model_year","maker"}` per argument; needs no database.

    Ends with exit code 1 and a reason on stderr when no argument holds a letter or a digit.
    """

    help = "Read VINs and say what is wrong with them: one JSON line each."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("vins", nargs="+", metavar="VIN")

    def handle(self, *args: Any, vins: list[str], **options: Any) -> None:
        this_year = clock.now().year
        readings = [vin.read(text, this_year=this_year) for text in vins]
        for reading in readings:
            line = {name: getattr(reading, name) for name in ("vin", "valid", "why", "model_year", "maker")}
            self.stdout.write(json.dumps(line))
        if not any(reading.vin for reading in readings):
            raise CommandError("nothing could be read: no argument holds a letter or a digit")
