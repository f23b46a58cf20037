"""The product asks one place what time it is."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKING = re.compile(r"timezone\.(?:now|localdate|localtime)\(\)|datetime\.now\(|clock_timestamp|utcnow")
#: Before Django is there; the clock itself; and tries, whose buckets fill in real time whatever a played day shows.
APART = ("dealership/supervisor/", "dealership/clock.py", "dealership/limits.py")


def _asks_for_itself(file: Path) -> list[str]:
    found = ASKING.findall(file.read_text(encoding="utf-8"))
    return [f"{file.relative_to(ROOT)}: {words}" for words in found]


@pytest.mark.parametrize("app", ["dealership", "tasks", "sales", "service", "parts", "fni", "marketing"])
def test_nobody_looks_at_a_clock_of_their_own(app: str) -> None:
    files = [
        file
        for file in (ROOT / app).rglob("*.py")
        if "migrations" not in file.parts and not str(file.relative_to(ROOT)).startswith(APART)
    ]
    assert files
    assert [words for file in files for words in _asks_for_itself(file)] == []
