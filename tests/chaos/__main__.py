"""python -m tests.chaos --seed 1 --n 2000: one run; exit 1 when anything is wrong."""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

SHOWN = 12


def main() -> int:
    words = argparse.ArgumentParser(prog="chaos")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--n", type=int, default=500)
    words.add_argument("--rate", type=float, default=0.0, help="intakes a second; 0: 30, of a long run 9")
    words.add_argument("--faults", type=int, default=0, help="how many; 0: as long as the load runs")
    words.add_argument(
        "--patience", type=float, default=0.0, help="seconds to become quiet; 0: 120, of a long run 900"
    )
    words.add_argument("--sabotage", default="", help="break a promise on purpose: the run must fail")
    words.add_argument(
        "--keep", action="store_true", help="leave the folder with logs and ledger also when all is well"
    )
    asked = words.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    base = Path(tempfile.mkdtemp(prefix="kept-chaos-"))
    from tests.chaos.run import Run

    began, run = time.monotonic(), Run(base, asked)
    status = 1
    try:
        status = run.report(run.play())
        return status
    finally:
        run.product.stop()
        spent = sum(
            sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(f"  {time.monotonic() - began:.1f} s in all, about {spent:.0f} s of CPU")
        if asked.keep or status:
            print(f"Logs and ledger: {base}")
        else:
            import shutil

            shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
