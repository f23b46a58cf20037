"""Deals at the desk: written, agreed, mended, lost, unwound; and the hour of their delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dealership import live
from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers import merging, people, search
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.sales import (
    DealAgreed,
    DealLost,
    DealMended,
    DealWritten,
    DeliveryPlanned,
)
from dealership.messaging.wording import clean
from dealership.staff.models import StaffMember
from dealership.stores.hours import spoken_moment
from dealership.stores.models import Department, Store
from dealership.vehicles import garage
from dealership.vehicles.models import Vehicle
from sales import inventory
from sales.models import OPEN, Deal, Lead

Stage = Deal.Stage
FIRST_NUMBER = 1001


class DealEnded(ValueError):
    """The deal was lost or unwound: nothing more happens with it."""


class AlreadyDelivered(ValueError):
    """The customer has the car: that cannot be done to this deal any more."""


class NothingMissing(ValueError):
    """F&I did not hand this deal back."""


class NoReason(ValueError):
    """A deal ends with a reason that others can read."""


class InThePast(ValueError):
    """A delivery is planned for an hour to come."""


class CannotSell(ValueError):
    """This person, or this lead, is not of the store of the deal."""


@transaction.atomic
def write(
    *,
    customer: Customer,
    vehicle: Vehicle | None = None,
    car: str = "",
    stock_number: str = "",
    condition: str = "",
    deal_type: str = "",
    co_buyer_name: str = "",
    salesperson: StaffMember | None,
    desk_manager: StaffMember | None = None,
    lead: Lead | None = None,
    by: StaffMember,
    now: datetime,
) -> Deal:
    """A deal is begun. The same customer, car and stock number again is the deal that stands. Raises CannotSell."""
    customer = merging.living(customer)
    store_id = customer.store_id
    for person in (salesperson, desk_manager, lead):
        if person is not None and person.store_id != store_id:
            raise CannotSell(_("A deal, its people and its lead are of one store."))
    # The customer's row is the turnstile: a form sent twice waits here, and then finds its first self.
    Customer.objects.of_store(store_id).select_for_update(no_key=True).get(pk=customer.pk)
    standing = Deal.objects.of_store(store_id).filter(
        customer=customer, vehicle=vehicle, car=car, stock_number=stock_number, stage__in=OPEN
    )
    if (known := standing.first()) is not None:
        return known
    desk_number = _next_number(store_id)
    deal = Deal.objects.create(
        store_id=store_id,
        deal_number=f"K-{desk_number}",
        desk_number=desk_number,
        customer=customer,
        co_buyer_name=co_buyer_name,
        lead=lead,
        vehicle=vehicle,
        car=car,
        stock_number=stock_number,
        condition=condition,
        deal_type=deal_type,
        salesperson=salesperson,
        desk_manager=desk_manager,
        written_at=now,
        updated_at=now,
    )
    if salesperson is not None:
        people.set_person(customer, Department.SALES, salesperson, now=now)
    let_be_found(deal)
    live.bump(store_id, "deals")
    bus.publish(DealWritten(**common(deal, at=now, by=by)))
    return deal


@transaction.atomic
def agree(deal: Deal, *, by: StaffMember, now: datetime) -> Deal:
    """The customer agreed to the numbers and waits for F&I from now on. Twice is once. Raises DealEnded."""
    row = locked(deal)
    if row.stage != Stage.WRITTEN:
        return _require_going_on(row)
    _save(row, now, stage=Stage.AGREED, stage_by_dms=False, agreed_at=now, missing="", refused_at=None)
    bus.publish(
        DealAgreed(**common(row, at=now, by=by), has_trade=row.trades.exists(), condition=row.condition)
    )
    return row


@transaction.atomic
def mend(deal: Deal, *, what: str, by: StaffMember, now: datetime) -> Deal:
    """Sales supplied what F&I found missing: the deal waits for F&I again. Raises NothingMissing, DealEnded, NoReason."""
    row = _require_going_on(locked(deal))
    if row.refused_at is None:
        raise NothingMissing(_("F&I has not handed this deal back: nothing is missing."))
    if len(what.strip()) < 3:
        raise NoReason(_("Say what you brought, so that F&I need not look for it."))
    # A car that is with its buyer already stays there: only the papers were missing.
    stage = row.stage if row.stage == Stage.DELIVERED else Stage.AGREED
    _save(row, now, stage=stage, agreed_at=now, refused_at=None, missing="")
    bus.publish(DealMended(**common(row, at=now, by=by), what=clean(what).strip()[:160]))
    return row


@transaction.atomic
def lose(deal: Deal, *, why: str, by: StaffMember, now: datetime) -> Deal:
    """The deal ends without a sale; one that was delivered is unwound, and the cars go back. Twice is once. Raises NoReason."""
    if len(why.strip()) < 3:
        raise NoReason(_("Say why in a few words, so that others can learn from it."))
    row = locked(deal)
    if row.is_ended:
        return row
    was_delivered = row.stage == Stage.DELIVERED
    if was_delivered:
        inventory.take_back(row, now=now)
    stage = Stage.UNWOUND if was_delivered else Stage.LOST
    _save(
        row,
        now,
        stage=stage,
        stage_by_dms=False,
        ended_at=now,
        ended_why=clean(why).strip()[:160],
        next_milestone_at=None,
    )
    bus.publish(DealLost(**common(row, at=now, by=by), why=row.ended_why, was_delivered=was_delivered))
    return row


@transaction.atomic
def plan_delivery(deal: Deal, *, at: datetime, by: StaffMember, now: datetime) -> Deal:
    """The hour at which the car is handed over, or another hour. Raises InThePast, AlreadyDelivered, DealEnded."""
    row = _require_going_on(locked(deal))
    if row.stage == Stage.DELIVERED:
        raise AlreadyDelivered(_("The customer has the car already."))
    if at <= now:
        raise InThePast(_("That hour has passed: choose a later one."))
    if row.delivery_at == at:
        return row
    visit = service_visit(row.customer, after=at)
    remember_visit(row, visit)
    row.first_service_owed = visit is None
    _save(
        row,
        now,
        delivery_at=at,
        first_service_at=row.first_service_at,
        first_service_number=row.first_service_number,
        first_service_owed=row.first_service_owed,
    )
    bus.publish(
        DeliveryPlanned(
            **common(row, at=now, by=by),
            delivery_at=at,
            when_words=spoken_moment(at.astimezone(Store.objects.get(pk=row.store_id).tz)),
            has_first_service=visit is not None,
        )
    )
    return row


# --- shared with the deliveries and the DMS --------------------------------------------------------------------------------


def common(deal: Deal, *, at: datetime, by: StaffMember | None) -> dict[str, Any]:
    """What every fact of a deal carries."""
    return {
        "store_id": deal.store_id,
        "at": at,
        "subject": deal.subject,
        "customer_id": merging.living(deal.customer).pk,
        "vehicle_id": deal.vehicle_id,
        "by": by.pk if by else None,
        "deal_number": deal.deal_number,
        "vehicle": deal.label,
        "stock_number": deal.stock_number,
        "salesperson_id": deal.salesperson_id,
        "deal_type": deal.deal_type,
    }


def locked(deal: Deal) -> Deal:
    """The row as it is now, for this transaction alone."""
    return (
        Deal.objects.of_store(deal.store_id)
        .select_for_update(of=("self",), no_key=True)
        .select_related("customer__merged_into__merged_into", "vehicle", "salesperson")
        .get(pk=deal.pk)
    )


def service_visit(customer: Customer, *, after: datetime) -> Appointment | None:
    """The customer's next service visit after that moment."""
    return (
        Appointment.objects.of_store(customer.store_id)
        .filter(customer__in=merging.family(merging.living(customer)), department=Department.SERVICE)
        .filter(state__in=booking.AWAITED, starts_at__gt=after)
        .order_by("starts_at")
        .first()
    )


