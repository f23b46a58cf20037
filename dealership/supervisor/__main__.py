"""The commands of the supervisor: `python3 -m dealership.supervisor with-servers -- COMMAND …`."""

import os
import signal
import sys
from collections.abc import Sequence

from .trouble import Trouble, from_os_error

USAGE = "usage: python3 -m dealership.supervisor with-servers -- COMMAND [ARGUMENT …]"


def main(words: Sequence[str]) -> int:
    """Do what the words say; trouble is one sentence on stderr and exit status 1."""
    try:
        return _do(words)
    except Trouble as trouble:
        return _say(trouble)
    except OSError as error:
        return _say(from_os_error(error))


def _do(words: Sequence[str]) -> int:
    match list(words):
        case ["with-servers", "--", *command] if command:
            from .servers import with_servers

            signal.signal(signal.SIGTERM, signal.default_int_handler)
            return with_servers(command, os.environ)
    print(USAGE, file=sys.stderr)
    return 2


def _say(trouble: Trouble) -> int:
    print(f"\n{trouble}", file=sys.stderr)
    if trouble.tail:
        print(trouble.tail, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
