"""A request from its asking to its end: asked, quoted, approved, fitted, or not needed after all."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.parts import (
    PartApproved,
    PartCancelled,
    PartInstalled,
    PartQuoted,
    PartRequested,
)
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.models import Department
from dealership.vehicles.models import Vehicle
from parts import eta, lives, stock
from parts.lives import PartsError, State
from parts.models import KnownRO, PartsRequest


class UnknownPart(PartsError):
    """Nobody can quote what is not named."""

    field = "description"


class ROVoided(PartsError):
    """The RO never was."""

    field = "ro_number"


class NoReason(PartsError):
    """Whoever reads the story must understand it."""

    field = "why"


class BadPrice(PartsError):
    """A price is not negative."""

    field = "price"


@transaction.atomic
def ask(
    *,
    store_id: int,
    key: UUID,
    description: str,
    part_number: str = "",
    quantity: int = 1,
    ro_number: str = "",
    for_line: str = "",
    customer: Customer | None = None,
    vehicle: Vehicle | None = None,
    note: str = "",
    by: StaffMember,
    now: datetime,
) -> PartsRequest:
    """Asks parts for a price and a date. The same `key` again is the same request.

    For an RO that is known, its customer, car and advisor are taken from there. Raises UnknownPart, ROVoided.
    """
    if not description.strip():
        raise UnknownPart(_("Say which part it is."))
    known = known_ro(store_id, ro_number) if ro_number else None
    if known is not None and known.state == KnownRO.State.VOIDED:
        raise ROVoided(
            _("RO %(number)s was voided in the DMS: take the RO that replaced it.") % {"number": ro_number}
        )
    advisor = known.advisor if known is not None and known.advisor and known.advisor.is_active else by
    request = PartsRequest(
        store_id=store_id,
        key=key,
        ro_number=ro_number.strip(),
        for_line=for_line.strip(),
        description=description.strip(),
        part_number=part_number.strip(),
        part_key=stock.key_of(part_number),
        quantity=quantity,
        customer=customer or (known.customer if known else None),
        vehicle=vehicle or (known.vehicle if known else None),
        asked_by=by,
        advisor=advisor,
        note=note.strip(),
        requested_at=now,
        quote_due_at=lives.promised_by("quote_part", store_id=store_id, start=now),
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        return PartsRequest.objects.of_store(store_id).get(key=key)
    lives.record(request, "Asked for", became=_asked(request), by=by, now=now)
    bus.publish(
        PartRequested(**lives.common(request, by=by, now=now), for_line=request.for_line, quantity=quantity)
    )
    return request


@transaction.atomic
def quote(
    request: PartsRequest,
    *,
    price_cents: int | None,
    part_number: str = "",
    in_stock: bool,
    eta_date: date | None = None,
    by: StaffMember,
    now: datetime,
) -> PartsRequest:
    """Says what it costs and when it can be here. Said again with the same words it changes nothing. Raises NotNow, BadPrice."""
    row = lives.lock(request)
    lives.require(row, "quote")
    if price_cents is not None and price_cents < 0:
        raise BadPrice(_("A price is not below zero."))
    calendar = calendars.of(row.store_id, Department.PARTS)
    eta_at = eta.end_of(eta_date, calendar) if eta_date and not in_stock else None
    availability = "on the shelf" if in_stock else _if_ordered(eta.words(eta_at, calendar.zone))
    number = part_number.strip() or row.part_number
    said = (price_cents, in_stock, availability, number)
    if row.state == State.QUOTED and said == (
        row.price_cents,
        row.in_stock,
        row.availability,
        row.part_number,
    ):
        return row
    was = lives.dollars(row.price_cents) if row.state == State.QUOTED else ""
    row.price_cents, row.in_stock, row.availability, row.part_number = said
    row.part_key = stock.key_of(number)
    row.state, row.quoted_at = State.QUOTED, now
    row.save(
        update_fields=[
            "price_cents", "in_stock", "availability", "part_number", "part_key", "state", "quoted_at",
        ]
    )  # fmt: skip
    price = lives.dollars(price_cents)
    lives.record(row, "Quoted", was=was, became=f"{price}, {availability}", by=by, now=now)
    bus.publish(
        PartQuoted(
            **lives.common(row, by=by, now=now),
            price_cents=price_cents,
            price=price,
            availability=availability,
            in_stock=in_stock,
            eta_at=eta_at,
        )
    )
    return row


@transaction.atomic
def approve(request: PartsRequest, *, by: StaffMember, now: datetime) -> PartsRequest:
    """The customer, or the warranty, said yes to the price. Raises NotNow."""
    row = lives.lock(request)
    if row.state == State.APPROVED:
        return row
    price = say_yes(row, by=by, now=now)
    bus.publish(
        PartApproved(
            **lives.common(row, by=by, now=now),
            price_cents=row.price_cents,
            price=price,
            in_stock=row.in_stock,
        )
    )
    return row


def say_yes(row: PartsRequest, *, by: StaffMember, now: datetime) -> str:
    """Writes the yes to a locked request, and gives the price as it was said; the fact is the caller's. Raises NotNow."""
    lives.require(row, "approve")
    row.state, row.approved_at = State.APPROVED, now
    row.save(update_fields=["state", "approved_at"])
    price = lives.dollars(row.price_cents)
    lives.record(row, "Approved", became=price, by=by, now=now)
    return price


