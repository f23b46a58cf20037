"""python -m tests.carrier '{"port": 0, "token": "…", "inbound_url": "…", "seed": 1, "faults": {…}}': prints its address, and stays."""

import json
import signal
import sys
from pathlib import Path

from .carrier import Carrier
from .faults import Faults
from .server import Server


def main(asked: dict) -> None:
    ledger = asked.get("ledger")
    carrier = Carrier(
        account=asked.get("account", "AC" + "0" * 32),
        token=asked["token"],
        inbound_url=asked.get("inbound_url", ""),
        seed=int(asked.get("seed", 1)),
        faults=Faults(**asked.get("faults", {})),
        rate=float(asked.get("rate", 0)),
        shift=float(asked.get("shift", 0)),
        ledger=Path(ledger) if ledger else None,
    )
    server = Server(carrier, int(asked.get("port", 0)))
    print(server.url, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    server.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
