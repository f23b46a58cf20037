"""The real PostgreSQL and Valkey from the wheels: alone for one command, and back after kill -9 with what they had."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dealership.supervisor.place import ROOT
from dealership.supervisor.postgres import Postgres
from dealership.supervisor.process import wait_until
from dealership.supervisor.trouble import Trouble
from dealership.supervisor.valkey import Valkey, free_port


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres", tmp_path / "postgres.log")
    try:
        yield server
    finally:
        server.stop()


def test_postgres_is_back_after_kill_9_with_every_row_it_confirmed(postgres: Postgres) -> None:
    postgres.start()
    postgres.sql("CREATE TABLE promise (n int)")
    postgres.sql("INSERT INTO promise SELECT generate_series(1, 1000)")
    os.kill(postgres.child.pid, signal.SIGKILL)
    assert wait_until(lambda: postgres.child.ended() is not None, 5.0)
    postgres.restart()
    assert postgres.sql("SELECT count(*) FROM promise") == "1000"
    shown = "SELECT concat_ws(' ', current_setting('fsync'), current_setting('data_checksums'), current_setting('TimeZone'), datlocale)"
    assert postgres.sql(f"{shown} FROM pg_database WHERE datname = current_database()") == "on on UTC C.UTF-8"


def test_a_data_folder_of_another_postgres_is_refused_with_the_way_to_move_it(postgres: Postgres) -> None:
    postgres.folder.mkdir()
    (postgres.folder / "PG_VERSION").write_text("13\n")
    with pytest.raises(
        Trouble, match=r"made by PostgreSQL 13 and this is PostgreSQL \d+: dump it with version 13"
    ):
        postgres.start()
    assert os.listdir(postgres.folder) == ["PG_VERSION"]


def test_valkey_is_back_after_kill_9_at_the_same_address(tmp_path: Path) -> None:
    folder = tmp_path / "with a blank"
    folder.mkdir()
    server = Valkey(folder, tmp_path / "valkey.log")
    server.start()
    try:
        address = server.url
        os.kill(server.child.pid, signal.SIGKILL)
        assert wait_until(lambda: server.child.ended() is not None, 5.0)
        assert not server.answers()
        server.restart()
        assert server.answers()
        assert server.url == address
        assert (folder / "appendonlydir").is_dir()
    finally:
        server.child.stop()


def test_valkey_refuses_who_does_not_know_its_password(tmp_path: Path) -> None:
    server = Valkey(tmp_path, tmp_path / "valkey.log", durable=False)
    server.start()
    try:
        assert server.answers()
        server.password = "guess"
        assert not server.answers()
    finally:
        server.child.stop()


def test_a_free_port_is_below_those_of_outgoing_connections() -> None:
    assert 20_000 <= free_port() < 32_000


def test_a_command_gets_servers_of_its_own_and_its_status_is_handed_back(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys; import psycopg2, redis\n"
        "row = psycopg2.connect(os.environ['DATABASE_URL']).cursor(); row.execute('SELECT 40 + 2')\n"
        "redis.Redis.from_url(os.environ['REDIS_URL']).ping()\n"
        "assert pathlib.Path(os.environ['KEPT_DATA']).is_dir()\n"
        "print(os.environ['KEPT_DATA']); sys.exit(row.fetchone()[0])\n"
    )
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "dealership.supervisor",
        "with-servers",
        "--",
        sys.executable,
        "-c",
        script,
    ]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 42, done.stderr
    assert not Path(done.stdout.strip()).exists()
    assert os.listdir(tmp_path) == []