@transaction.atomic
def install(request: PartsRequest, *, by: StaffMember, now: datetime) -> PartsRequest:
    """It is in the car, or the customer took it along. Raises NotNow."""
    row = lives.lock(request)
    if row.state == State.INSTALLED:
        return row
    lives.require(row, "install")
    if row.state != State.RECEIVED and not row.in_stock:
        raise lives.NotNow(
            _("%(part)s was not on the shelf when it was quoted: order it first.") % {"part": row.description}
        )
    end(row, State.INSTALLED, now)
    lives.record(row, "Fitted" if row.ro_number else "Handed over", by=by, now=now)
    bus.publish(PartInstalled(**lives.common(row, by=by, now=now), about=row.subject))
    return row


@transaction.atomic
def cancel(request: PartsRequest, *, why: str, by: StaffMember, now: datetime) -> PartsRequest:
    """It is not needed after all, before it came. Raises NotNow, NoReason."""
    row = lives.lock(request)
    if row.state == State.CANCELLED:
        return row
    lives.require(row, "cancel")
    if not why.strip():
        raise NoReason(_("Say why, so that nobody orders it again."))
    bus.publish(drop(row, why=why.strip(), by=by, now=now))
    return row


def drop(row: PartsRequest, *, why: str, by: StaffMember | None, now: datetime) -> PartCancelled:
    """Ends a locked request that is not needed; returns the fact, to be published by the caller."""
    end(row, State.CANCELLED, now)
    lives.record(row, "Not needed", became=why, by=by, now=now)
    return PartCancelled(**lives.common(row, by=by, now=now), why=why)


def end(row: PartsRequest, state: State, now: datetime) -> None:
    """Writes the end of a locked request: nothing is to be told about it any more."""
    row.state, row.ended_at = state, now
    row.save(update_fields=["state", "ended_at"])
    order = lives.order_of(row)
    if order is not None and order.tell_by_at is not None:
        order.tell_by_at = None
        order.save(update_fields=["tell_by_at"])
    live.bump(row.store_id, "parts")


def known_ro(store_id: int, ro_number: str) -> KnownRO | None:
    """What parts knows of an RO, by its number."""
    return (
        KnownRO.objects.of_store(store_id)
        .filter(ro_number=ro_number.strip())
        .select_related("customer", "vehicle", "advisor")
        .first()
    )


def _asked(request: PartsRequest) -> str:
    number = f" ({request.part_number})" if request.part_number else ""
    return f"{request.quantity} × {request.description}{number}"


def _if_ordered(words: str) -> str:
    return words if words == eta.NO_DATE else f"{words} if ordered today"
