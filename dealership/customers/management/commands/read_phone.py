"""`manage.py read_phone TEXT…`: what the product makes of a telephone number. Needs no database and no server."""

import json
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dealership.customers import phones


class Command(BaseCommand):
    """Prints a JSON line per text; exit 1 with the reasons on stderr if any of them is no number."""

    help = "Shows how a telephone number is read. One JSON line per text."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("texts", nargs="+", metavar="TEXT")
        parser.add_argument(
            "--region", default="US", help="country of numbers without a country code (default: US)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        problems: list[str] = []
        for text in options["texts"]:
            phone = phones.read(text, options["region"])
            answer = {
                "raw": os.fsencode(text).decode(errors="replace"),
                "valid": phone.valid,
                "e164": phone.e164 or None,
                "extension": phone.extension or None,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            if not phone.valid:
                problems.append(f"“{text}” is no telephone number that can be called.")
        if problems:
            raise CommandError("\n".join(problems))
