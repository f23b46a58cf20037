"""`make day`: a day of the demo, played in the product that `make run` runs in another terminal."""

import os
import shlex
import sys
from collections.abc import Mapping

from .place import ROOT, Place
from .trouble import Trouble

#: What a command must be told to speak with the running product.
NEEDED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT", "KEPT_DATA")


def play(environment: Mapping[str, str]) -> int:
    """Become `manage.py day`, beside the product that runs. Raises Trouble when none does."""
    env = Place(environment).running()
    if not env:
        raise Trouble(
            "Nothing runs that could play a day: start `make run` in another terminal, then this again."
        )
    words = shlex.split(environment.get("ARGS", ""))
    python = sys.executable
    os.execve(python, [python, str(ROOT / "manage.py"), "day", *words], {**environment, **env})  # noqa: S606
