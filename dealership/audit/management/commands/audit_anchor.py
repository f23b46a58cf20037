"""manage.py audit_anchor: the newest seal of each store, to be kept elsewhere; `--check` holds what was kept against the chain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dealership import clock
from dealership.audit import chain


class Command(BaseCommand):
    help = "Seals what waits and prints each store's newest seal as a JSON line: append them to a file on another machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", metavar="FILE", help="Holds the lines of this file against the chain.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(Path(options["check"]))
            return
        chain.seal(now=clock.now())
        for head in chain.heads():
            line = {
                "store": head.store_id,
                "number": head.number,
                "hash": head.hash,
                "at": head.at.isoformat(),
            }
            self.stdout.write(json.dumps(line))

    def _check(self, path: Path) -> None:
        try:
            kept = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
            wanted = [(int(one["store"]), int(one["number"]), str(one["hash"])) for one in kept]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} does not hold what audit_anchor prints: {error}") from error
        for store, number, _ in (gone := chain.missing(wanted)):
            self.stderr.write(f"Store {store}: seal {number} is not what it was when this line was kept.")
        for trouble in (broken := chain.broken()):
            self.stderr.write(
                f"Store {trouble.store_id}, seal {trouble.seal}, entry {trouble.entry}: {trouble.trouble}."
            )
        if gone or broken:
            raise CommandError("The trail was tampered with.")
        self.stdout.write(f"{len(wanted)} anchors hold, and so does every seal.")
