"""`manage.py day`: plays a day of the demo in the product that runs, and tells what happens."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dealership import clock, pace
from dealership.demo import play
from dealership.models import Heartbeat, PlayedAct, PlayedDay
from dealership.stores.models import Store

JOB = "dealership.demo.jobs.play_day"
SILENT = 30.0
LOOK_EVERY = 1.0


class Command(BaseCommand):
    help = (
        "Plays a day of the demo: leads, cars, parts, answers, at the speed that is given. Ctrl-C pauses it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--speed", type=int, default=60, choices=pace.SPEEDS, help="Times the real speed."
        )
        parser.add_argument("--minutes", type=float, default=10.0, help="Real minutes to play.")
        parser.add_argument("--seed", type=int, help="Another one is another day.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["seed"] is not None:
                PlayedDay.objects.update(seed=options["seed"])
            day = play.begin(speed=options["speed"], minutes=options["minutes"])
        except (pace.NoDemo, clock.RealCarrier) as error:
            raise CommandError(str(error)) from None
        zones = {store.pk: store for store in Store.objects.all()}
        self.stdout.write(
            f"A day is played at {day.speed}x for {options['minutes']:g} minutes. Ctrl-C pauses it."
        )
        try:
            self._watch(zones, day.began_at or clock.now())
        except KeyboardInterrupt:
            pace.pause()
        self._sum_up(day.began_at or clock.now())

    def _watch(self, stores: dict[int, Store], seen: datetime) -> None:
        began = time.monotonic()
        while True:
            time.sleep(LOOK_EVERY)
            rows = PlayedAct.objects.across_stores("both stores of the demo play").filter(done_at__gt=seen)
            for act in rows.order_by("done_at", "pk"):
                seen = act.done_at or seen
                if act.words:
                    store = stores[act.store_id]
                    self.stdout.write(f"{seen.astimezone(store.tz):%a %H:%M}  {store.name:16} {act.words}")
            now = pace.current()
            if now is None or not now.is_playing:
                return
            if time.monotonic() - began > SILENT and not self._somebody_plays():
                raise CommandError("Nobody plays: start the product with `make run` in another terminal.")

    def _somebody_plays(self) -> bool:
        beat = Heartbeat.objects.filter(job=JOB).first()
        return beat is not None and (clock.real() - beat.at).total_seconds() < SILENT

    def _sum_up(self, began: datetime) -> None:
        rows = PlayedAct.objects.across_stores("both stores of the demo play").filter(done_at__gte=began)
        failed = rows.filter(words__endswith=play.FAILED).count()
        self.stdout.write(f"Paused. {rows.count()} acts, {failed} did not work out.")
