"""`manage.py read_adf FILE…|-`: what the product makes of a lead as it arrived. Needs no database and no server."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sales import adf


class Command(BaseCommand):
    """Prints a JSON line per file; exit 1 with the reasons on stderr if any of them could not be read."""

    help = (
        "Shows how a lead is read: ADF, the body of a mail, or a whole mail (.eml). One JSON line per file."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        problems: list[str] = []
        for name in options["files"]:
            reading = _read(name)
            self.stdout.write(
                json.dumps(
                    {"file": os.fsencode(name).decode(errors="replace"), **reading}, ensure_ascii=False
                )
            )
            if reading["unreadable"]:
                problems.append(f"{name}: {reading['unreadable']}")
        if problems:
            raise CommandError("\n".join(problems))


def _read(name: str) -> dict[str, object]:
    """The reading of one file; a file that cannot be opened is unreadable like any other."""
    try:
        # One byte more than a lead may have is enough to know that it is too large.
        if name == "-":
            data = sys.stdin.buffer.read(adf.MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(adf.MAX_BYTES + 1)
    except OSError as error:
        return {"unreadable": f"It cannot be opened: {error.strerror}.", "repairs": [], "prospects": []}
    return adf.read(data).as_dict()
