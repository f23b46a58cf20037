"""What a customer asks of a visit that stands: another time, in a text that no person has answered yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from dealership.appointments import capacity, slots
from dealership.appointments.models import Appointment
from dealership.messaging.models import Message
from dealership.messaging.replies.reply import Intent

#: So many times near to what was asked for are offered, beside the first free ones of the days ahead.
NEAR = 6
AHEAD = 8


@dataclass(frozen=True)
class Wish:
    """Their words, and the times that were read out of them; a point starts where it ends."""

    words: str
    spans: Sequence[tuple[datetime, datetime]]

    def names(self, at: datetime) -> bool:
        """Whether they asked for exactly this time: then it needs no second yes."""
        return (at, at) in self.spans


@dataclass(frozen=True)
class Offer:
    """Free times to choose from, in order, and the one that is suggested: None where nothing is free."""

    times: Sequence[datetime]
    suggested: datetime | None


def in_conversation(store_id: int, conversation_id: int, zone: tzinfo) -> Wish | None:
    """The wish for another time that waits there for an answer, if their last words were one. One query."""
    waiting = Message.objects.of_store(store_id).filter(
        conversation_id=conversation_id,
        conversation__waiting_since__isnull=False,
        is_inbound=True,
        needs_person=True,
    )
    last = waiting.order_by("-created_at", "-pk").values("reading", "body").first()
    if last is None or last["reading"].get("intent") != Intent.MOVE.value:
        return None
    read = [
        (_moment(slot["from"], zone), _moment(slot["to"], zone)) for slot in last["reading"].get("slots", [])
    ]
    return Wish(last["body"], read)


def offer(visit: Appointment, wish: Wish | None, *, now: datetime) -> Offer:
    """What was asked for, where it is free; else the free times nearest to it; and the first ones of the days ahead."""
    zone = visit.store.tz
    today = now.astimezone(zone).date()
    days = slots.of_days(visit.store_id, visit.department, [today + timedelta(days=n) for n in range(AHEAD)])
    near: list[datetime] = []
    for start, end in (wish.spans if wish else [])[:2]:
        if end <= now:
            continue
        day = max(start, now).astimezone(zone).date()
        found = days.get(day) or slots.of_day(visit.store_id, visit.department, day)
        free = [slot for slot in found.slots if slot.has_room and slot.starts_at > now]
        if start == end and any(_holds(slot, start) for slot in free):
            near.append(start)
        within = [slot.starts_at for slot in free if start <= slot.starts_at < end]
        near += within[:NEAR] or capacity.nearest(free, start, after=now, most=NEAR)
    first = [at for at in [*near, *slots.soonest(days, zone, after=now)] if at != visit.starts_at]
    return Offer(sorted(set(first)), first[0] if first else None)


def _holds(slot: capacity.FreeSlot, at: datetime) -> bool:
    return slot.starts_at <= at < slot.starts_at + timedelta(minutes=slot.minutes)


def _moment(text: str, zone: tzinfo) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=zone)
