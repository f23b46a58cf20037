"""`manage.py demo`: two stores, their people and one honest day. `--if-empty` leaves a database that holds anything alone."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from dealership import clock
from dealership.demo import day, stores
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

    def handle(self, *args: Any, **options: Any) -> None:
        if Heartbeat.objects.filter(job=MARK, result__finished=False).exists():
            # A load that was cut off: nothing but the demo was ever in here.
            self.stderr.write("demo: the last load was cut off; beginning anew")
            call_command("flush", interactive=False, verbosity=0)
        if Store.objects.exists():
            if not options["if_empty"]:
                raise CommandError("This database holds a store already: the demo goes into an empty one.")
        else:
            self._load()
        self._say_who()

    def _load(self) -> None:
        now = clock.now()
        password = os.environ.get("DEMO_PASSWORD") or PASSWORD
        with transaction.atomic():
            Heartbeat.objects.create(job=MARK, at=now, result={"finished": False})
            made = stores.make(clock.today(), password)
        for store in made[:1]:
            day.make(store, now, lambda words: self.stderr.write(f"demo: {words}"))
        Heartbeat.objects.filter(job=MARK).update(at=clock.now(), result={"finished": True})

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
