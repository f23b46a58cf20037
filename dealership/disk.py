"""How full the disk is on which the product keeps its data. The database's own, where it is on another machine, is watched there."""

from __future__ import annotations

import shutil
from pathlib import Path

#: From here on nothing large is taken in, and everybody is told.
FULL = 0.95


def used(folder: Path) -> float:
    """The part of the disk that is taken, from 0 to 1, of what a program that is not root may use."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    usage = shutil.disk_usage(there)
    return usage.used / ((usage.used + usage.free) or 1)


def is_full(folder: Path) -> bool:
    """Whether so little is left that the database may be next to find none."""
    return used(folder) >= FULL
