"""Shortens waits, and breaks a promise on purpose where CHAOS_SABOTAGE names one: then the run must turn red."""

import os
from datetime import timedelta

from django.apps import AppConfig


class HurryConfig(AppConfig):
    """Loaded last, in every process of the run."""

    name = "tests.chaos"
    label = "chaos"

    def ready(self) -> None:
        from dealership import line, ticker
        from dealership.messaging import books, reconcile, sending

        reconcile.STALE = timedelta(seconds=4)
        reconcile.LOOKS = (timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=6))
        sending.BACKOFF = (1, 2, 3, 5)
        line.FIRST_WAIT, line.LEASE = 1, timedelta(seconds=4)
        books.INBOUND_EVERY = books.FATES_EVERY = timedelta(seconds=8)
        ticker.TURNS["dealership.messaging.jobs.reconcile"] = 1
        ticker.TURNS["dealership.messaging.jobs.compare_books"] = 5
        ticker.TURNS.pop("dealership.messaging.jobs.run_simulator", None)
        ticker.TURNS.pop("dealership.demo.jobs.play_day", None)
        if name := os.environ.get("CHAOS_SABOTAGE"):
            from tests.chaos import sabotage

            getattr(sabotage, name)()
