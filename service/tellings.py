"""What a person tells a customer by text about their car on purpose: it is ready, it takes longer. True once the phone has it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.appointments.models import Appointment
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CustomerHeardFromPerson
from dealership.events.catalogue.service import ReadyTold
from dealership.messaging import copy, numbers, outbox
from dealership.messaging.models import Message, Purpose
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from service import estimates, facts, promise_times, spoken
from service.models import RepairOrder, Telling

Kind = Telling.Kind
Stage = RepairOrder.Stage
#: The half-written text for a car at each stage.
COPY_OF: dict[str, str] = {
    Stage.CHECKED_IN: "checked_in",
    Stage.DISPATCHED: "checked_in",
    Stage.IN_WORK: "in_work",
    Stage.WAITING_PARTS: "waiting_parts",
    Stage.WAITING_APPROVAL: "waiting_approval",
    Stage.QUALITY_CHECK: "quality_check",
    Stage.READY: "ready",
}


class CannotTell(ValueError):
    """Nothing can be told so; the message says what to do."""


def draft(
    ro: RepairOrder, name: str, *, by: StaffMember, now: datetime, promised_at: datetime | None = None
) -> str:
    """The half-written text, in the customer's language; "" where there is no customer. `name` is the copy’s."""
    if ro.customer is None:
        return ""
    moment = promised_at or ro.promised_at
    return copy.render(
        f"service/copy/{name}",
        ro.customer.language,
        first=ro.customer.call_name,
        person=by.first_name,
        store=ro.store.name,
        vehicle=spoken.car(ro),
        phone=numbers.spoken(ro.store.text_number),
        when=spoken.to_customer(moment, ro.customer, ro.store.tz, now) if moment else "-",
    )


def language_of(ro: RepairOrder) -> str:
    """In which its customer is written to; "", nobody knows, where there is none."""
    return ro.customer.language if ro.customer else ""


def fresh_key() -> str:
    """What a form carries, so that pressed twice it is sent once."""
    return str(uuid.uuid4())


def welcome(visit: Appointment, *, by: StaffMember) -> str:
    """The half-written first text to somebody who has just come."""
    customer = visit.customer
    return copy.render(
        "service/copy/checked_in",
        customer.language,
        first=customer.call_name,
        person=by.first_name,
        store=visit.store.name,
        vehicle=spoken.label(visit.vehicle, customer.language),
    )


def say_welcome(visit: Appointment, *, body: str, key: str, by: StaffMember, now: datetime) -> Message:
    """That text, as it was written. Raises what the outbox raises."""
    return outbox.send(
        store_id=visit.store_id,
        customer=visit.customer,
        body=body,
        author=by,
        purpose=Purpose.CONVERSATIONAL,
        subject=f"appointment:{visit.pk}",
        dedupe_key=f"telling:welcome:{key}",
        department=Department.SERVICE,
        now=now,
    )


@transaction.atomic
def say_ready(ro: RepairOrder, *, body: str, key: str, by: StaffMember, now: datetime) -> Telling:
    """The advisor's own text that the car is ready. `key` names this press of the button: twice is once.

    Raises facts.NotOpen, CannotTell, and what the outbox raises: NoNumber, NothingToSay, TooLong.
    """
    current = facts.look(ro)
    if current.stage != RepairOrder.Stage.READY:
        raise CannotTell(_("The car is not ready yet: move it to ready first."))
    return _write(current, Kind.READY, body=body, key=key, by=by, now=now)


@transaction.atomic
def say_status(ro: RepairOrder, *, body: str, key: str, by: StaffMember, now: datetime) -> Message:
    """The advisor's own text on how the car stands. Raises facts.NotOpen, CannotTell, and what the outbox raises."""
    return _send(facts.look(ro), f"telling:status:{key}", body=body, by=by, now=now)


@transaction.atomic
def say_new_time(
    ro: RepairOrder, *, promised_at: datetime, why: str, body: str, key: str, by: StaffMember, now: datetime
) -> Telling:
    """The advisor's own text with a new time. The old one holds until the phone has it.

    Raises facts.NotOpen, promise_times.CannotPromise, CannotTell, and what the outbox raises.
    """
    current = facts.look(ro)
    promise_times.require_movable(current, promised_at, why, now)
    _require_said(current, promised_at, body, now)
    return _write(
        current,
        Kind.NEW_TIME,
        body=body,
        key=key,
        by=by,
        now=now,
        promised_at=promised_at,
        why=why.strip()[:160],
    )


