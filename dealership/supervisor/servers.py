"""PostgreSQL and Valkey for one command: made in a temporary folder, thrown away when the command ends."""

# ruff: noqa: S603, PLW1509 - the command is the caller's own, and this process has one thread

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .postgres import Postgres, remove_sockets
from .process import dies_with_parent, look, recall, remember
from .valkey import Valkey

PREFIX = "kept-servers-"


@contextlib.contextmanager
def temporary() -> Iterator[dict[str, str]]:
    """The environment that names the two servers, and a folder for the product's own files, while it is
    open.
    """
    base = Path(tempfile.mkdtemp(prefix=PREFIX))
    me = look(os.getpid())
    if me is not None:
        remember(me, base / "owner")
    postgres: Postgres | None = None
    valkey: Valkey | None = None
    try:
        (base / "valkey").mkdir()
        (base / "data").mkdir(mode=0o700)
        postgres = Postgres(base / "postgres", base / "postgres.log", durable=False)
        postgres.start()
        valkey = Valkey(base / "valkey", base / "valkey.log", durable=False)
        valkey.start()
        yield {
            "DATABASE_URL": postgres.url,
            "DATABASE_OWNER_URL": postgres.owner_url,
            "REDIS_URL": valkey.url,
            "KEPT_DATA": str(base / "data"),
        }
    finally:
        if valkey is not None:
            valkey.child.stop()
        if postgres is not None:
            postgres.stop()
        shutil.rmtree(base, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of runs that were killed: ours by owner, dead by their record."""
    for base in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with contextlib.suppress(OSError):
            if (
                base.stat().st_uid == os.geteuid()
                and (base / "owner").exists()
                and recall(base / "owner") is None
            ):
                remove_sockets(base / "postgres")
                shutil.rmtree(base, ignore_errors=True)


def with_servers(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command with servers of its own and return its exit status (128 + signal when it was
    killed).
    """
    sweep()
    with temporary() as named, _stopping_with_us() as register:
        env = {"SECRET_KEY": secrets.token_urlsafe(50), **environment, **named}
        process = subprocess.Popen(list(command), env=env, preexec_fn=dies_with_parent(signal.SIGTERM))
        register(process)
        status = process.wait()
    return status if status >= 0 else 128 - status


@contextlib.contextmanager
def _stopping_with_us() -> "Iterator[_Register]":
    """Ctrl-C reaches the command by the terminal; SIGTERM and SIGHUP are handed on. Either way we wait
    and clean up.
    """
    register = _Register()
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGINT, lambda *_: None)
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda *_: register.hand_on(signal.SIGTERM))
    try:
        yield register
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


class _Register:
    """The command that a signal is handed on to."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def __call__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def hand_on(self, sign: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)
