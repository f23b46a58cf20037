"""python -m tests.corpus --seed 1 --n 10000: so many damaged inputs for every reader; a JSON line each, exit 1 when one fails.

One fails when the reader raises, answers with less than it owes, or works longer than two seconds on it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.corpus.mutator import many
from tests.corpus.readers import READERS

SECONDS = 2.0


def main() -> int:
    words = argparse.ArgumentParser(prog="corpus")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--n", type=int, default=10_000, help="inputs for each reader")
    words.add_argument("--only", choices=READERS, nargs="*", default=list(READERS))
    asked = words.parse_args()
    failed = 0
    for name in asked.only:
        told = run(name, seed=asked.seed, n=asked.n)
        failed += told["failed"] + told["slow"]
        print(json.dumps(told), flush=True)
    return 1 if failed else 0


def run(name: str, *, seed: int, n: int) -> dict[str, int | float | str]:
    """What became of `n` inputs; those that failed are left in a folder, to be looked at."""
    reader, slowest, troubles = READERS[name], 0.0, []
    slow = 0
    for sent in many(reader.samples, seed=seed, n=n):
        began = time.process_time()
        try:
            reader.owes(sent)
        except Exception as trouble:
            troubles.append((sent, trouble))
        took = time.process_time() - began
        slow, slowest = slow + (took > SECONDS), max(slowest, took)
    for sent, trouble in troubles[:10]:
        print(f"{name}: {type(trouble).__name__}: {trouble}: {kept(sent)}", file=sys.stderr)
    return {
        "reader": name,
        "inputs": n,
        "failed": len(troubles),
        "slow": slow,
        "slowest_ms": round(slowest * 1000, 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def kept(sent: bytes) -> Path:
    """Where an input was put."""
    folder = Path(tempfile.gettempdir()) / "kept-corpus"
    folder.mkdir(exist_ok=True)
    path = folder / hashlib.sha256(sent).hexdigest()[:16]
    path.write_bytes(sent)
    return path


if __name__ == "__main__":
    sys.exit(main())
