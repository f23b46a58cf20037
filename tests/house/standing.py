"""The world that tests look at: built once a worker, in a transaction that is never committed, and left standing while they follow one another."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.db import transaction

from tests.house import world as the_world

_stands = ExitStack()
_world: the_world.World | None = None


def world() -> the_world.World:
    """Both stores. It must stand."""
    assert _world is not None
    return _world


def stand(blocker: Any) -> None:
    """Builds it, unless it stands. `blocker`: pytest-django's, which keeps other tests from the database."""
    global _world
    if _world is None:
        _stands.callback(blocker.restore)
        blocker.unblock()
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined]  # as a test's own: durable blocks may open inside
        _stands.enter_context(outer)
        _stands.callback(transaction.set_rollback, True)
        _world = the_world.build()


def fall() -> None:
    """Before any test that is not of this world."""
    global _world
    _world = None
    _stands.close()
