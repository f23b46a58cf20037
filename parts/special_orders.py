"""The life of a special order: ordered with a date, moved, backordered, superseded, wrong, damaged, partly here, here, given back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers import merging
from dealership.events import bus
from dealership.events.catalogue.parts import PartEtaChanged, PartOrdered, PartReceived, PartReturned
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.models import Department
from parts import eta, lives, requests, stock
from parts.lives import NotNow, PartsError, State
from parts.models import PartsRequest, SpecialOrderPart

#: A part that arrived is held so long for its customer.
HOLD = timedelta(days=30)

REASONS = {
    "eta": "comes on another day",
    "backordered": "backordered",
    "superseded": "replaced by a newer number",
}
BAD = {"wrong": "the wrong part came", "damaged": "arrived damaged"}
OUTCOMES = {
    "returned": "went back to the source",
    "shelved": "went to the shelf",
    "written_off": "was written off",
}
#: What is said as it is done.
DONE = {
    "returned": later("%(part)s went back to the source."),
    "shelved": later("%(part)s went to the shelf."),
    "written_off": later("%(part)s was written off."),
}


class BadDate(PartsError):
    """A part cannot come on that day."""

    field = "eta_date"


class NoNewNumber(PartsError):
    """What replaces it must be named."""

    field = "new_number"


class TooMany(PartsError):
    """More came than were still to come."""

    field = "n"


class CameMeanwhile(PartsError):
    """Somebody else has received some since this was looked at, or the button was pressed twice."""


class NoBin(PartsError):
    """Who looks for it must know where it lies."""

    field = "bin"


@transaction.atomic
def order(
    request: PartsRequest,
    *,
    source: str = "",
    how: str = SpecialOrderPart.How.DAILY,
    eta_date: date | None = None,
    approved: bool = False,
    by: StaffMember,
    now: datetime,
) -> PartsRequest:
    """Places the order; without `eta_date` the source gave no day. The same again is one order. Raises NotNow, BadDate.

    `approved`: the customer says yes to the price with the same act.
    """
    row = lives.lock(request)
    placed = lives.order_of(row)
    eta_at = _eta_at(row, eta_date, now)
    if placed is not None and (placed.eta_at, placed.source) == (eta_at, source.strip()):
        return row
    lives.require(row, "order")
    if approved:
        requests.say_yes(row, by=by, now=now)
    tells = eta_at is not None and row.customer_id is not None
    SpecialOrderPart.objects.create(
        store_id=row.store_id,
        request=row,
        source=source.strip(),
        how=how,
        ordered_at=now,
        eta_at=eta_at,
        n_ordered=row.quantity,
        tell_by_at=lives.promised_by("tell_part_eta", store_id=row.store_id, start=now) if tells else None,
    )
    row.state, row.in_stock = State.ORDERED, False
    row.save(update_fields=["state", "in_stock"])
    words = eta.words(eta_at, row.store.tz)
    became = ", ".join(part for part in (words, source.strip()) if part)
    lives.record(row, "Ordered", became=became, by=by, now=now)
    bus.publish(
        PartOrdered(
            **lives.common(row, by=by, now=now), eta_at=eta_at, eta_words=words, source=source.strip()
        )
    )
    return row


@transaction.atomic
def change_eta(
    request: PartsRequest,
    *,
    reason: str,
    eta_date: date | None,
    new_number: str = "",
    by: StaffMember,
    now: datetime,
) -> PartsRequest:
    """It comes on another day than was said, or nobody knows when; `reason` one of REASONS. The same again changes nothing.

    Raises NotNow, BadDate, NoNewNumber.
    """
    row = lives.lock(request)
    lives.require(row, "change")
    eta_at = _eta_at(row, eta_date, now)
    sop = _sop(row)
    if reason == "eta" and eta_at is None:
        raise BadDate(_("Say on which day it comes; if nobody knows, it is backordered."))
    if reason == "superseded" and not new_number.strip():
        raise NoNewNumber(_("Type the number that replaces it."))
    same_number = reason != "superseded" or stock.key_of(new_number) == row.part_key
    same_state = reason != "backordered" or row.state == State.BACKORDERED
    if eta_at == sop.eta_at and same_number and same_state:
        return row
    words = REASONS[reason]
    if reason == "backordered":
        row.state, sop.n_backordered = State.BACKORDERED, sop.n_missing
    elif reason == "superseded":
        sop.superseded_by = row.part_number = new_number.strip()
        row.part_key = stock.key_of(new_number)
        words = f"replaced by {row.part_number}"
    row.save(update_fields=["state", "part_number", "part_key"])
    _move(row, sop, eta_at, reason=reason, words=words, by=by, now=now)
    return row


@transaction.atomic
def ship(request: PartsRequest, *, by: StaffMember, now: datetime) -> PartsRequest:
    """The source has sent it. Raises NotNow."""
    row = lives.lock(request)
    if row.state == State.SHIPPED:
        return row
    lives.require(row, "ship")
    row.state = State.SHIPPED
    row.save(update_fields=["state"])
    lives.record(row, "On its way", by=by, now=now)
    return row


@transaction.atomic
def receive(
    request: PartsRequest,
    *,
    n: int,
    had: int,
    bin: str = "",  # noqa: A002 - the trade's word
    car_is_here: bool = False,
    rest_date: date | None = None,
    by: StaffMember,
    now: datetime,
) -> PartsRequest:
    """So many came and lie in this bin. All of them: it is here. Fewer: the rest comes on `rest_date`, or nobody knows when.

    `had`: how many had come when this was decided. Raises NotNow, TooMany, NoBin, BadDate, CameMeanwhile.
    """
    row = lives.lock(request)
    lives.require(row, "receive")
    sop = _sop(row)
    if sop.n_received != had:
        told = {"number": sop.n_received, "all": sop.n_ordered}
        raise CameMeanwhile(_("%(number)s of %(all)s are noted as here already: look again.") % told)
    if not 0 < n <= sop.n_missing:
        raise TooMany(
            _("%(most)s still to come: type a number from 1 to %(most)s.") % {"most": sop.n_missing}
        )
    if not bin.strip() and not car_is_here:
        raise NoBin(_("Say in which bin it lies."))
    sop.n_received += n
    sop.bin = bin.strip()
    sop.save(update_fields=["n_received", "bin"])
    if sop.n_missing:
        rest_at = _eta_at(row, rest_date, now)
        row.state = State.PARTIAL
        row.save(update_fields=["state"])
        words = f"{sop.n_received} of {sop.n_ordered} came"
        _move(row, sop, rest_at, reason="partial", words=words, by=by, now=now)
        return row
    _arrive(row, sop, car_is_here=car_is_here, by=by, now=now)
    return row


@transaction.atomic
def refuse(
    request: PartsRequest, *, reason: str, eta_date: date | None, by: StaffMember, now: datetime
) -> PartsRequest:
    """What came is wrong or damaged (`reason` one of BAD): it was ordered again, for that day. Raises NotNow, BadDate."""
    row = lives.lock(request)
    lives.require(row, "receive")
    eta_at, sop = _eta_at(row, eta_date, now), _sop(row)
    if (sop.eta_reason, sop.eta_at) == (reason, eta_at):
        return row
    row.state = State.ORDERED
    row.save(update_fields=["state"])
    _move(row, sop, eta_at, reason=reason, words=BAD[reason], by=by, now=now)
    return row


@transaction.atomic
def give_back(
    request: PartsRequest, *, outcome: str, why: str, by: StaffMember, now: datetime
) -> PartsRequest:
    """Nobody waits for it any more: back to the source, to the shelf, or written off (`outcome` one of OUTCOMES).

    Raises NotNow, requests.NoReason.
    """
    row = lives.lock(request)
    if row.state == State.RETURNED:
        return row
    lives.require(row, "give_back")
    if not why.strip():
        raise requests.NoReason(_("Say why it was not fitted."))
    words = OUTCOMES[outcome]
    sop = _sop(row)
    sop.returned_why = why.strip()
    sop.save(update_fields=["returned_why"])
    requests.end(row, State.RETURNED, now)
    lives.record(row, words.capitalize(), became=why.strip(), by=by, now=now)
    bus.publish(PartReturned(**lives.common(row, by=by, now=now), outcome=words, why=why.strip()))
    return row


def _arrive(
    row: PartsRequest, sop: SpecialOrderPart, *, car_is_here: bool, by: StaffMember, now: datetime
) -> None:
    row.state = State.RECEIVED
    row.save(update_fields=["state"])
    sop.received_at, sop.hold_until, sop.n_backordered = now, now + HOLD, 0
    # Whoever did not know the date does not need it any more.
    sop.tell_by_at = None
    sop.save(update_fields=["received_at", "hold_until", "n_backordered", "tell_by_at"])
    bin_words = f", bin {sop.bin}" if sop.bin else ""
    lives.record(row, "Here", became=f"{sop.n_received} of {sop.n_ordered}{bin_words}", by=by, now=now)
    bus.publish(
        PartReceived(
            **lives.common(row, by=by, now=now),
            # So that the fitting of another part of the same customer keeps nothing that this one is owed.
            about=row.subject,
            bin=sop.bin,
            bin_words=bin_words,
            car_is_here=car_is_here,
            visit_is_set=has_visit(row, now),
        )
    )


def has_visit(row: PartsRequest, now: datetime) -> bool:
    """Whether its customer has a service visit ahead."""
    if row.customer is None:
        return False
    return (
        Appointment.objects.of_store(row.store_id)
        .filter(
            customer_id__in=merging.family(merging.living(row.customer)),
            department=Department.SERVICE,
            state__in=booking.AWAITED,
            starts_at__gt=now,
        )
        .exists()
    )


def _move(
    row: PartsRequest,
    sop: SpecialOrderPart,
    eta_at: datetime | None,
    *,
    reason: str,
    words: str,
    by: StaffMember,
    now: datetime,
) -> None:
    """Writes another date, and owes it to the customer; what is owed already keeps its hour."""
    was, zone = sop.eta_at, row.store.tz
    sop.eta_at, sop.eta_changed_at, sop.eta_reason = eta_at, now, reason
    if row.customer_id is not None and sop.tell_by_at is None:
        sop.tell_by_at = lives.promised_by("tell_new_part_eta", store_id=row.store_id, start=now)
    sop.save(
        update_fields=[
            "eta_at", "eta_changed_at", "eta_reason", "tell_by_at", "n_backordered", "superseded_by",
        ]
    )  # fmt: skip
    became = f"{words}, {eta.words(eta_at, zone)}"
    lives.record(row, "Date changed", was=eta.words(was, zone), became=became, by=by, now=now)
    bus.publish(
        PartEtaChanged(
            **lives.common(row, by=by, now=now),
            reason=reason,
            reason_words=words,
            eta_at=eta_at,
            eta_was=was,
            eta_words=eta.words(eta_at, zone),
            known_words=eta.words(sop.eta_told, zone) if sop.eta_told else "",
        )
    )


def _eta_at(row: PartsRequest, day: date | None, now: datetime) -> datetime | None:
    if day is None:
        return None
    calendar = calendars.of(row.store_id, Department.PARTS)
    if day < now.astimezone(calendar.zone).date():
        raise BadDate(_("That day has passed: say on which day it will be here."))
    return eta.end_of(day, calendar)


def _sop(row: PartsRequest) -> SpecialOrderPart:
    order = lives.order_of(row)
    if order is None:
        raise NotNow(_("%(part)s was never ordered: order it first.") % {"part": row.description})
    return order
