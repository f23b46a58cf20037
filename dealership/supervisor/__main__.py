"""The commands of the supervisor; `make help` has them in words."""

# ruff: noqa: S606 - it becomes our own Python

import os
import signal
import sys
from collections.abc import Sequence

from . import venv
from .place import ROOT
from .trouble import Trouble, from_os_error

USAGE = """usage: python3 -m dealership.supervisor COMMAND
  run                          the whole product on this machine, until Ctrl-C
  day                          a day of the demo, played in the product that runs (ARGS="--speed 10 --minutes 5")
  test                         the checks, then the suite, on servers of its own (ARGS="…" goes to pytest)
  check                        the checks alone
  install                      the virtual environment with what development needs
  with-servers -- COMMAND …    any command with a PostgreSQL and a Valkey of its own, thrown away after"""


def main(words: Sequence[str]) -> int:
    """Do what the words say; trouble is one sentence on stderr and exit status 1."""
    # A machine that forbids it makes each of our many processes compile all of Django again: seconds a process.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        return _do(list(words))
    except Trouble as trouble:
        return _say(trouble)
    except OSError as error:
        return _say(from_os_error(error))
    except KeyboardInterrupt:
        return 130


def _do(words: list[str]) -> int:
    match words:
        case ["run"]:
            return _run()
        case ["day"]:
            _continue_inside(words, development=False)
            from . import day

            return day.play(os.environ)
        case ["install"]:
            venv.ensure(venv.DEVELOPMENT)
            return 0
        case ["check" | "test" as name]:
            _continue_inside(words, development=True)
            from . import checks

            _end_on_sigterm()
            return checks.check(os.environ) if name == "check" else checks.test(os.environ)
        case ["with-servers", "--", *command] if command:
            _continue_inside(words, development=True)
            from .servers import with_servers

            _end_on_sigterm()
            return with_servers(command, os.environ)
    print(USAGE, file=sys.stderr)
    return 2


def _run() -> int:
    from .place import Place
    from .run import read_port, refuse_busy_port, run

    port = read_port(os.environ)
    if not Place(os.environ).data.exists():
        refuse_busy_port(port)  # before a minute of installing; later an earlier run of ours may hold it
    _continue_inside(["run"], development=False)
    return run(os.environ)


def _continue_inside(words: list[str], *, development: bool) -> None:
    """Fill the virtual environment and become its Python; returns at once when it already is."""
    if not venv.inside():
        venv.ensure(venv.DEVELOPMENT if development else venv.RUNTIME)
        python = str(venv.PYTHON)
        os.chdir(ROOT)
        os.execv(python, [python, "-m", "dealership.supervisor", *words])


def _end_on_sigterm() -> None:
    """Until a command runs, SIGTERM and SIGHUP end us as Ctrl-C does: with everything cleaned up."""
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.default_int_handler)


def _say(trouble: Trouble) -> int:
    print(f"\n{trouble}", file=sys.stderr)
    if trouble.tail:
        print(trouble.tail, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
