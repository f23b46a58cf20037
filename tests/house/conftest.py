"""A world that is built once for a module, and looked at from a savepoint of each test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from dealership.audit import entries
from tests.house import world as the_world


@pytest.fixture(scope="module")
def built_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[the_world.World]:
    """Both stores, in a transaction that is never committed."""
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]  # as a test's own: durable blocks may open inside
    with django_db_blocker.unblock(), outer:
        yield the_world.build()
        transaction.set_rollback(True)


@pytest.fixture
def nothing_kept(settings: Any) -> Callable[[], None]:
    """Begins with an empty cache of its own (other workers have theirs on the same server), and as a process that has noted nothing yet."""

    def begin() -> None:
        settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"house-{uuid4().hex}"}}
        entries.forget_noted()

    begin()
    return begin


@pytest.fixture
def world(built_world: the_world.World, db: None, nothing_kept: object) -> Iterator[the_world.World]:
    """The stores at twenty past ten; what the test does to them is undone after it."""
    with time_machine.travel(the_world.LOOKED_AT):
        yield built_world
