"""A real Chromium on the real pages: one browser while these tests run, a context of its own for each.

Chromium is the one that CHROMIUM names, else the one in PATH. Without any the tests are left out, and say so; in CI they fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import connections
from playwright.sync_api import Browser, sync_playwright

from dealership.supervisor.checks import find_browser
from tests import cast as the_cast
from tests.cast import Cast
from tests.e2e.town import Visit, open_always

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Visits = Callable[..., Visit]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder drive a browser."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. While it runs, an event loop does in this thread, and Django would refuse its database there."""
    path = find_browser(os.environ)
    if path is None:
        pytest.skip(
            "No Chromium here: install it (Debian, Ubuntu: apt install chromium) and these tests run."
        )
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


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
