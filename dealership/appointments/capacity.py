"""How a day is cut into slots, and how many customers still fit. Pure.

A visit takes one place in the slot in which it starts: what is limited is how many arrive at once, not how long they stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Span = tuple[datetime, datetime]

#: How a day is cut where a department has no plan of its own.
DEFAULT_SLOT_MINUTES = 30


@dataclass(frozen=True)
class Count:
    """What a slot holds: places taken within its capacity, and beyond it by the DMS."""

    n_booked: int = 0
    n_over: int = 0


@dataclass(frozen=True)
class FreeSlot:
    """A slot of a day. `capacity` None: no limit. `starts_at` is in UTC."""

    starts_at: datetime
    minutes: int
    capacity: int | None = None
    n_booked: int = 0
    n_over: int = 0

    @property
    def n_taken(self) -> int:
        """Everybody who comes then, within capacity or beyond."""
        return self.n_booked + self.n_over

    @property
    def left(self) -> int | None:
        """Places still free; None for no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.n_booked)

    @property
    def has_room(self) -> bool:
        """Whether one more fits."""
        return self.left is None or self.left > 0


def slot_of(spans: Sequence[Span], minutes: int, at: datetime) -> datetime | None:
    """The start of the slot in which `at` lies; None while closed. Slots are counted from each opening."""
    for opens, closes in spans:
        if opens <= at < closes:
            step = timedelta(minutes=minutes)
            return (opens + (at - opens) // step * step).astimezone(UTC)
    return None


def slot_outside(day_start: datetime, minutes: int, at: datetime) -> datetime:
    """The start of the slot of a time at which the department is closed, counted from the day's start."""
    step = timedelta(minutes=minutes)
    return (day_start + (at - day_start) // step * step).astimezone(UTC)


def slots_of(
    spans: Sequence[Span], minutes: int, per_slot: int | None, counts: Mapping[datetime, Count]
) -> list[FreeSlot]:
    """The slots of a day's open hours, and those outside them that somebody holds; in order.

    A slot that closing time would cut short is not offered.
    """
    step = timedelta(minutes=minutes)
    starts: set[datetime] = {start for start, count in counts.items() if count.n_booked + count.n_over}
    for opens, closes in spans:
        starts |= {(opens + number * step).astimezone(UTC) for number in range((closes - opens) // step)}
    return [
        FreeSlot(
            start, minutes, per_slot, counts.get(start, Count()).n_booked, counts.get(start, Count()).n_over
        )
        for start in sorted(starts)
    ]


def nearest(slots: Sequence[FreeSlot], wanted: datetime, *, after: datetime, most: int = 3) -> list[datetime]:
    """Starts with room that are nearest to the wanted time and later than `after`, in the order of the day."""
    free = [slot.starts_at for slot in slots if slot.has_room and slot.starts_at > after]
    return sorted(sorted(free, key=lambda start: (abs(start - wanted), start))[:most])
