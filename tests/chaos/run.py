"""One run from an empty machine to its verdict."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import threading
import time
from contextvars import ContextVar
from pathlib import Path

from tests.carrier.faults import Faults as CarrierFaults
from tests.chaos.product import Product

SHOWN = 8
#: Up to so many intakes a run is short: few faults, close together.
SHORT = 1000
#: Intakes a second that two cores work off while they are also killed, load and carrier included.
LONG_RATE = 9.0
Found = dict[str, list[str]]


class Run:
    """`play()` gives the verdict, `report()` prints it and gives the exit status."""

    def __init__(self, base: Path, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.product = Product(base, asked.sabotage)
        self.began = time.monotonic()
        self.marks: dict[str, float] = {}

    def play(self) -> Found:
        self._prepare()
        from django.db import connection

        from dealership import clock
        from tests.chaos import verdict
        from tests.chaos.faults import Faults
        from tests.chaos.load import Load, get, post_json

        asked, product = self.asked, self.product
        short = asked.n <= SHORT
        load = Load(
            self.town,
            f"http://127.0.0.1:{product.port}",
            self.carrier,
            seed=asked.seed,
            n=asked.n,
            rate=asked.rate or (30.0 if short else LONG_RATE),
        )
        self.faults = Faults(
            product,
            seed=asked.seed,
            most=asked.faults or (9 if short else 10_000),
            # Faults in a row that is denser than the product recovers say nothing about recovering.
            gap=(1.0, 2.0) if short else (15.0, 40.0),
            longest_stop=3.0 if short else 45.0,
        )
        striking = threading.Thread(target=self.faults.run, daemon=True)
        striking.start()
        load.run()
        self._mark("load")
        self.faults.over.set()
        self.faults.ended.wait()
        post_json(self.carrier + "/play/faults", {"off": 1})
        self.faults.wait()
        self._mark("storm over")
        connection.close()
        ends = time.monotonic() + (asked.patience or (120.0 if short else 900.0))
        quiet, since = 0, clock.now()
        while quiet < 3 and time.monotonic() < ends:
            still = get(self.carrier + "/play/quiet")["quiet"] and verdict.is_quiet(since)
            quiet = quiet + 1 if still else 0
            time.sleep(0.5)
        self._mark("quiet" if quiet else "NEVER QUIET")
        self.load, self.book = load, get(self.carrier + "/play/ledger")
        return verdict.judge(load.told, self.book)

    def _prepare(self) -> None:
        product, asked = self.product, self.asked
        product.start_servers()
        # The owner's address is for migrations alone: the product does not get it.
        os.environ.update(product.env, DATABASE_OWNER_URL=product.postgres.owner_url)
        import django
        from django.core.management import call_command

        django.setup()
        from dealership import sight

        sight._sight = ContextVar("sight_of_chaos", default=sight.EVERYTHING)
        call_command("migrate", verbosity=0)
        self._mark("migrated")
        from django.db import connection

        from tests.chaos import world

        self.town = world.build(max(40, asked.n // 4))
        connection.close()
        env = product.env
        self.carrier = product.start_carrier(
            json.dumps(
                {
                    "token": env["SECRET_KEY"],
                    "inbound_url": env["PUBLIC_BASE_URL"] + "/twilio/inbound/",
                    "seed": asked.seed,
                    "faults": CarrierFaults.rough(hang_seconds=12.0).as_dict(),
                    "shift": self.town.shift,
                    "ledger": str(product.base / "ledger.jsonl"),
                }
            )
        )
        product.start()
        self._wait_for_web()
        self._mark("started")

    def _wait_for_web(self) -> None:
        from tests.chaos.load import get

        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            try:
                if get(f"http://127.0.0.1:{self.product.port}/health/ready/").get("status"):
                    return
            except (OSError, ValueError):
                time.sleep(0.1)
        raise RuntimeError("The product never answered.")

    def _mark(self, name: str) -> None:
        self.marks[name] = time.monotonic() - self.began

    def report(self, found: Found) -> int:
        asked = self.asked
        events: dict[str, int] = {}
        for entry in self.book["entries"]:
            events[entry["event"]] = events.get(entry["event"], 0) + 1
        print(f"chaos seed={asked.seed} n={asked.n} sabotage={asked.sabotage or 'none'}")
        print("  " + ", ".join(f"{name} {at:.1f} s" for name, at in self.marks.items()))
        print(
            "  taken: "
            + ", ".join(f"{kind} {len(rows)}" for kind, rows in sorted(self.load.told.taken.items()))
        )
        print("  answers: " + ", ".join(f"{what}: {n}" for what, n in sorted(self.load.told.seen.items())))
        print("  carrier: " + ", ".join(f"{event} {n}" for event, n in sorted(events.items())))
        self._report_recovery()
        for name, rows in found.items():
            print(f"  {name}: {len(rows)}")
            for row in rows[:SHOWN]:
                print(f"      {row}")
        spent = self.product.cpu() | {"this": sum(resource.getrusage(resource.RUSAGE_SELF)[:2])}
        print("  CPU: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items()))
        bad = any(found.values()) or "NEVER QUIET" in self.marks
        print("RED" if bad else "GREEN")
        return int(bad)

    def _report_recovery(self) -> None:
        by_kind: dict[str, list[float]] = {}
        for fault in self.faults.done:
            by_kind.setdefault(fault.kind, []).append(
                float("inf") if fault.recovered is None else fault.recovered
            )
        every = sorted(seconds for found in by_kind.values() for seconds in found)
        if every:
            print(
                f"  {len(every)} faults; well again after {statistics.median(every):.1f} s (median), {every[-1]:.1f} s (worst)"
            )
        for kind, seconds in sorted(by_kind.items()):
            print(
                f"      {kind}: {len(seconds)}, median {statistics.median(seconds):.1f} s, worst {max(seconds):.1f} s"
            )
