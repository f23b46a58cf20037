"""The car is handed over: a trigger, not a finish line. Whose it is, what was taken in trade, and what ends are written at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import merging, people
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.sales import TradeTaken, VehicleDelivered, VehicleSold
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import Calendar, NoOpenHours
from dealership.stores.models import Department
from dealership.vehicles import garage
from sales import deals, inventory
from sales.models import Deal, DealTrade

#: The marks after a delivery, and the days until each.
MILESTONES = (("day", 1), ("week", 7), ("month", 30))
FIELDS = [
    "stage", "delivered_at", "first_service_at", "first_service_number", "n_milestones", "next_milestone_at", "updated_at",
]  # fmt: skip


class NotAgreed(ValueError):
    """Nobody drives away in a car whose price they have not agreed to."""


@transaction.atomic
def deliver(deal: Deal, *, by: StaffMember, now: datetime) -> Deal:
    """The customer drives away. Twice is once. Raises NotAgreed, and deals.DealEnded."""
    row = deals.locked(deal)
    if row.stage == Deal.Stage.DELIVERED:
        return row
    if row.is_ended:
        raise deals.DealEnded(
            _("Deal %(number)s is %(stage)s: write a new one.")
            % {"number": row.deal_number, "stage": row.get_stage_display()}
        )
    if row.stage == Deal.Stage.WRITTEN:
        raise NotAgreed(_("The customer has not agreed to the numbers yet: mark it agreed first."))
    calendar = calendars.of(row.store_id, Department.SALES)
    planned_at = row.delivery_at
    deals.remember_visit(row, deals.service_visit(row.customer, after=now))
    hand_over(row, at=now, told_at=now, calendar=calendar)
    row.stage_by_dms, row.updated_at = False, now
    row.save(update_fields=[*FIELDS, "stage_by_dms"])
    day = now.astimezone(calendar.zone).date()
    buyer = merging.living(row.customer)
    if row.vehicle is not None:
        garage.record_owner(row.vehicle, buyer, since=day, how="deal")
    if row.salesperson is not None and row.salesperson.is_active:
        people.set_person(buyer, Department.SALES, row.salesperson, now=now)
    inventory.sell([row])
    live.bump(row.store_id, "deals")
    bus.publish(
        *take_trades(list(row.trades.select_related("vehicle")), row, day=day, at=now, by=by),
        *facts_of(row, at=now, by=by, planned_at=planned_at),
    )
    return row


def hand_over(deal: Deal, *, at: datetime, told_at: datetime, calendar: Calendar) -> None:
    """Writes the delivery on the deal (unsaved): when it was, and which mark after it comes next."""
    deal.stage, deal.delivered_at = Deal.Stage.DELIVERED, at
    deal.n_milestones = 0
    deal.next_milestone_at = None
    set_next_milestone(deal, told_at=told_at, calendar=calendar)


def set_next_milestone(deal: Deal, *, told_at: datetime, calendar: Calendar) -> None:
    """The next of day, week and month whose day is not over (unsaved): at that day's opening, or now if that has passed."""
    if deal.delivered_at is None:
        return
    day = deal.delivered_at.astimezone(calendar.zone).date()
    deal.next_milestone_at = None
    while deal.n_milestones < len(MILESTONES):
        opens, ends = _open_day(day + timedelta(days=MILESTONES[deal.n_milestones][1]), calendar)
        if told_at < ends:
            deal.next_milestone_at = max(opens, told_at)
            return
        deal.n_milestones += 1


def facts_of(
    deal: Deal,
    *,
    at: datetime,
    by: StaffMember | None,
    planned_at: datetime | None = None,
    from_feed: bool = False,
    backfill: bool = False,
) -> list[Fact]:
    """What has become true with a delivery."""
    told = {**deals.common(deal, at=at, by=by), "backfill": backfill}
    return [
        VehicleDelivered(
            **told,
            delivery_at=planned_at or deal.delivered_at or at,
            has_first_service=deal.first_service_at is not None,
            condition=deal.condition,
            from_feed=from_feed,
            first_service_owed=deal.first_service_owed,
        ),
        VehicleSold(**told),
    ]


def take_trades(
    trades: Sequence[DealTrade],
    deal: Deal,
    *,
    day: date,
    at: datetime,
    by: StaffMember | None,
    backfill: bool = False,
) -> list[Fact]:
    """The cars given in are the customer's no more; returns what is to be told. Each once."""
    told: list[Fact] = []
    for trade in trades:
        if trade.taken_at is not None:
            continue
        if trade.vehicle is not None:
            owner = garage.owner_of(trade.vehicle)
            if owner is not None and merging.living(owner).pk == merging.living(deal.customer).pk:
                garage.end_ownership(trade.vehicle, until=day)
        trade.taken_at = at
        trade.save(update_fields=["taken_at"])
        common = {**deals.common(deal, at=at, by=by), "vehicle_id": trade.vehicle_id, "backfill": backfill}
        about = f"trade:{trade.vin or trade.pk}"
        told.append(TradeTaken(**common, about=about, traded=trade.car, vin=trade.vin))
    return told


def _open_day(day: date, calendar: Calendar) -> tuple[datetime, datetime]:
    """When that day opens and ends; of a closed day the next that is open, of a store without hours the working day."""
    midnight = datetime.combine(day, time(), calendar.zone)
    try:
        opens = calendar.next_open(midnight)
        return opens, calendar.end_of_day(opens)
    except NoOpenHours:
        return midnight + timedelta(hours=9), midnight + timedelta(hours=18)
