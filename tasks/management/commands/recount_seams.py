"""`manage.py recount_seams`: counts every day of every store anew, and says what was not as the promises say. Exit 1 when anything was."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dealership.stores.models import Store
from tasks import rollups


class Command(BaseCommand):
    help = "Counts the days of promises anew and says what differed; what differed is mended. Exit 1 when anything did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", help="The slug of one store; all without.")

    def handle(self, *args: Any, store: str | None = None, **options: Any) -> None:
        stores = Store.objects.filter(slug=store) if store else Store.objects.all()
        differences = [found for one in stores.order_by("pk") for found in rollups.recount(one)]
        for difference in differences:
            self.stderr.write(str(difference))
        self.stdout.write(f"{len(stores)} stores recounted, {len(differences)} differences")
        if differences:
            raise SystemExit(1)
