"""When the car will be ready: set at write-up, and moved only by telling the customer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.events import bus
from dealership.events.catalogue.service import PromiseTimeMoved, PromiseTimeSet
from dealership.staff.models import StaffMember
from service import facts, spoken
from service.models import RepairOrder

BY_WORD = ("phone", "in person")


class CannotPromise(ValueError):
    """A time that cannot be promised so; the message says what to do."""


class PromisedAlready(CannotPromise):
    """The customer has a time: another one must be told to them."""


@transaction.atomic
def set_time(ro: RepairOrder, *, promised_at: datetime, by: StaffMember, now: datetime) -> RepairOrder:
    """The first time, said to the customer as the RO is written. The same again is the one that stands.

    Raises facts.NotOpen, CannotPromise for a time that has passed, PromisedAlready for another than the one they have.
    """
    current = facts.lock_open(ro)
    if current.promised_at == promised_at:
        return current
    if current.promised_at is not None:
        raise PromisedAlready(_("The customer has a time already: tell them the new one."))
    _require_ahead(promised_at, now)
    _write(current, promised_at, now)
    bus.publish(_set(current, now, by=by.pk))
    live.bump(current.store_id, "service")
    return current


@transaction.atomic
def tell_by_word(
    ro: RepairOrder, *, promised_at: datetime, how: str, why: str, by: StaffMember, now: datetime
) -> RepairOrder:
    """The customer was told a new time just now, on the phone or face to face; `why` is what was said.

    Raises facts.NotOpen, and CannotPromise without a reason, for a time that has passed, or where there was none to move.
    """
    current = facts.lock_open(ro)
    if current.promised_at == promised_at:
        return current
    require_movable(current, promised_at, why, now)
    if how not in BY_WORD:
        raise CannotPromise(_("Say how they were told: on the phone or in person."))
    fact = move(current, promised_at, at=now, why=f"{why.strip()} ({how})", by=by.pk)
    bus.publish(fact)
    live.bump(current.store_id, "service")
    return current


def require_movable(ro: RepairOrder, promised_at: datetime, why: str, now: datetime) -> None:
    """Raises CannotPromise where this new time cannot be told."""
    if ro.promised_at is None:
        raise CannotPromise(_("No time was promised yet: set the first one."))
    if not why.strip():
        raise CannotPromise(_("Say why in a few words: the customer will ask."))
    _require_ahead(promised_at, now)


def move(
    ro: RepairOrder, promised_at: datetime, *, at: datetime, why: str, by: int | None
) -> PromiseTimeMoved:
    """The customer knows the new time since `at`. Writes the RO and returns the fact, for the caller to publish."""
    old = ro.promised_at
    assert old is not None  # noqa: S101 - the callers have checked it
    _write(ro, promised_at, at)
    return PromiseTimeMoved(
        **facts.of_now(ro, at),
        by=by,
        promised_at=promised_at,
        moved_from=old,
        when_words=spoken.moment(promised_at, ro.store.tz, at),
        why=why[:160],
    )


def from_dms(ro: RepairOrder, said: datetime | None, *, at: datetime) -> bool:
    """Takes over the time of the DMS where nobody was told one yet, unsaved; whether the customer has a time by it now.

    A later word of the DMS never moves what the customer was told: nobody has told them. It is a risk, and is noticed as one.
    """
    changed = said != ro.dms_promised_at
    ro.dms_promised_at = said
    if said is None or not changed or ro.promised_at is not None:
        return False
    if ro.cycle and said <= at:
        return False  # of the time before: the car is back since
    ro.promised_at, ro.promised_set_at = said, at
    return True


def set_by_dms(ro: RepairOrder, at: datetime, *, backfill: bool) -> PromiseTimeSet:
    """The fact of that."""
    return _set(ro, at, backfill=backfill)


def _set(ro: RepairOrder, at: datetime, *, by: int | None = None, backfill: bool = False) -> PromiseTimeSet:
    assert ro.promised_at is not None  # noqa: S101 - it was written just now
    return PromiseTimeSet(
        **facts.of_now(ro, at),
        by=by,
        promised_at=ro.promised_at,
        when_words=spoken.moment(ro.promised_at, ro.store.tz, at),
        backfill=backfill,
    )


def _write(ro: RepairOrder, promised_at: datetime, at: datetime) -> None:
    ro.promised_at, ro.promised_set_at = promised_at, at
    ro.risk_at, ro.risk_for, ro.risk_why = None, None, ""
    ro.save(update_fields=["promised_at", "promised_set_at", "risk_at", "risk_for", "risk_why"])


def _require_ahead(promised_at: datetime, now: datetime) -> None:
    if promised_at <= now:
        raise CannotPromise(_("That time has passed: choose a later one."))
