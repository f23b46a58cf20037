"""The data folder of one `make run`: who holds it, its logs and records, what is already done, the
demo's secret.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
NEEDED_MB = 300
PATIENCE_WITH_ANOTHER_S = 3.0
PATIENCE_WITH_A_STOPPING_ONE_S = 90.0


class Place:
    """Layout: postgres/ valkey/ static/ logs/ run/ (who runs) stamps/ (what is done) secret_key lock."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.data = Path(environment.get("KEPT_DATA") or ROOT / ".data").expanduser().absolute()
        self.logs = self.data / "logs"
        self.records = self.data / "run"
        self.stamps = self.data / "stamps"

    def make(self) -> None:
        """Make the folders, 0700. Raises Trouble for a full disk or somebody else's folder, OSError for
        the rest.
        """
        refuse_full_disk(self.data)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.data.stat().st_uid
        if owner != os.geteuid():
            raise Trouble(
                f"{self.data} belongs to {_name(owner)} and this runs as {_name(os.geteuid())}: run it as "
                f"{_name(owner)}, or name another folder with KEPT_DATA=/some/folder."
            )
        self.data.chmod(0o700)
        for folder in (self.logs, self.records, self.stamps, self.data / "valkey"):
            folder.mkdir(exist_ok=True)

    @contextlib.contextmanager
    def held(self, address: str) -> Iterator[None]:
        """Hold the folder for one run. Raises Trouble when another run holds it; waits for one that is
        stopping.
        """
        with (self.data / "lock").open("a+") as lock:
            started = time.monotonic()
            while not _locked(lock.fileno()):
                self._wait_or_refuse(time.monotonic() - started)
            self.tell("running", address)
            yield

    def tell(self, state: str, address: str) -> None:
        """Write who holds the folder, for the next start to read."""
        (self.data / "lock").write_text(json.dumps({"pid": os.getpid(), "state": state, "address": address}))

    def _wait_or_refuse(self, waited: float) -> None:
        try:
            holder = json.loads((self.data / "lock").read_text())
        except (OSError, ValueError):
            holder = {}
        stopping = holder.get("state") == "stopping"
        if waited > (PATIENCE_WITH_A_STOPPING_ONE_S if stopping else PATIENCE_WITH_ANOTHER_S):
            pid = holder.get("pid", "?")
            raise Trouble(
                f"Kept already runs on {self.data} at {holder.get('address', 'another port')} (process "
                f"{pid}): use that "
                f"one, or stop it with Ctrl-C in its terminal or `kill {pid}`, and run this again."
            )
        time.sleep(0.1)

    def tell_how(self, env: Mapping[str, str]) -> None:
        """Write how commands reach what runs here, readable by its owner alone."""
        path = self.records / "reach.json"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(dict(env)))

    def running(self) -> dict[str, str]:
        """How commands reach what runs here; empty when nothing does."""
        try:
            with (self.data / "lock").open("a+") as lock:
                if _locked(lock.fileno()):
                    return {}
            return {
                str(name): str(value)
                for name, value in json.loads((self.records / "reach.json").read_text()).items()
            }
        except (OSError, ValueError):
            return {}

    def secret_key(self) -> str:
        """The demo's SECRET_KEY, made once, readable by its owner alone."""
        path = self.data / "secret_key"
        if not path.exists() or not path.read_text().strip():
            draft = path.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(50))
            draft.replace(path)
        return path.read_text().strip()

    def done(self, what: str, stamp: str) -> bool:
        """Whether `what` was done for this very stamp."""
        path = self.stamps / what
        return path.exists() and path.read_text() == stamp

    def note(self, what: str, stamp: str) -> None:
        """Note that `what` is done for this stamp."""
        (self.stamps / what).write_text(stamp)


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A digest of the files' names and contents and of the words; missing files count as absent."""
    digest = hashlib.sha256()
    for path in sorted(files):
        if path.is_file():
            digest.update(os.path.relpath(path, ROOT).encode() + b"\0" + path.read_bytes() + b"\0")
    for word in more:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


def refuse_full_disk(folder: Path, needed_mb: int = NEEDED_MB) -> None:
    """Raise Trouble when the disk of the folder (or of its nearest existing parent) has less free than
    needed.
    """
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free_mb = shutil.disk_usage(there).free // 1_000_000
    if free_mb < needed_mb:
        raise Trouble(
            f"The disk that holds {folder} has {free_mb} MB free and {needed_mb} MB are needed: free "
            f"some space and run "
            "the same command again."
        )


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
