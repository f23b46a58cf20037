"""The places of a department in the database: taken by one conditional UPDATE, given back, counted for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dealership.appointments import capacity
from dealership.appointments.capacity import FreeSlot
from dealership.appointments.models import Appointment, CapacityPlan, Slot
from dealership.language import is_own
from dealership.stores import calendars
from dealership.stores.hours import Calendar, spoken_time, to_utc

NOON = time(12)


class BookingError(Exception):
    """A visit cannot be set so; the message says why and what to do."""


class NoRoom(BookingError):
    """Every place of that time is taken."""


class NotOpen(NoRoom):
    """The department is closed at that time."""


@dataclass(frozen=True)
class Place:
    """A place taken: in which slot (None: the department has no limit), and whether it is beyond capacity."""

    slot_id: int | None = None
    is_over: bool = False


@dataclass(frozen=True)
class Day:
    """One day of a department: its slots, why it is closed if it is, and whether its places are limited."""

    slots: list[FreeSlot]
    is_open: bool
    closed_because: str
    is_limited: bool


def take(*, store_id: int, department: str, starts_at: datetime, force: bool = False) -> Place:
    """One place at that time, for the caller's transaction. Raises NotOpen and NoRoom; with `force` it is taken all the same.

    The last place goes to one of two callers: the UPDATE counts and takes at once, and a CHECK stands behind it.
    """
    calendar = calendars.of(store_id, department)
    if not force and not calendar.is_open(starts_at):
        raise NotOpen(
            _("Closed at %(when)s: choose a time within opening hours.")
            % {"when": _spoken(calendar, starts_at)}
        )
    plan = CapacityPlan.objects.of_store(store_id).filter(department=department).first()
    if plan is None:
        return Place()
    start = _slot_start(calendar, plan.slot_minutes, starts_at)
    Slot.objects.bulk_create(
        [Slot(store_id=store_id, department=department, starts_at=start, capacity=plan.per_slot)],
        ignore_conflicts=True,
    )
    slots = Slot.objects.of_store(store_id).filter(department=department, starts_at=start)
    taken = slots.filter(n_booked__lt=plan.per_slot).update(
        n_booked=F("n_booked") + 1, capacity=plan.per_slot
    )
    if not taken and not force:
        raise NoRoom(
            _("All %(n)s places at %(when)s are taken: choose another time.")
            % {"n": plan.per_slot, "when": _spoken(calendar, start)}
        )
    if not taken:
        slots.update(n_over=F("n_over") + 1)
    return Place(slots.values_list("pk", flat=True).get(), is_over=not taken)


def _spoken(calendar: Calendar, at: datetime) -> str:
    local = at.astimezone(calendar.zone)
    if is_own():
        return calendar.spoken(at)
    return f"{date_format(local, 'D j M').lower()} {spoken_time(local.time())}"


def lock(*, store_id: int, slot_ids: Sequence[int | None]) -> None:
    """Locks slots in the order of their keys, so that two moves in opposite directions wait instead of deadlocking."""
    keys = [key for key in slot_ids if key is not None]
    list(Slot.objects.of_store(store_id).filter(pk__in=keys).order_by("pk").select_for_update())


def find_id(*, store_id: int, department: str, starts_at: datetime) -> int | None:
    """The key of the slot in which that time lies, if anybody ever held a place in it."""
    plan = CapacityPlan.objects.of_store(store_id).filter(department=department).first()
    if plan is None:
        return None
    start = _slot_start(calendars.of(store_id, department), plan.slot_minutes, starts_at)
    slots = Slot.objects.of_store(store_id).filter(department=department, starts_at=start)
    return slots.values_list("pk", flat=True).first()


def give_back(appointment: Appointment) -> None:
    """The visit's place is free again. The visit forgets its slot; the caller saves `slot` and `is_overbooked`."""
    if appointment.slot_id is None:
        return
    slot = Slot.objects.of_store(appointment.store_id).filter(pk=appointment.slot_id)
    if appointment.is_overbooked:
        slot.filter(n_over__gt=0).update(n_over=F("n_over") - 1)
    else:
        slot.filter(n_booked__gt=0).update(n_booked=F("n_booked") - 1)
    appointment.slot = None
    appointment.is_overbooked = False


def of_day(store_id: int, department: str, day: date) -> Day:
    """The slots of a local day with what they hold. Three queries."""
    return of_days(store_id, department, [day])[day]


def of_days(store_id: int, department: str, days: Sequence[date]) -> dict[date, Day]:
    """The same for some days that follow one another. Three queries."""
    calendar = calendars.of(store_id, department)
    plan = CapacityPlan.objects.of_store(store_id).filter(department=department).first()
    minutes = plan.slot_minutes if plan else capacity.DEFAULT_SLOT_MINUTES
    rows = (
        Slot.objects.of_store(store_id)
        .filter(department=department, starts_at__gte=day_start(days[0], calendar.zone))
        .filter(starts_at__lt=day_start(days[-1] + timedelta(days=1), calendar.zone))
        .values_list("starts_at", "n_booked", "n_over")
        if plan
        else ()
    )
    counts: dict[date, dict[datetime, capacity.Count]] = {day: {} for day in days}
    for at, n_booked, n_over in rows:
        counts[at.astimezone(calendar.zone).date()][at] = capacity.Count(n_booked, n_over)
    return {day: _day(calendar, plan, minutes, day, counts[day]) for day in days}


def _day(
    calendar: Calendar,
    plan: CapacityPlan | None,
    minutes: int,
    day: date,
    counts: Mapping[datetime, capacity.Count],
) -> Day:
    spans = calendar.day_spans(day)
    return Day(
        slots=capacity.slots_of(spans, minutes, plan.per_slot if plan else None, counts),
        is_open=bool(spans),
        closed_because=calendar.exception_names.get(day, "") if not spans else "",
        is_limited=plan is not None,
    )


def free(store_id: int, department: str, day: date, *, after: datetime | None = None) -> list[FreeSlot]:
    """The slots of a local day in which one more fits, later than `after`."""
    return [
        slot
        for slot in of_day(store_id, department, day).slots
        if slot.has_room and (after is None or slot.starts_at > after)
    ]


def soonest(days: Mapping[date, Day], zone: ZoneInfo, *, after: datetime, most: int = 6) -> list[datetime]:
    """The first free time of each morning and of each afternoon among these days, the next ones first: a choice, not a list. Pure."""
    found: dict[tuple[date, bool], datetime] = {}
    for day in sorted(days):
        for slot in days[day].slots:
            half = (day, slot.starts_at.astimezone(zone).time() >= NOON)
            if slot.has_room and slot.starts_at > after and half not in found:
                found[half] = slot.starts_at
    return sorted(found.values())[:most]


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return to_utc(zone, datetime.combine(day, time()))


def _slot_start(calendar: Calendar, minutes: int, at: datetime) -> datetime:
    day = at.astimezone(calendar.zone).date()
    start = capacity.slot_of(calendar.day_spans(day), minutes, at.astimezone(UTC))
    return start or capacity.slot_outside(day_start(day, calendar.zone), minutes, at.astimezone(UTC))
