"""Backups: a dump with a manifest of what is in it, tried by restoring it and judging the copy.

The dump and the counts beside it are of one moment (an exported snapshot). What is restored is counted again, and must say the same.
The owner of the tables dumps and restores: row security would hide rows from anybody else.
"""

# ruff: noqa: S603 - the programs are PostgreSQL's own, found by name

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from dealership import clock
from dealership.database import role
from dealership.models import Heartbeat
from dealership.supervisor.postgres import find_wheel
from dealership.supervisor.trouble import Trouble
from dealership.verify import one_moment

BEAT, TESTED_BEAT = "backup", "backup tested"
SCRATCH = "kept_backup_test"


class BackupError(Exception):
    """It cannot be made, read or restored; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a dump holds: of which moment, its digest, and how many rows each table has."""

    made_at: str
    file: str
    n_bytes: int
    sha256: str
    counts: dict[str, int]

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(self.counts.values())


def make(folder: Path, *, keep: int) -> Manifest:
    """Dumps the database into this folder, writes the manifest beside it, and throws away what is older than the newest `keep`."""
    folder.mkdir(parents=True, exist_ok=True)
    made_at = clock.real()
    name = f"kept-{made_at:%Y%m%dT%H%M%S}.dump"
    draft = folder / f"{name}.part"
    draft.touch(mode=0o600)
    with role.owner(), one_moment(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = _counts(cursor)
        _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={draft}")
    manifest = Manifest(made_at.isoformat(), name, draft.stat().st_size, _digest(draft), counts)
    draft.rename(folder / name)
    _manifest_of(folder / name).write_text(json.dumps(asdict(manifest), indent=1))
    _rotate(folder, keep)
    Heartbeat.objects.update_or_create(
        job=BEAT, defaults={"at": clock.real(), "result": {"file": name, "rows": manifest.n_rows}}
    )
    return manifest


def newest(folder: Path) -> Path:
    """The newest dump of a folder. Raises BackupError."""
    dumps = _dumps(folder)
    if not dumps:
        raise BackupError(f"There is no backup in {folder}: `manage.py backup` makes one.")
    return dumps[-1]


def read_manifest(dump: Path) -> Manifest:
    """What a dump says that it holds, once its bytes are what they were. Raises BackupError."""
    try:
        manifest = Manifest(**json.loads(_manifest_of(dump).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{dump} has no manifest that can be read: it may be half a backup.") from error
    if _digest(dump) != manifest.sha256:
        raise BackupError(f"{dump} is not what was written: its digest differs. Take an older one.")
    return manifest


def restore(dump: Path, *, force: bool = False) -> Manifest:
    """Puts a dump into this database, which must be empty unless `force` throws away what is there. Raises BackupError."""
    manifest = read_manifest(dump)
    with role.owner():
        with connection.cursor() as cursor:
            is_empty = not _counts(cursor)
        if not is_empty and not force:
            raise BackupError(
                "This database is not empty: name an empty one with DATABASE_URL, or say --force to throw away what is there."
            )
        connection.close()
        clean = [] if is_empty else ["--clean", "--if-exists"]
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", *clean,
             f"--dbname={connection.settings_dict['NAME']}", str(dump))  # fmt: skip
        with connection.cursor() as cursor:
            _compare(manifest, _counts(cursor))
    return manifest


def test(dump: Path) -> str:
    """Restores a dump into a database of its own beside this one and judges it there. Returns what the judge says. Raises BackupError."""
    manifest = read_manifest(dump)
    with _scratch() as environment:
        for words in (
            ["restore", str(dump)],
            ["migrate", "--no-input", "--verbosity=0"],
            ["verify", "--at-rest"],
        ):
            done = subprocess.run(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise BackupError(
                    f"{dump}: `{words[0]}` failed on the copy. {done.stdout[-600:]}{done.stderr[-600:]}"
                )
    Heartbeat.objects.update_or_create(
        job=TESTED_BEAT, defaults={"at": clock.real(), "result": {"file": dump.name, "rows": manifest.n_rows}}
    )
    return done.stdout.strip().splitlines()[-1]


@contextmanager
def _scratch() -> Iterator[dict[str, str]]:
    """An empty database, and the environment that names it; dropped after the block."""
    owner = settings.DATABASE_OWNER
    server = psycopg2.connect(
        dbname="postgres", user=owner["USER"], password=owner["PASSWORD"] or None,
        host=owner["HOST"] or None, port=owner["PORT"] or None,
    )  # fmt: skip
    server.autocommit = True
    name = sql.Identifier(SCRATCH)
    try:
        with server.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(name))
            password = f":{quote(owner['PASSWORD'])}" if owner["PASSWORD"] else ""
            port = f":{owner['PORT']}" if owner["PORT"] else ""
            url = (
                f"postgres://{owner['USER']}{password}@{quote(owner['HOST'] or '', safe='')}{port}/{SCRATCH}"
            )
            yield {**os.environ, "DATABASE_URL": url, "DATABASE_OWNER_URL": url}
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    finally:
        server.close()


def _counts(cursor: object) -> dict[str, int]:
    execute, fetchall = cursor.execute, cursor.fetchall  # type: ignore[attr-defined]
    execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    names = [row[0] for row in fetchall()]
    found = {}
    for name in names:
        execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        found[name] = int(fetchall()[0][0])
    return found


def _compare(manifest: Manifest, counts: Mapping[str, int]) -> None:
    differing = {name: (n, counts.get(name)) for name, n in manifest.counts.items() if counts.get(name) != n}
    if differing:
        raise BackupError(f"What was restored is not what was saved: {differing}.")


def _run(program: str, *words: str) -> None:
    owner = settings.DATABASE_OWNER
    named = {
        "PGHOST": owner["HOST"],
        "PGPORT": str(owner["PORT"] or ""),
        "PGUSER": owner["USER"],
        "PGPASSWORD": owner["PASSWORD"],
        "PGDATABASE": connection.settings_dict["NAME"],
    }
    environment = {"PATH": os.environ.get("PATH", os.defpath), **{k: v for k, v in named.items() if v}}
    done = subprocess.run(
        [_program(program), *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-800:]}")


def _program(name: str) -> str:
    """The programs of the PostgreSQL that comes along, else those on the PATH: not older than the server."""
    try:
        return str(find_wheel() / "pginstall/bin" / name)
    except Trouble:
        found = shutil.which(name)
    if found is None:
        raise BackupError(
            f"{name} was not found: install PostgreSQL's client programs of the server's version."
        )
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _manifest_of(dump: Path) -> Path:
    return dump.with_suffix(".json")


def _dumps(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("kept-*.dump") if _manifest_of(path).exists())


def _rotate(folder: Path, keep: int) -> None:
    for old in _dumps(folder)[: -max(1, keep)]:
        old.unlink()
        _manifest_of(old).unlink()
