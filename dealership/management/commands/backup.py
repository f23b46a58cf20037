"""`manage.py backup`: dumps the database into the folder of backups."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dealership import backups


class Command(BaseCommand):
    help = "Dumps the whole database, with a manifest of what is in it; throws away the oldest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BACKUPS, help="Where to.")
        parser.add_argument("--keep", type=int, default=14, help="How many are kept.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = backups.make(options["folder"], keep=options["keep"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{options['folder'] / made.file}: {made.n_rows:,} rows, {made.n_bytes:,} bytes.")
