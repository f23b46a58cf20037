"""How much somebody has open. Whoever keeps such work counts it (`@carried.counting`): people know nothing of promises."""

from __future__ import annotations

from collections.abc import Callable

Counting = Callable[[int], dict[int, int]]
_countings: list[Counting] = []


def counting(function: Counting) -> Counting:
    """Registers (store id) -> {staff id: how many things are open}. One query; called from the app's `ready()`."""
    _countings.append(function)
    return function


def open_of(store_id: int) -> dict[int, int]:
    """By staff id, all that is counted; who has nothing is not there."""
    found: dict[int, int] = {}
    for function in _countings:
        for staff_id, n in function(store_id).items():
            found[staff_id] = found.get(staff_id, 0) + n
    return found
