"""A real Chromium: the one that CHROMIUM names, else the one in PATH. Without any its tests are left out, and say so; in CI they fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from dealership.supervisor.checks import find_browser

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


@contextmanager
def chromium() -> Iterator[Browser]:
    """While it runs, an event loop does in this thread, and Django would refuse its database there."""
    path = find_browser(os.environ)
    if path is None:
        pytest.skip(
            "No Chromium here: install it (Debian, Ubuntu: apt install chromium) and these tests run."
        )
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
