"""The product as the supervisor starts it: a web server, a worker and a ticker, over a database of their own."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import psycopg2
from celery import Celery
from django.conf import settings
from django.db import connection

from dealership import clock
from dealership.models import PlayedDay
from dealership.supervisor.place import ROOT
from dealership.supervisor.process import Child, wait_until
from dealership.supervisor.valkey import free_port
from tests.cast import MONDAY_TEN
from tests.house import standing

#: Beside the sixteen that tests keep their caches in, so that nobody hears another's wake-ups.
FIRST_REDIS = 8
_direct = build_opener(ProxyHandler({}))


class Product:
    """Everything of it dies with this process. It is Monday, ten in the morning, when it starts, whatever the time is outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = f"{connection.settings_dict['NAME']}_journeys"
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        self.redis = re.sub(r"/\d+$", f"/{FIRST_REDIS + worker}", settings.REDIS_URL)
        self.broker = Celery(broker=self.redis)
        self.children: list[Child] = []

    def make_database(self) -> None:
        """A copy of the one that the tests have migrated, in which the clock shows Monday, ten."""
        standing.fall()
        connection.close()
        owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {self.database} TEMPLATE {connection.settings_dict['NAME']}")
        owner.close()
        with self.at_its_database():
            PlayedDay.objects.create(real_at=datetime.now(UTC), shown_at=MONDAY_TEN, speed=1)

    @contextmanager
    def at_its_database(self) -> Iterator[None]:
        """Within the block this process looks at the product's rows, and at its clock."""
        was = connection.settings_dict["NAME"]
        self._turn_to(self.database, paced=True)
        try:
            yield
        finally:
            self._turn_to(was, paced=False)

    def _turn_to(self, database: str, *, paced: bool) -> None:
        standing.fall()
        connection.close()
        connection.settings_dict["NAME"] = database
        settings.PACED_CLOCK = paced
        clock.forget_pace()

    def start(self) -> None:
        """Until the first page could be served."""
        python = [sys.executable, "-m"]
        web = [*python, "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        worker = [*python, "celery", "-A", "dealership.celery", "worker", "--concurrency", "1"]
        commands = {
            "web": [*web, "--worker-tmp-dir", str(self.folder)],
            "worker": [*worker, "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
            "ticker": [sys.executable, str(ROOT / "manage.py"), "ticker"],
        }
        for name, command in commands.items():
            child = Child(name, command, self._log(name), self._environment(), cwd=ROOT, grace=5.0)
            self.children.append(child)
            child.start()
        if not wait_until(self._serves, 180.0):
            raise RuntimeError(f"No page came. {self.told()}")

    def _environment(self) -> dict[str, str]:
        unwanted = ("TWILIO", "DATABASE_OWNER", "PYTHONDONTWRITE", "PYTEST", "COV")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        return kept | {
            "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{self.database}",
            "REDIS_URL": self.redis,
            "KEPT_DATA": str(self.folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "PORT": str(self.port),
            "PUBLIC_BASE_URL": self.url,
            "STATIC_FROM_SOURCE": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def _serves(self) -> bool:
        try:
            return bool(_direct.open(f"{self.url}/health/ready/", timeout=5).status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> None:
        """The processes, all asked before any is waited for; then their database."""
        for child in self.children:
            child.ask()
        for child in self.children:
            child.stop()
        owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self.database} WITH (FORCE)")
        owner.close()

    def post(self, path: str, data: bytes, kind: str) -> int:
        """Another machine posts this: a provider of leads, the DMS. Returns how it was answered."""
        request = Request(f"{self.url}{path}", data, {"Content-Type": kind})
        return int(_direct.open(request, timeout=10).status)

    def ring(self, job: str) -> None:
        """The turn of this job comes now, and not only when the ticker has counted to it."""
        self.broker.send_task(job, expires=30)

    def told(self) -> str:
        """What its processes complained of."""
        said = [
            f"{name}: {line}" for name in ("web", "worker", "ticker") for line in _complaints(self._log(name))
        ]
        return "\n".join(said[-40:])

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def _complaints(log: Path) -> list[str]:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return [line for line in lines if re.search(r"ERROR|WARNING|CRITICAL|Traceback|Error:", line)]
