"""A worker that is connected and takes nothing ends itself, and is started again: known to happen after the broker was restarted.

It lies in wait in the worker's own process, beside the consumer. While wake-ups lie in the broker and this worker has taken none for
a minute, it is of no use; the rows wait in PostgreSQL, and whoever comes next finds them.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from celery.signals import task_received, task_revoked, worker_ready

log = logging.getLogger(__name__)

SILENT_SECONDS = 60.0
LOOK_EVERY = 10.0
#: What a shell calls a failure of the service: the supervisor and the container start it again.
EXIT = 70


def _waiting() -> int:
    from dealership.celery import app

    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel  # of Redis: it has a client
        return sum(int(channel.client.llen(line)) for line in app.amqp.queues)


@dataclass
class Watchdog:
    """Bites when nothing was taken for a minute though something waits. What it asks and does is given, so that a test can."""

    waiting: Callable[[], int] = _waiting
    bite: Callable[[int], None] = os._exit
    clock: Callable[[], float] = time.monotonic
    taken_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.taken_at = self.clock()

    def taken(self) -> None:
        """A wake-up came."""
        self.taken_at = self.clock()

    def look(self) -> bool:
        """Whether this worker may live on."""
        if self.clock() - self.taken_at < SILENT_SECONDS:
            return True
        try:
            waiting = self.waiting()
        except Exception as error:  # with the broker gone there is nothing to take
            log.warning("The broker does not say what waits: %s", error)
            return True
        if not waiting:
            return True
        log.error("%d wake-ups wait, and this worker has taken none for a minute: it ends.", waiting)
        self.bite(EXIT)
        return False

    def run(self) -> None:
        """For ever."""
        while self.look():
            time.sleep(LOOK_EVERY)


_dogs: list[Watchdog] = []


@worker_ready.connect
def begin(**kwargs: object) -> None:
    """Lies in wait from the moment at which the worker takes work."""
    dog = Watchdog()
    _dogs.append(dog)
    threading.Thread(target=dog.run, name="watchdog", daemon=True).start()


# On a busy machine wake-ups go stale before their turn, and a worker that throws those away is at work.
@task_received.connect
@task_revoked.connect
def note(**kwargs: object) -> None:
    """Something was taken."""
    for dog in _dogs:
        dog.taken()
