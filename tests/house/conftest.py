"""A world that is built once, and looked at from a savepoint of each test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.template import Template
from django.test.utils import _TestState

from dealership.audit import entries
from tests.house import standing
from tests.house import world as the_world
from tests.house.world import World


@pytest.fixture(autouse=True)
def pages_as_a_browser_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at a page's context here, of which Django would keep copies for each template of each page."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


@pytest.fixture
@standing.on(the_world.build)
def built_world(db: None) -> World:
    """Both stores; `tests.conftest` has them stand by now."""
    built: World = standing.what()
    return built


@pytest.fixture
def nothing_kept(settings: Any) -> Callable[[], None]:
    """Begins with an empty cache of its own (other workers have theirs on the same server), and as a process that has noted nothing yet."""

    def begin() -> None:
        settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"house-{uuid4().hex}"}}
        entries.forget_noted()

    begin()
    return begin


@pytest.fixture
def world(built_world: World, nothing_kept: object) -> Iterator[World]:
    """The stores at twenty past ten; what the test does to them is undone after it."""
    with time_machine.travel(the_world.LOOKED_AT):
        yield built_world
