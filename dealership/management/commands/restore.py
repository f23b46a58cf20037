"""`manage.py restore`: puts a backup into an empty database; with --test into one beside it, where it is judged."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dealership import backups


class Command(BaseCommand):
    help = "Restores a backup (the newest, unless one is named) and counts what came back. Afterwards run migrate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dump", type=Path, nargs="?", help="Which one; the newest otherwise.")
        parser.add_argument("--folder", type=Path, default=settings.BACKUPS, help="Where they are.")
        parser.add_argument("--force", action="store_true", help="Throw away what is in the database.")
        parser.add_argument(
            "--test", action="store_true", help="Restore into a database of its own, judge that, and drop it."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            dump = options["dump"] or backups.newest(options["folder"])
            if options["test"]:
                self.stdout.write(f"{dump}: {backups.test(dump)}")
                return
            restored = backups.restore(dump, force=options["force"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{dump}: {restored.n_rows:,} rows came back.")
