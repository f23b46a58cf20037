"""The virtual environment: made when missing, filled from the hashed requirements when they have changed."""

# ruff: noqa: S603, PLW1509 - the commands are ours, and this process has one thread

import fcntl
import importlib.util
import os
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .place import ROOT, fingerprint, refuse_full_disk
from .process import dies_with_parent
from .trouble import Trouble, log_tail

VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
RUNTIME = (ROOT / "requirements.txt",)
DEVELOPMENT = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
NEEDED_MB = 900


def inside() -> bool:
    """Whether this very Python is the one of the virtual environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def ensure(requirements: Sequence[Path]) -> None:
    """Make `.venv` hold what the requirement files ask for. Raises Trouble with what to do."""
    fd = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)  # `make run` and `make test` of a fresh clone may start together
        working = _works()
        stamps = [VENV / f".{path.name}.sha256" for path in requirements]
        wanted = [fingerprint((path,), platform.python_version()) for path in requirements]
        if working and all(s.exists() and s.read_text() == w for s, w in zip(stamps, wanted, strict=True)):
            return
        refuse_full_disk(VENV, NEEDED_MB)
        if not working:
            _make()
        _install(requirements)
        for stamp, digest in zip(stamps, wanted, strict=True):
            stamp.write_text(digest)
    finally:
        os.close(fd)


def _works() -> bool:
    """False too for one whose Python was removed or whose making was interrupted."""
    try:
        asked = subprocess.run(
            [str(PYTHON), "-c", "import sys, pip; print(*sys.version_info[:3], sep='.')"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    return asked.returncode == 0 and asked.stdout.strip() == platform.python_version()


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise _no_venv_module()
    print(f"Making {VENV} with Python {platform.python_version()}", flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "ensurepip" in made.stdout:  # Debian's Python has a part of it even without the package
        raise _no_venv_module()
    if "Permission denied" in made.stderr:
        raise Trouble(
            f"{ROOT} cannot be written by this user: clone Kept to a folder of your own and run it there."
        )
    if made.returncode != 0:
        raise Trouble(
            f"{VENV} could not be made: mend what Python says below.", tail=made.stdout + made.stderr
        )


def _no_venv_module() -> Trouble:
    return Trouble(
        f"{sys.executable} cannot make a virtual environment: install its venv package (Debian and Ubuntu: "
        f"apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv) and run the same command again."
    )


def _install(requirements: Sequence[Path]) -> None:
    """Plain pip, ready-made packages only, every hash checked; shows how far it is."""
    log = VENV / "install.log"
    total = sum(len(re.findall(r"^[\w.-]+==", path.read_text(), re.MULTILINE)) for path in requirements)
    print(f"Installing up to {total} packages into {VENV} (about a minute, once)", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-color"]
    # Python compiles what it imports; compiling all that is there takes longer than fetching it.
    command += ["--progress-bar", "off", "--require-hashes", "--only-binary", ":all:", "--no-compile"]
    for path in requirements:
        command += ["-r", str(path)]
    with log.open("w") as kept:
        pip = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        seen = 0
        for line in pip.stdout or ():
            kept.write(line)
            if line.startswith("Collecting "):
                seen += 1
                _show(seen, total, line.split()[1])
            elif line.startswith("Installing collected"):
                print(f"\n  unpacking {seen} packages", flush=True)
    if pip.wait() != 0:
        raise explain(log_tail(log, 200), log)


def explain(output: str, log: Path) -> Trouble:
    """pip's failure in one sentence, from what it printed."""
    missing = re.search(r"No matching distribution found for ([\w.\[\]-]+)", output)
    offline = re.search(
        r"NewConnectionError|Connection(Error| broken| refused)|ReadTimeout|NameResolution", output
    )
    if "No space left on device" in output:
        return Trouble(f"The disk that holds {VENV} is full: free some space and run the same command again.")
    if "DO NOT MATCH THE HASHES" in output:
        return Trouble(
            f"A package is not the one whose hash is in the requirements, so nothing was installed; see "
            f"{log}."
        )
    if offline:
        return Trouble(
            "The packages could not be fetched: check the network (or pip's index) and run this again."
        )
    if missing:
        return Trouble(
            f"There is no ready-made package of {missing[1]} for Python {platform.python_version()} on "
            f"{platform.system()} {platform.machine()}: use Python 3.11 to 3.13 on Linux (glibc) or "
            f"macOS, or check "
            "pip's index."
        )
    return Trouble(
        f"pip could not install the packages; its last words are below, all in {log}.", tail=output[-1500:]
    )


def _show(seen: int, total: int, name: str) -> None:
    if sys.stdout.isatty():
        print(f"\r\033[K  {seen} of {total}: {name}", end="", flush=True)
    elif seen % 10 == 0:
        print(f"  {seen} of {total}: {name}", flush=True)
