"""A real Chromium on the real pages: one browser while these tests run, a context of its own for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connections
from playwright.sync_api import Browser

from tests import cast as the_cast
from tests.browser import chromium
from tests.cast import Cast
from tests.e2e.town import Visit, open_always

Visits = Callable[..., Visit]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder drive a browser."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Started once for this folder."""
    with chromium() as started:
        yield started


@pytest.fixture
def served(live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The product's address. Its cache is this test's own, and so is every connection of its threads."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SIMULATOR_URL = settings.PUBLIC_BASE_URL = live_server.url
    settings.SECURE_SSL_REDIRECT = False
    cache = {**django_settings.CACHES["default"], "KEY_PREFIX": f"e2e-{uuid4().hex}"}
    settings.CACHES = {"default": cache}
    return str(live_server.url)


@pytest.fixture
def town(served: str) -> Cast:
    """The stores and their people, open at every hour: a story may be told at any."""
    cast = the_cast.build()
    open_always(cast.northside)
    return cast


@pytest.fixture
def visit(browser: Browser, served: str) -> Iterator[Visits]:
    """Opens a page as somebody; after the test, nothing may have gone wrong in any of them."""
    visits: list[Visit] = []

    def begin(who: Any = None, **options: Any) -> Visit:
        visits.append(Visit(browser, served, who, **options))
        return visits[-1]

    yield begin
    troubles = [trouble for one in visits for trouble in one.close()]
    assert troubles == []
