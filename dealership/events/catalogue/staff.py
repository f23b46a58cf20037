"""Facts of people. Subjects are "staff:<id>"."""

from dataclasses import dataclass
from datetime import datetime

from dealership.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class StaffLeft(Fact):
    """Somebody no longer works here. Told in the transaction that deactivated them."""

    sentence = ""
    staff_id: int
    name: str
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class StaffAway(Fact):
    """Somebody is away from `at` until `until` (None: open end)."""

    sentence = ""
    staff_id: int
    name: str
    until: datetime | None = None
    reason: str = ""
