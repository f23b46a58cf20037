"""`manage.py demo`: two stores, their people and two months of history. `--if-empty` leaves a database that holds anything alone."""

import os
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dealership import clock
from dealership.audit import upkeep
from dealership.database import role
from dealership.demo import load, stores
from dealership.models import Heartbeat
from dealership.staff.models import StaffMember
from dealership.stores.models import Store

PASSWORD = "promises-are-kept"  # noqa: S105 - the demo's, printed below; a real store sets its own
MARK = "demo"
GUESTS = ("Dana Ruiz", "Ana Moreno", "Sid Novak", "Bea Lindholm", "Rosa Delgado", "Gus Ortega", "Eve Stark")


class Command(BaseCommand):
    help = "Loads the demo dealership and says who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="Do nothing where there is a store already."
        )
        parser.add_argument("--days", type=float, default=load.DAYS, help="Days of history.")
        parser.add_argument(
            "--volume", type=float, default=1.0, help="Of the usual number of leads and cars."
        )
        parser.add_argument("--seed", type=int, default=1, help="Another one is another history.")
        parser.add_argument(
            "--one-process", action="store_true", help="The stores one after the other, in this process."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Heartbeat.objects.filter(job=MARK, result__finished=False).exists():
            # A load that was cut off: nothing but the demo was ever in here.
            self.stderr.write("demo: the last load was cut off; beginning anew")
            with role.owner(), upkeep.unprotected():
                call_command("flush", interactive=False, verbosity=0)
        if Store.objects.exists():
            if not options["if_empty"]:
                raise CommandError("This database holds a store already: the demo goes into an empty one.")
        else:
            self._load(options)
        self._say_who()

    def _load(self, options: dict[str, Any]) -> None:
        clock.require_no_carrier()
        now, began = clock.now(), time.monotonic()
        password = os.environ.get("DEMO_PASSWORD") or PASSWORD
        with transaction.atomic():
            Heartbeat.objects.create(job=MARK, at=now, result={"finished": False})
            made = stores.make(clock.today(), password)
        load.load(
            made,
            now=now,
            days=options["days"],
            seed=options["seed"],
            volume=options["volume"],
            apart=not options["one_process"],
            say=lambda words: self.stderr.write(f"demo: {words}"),
        )
        Heartbeat.objects.filter(job=MARK).update(at=clock.now(), result={"finished": True})
        self.stderr.write(f"demo: loaded in {time.monotonic() - began:.1f} s")

    def _say_who(self) -> None:
        people = StaffMember.objects.across_stores("the demo says who can sign in").filter(
            name__in=GUESTS,
            is_active=True,
            user__isnull=False,
            store__slug__in=[s["slug"] for s in stores.STORES],
        )
        for person in people.select_related("user", "store").order_by("store__name", "pk"):
            if person.user:
                self.stdout.write(f"{person.user.email}  {person.name}, {person.role_label}, {person.store}")
        if people:
            self.stdout.write(f"Password: {os.environ.get('DEMO_PASSWORD') or PASSWORD}")
