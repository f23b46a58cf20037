"""Who acts: a person on a page, a job, a hook, a command. Noted once where work comes in; what is written then knows by whom.

The database hears of it with each statement that writes (`dealership.audit.telling`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

#: Commands that are the product at work, and no person at a keyboard.
_MACHINES = frozenset({"ticker", "demo", "day", "worker"})


@dataclass
class Actor:
    """Whoever is behind what is written now. `staff_id` None: a machine, or somebody who has not signed in."""

    agent: str
    staff_id: int | None = None
    #: The product by itself: a job, a hook, the demo. Not a person with a shell.
    is_machine: bool = False
    ip: str = ""
    session: str = ""
    address: str = ""
    request: str = ""


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current() -> Actor:
    """Who acts in this context; outside of every page and job, the command that runs."""
    return _actor.get() or _COMMAND


@contextmanager
def by(actor: Actor) -> Iterator[Actor]:
    """Within the block it is they who act."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)


def _command() -> Actor:
    name = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    name = name.rpartition("/")[2] or sys.argv[0].rpartition("/")[2] or "python"
    return Actor(f"command {name}"[:60], is_machine=name in _MACHINES)


_COMMAND = _command()
