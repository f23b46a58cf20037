"""`manage.py verify`: judges the data by every invariant. Exit 1 where one is broken."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dealership import verify
from dealership.verify import Verdict

ONE_STORE = "one_store:"


class Command(BaseCommand):
    help = "Judges the data of all stores by every invariant; exit 1 where one is broken. Changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--minute", action="store_true", help="Only those cheap enough for every minute.")
        parser.add_argument(
            "--at-rest",
            action="store_true",
            help="Nobody works on this copy (restored, just loaded): work that is due may wait.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON line a check.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify.verify(at_rest=options["at_rest"], minute=options["minute"])
        self._as_json(found) if options["json"] else self._in_words(found)
        broken = [verdict for verdict in found if not verdict.holds]
        if broken:
            raise CommandError(f"{len(broken)} of {len(found)} invariants are broken.")

    def _as_json(self, found: Sequence[Verdict]) -> None:
        for one in found:
            row = {
                "name": one.name,
                "says": one.says,
                "checked": one.checked,
                "violations": one.violations,
                "rows": one.rows,
            }
            self.stdout.write(json.dumps(row, default=str))

    def _in_words(self, found: Sequence[Verdict]) -> None:
        keys = [one for one in found if one.name.startswith(ONE_STORE)]
        for one in found:
            if one.holds and not one.name.startswith(ONE_STORE):
                self.stdout.write(f"  ok   {one.name:<36} {one.checked:>9,}  {one.says}")
        if keys:
            rows = sum(one.checked for one in keys)
            words = f"No row hangs on a row of another store ({len(keys)} keys)."
            if all(one.holds for one in keys):
                self.stdout.write(f"  ok   {'one_store':<36} {rows:>9,}  {words}")
        for one in found:
            if not one.holds:
                self.stdout.write(f"BROKEN {one.name:<36} {one.violations:>9,}  {one.says}")
                for row in one.rows:
                    said = ", ".join(f"{name} {value}" for name, value in row.items())
                    self.stdout.write(f"         {said}")
        self.stdout.write(f"{len(found)} checked, {sum(not one.holds for one in found)} broken.")
