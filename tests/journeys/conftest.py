"""Twelve journeys through the real product: its own web server, worker and ticker, a Chromium, and the phones of the simulator.

The product and the browser are started once for this folder, and end with it. Each story has customers of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import chromium
from tests.cast import Cast
from tests.journeys.hands import KINDS
from tests.journeys.product import Product
from tests.journeys.town import Town

expect.set_options(timeout=60_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder drive a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each journey goes once, by the hands that its mark names; with `--hands` by those, or by both."""
    if "hands" not in metafunc.fixturenames:
        return
    asked = metafunc.config.getoption("--hands")
    marked = metafunc.definition.get_closest_marker("hands").args[0]
    kinds = list(KINDS) if asked == "both" else [asked or marked]
    metafunc.parametrize("hands", [KINDS[kind]() for kind in kinds], ids=kinds)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Started once for this folder."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="package")
def product(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Product, Cast]]:
    """Started once for this folder, in a town that is built once."""
    product = Product(tmp_path_factory.mktemp("product"))
    with django_db_blocker.unblock():
        product.make_database()
        with product.at_its_database():
            cast = Town.build()
    try:
        product.start()
        yield product, cast
    finally:
        product.stop()


@pytest.fixture
def db() -> None:
    """No transaction is put around a journey: its rows are the product's, and stay until that ends."""


@pytest.fixture
def town(db: None, product: tuple[Product, Cast], django_db_blocker: Any, browser: Browser) -> Iterator[Town]:
    """The stores and their people, as the product's own rows; after the story nothing may have gone wrong anywhere."""
    run, cast = product
    with django_db_blocker.unblock(), run.at_its_database():
        town = Town(run, cast, browser)
        yield town
        troubles = [trouble for visit in town.visits for trouble in visit.close()]
    assert troubles == [], run.told()
