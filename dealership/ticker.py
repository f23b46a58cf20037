"""The ticker: wakes periodic jobs. Two tickers are harmless; with the broker down it does the work itself, only slower."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections
from django.utils.module_loading import import_string

from dealership import doorbell

log = logging.getLogger(__name__)

#: Every periodic job, and the seconds between its turns.
TURNS: dict[str, float] = {
    "tasks.jobs.sweep_promises": 2,
    "tasks.jobs.take_steps": 5,
    "tasks.jobs.count_days": 30,
    "tasks.jobs.nudge_people": 5,
    "dealership.messaging.jobs.send_due": 2,
    "dealership.messaging.jobs.settle_carrier_calls": 3,
    "dealership.messaging.jobs.fetch_photos": 3,
    "dealership.messaging.jobs.run_simulator": 1,
    "dealership.messaging.jobs.reconcile": 30,
    "dealership.messaging.jobs.compare_books": 60,
    "dealership.events.jobs.replay_facts": 5,
    "dealership.appointments.jobs.declare_missed": 30,
    "dealership.staff.jobs.begin_absences": 15,
    "dealership.staff.jobs.forget_old_tries": 3600,
    "dealership.audit.jobs.seal": 30,
    "dealership.audit.jobs.raise_alarms": 300,
    "dealership.hooks.jobs.make_calls": 2,
    "dealership.hooks.jobs.forget_old_calls": 3600,
    "dealership.dms.jobs.collect_inbox": 5,
    "dealership.dms.jobs.stage_files": 3,
    "sales.jobs.read_arrivals": 15,
    "sales.jobs.apply_deals": 3,
    "sales.jobs.tell_milestones": 30,
    "service.jobs.apply_repair_orders": 3,
    "service.jobs.apply_appointments": 3,
    "service.jobs.watch_promise_times": 30,
    "marketing.jobs.ask_customers": 60,
    "marketing.jobs.send_campaigns": 5,
    "parts.jobs.apply_stock": 5,
    "dealership.operations.jobs.drain_canary": 10,
    "dealership.operations.jobs.verify_minute": 60,
    "dealership.demo.jobs.play_day": 1,
}


@dataclass
class Ticker:
    """Keeps when each job's turn is next. `clock` and `pause` are given, so that a test can hurry."""

    turns: dict[str, float]
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self.next_at = dict.fromkeys(self.turns, self.clock())

    def tick(self) -> list[str]:
        """Wakes every job whose turn it is; returns their names."""
        now = self.clock()
        due = [job for job, at in self.next_at.items() if at <= now]
        for job in due:
            self.next_at[job] = now + self.turns[job]
            wake(job)
        return due

    def run(self) -> None:
        """For ever."""
        while True:
            self.tick()
            self.pause(0.25)


def wake(job: str) -> None:
    """Wakes a worker for this job, or runs it here if nobody can be woken. A job's failure is logged and stops no other."""
    try:
        doorbell.knock(job)
    except Exception as error:
        log.warning("The broker is out of order (%s); doing %s here.", error, job)
        close_old_connections()
        try:
            import_string(job)()
        except Exception:
            log.exception("%s failed.", job)
