"""What every test may use: the cast, and clients that are signed in."""

import gc
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import hypothesis
import psycopg2
import pytest
from django.conf import settings
from django.db import connection, connections
from django.template.base import Template
from django.template.context import Context
from django.test import Client
from django.test.utils import _TestState

from dealership import disk, sight
from dealership.hooks import egress
from dealership.staff.models import StaffMember
from tests import cast as the_cast
from tests import emptied, promises
from tests.house import standing

#: The database that workers copy.
TEMPLATE = "kept_tests"
#: Whom the product speaks as: a role that row security holds for. The tables are another's.
PRODUCT = settings.DATABASE_ROLE


# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("kept", deadline=None)
hypothesis.settings.load_profile("kept")


def pytest_configure() -> None:
    """Static files come from their sources: nothing is collected before a test; the clock is the real one. Each worker has a cache of its own."""
    settings.PACED_CLOCK = False
    # Devices could ring; nothing is called, since no test gives them a service.
    settings.PUSH_KEY = "q6uw_GD4NNb8LQEzQxBLbm0wTHfh7kzYnQxQ4nqzX1k"
    # No other system is called: no name leads anywhere.
    egress.look_up = _nowhere
    # Tests travel in time, and the database stays where it is.
    settings.DATABASE_CLOCK = False
    # How full the disk of whoever runs them is, is not their business.
    disk.FULL = 2.0
    # Tests speak for all stores, also in threads of their own; a page that they ask for sees its person's.
    sight._sight = ContextVar("sight_of_tests", default=sight.EVERYTHING)
    settings.DATABASES["default"]["USER"] = settings.DATABASE_OWNER["USER"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    cache = settings.CACHES["default"]
    cache["LOCATION"] = re.sub(r"(/|db=)\d+$", rf"\g<1>{number}", cache["LOCATION"])
    if "PYTEST_XDIST_WORKER" in os.environ:
        settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = TEMPLATE


def _nowhere(host: str, port: int) -> list[str]:
    raise OSError("Nothing is looked up in a test.")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--saboteurs`: says at the end which promise was broken on purpose, and whether its test saw it. `--hands`: how journeys are gone."""
    parser.addoption("--saboteurs", action="store_true", help="Report the promises and their saboteurs.")
    parser.addoption(
        "--hands",
        choices=["mouse", "keyboard", "both"],
        help="All journeys by these; by default each by its own.",
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The report of the saboteurs, where it was asked for."""
    if not terminalreporter.config.getoption("--saboteurs"):
        return
    names = {
        outcome: [report.nodeid for report in reports if hasattr(report, "nodeid")]
        for outcome, reports in terminalreporter.stats.items()
    }
    terminalreporter.section("promises and saboteurs")
    for line in promises.told(names):
        terminalreporter.line(line)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What goes on from the same beginning one after the other; and what takes longest at the front of each worker's share."""
    places: dict[Any, int] = {None: len(items)}
    for item in items:
        places.setdefault(standing.asked_for(item), len(places))
    items.sort(key=lambda item: places[standing.asked_for(item)])
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [[item for item in items if _is_slow(item) == turn] for turn in range(1, 4)]
    rest, n_left = [item for item in items if not _is_slow(item)], len(items)
    items.clear()
    for worker in range(workers):
        front = [item for group in slow[worker::workers] for item in group]
        # As pytest-xdist will cut them: a worker steals from the end of another's share, never what stands at its front.
        n = max(n_left // (workers - worker) - len(front), 0)
        items += [*front, *rest[:n]]
        rest, n_left = rest[n:], n_left - len(front) - n
    items += rest


def _is_slow(item: pytest.Item) -> int:
    """1: journeys, for which the product starts once; 2: other tests with a browser; 3: what kills and waits. 0: no."""
    if item.get_closest_marker("browser"):
        return 1 if item.get_closest_marker("hands") else 2
    return 3 if item.get_closest_marker("chaos") else 0


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before a browser starts: with it the thread has a loop, and there Django's connection is another than the one that stands."""
    if item.get_closest_marker("browser"):
        standing.fall()


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
    """Before a test's own transaction opens: what it goes on from stands, and no longer what another went on from."""
    if fixturedef.argname != "_django_db_helper":
        return
    build = standing.asked_for(request.node)
    if build is None:
        standing.fall()
    else:
        standing.stand(build, request.getfixturevalue("django_db_blocker"))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector would walk over it again and again, a tenth of all the time; and it comes seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Before the workers start: one database is brought up to date, of which theirs are copies."""
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}")
        cursor.execute(f"CREATE DATABASE {TEMPLATE}")
    connection.close()
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{TEMPLATE}"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The owner makes the database of the tests; they speak as the product does, and row security holds for them."""
    with django_db_blocker.unblock():
        _let_tests_do_more()
        _speak_as(PRODUCT)
    yield
    with django_db_blocker.unblock():
        standing.fall()
        _speak_as(settings.DATABASE_OWNER["USER"])
        connections.close_all()


def _let_tests_do_more() -> None:
    """Tests may become the owner (`tests.owner`), and those that commit empty every table after themselves, the audit's too."""
    owner = settings.DATABASE_OWNER["USER"]
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT {owner} TO {PRODUCT} WITH INHERIT FALSE, SET TRUE")
    emptied.prepare()


def _speak_as(role: str) -> None:
    connection.close()
    connection.settings_dict["USER"] = role


@pytest.fixture(scope="session", autouse=True)
def pages_note_themselves_once(django_test_environment: None) -> None:
    """What `response.context` is made of: of each page one copy, where Django keeps one of each template that it includes."""
    noted, plain = Template._render, _TestState.saved_data.template_render

    def render(self: Template, context: Context) -> Any:
        return (noted if context.template is self else plain)(self, context)

    Template._render = render


@pytest.fixture
def cast(db: None) -> the_cast.Cast:
    """Northside Honda, Eastside Ford and their people."""
    return the_cast.build()


@pytest.fixture
def signed_in() -> Callable[[StaffMember], Client]:
    """A browser in which this person has signed in."""
    return lambda staff: the_cast.browser_of(staff.user)


@pytest.fixture
def in_spanish(signed_in: Callable[[StaffMember], Client]) -> Callable[[StaffMember], Client]:
    """A browser in which this person has signed in, and reads Spanish."""

    def begin(staff: StaffMember) -> Client:
        client = signed_in(staff)
        client.post("/account/language/", {"language": "es"})
        return client

    return begin