@transaction.atomic
def ready_by_word(ro: RepairOrder, *, by: StaffMember, now: datetime) -> RepairOrder:
    """They were told on the phone or face to face. Twice is once. Raises facts.NotOpen, CannotTell."""
    current = facts.lock_open(ro)
    if current.stage != RepairOrder.Stage.READY:
        raise CannotTell(_("The car is not ready yet: move it to ready first."))
    if current.ready_told_at is None:
        bus.publish(_ready(current, now, by.pk))
    return current


@bus.entails(CustomerHeardFromPerson)
def received(heard: Sequence[CustomerHeardFromPerson]) -> list[Fact]:
    """A phone has a text by a person: what it told is told, and the estimate that it holds is presented."""
    by_message = {fact.message_id: fact for fact in heard}
    found: list[Fact] = []
    rows = Telling.objects.across_stores("texts of several stores arrive in one batch").filter(
        message_id__in=by_message, heard_at__isnull=True
    )
    for telling in rows.select_related("ro").order_by("pk"):
        found += _heard(telling, by_message[telling.message_id])
    return found + estimates.received(by_message)


def _heard(telling: Telling, fact: CustomerHeardFromPerson) -> list[Fact]:
    telling.heard_at = fact.at
    telling.save(update_fields=["heard_at"])
    ro = facts.lock(telling.ro)
    live.bump(ro.store_id, "service")
    if ro.state != RepairOrder.State.OPEN:
        return []
    if telling.kind == Kind.READY:
        return [] if ro.stage != RepairOrder.Stage.READY else [_ready(ro, fact.at, telling.by_id)]
    later = ro.tellings.filter(kind=Kind.NEW_TIME, heard_at__isnull=False, pk__gt=telling.pk)
    new = telling.promised_at
    if new is None or ro.promised_at in (None, new) or later.exists():
        return []
    return [promise_times.move(ro, new, at=fact.at, why=telling.why, by=telling.by_id)]


def _require_said(ro: RepairOrder, promised_at: datetime, body: str, now: datetime) -> None:
    """A text with a new time says that time, and no other one that was typed beside it."""
    zone = ro.store.tz
    if ro.customer is not None and spoken.clock(promised_at, zone) not in " ".join(body.lower().split()):
        said = spoken.to_customer(promised_at, ro.customer, zone, now)
        raise CannotTell(_("Your text does not say the new time: write “%(time)s” in it.") % {"time": said})


def _ready(ro: RepairOrder, at: datetime, by: int) -> ReadyTold:
    ro.ready_told_at = at
    ro.save(update_fields=["ready_told_at"])
    live.bump(ro.store_id, "service")
    return ReadyTold(**facts.of_now(ro, at), by=by)


def _write(
    ro: RepairOrder,
    kind: str,
    *,
    body: str,
    key: str,
    by: StaffMember,
    now: datetime,
    promised_at: datetime | None = None,
    why: str = "",
) -> Telling:
    message = _send(ro, f"telling:{kind}:{key}", body=body, by=by, now=now)
    return _keep(ro, kind, message, by=by, now=now, promised_at=promised_at, why=why)


def _send(ro: RepairOrder, dedupe_key: str, *, body: str, by: StaffMember, now: datetime) -> Message:
    if ro.customer is None:
        raise CannotTell(_("Nobody is known whose car this is."))
    return outbox.send(
        store_id=ro.store_id,
        customer=ro.customer,
        body=body,
        author=by,
        purpose=Purpose.CONVERSATIONAL,
        subject=f"ro:{ro.ro_number}",
        dedupe_key=dedupe_key,
        department=Department.SERVICE,
        now=now,
    )


def _keep(
    ro: RepairOrder,
    kind: str,
    message: Message,
    *,
    by: StaffMember,
    now: datetime,
    promised_at: datetime | None,
    why: str,
) -> Telling:
    telling, _made = Telling.objects.of_store(ro.store_id).get_or_create(
        message=message,
        defaults={
            "store_id": ro.store_id, "ro": ro, "kind": kind, "promised_at": promised_at, "why": why, "by": by,
            "written_at": now,
        },
    )  # fmt: skip
    live.bump(ro.store_id, "service")
    return telling
