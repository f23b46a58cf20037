"""What every bench needs: a scratch database beside the one that DATABASE_URL names, and figures as JSON lines."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealership.settings")

import django
from django.conf import settings

django.setup()
settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.ALLOWED_HOSTS = ["*"]

from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from dealership import sight


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own with the tables of the models as they are now; dropped in the end."""
    connection.settings_dict["TEST"]["MIGRATE"] = False
    # A bench speaks for all stores, also in threads of its own; a page that it asks for sees its person's.
    sight._sight = ContextVar("sight_of_benches", default=sight.EVERYTHING)
    old = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        yield
    finally:
        teardown_databases(old, verbosity=0)


def say(**figures: Any) -> None:
    """One JSON line."""
    print(json.dumps(figures), flush=True)


def timed(name: str, n: int, work: Callable[[], Any]) -> None:
    """How long `work` took, which did `n` things."""
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    say(figure=name, n=n, seconds=round(seconds, 3), per_second=round(n / seconds))


def spread(name: str, seconds: Sequence[float], **more: Any) -> None:
    """p50 and p95 of many times, in ms."""
    ordered = sorted(seconds)
    say(
        figure=name,
        n=len(ordered),
        p50_ms=round(ordered[len(ordered) // 2] * 1000, 2),
        p95_ms=round(ordered[int(len(ordered) * 0.95)] * 1000, 2),
        **more,
    )


def stopwatch(work: Callable[[], Any]) -> float:
    """Seconds that it took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def queries_of(work: Callable[[], Any]) -> list[str]:
    """The statements that it sends to the database."""
    with CaptureQueriesContext(connection) as caught:
        work()
    return [query["sql"] for query in caught.captured_queries]


def execute(sql: str) -> None:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
