"""The product's processes as the supervisor starts them, each of which can be killed or stopped, and comes back."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from dealership.supervisor.place import ROOT
from dealership.supervisor.postgres import Postgres
from dealership.supervisor.process import Child, dies_with_parent, wait_until
from dealership.supervisor.valkey import Valkey, free_port

PARTS = ("web", "worker-1", "worker-2", "ticker-1", "ticker-2")


@dataclass
class Product:
    """Servers first (`start_servers`), then, when the database is filled, the processes (`start`)."""

    base: Path
    sabotage: str = ""
    env: dict[str, str] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)

    def start_servers(self) -> None:
        """PostgreSQL as durable as in production (fsync is what a kill cannot test), Valkey, and the environment."""
        (self.base / "valkey").mkdir()
        (self.base / "data").mkdir(mode=0o700)
        self.postgres = Postgres(self.base / "postgres", self.base / "postgres.log")
        self.postgres.start()
        self.valkey = Valkey(self.base / "valkey", self.base / "valkey.log")
        self.valkey.start()
        self.port = free_port()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TWILIO")},
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "KEPT_DATA": str(self.base / "data"),
            "SECRET_KEY": secrets.token_urlsafe(40),
            "PORT": str(self.port),
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "STATIC_FROM_SOURCE": "1",
            "PYTHONUNBUFFERED": "1",
            "CHAOS_SABOTAGE": "",
        }
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)
        self.env.pop("DATABASE_OWNER_URL", None)

    def start_carrier(self, asked: str) -> str:
        """The carrier, which nothing kills. Returns its address."""
        log = (self.base / "carrier.log").open("wb")
        self.carrier = subprocess.Popen(
            [sys.executable, "-m", "tests.carrier", asked],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no thread runs yet
        )
        url = self.carrier.stdout.readline().strip()
        self.env["SIMULATOR_URL"] = url
        return url

    def start(self) -> None:
        """Web, two workers, two tickers; and somebody who starts again what has ended."""
        python = [sys.executable, "-m"]
        web = [*python, "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        web += ["--worker-tmp-dir", str(self.base)]
        worker = [*python, "celery", "-A", "dealership.celery", "worker", "--concurrency", "1"]
        worker += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        commands = {"web": web}
        commands |= {f"worker-{n}": [*worker, "--hostname", f"chaos{n}@%h"] for n in (1, 2)}
        commands |= {f"ticker-{n}": [sys.executable, str(ROOT / "manage.py"), "ticker"] for n in (1, 2)}
        env = self.env | {"CHAOS_SABOTAGE": self.sabotage}
        for name, command in commands.items():
            child = Child(name, command, self.base / f"{name}.log", env, cwd=ROOT)
            self.children[name] = child
            child.start()
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _keep(self) -> None:
        while not self._over.wait(0.2):
            for child in self.children.values():
                if child.ended() is not None and not self._over.is_set():
                    child.start()

    def stop(self) -> None:
        """Everything, thawed first."""
        for name in list(self.frozen):
            self.thaw(name)
        if hasattr(self, "_over"):
            self._over.set()
            self._keeper.join()
        for child in self.children.values():
            child.ask()
        for child in self.children.values():
            child.grace = 3.0
            child.stop()
        if hasattr(self, "carrier"):
            self.carrier.terminate()
            self.carrier.wait()
        for server in ("valkey", "postgres"):
            if hasattr(self, server):
                getattr(self, server).child.stop()
        if hasattr(self, "postgres"):
            self.postgres.stop()

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU that each living part has used, with its living children and those that it has reaped."""
        named = {**self.children, "postgres": self.postgres.child, "valkey": self.valkey.child}
        spent = {
            name: sum(map(_cpu_of, [child.pid, *children_of(child.pid)])) for name, child in named.items()
        }
        return spent | {"carrier": _cpu_of(self.carrier.pid)}

    # What can go wrong

    def kill(self, name: str) -> None:
        """kill -9 of a part with all its processes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.children[name].pid, signal.SIGKILL)

    def kill_child_of(self, name: str, nth: int) -> None:
        """kill -9 of one process that a part has forked."""
        found = children_of(self.children[name].pid)
        if found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(found[nth % len(found)], signal.SIGKILL)

    def freeze(self, name: str) -> None:
        """SIGSTOP of a part with all its processes."""
        self.frozen.add(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.children[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        self.frozen.discard(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.children[name].pid, signal.SIGCONT)

    def empty_valkey(self, seconds: float) -> None:
        """kill -9 of Valkey, and after a while an empty one."""
        child = self.valkey.child
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        wait_until(lambda: child.ended() is not None, 5)
        for path in self.valkey.folder.iterdir():
            if path.name != "valkey.conf":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        time.sleep(seconds)
        self.valkey.restart()

    def crash_postgres(self) -> None:
        """An immediate stop, as a crash, and a start: it recovers from its log."""
        child = self.postgres.child
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGQUIT)
        wait_until(lambda: child.ended() is not None, 10)
        self.postgres.restart()


def children_of(pid: int) -> list[int]:
    """The processes that this one has forked."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
