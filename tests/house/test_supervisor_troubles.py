"""What goes wrong on people's machines is said in one sentence that tells what to do."""

import errno
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dealership.supervisor import checks, place, venv
from dealership.supervisor.place import ROOT, Place, fingerprint, refuse_full_disk
from dealership.supervisor.run import read_port, refuse_busy_port
from dealership.supervisor.trouble import Trouble, from_log, from_os_error


def place_in(tmp_path: Path) -> Place:
    there = Place({"KEPT_DATA": str(tmp_path / "data")})
    there.make()
    return there


def test_a_disk_with_too_little_room_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    refuse_full_disk(tmp_path / "not" / "yet", needed_mb=0)
    with pytest.raises(Trouble, match="MB free and 1000000000 MB are needed: free some space"):
        refuse_full_disk(tmp_path / "not" / "yet", needed_mb=1_000_000_000)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (errno.ENOSPC, "is full: free some space"),
        (errno.EACCES, "cannot be written by"),
        (errno.EROFS, "KEPT_DATA="),
    ],
)
def test_the_systems_errors_become_a_sentence(code: int, says: str) -> None:
    assert says in str(from_os_error(OSError(code, os.strerror(code), "/some/folder")))
    assert "/some/folder" in str(from_os_error(OSError(code, os.strerror(code), "/some/folder")))


def test_a_full_disk_is_recognised_in_a_servers_log(tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    log.write_text("could not write to file: No space left on device\n")
    assert "The disk is full" in str(from_log("PostgreSQL did not start", log))
    log.write_text("FATAL: something else\n")
    assert from_log("PostgreSQL did not start", log).tail == "FATAL: something else"


def test_a_busy_port_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Port {port} is taken .* `make run PORT=\d+`"):
            refuse_busy_port(port)
    refuse_busy_port(port)


def test_the_command_ends_with_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        env = {**os.environ, "PORT": str(other.getsockname()[1]), "KEPT_DATA": str(tmp_path / "none")}
        done = subprocess.run(
            [sys.executable, "-m", "dealership.supervisor", "run"],
            cwd=ROOT,
            check=False,
            env=env,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.strip().startswith("Port ")
    assert "\n" not in done.stderr.strip()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("text", ["http", "-1", "0", "65536", "8000 ", "８０"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Trouble, match="from 1 to 65535"):
        read_port({"PORT": text})


def test_the_port_is_8000_unless_told() -> None:
    assert read_port({}) == read_port({"PORT": ""}) == 8000
    assert read_port({"PORT": "8123"}) == 8123


def test_a_second_run_is_told_where_the_first_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "PATIENCE_WITH_ANOTHER_S", 0.0)
    there = place_in(tmp_path)
    with (
        there.held("http://127.0.0.1:8000/"),
        pytest.raises(Trouble, match=rf"already runs .* at http://127.0.0.1:8000/ \(process {os.getpid()}\)"),
        there.held("http://127.0.0.1:8001/"),
    ):
        pass
    with there.held("http://127.0.0.1:8001/"):
        pass


def test_the_data_folder_is_for_its_owner_alone_and_the_secret_stays(tmp_path: Path) -> None:
    there = place_in(tmp_path)
    secret = there.secret_key()
    assert stat.S_IMODE(there.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((there.data / "secret_key").stat().st_mode) == 0o600
    assert len(secret) >= 50
    assert place_in(tmp_path).secret_key() == secret


def test_a_data_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = place_in(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_001)
    with pytest.raises(Trouble, match=r"belongs to .* and this runs as uid 4000001"):
        there.make()


def test_what_was_done_is_done_until_its_files_change(tmp_path: Path) -> None:
    there = place_in(tmp_path)
    source = tmp_path / "0001_initial.py"
    source.write_text("a")
    there.note("database", fingerprint([source]))
    assert there.done("database", fingerprint([source]))
    source.write_text("b")
    assert not there.done("database", fingerprint([source]))
    assert not there.done("static", fingerprint([source]))


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        (
            "ERROR: No matching distribution found for psycopg2-binary==2.9.13",
            "no ready-made package of psycopg2-binary",
        ),
        (
            "NewConnectionError: ... ERROR: No matching distribution found for django==5.2",
            "check the network",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "nothing was installed"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "is full: free some space"),
        ("ERROR: something new", "its last words are below"),
    ],
)
def test_pips_failures_become_a_sentence(printed: str, says: str, tmp_path: Path) -> None:
    assert says in str(venv.explain(printed, tmp_path / "install.log"))


def test_browser_tests_may_be_left_out_at_home_but_never_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BROWSERS", ("no-such-browser",))
    assert checks.find_browser({}) is None
    with pytest.raises(Trouble, match="install chromium"):
        checks.find_browser({"CI": "true"})
    assert checks.find_browser({"CHROMIUM": sys.executable}) == sys.executable
