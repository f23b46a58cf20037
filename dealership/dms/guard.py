"""A file that would turn too much of a store over at once is held until a person has looked: most likely the DMS sent rubbish.

Each department says of the kinds that it owns what would be strange (`@guard.looks_at`). Nothing of a held file is applied;
files that come after it are read and judged by themselves.
"""

from __future__ import annotations

from collections.abc import Callable

from dealership.dms.models import Feed, FeedFile

#: Given a file that was read whole: why it should be held, in a sentence; "" to let it through.
Look = Callable[[FeedFile], str]
_looks: dict[str, Look] = {}


def looks_at(kind: Feed.Kind) -> Callable[[Look], Look]:
    """Registers who judges the files of a kind. From the app's `ready()`."""

    def register(function: Look) -> Look:
        _looks[kind] = function
        return function

    return register


def why_held(file: FeedFile, kind: str) -> str:
    """Why this file should not be applied before a person has looked; "" for none. History is let through."""
    look = _looks.get(kind)
    return look(file) if look is not None and not file.is_backfill else ""
