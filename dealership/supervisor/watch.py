"""Keeps the parts running: starts again what ended, more and more patiently, and gives up with a reason."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .process import Child
from .trouble import from_log

STEADY_S = 60.0  # a part that lived this long starts with a clean slate
ATTEMPTS = 5
LONGEST_WAIT_S = 10.0


@dataclass
class Part:
    """A child and how it is started again; `failures` counts endings in a row."""

    child: Child
    restart: Callable[[], None]
    failures: int = 0
    started_at: float = field(default_factory=time.monotonic)
    start_again_at: float | None = None


class Watch:
    """Looks after the parts of one run. `say` is told what happened, `clock` gives seconds that never
    go back.
    """

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.parts: list[Part] = []
        self._say = say
        self._clock = clock

    def add(self, child: Child, restart: Callable[[], None] | None = None) -> None:
        """Look after a child that runs already; `restart` also waits until it is of use, the default
        only starts it.
        """
        self.parts.append(Part(child, restart or child.start, started_at=self._clock()))

    def look(self) -> None:
        """One round. Raises Trouble with the end of its log when a part ended five times in a row."""
        for part in self.parts:
            if part.start_again_at is None:
                self._notice(part)
            elif self._clock() >= part.start_again_at:
                part.start_again_at = None
                part.started_at = self._clock()
                part.restart()

    def _notice(self, part: Part) -> None:
        status = part.child.ended()
        if status is None:
            return
        now = self._clock()
        part.failures = 1 if now - part.started_at > STEADY_S else part.failures + 1
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        if part.failures >= ATTEMPTS:
            raise from_log(f"{part.child.name} {how}, {ATTEMPTS} times in a row", part.child.log)
        wait = min(0.25 * 2 ** (part.failures - 1), LONGEST_WAIT_S)
        part.start_again_at = now + wait
        self._say(f"{part.child.name} {how}; starting it again (its log: {part.child.log})")


def stop_together(children: Sequence[Child]) -> None:
    """Ask all of them at once, then wait for each."""
    for child in children:
        child.ask()
    for child in children:
        child.stop()
