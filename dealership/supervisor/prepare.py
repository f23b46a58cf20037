"""What has to be true before the first request: tables, the demo dealership, static files. Done once,
then skipped.
"""

# ruff: noqa: S603, PLW1509 - the commands are ours, and this process has one thread

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from .place import ROOT, Place, fingerprint
from .postgres import Postgres
from .process import dies_with_parent, open_log
from .trouble import Trouble, from_log

Say = Callable[[str], None]


def prepare(place: Place, postgres: Postgres | None, env: Mapping[str, str], say: Say) -> str:
    """Bring the database and the static files up to date; returns the demo's words on who can sign in.

    With a PostgreSQL of our own a stamp tells that nothing changed; somebody else's database is always asked.
    """
    _static_files(place, env, say)
    told = place.data / "sign-in.txt"
    before = _database_stamp(postgres)
    if before and told.exists() and place.done("database", before):
        return told.read_text()
    say("Bringing the database up to date")
    manage("migrate", "--no-input", "--verbosity=1", place=place, env=env)
    say("Loading the demo dealership if the database is empty")
    words = manage("demo", "--if-empty", place=place, env=env)
    if words.strip():
        told.write_text(words)
    place.note("database", _database_stamp(postgres))
    return told.read_text() if told.exists() else ""


def manage(*words: str, place: Place, env: Mapping[str, str]) -> str:
    """Run one of Django's commands and return what it printed; its complaints go to a log. Raises
    Trouble if it fails.
    """
    log = place.logs / "prepare.log"
    with open_log(log) as kept:
        command = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=kept,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGKILL),
        )
        try:
            printed, _ = command.communicate()
        except BaseException:
            command.kill()
            command.wait()
            raise
        kept.write(printed)
    if command.returncode != 0:
        raise from_log(f"`manage.py {words[0]}` failed", log)
    return printed.decode("utf-8", "replace")


def _static_files(place: Place, env: Mapping[str, str], say: Say) -> None:
    sources = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    stamp = fingerprint(
        [*sources, ROOT / "requirements.txt", ROOT / "dealership/settings.py"], env.get("STATIC_ROOT", "")
    )
    if place.done("static", stamp) and (place.data / "static").is_dir():
        return
    say("Collecting the static files")
    manage("collectstatic", "--no-input", "--clear", "--verbosity=0", place=place, env=env)
    place.note("static", stamp)


def _database_stamp(postgres: Postgres | None) -> str:
    """Which migrations and policies the code has, and which this database took; empty when that cannot be told."""
    if postgres is None:
        return ""
    try:
        taken = postgres.sql(
            "SELECT count(*) || ' ' || max(id) || ' ' || max(applied) FROM django_migrations"
        )
    except Trouble:
        return ""
    return fingerprint([*_migrations(), ROOT / "requirements.txt"], taken) if taken else ""


def _migrations() -> list[Path]:
    patterns = ("*/migrations/*.py", "*/*/migrations/*.py", "dealership/database/*.py")
    return [path for pattern in patterns for path in ROOT.glob(pattern)]
