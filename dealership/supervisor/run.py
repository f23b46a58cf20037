"""`make run`: the whole product on this machine, until Ctrl-C."""

import contextlib
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from . import day
from .place import ROOT, Place
from .postgres import Postgres
from .prepare import prepare
from .process import Child, die_with_my_parent, stop_leftover
from .trouble import Trouble, from_log
from .valkey import Valkey
from .watch import Watch, stop_together

PATIENCE_S = 90.0
WORKER_GRACE_S = 5  # its jobs are short; in production they get thirty seconds
LEFTOVERS = {  # in the order of stopping: how each is asked, and how long it may take
    "ticker": (signal.SIGTERM, 10.0),
    "web": (signal.SIGTERM, 10.0),
    "worker": (signal.SIGTERM, WORKER_GRACE_S + 10.0),
    "valkey": (signal.SIGTERM, 10.0),
    "postgres": (signal.SIGINT, 30.0),
}


class Stopped(Exception):
    """Ctrl-C, SIGTERM, SIGHUP, or the `make` that started us has gone."""


def run(environment: Mapping[str, str]) -> int:
    """Start everything, say where it is, keep it running; 0 after a wish to stop. Raises Trouble,
    everything stopped.
    """
    port = read_port(environment)
    address = f"http://127.0.0.1:{port}/"
    place = Place(environment)
    began = time.monotonic()
    if "MAKELEVEL" in environment:
        die_with_my_parent(signal.SIGTERM)
    with _stop_on_signals():
        place.make()
        with place.held(address):
            product = Product(place, environment, port)
            try:
                told = product.start()
                _announce(address, told, time.monotonic() - began, place)
                product.keep_running()
            finally:
                _ignore_signals()
                place.tell("stopping", address)
                say("Stopping")
                product.stop()
    return 0


@dataclass
class Product:
    """The servers and the three processes of one run."""

    place: Place
    environment: Mapping[str, str]
    port: int
    watch: Watch = field(init=False)
    postgres: Postgres | None = field(default=None, init=False)
    valkey: Valkey | None = field(default=None, init=False)
    processes: list[Child] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(say)

    def start(self) -> str:
        """Start in order, wait for the first page; returns who can sign in."""
        for name, (sign, grace) in LEFTOVERS.items():
            if stop_leftover(self.place.records / f"{name}.json", sign, grace):
                say(f"Stopped the {name} that an earlier run left behind")
        refuse_busy_port(self.port)
        env = self._servers()
        told = prepare(self.place, self.postgres, env, say)
        self.place.tell_how({name: env[name] for name in day.NEEDED})
        self._processes(env)
        say("Waiting for the first page")
        self._wait_for_first_page()
        return told

    def keep_running(self) -> None:
        """Until a signal; raises Trouble when a part does not stay."""
        while True:
            self.watch.look()
            time.sleep(0.2)

    def stop(self) -> None:
        """The product first, then what it stands on."""
        stop_together(self.processes)
        if self.valkey is not None:
            self.valkey.child.stop()
        if self.postgres is not None:
            self.postgres.stop()

    def _servers(self) -> dict[str, str]:
        place, named = self.place, self.environment
        env = {name: value for name, value in named.items() if not name.startswith(("MAKE", "MFLAGS"))}
        env |= {"REMAP_SIGTERM": "SIGQUIT", "WORKER_GRACE": named.get("WORKER_GRACE") or str(WORKER_GRACE_S)}
        env |= {"PORT": str(self.port), "KEPT_DATA": str(place.data), "PYTHONUNBUFFERED": "1"}
        env.setdefault("DEBUG", "0")
        env["SECRET_KEY"] = named.get("SECRET_KEY") or place.secret_key()
        if not named.get("DATABASE_URL"):
            record = place.records / "postgres.json"
            self.postgres = Postgres(place.data / "postgres", place.logs / "postgres.log", record=record)
            say("Starting PostgreSQL")
            self.postgres.start()
            self.watch.add(self.postgres.child, self.postgres.restart)
            env["DATABASE_URL"], env["DATABASE_OWNER_URL"] = self.postgres.url, self.postgres.owner_url
        if not named.get("REDIS_URL"):
            record = place.records / "valkey.json"
            self.valkey = Valkey(place.data / "valkey", place.logs / "valkey.log", record=record)
            say("Starting Valkey")
            self.valkey.start()
            self.watch.add(self.valkey.child, self.valkey.restart)
            env["REDIS_URL"] = self.valkey.url
        return env

    def _processes(self, env: Mapping[str, str]) -> None:
        # The owner's address is for migrations alone.
        env = {name: value for name, value in env.items() if name != "DATABASE_OWNER_URL"}
        python = [sys.executable, "-m"]
        web_workers = min((os.cpu_count() or 1) + 1, 5)
        web = ["gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", str(web_workers)]
        web += ["--worker-tmp-dir", str(self.place.records)]
        worker = ["celery", "-A", "dealership.celery", "worker", "--concurrency", "2", "--loglevel", "INFO"]
        worker += ["--without-gossip", "--without-mingle", "--hostname", "kept@%h"]
        for name, title, command in (
            ("web", "The web server", [*python, *web]),
            ("worker", "The worker", [*python, *worker]),
            ("ticker", "The ticker", [sys.executable, str(ROOT / "manage.py"), "ticker"]),
        ):
            sign, grace = LEFTOVERS[name]
            log, record = self.place.logs / f"{name}.log", self.place.records / f"{name}.json"
            child = Child(title, command, log, env, record=record, cwd=ROOT, stop_signal=sign, grace=grace)
            self.processes.append(child)
            child.start()
            self.watch.add(child)

    def _wait_for_first_page(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while (status := _status_of(self.port)) != 200:
            self.watch.look()
            if time.monotonic() > deadline:
                raise from_log(
                    f"No page came within {PATIENCE_S:.0f} seconds (last answer: {status})",
                    self.place.logs / "web.log",
                )
            time.sleep(0.1)


def read_port(environment: Mapping[str, str]) -> int:
    """PORT, 8000 by default. Raises Trouble when it is no port."""
    text = environment.get("PORT") or "8000"
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 65_536:
        raise Trouble(f"PORT is {text!r}: write a number from 1 to 65535, such as `make run PORT=8001`.")
    return int(text)


def refuse_busy_port(port: int) -> None:
    """Raise Trouble when something listens on the port, or we may not."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except PermissionError:
            raise Trouble(
                f"Port {port} is for root only: choose another one with `make run PORT=8000`."
            ) from None
        except OSError:
            raise Trouble(
                f"Port {port} is taken by another program: stop that one, or choose another port with "
                f"`make run PORT={port + 1 if port < 65_535 else 8000}`."
            ) from None


def say(words: str) -> None:
    """One line of progress."""
    print(f"  {words}", flush=True)


def _status_of(port: int) -> int | None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health/ready/")
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def _announce(address: str, told: str, seconds: float, place: Place) -> None:
    print(f"\nKept runs at {address}  (ready after {seconds:.1f} s; Ctrl-C stops it)\n")
    if told.strip():
        print(told.strip() + "\n")
    shown = os.path.relpath(place.logs) if place.logs.is_relative_to(Path.cwd()) else place.logs
    print(f"Logs: {shown}", flush=True)


@contextlib.contextmanager
def _stop_on_signals() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Stopped

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, stop)
    with contextlib.suppress(Stopped):
        yield


def _ignore_signals() -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
