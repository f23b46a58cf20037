"""A child process: started so that it dies with us, watched, stopped whole, and recognised if it
outlived us.
"""

# ruff: noqa: S603, S607, PLW1509 - the commands are ours, and this process has one thread

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOG_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Identity:
    """Which process a pid meant: pids are used again, a pid with its start and its command line is not."""

    pid: int
    started: str
    command: str


@dataclass(frozen=True)
class Account:
    """The user a child runs as when that is not us."""

    uid: int
    gid: int


def look(pid: int) -> Identity | None:
    """The living process with this pid; None when there is none. A zombie is dead: only its parent has
    not looked.
    """
    if pid <= 0:
        return None
    return _look_in_proc(pid) if LINUX else _look_with_ps(pid)


def _look_in_proc(pid: int) -> Identity | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold blanks and brackets
    if fields[0] in ("Z", "X"):
        return None
    return Identity(pid, fields[19], command.replace(b"\0", b" ").decode("utf-8", "replace").strip())


def _look_with_ps(pid: int) -> Identity | None:
    found = subprocess.run(
        ["ps", "-ww", "-o", "stat=,lstart=,command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, rest = found.stdout.strip().partition(" ")
    if not state or state.startswith("Z"):
        return None
    words = rest.split()
    return Identity(pid, " ".join(words[:5]), " ".join(words[5:]))


def remember(identity: Identity, record: Path) -> None:
    """Write down which process it is, so that a later start can tell it from a stranger with the same pid."""
    draft = record.with_suffix(".new")
    draft.write_text(json.dumps(asdict(identity)))
    draft.replace(record)


def recall(record: Path) -> Identity | None:
    """The process of a record if it still lives, by pid, start and command line together; else None."""
    try:
        noted = Identity(**json.loads(record.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return noted if look(noted.pid) == noted else None


def stop_leftover(record: Path, stop_signal: signal.Signals, grace: float) -> bool:
    """End the process of a record, if it outlived an earlier supervisor, with its group; say whether
    there was one.
    """
    left = recall(record)
    if left is not None:
        end(left, stop_signal, grace)
    record.unlink(missing_ok=True)
    return left is not None


def end(left: Identity, stop_signal: signal.Signals, grace: float) -> None:
    """Ask, wait `grace` seconds, then kill, each only while it is still the same process."""
    for sign, patience in ((stop_signal, grace), (signal.SIGKILL, 5.0)):
        if _is_gone(left):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(left.pid, sign)
        wait_until(lambda: _is_gone(left), patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(left.pid, signal.SIGKILL)


def _is_gone(left: Identity) -> bool:
    # While it ends its command is empty already: the time at which it began is what tells it from another.
    found = look(left.pid)
    return found is None or found.started != left.started


def wait_until(true: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Ask again and again until it is true or the time is over; the last answer."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def dies_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: on Linux the kernel sends `sign` when the parent is gone, so that even kill -9
    leaves nothing.
    """
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if LINUX else None

    def set_death_signal() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return set_death_signal


def die_with_my_parent(sign: signal.Signals) -> None:
    """Ask the kernel for `sign` when the process that started this one is gone (Linux; elsewhere nothing)."""
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def open_log(path: Path) -> IO[bytes]:
    """The log to append to; one that has grown past 10 MB is set aside first as `.1`."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(path.suffix + ".1"))
    return path.open("ab")


@dataclass
class Child:
    """One process of ours in a group of its own: a Ctrl-C at the terminal reaches us alone, and we stop
    it in order.
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    record: Path | None = None
    cwd: Path | None = None
    account: Account | None = None
    pass_fds: Sequence[int] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _asked: bool = field(default=False, init=False)

    def start(self) -> None:
        """Start it and note who it is. Raises OSError when it cannot be executed."""
        self._asked = False
        who: dict[str, object] = {}
        if self.account is not None:
            who = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        with open_log(self.log) as log:
            self._process = subprocess.Popen(  # type: ignore[call-overload]
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
                pass_fds=tuple(self.pass_fds),
                preexec_fn=dies_with_parent(self.stop_signal),
                **who,
            )
        seen = look(self.pid)
        if seen is not None and self.record is not None:
            remember(seen, self.record)

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    def ended(self) -> int | None:
        """Its exit status (negative: the signal) once it has ended, None while it lives. Ends what it
        left behind.
        """
        if self._process is None:
            return 0
        if self._process.returncode is None and self._waits_to_be_reaped():
            # Before it is reaped the pid, and so the group's number, cannot belong to anybody else.
            self._signal_group(signal.SIGKILL)
        status = self._process.poll()
        if status is not None and self.record is not None:
            self.record.unlink(missing_ok=True)
        return status

    def ask(self) -> None:
        """Ask it to end, once, and do not wait."""
        if self._process is not None and not self._asked and self.ended() is None:
            self._asked = True
            self._process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask it to end, wait for `grace` seconds, then kill it with its group. Harmless when it has
        ended.
        """
        if self._process is None or self.ended() is not None:
            return
        self.ask()
        if not wait_until(lambda: self.ended() is not None, self.grace):
            self._signal_group(signal.SIGKILL)
            self._process.wait()
            self.ended()

    def _waits_to_be_reaped(self) -> bool:
        try:
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return False

    def _signal_group(self, sign: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, sign)
