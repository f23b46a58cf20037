"""Is it still owed? Whoever gives messages a `promise_ref` answers; messaging stands below and can only ask."""

from __future__ import annotations

from collections.abc import Callable, Collection

Answerer = Callable[[Collection[int]], set[int]]
_answerers: list[Answerer] = []


def answers(function: Answerer) -> Answerer:
    """Registers the function that says which of these promises are still open. From the app's `ready()`."""
    if function not in _answerers:
        _answerers.append(function)
    return function


def still_owed(refs: Collection[int]) -> set[int]:
    """Which of these promises are still open. With nobody to ask, all are."""
    if not refs or not _answerers:
        return set(refs)
    return set().union(*(function(refs) for function in _answerers))
