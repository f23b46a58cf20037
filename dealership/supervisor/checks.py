"""`make check` and `make test`: lint, types, boundaries, templates and migrations, then the whole suite."""

# ruff: noqa: S603, PLW1509 - the commands are ours, and this process has one thread

import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence

from .place import ROOT
from .process import dies_with_parent
from .servers import sweep, temporary, with_servers
from .trouble import Trouble

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MANAGE = [sys.executable, "manage.py"]
CHECKS: dict[str, list[str]] = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy", "."],
    "boundaries": ["lint-imports"],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}
AS_IN_PRODUCTION = {
    "DEBUG": "0",
    "PUBLIC_BASE_URL": "https://kept.example.com",
    "ALLOWED_HOSTS": "kept.example.com",
}


def check(environment: Mapping[str, str]) -> int:
    """Run every check, also after one has failed; 1 if any did, and which."""
    sweep()
    with temporary() as servers:
        env = {**environment, **servers}
        failed = [name for name, command in CHECKS.items() if not _passes(name, command, env)]
    if failed:
        print(f"\nmake check: {', '.join(failed)} failed.", flush=True)
    return 1 if failed else 0


def test(environment: Mapping[str, str]) -> int:
    """Everything CI runs: pytest on servers of its own, and beside it the checks, whose words come after the suite's."""
    env = dict(environment)
    browser = find_browser(env)
    # One worker more than two cores have: tests that wait for a browser or a process leave theirs idle.
    command = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "worksteal"]
    if browser is None:
        print("No Chromium here: the browser tests are left out (apt install chromium brings them back).")
        command += ["-m", "not browser"]
    else:
        env["CHROMIUM"] = browser
    arguments = shlex.split(env.get("ARGS", ""))
    with tempfile.TemporaryFile("w+") as said:
        checks = subprocess.Popen(
            [sys.executable, "-m", "dealership.supervisor", "check"],
            cwd=ROOT,
            env=env,
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        try:
            tested = with_servers([*command, *arguments], env)
        finally:
            checked = checks.wait()
        said.seek(0)
        print(said.read(), flush=True)
    print(f"make test: the suite {_word(tested)}, the checks {_word(checked)}.", flush=True)
    return tested or checked


def _word(status: int) -> str:
    return "failed" if status else "passed"


def find_browser(environment: Mapping[str, str]) -> str | None:
    """The Chromium that is there. Raises Trouble when there is none and this is CI, where nothing is
    left out.
    """
    named = environment.get("CHROMIUM")
    found = next((path for name in (named, *BROWSERS) if name and (path := shutil.which(name))), None)
    if found is None and environment.get("CI", "").lower() in ("1", "true"):
        raise Trouble("There is no Chromium and in CI the browser tests must run: install chromium first.")
    return found


def _passes(name: str, command: Sequence[str], env: Mapping[str, str]) -> bool:
    tools = f"{os.path.dirname(sys.executable)}{os.pathsep}{env.get('PATH', os.defpath)}"
    extra = {**AS_IN_PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(60)} if name == "deployment" else {}
    print(f"\n── {name}: {' '.join(command[-4:] if command[0] == sys.executable else command)}", flush=True)
    return (
        subprocess.run(list(command), cwd=ROOT, env={**env, **extra, "PATH": tools}, check=False).returncode
        == 0
    )