def remember_visit(deal: Deal, visit: Appointment | None) -> None:
    """Notes the visit on the deal (unsaved)."""
    deal.first_service_at = visit.starts_at if visit else None
    deal.first_service_number = visit.pk if visit else None


def let_be_found(deal: Deal) -> None:
    """The customer is found by the deal's numbers from now on."""
    numbers = [number for number in (deal.deal_number, deal.dms_number) if number]
    customer = merging.living(deal.customer)
    search.write(
        [
            *search.entries(customer, "deal", *numbers),
            *(search.entries(customer, "stock", deal.stock_number) if deal.stock_number else []),
        ]
    )


def car_of(*, store_id: int, vin: str, stock_number: str, now: datetime) -> Vehicle | None:
    """The car that a person named by its VIN, else by the number under which it stands in stock; None where neither says."""
    if vin:
        return garage.find_or_create(
            store_id=store_id, vin=vin, stock_number=stock_number, seen_at=now, now=now
        )
    unit = inventory.unit_of(store_id=store_id, stock_number=stock_number)
    return unit.vehicle if unit else None


def _next_number(store_id: int) -> int:
    # The store's row is the turnstile: two deals at once get two numbers.
    Store.objects.select_for_update(no_key=True).get(pk=store_id)
    latest = Deal.objects.of_store(store_id).aggregate(latest=Max("desk_number"))["latest"]
    return (latest or FIRST_NUMBER - 1) + 1


def _require_going_on(deal: Deal) -> Deal:
    if deal.is_ended:
        raise DealEnded(
            _("Deal %(number)s is %(stage)s: write a new one.")
            % {"number": deal.deal_number, "stage": deal.get_stage_display()}
        )
    return deal


def _save(deal: Deal, now: datetime, **values: Any) -> None:
    for name, value in values.items():
        setattr(deal, name, value)
    deal.updated_at = now
    deal.save(update_fields=[*values, "updated_at"])
    live.bump(deal.store_id, "deals")
