"""What nobody changes meanwhile is read once: within `holding()`, functions marked with `@read` answer from memory.

Hours and a store's own numbers are read anew for each fact, so that a change on a page holds at once. Where a great many
facts are told by a process in which nobody edits them (a demo's history), that costs more than the facts themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
_held: ContextVar[dict[tuple[str, frozenset[int]], Any] | None] = ContextVar("held", default=None)


@contextmanager
def holding() -> Iterator[None]:
    """Within the block what is marked is read once. Only for processes in which nobody changes it."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def read(function: Callable[[Iterable[int]], dict[tuple[int, str], T]]) -> Callable[[Iterable[int]], dict[tuple[int, str], T]]:  # fmt: skip
    """Marks a function that reads rows of stores by their keys."""

    @wraps(function)
    def reading(store_ids: Iterable[int]) -> dict[tuple[int, str], T]:
        held = _held.get()
        if held is None:
            return function(store_ids)
        key = function.__qualname__, frozenset(store_ids)
        if key not in held:
            held[key] = function(key[1])
        found: dict[tuple[int, str], T] = held[key]
        return found

    return reading
