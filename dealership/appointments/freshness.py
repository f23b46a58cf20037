"""May it be said that a customer did not come? Only while whoever would know of their arrival is fresh.

The ground does not know the departments' feeds: each registers what must be asked for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

Check = Callable[[int, datetime], bool]
_checks: dict[str, list[Check]] = defaultdict(list)


def knows_arrivals(department: str) -> Callable[[Check], Check]:
    """Registers a function (store_id, at) that is true while arrivals in this department would be known."""

    def register(check: Check) -> Check:
        _checks[department].append(check)
        return check

    return register


def forget(department: str, check: Check) -> None:
    """The check is asked no more."""
    _checks[department].remove(check)


def may_declare(store_id: int, department: str, at: datetime) -> bool:
    """Whether a no-show of this department may be declared at that moment. Without a check: yes."""
    return all(check(store_id, at) for check in _checks[department])
