"""Deals in the demo: of those who came to see a car some buy it; it is delivered, things are owed with it, and buyers are spoken with."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealership.demo import keeping, stage, visits
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from sales import deals, deliveries, milestones, we_owes
from sales.models import CLOSED, OPEN, Deal, Lead, WeOwe

LOSES, OWES, UNSIGNED = 0.1, 0.35, 0.02
OWED = ("Second key", "Floor mats", "Full tank", "Touch-up of the rear bumper", "Wheel locks")
TYPES = ("finance", "finance", "finance", "lease", "cash")


@stage.scene("sales.deal")
def write(on: Stage, customer: int) -> str:
    """A deal is written for somebody who is in the showroom."""
    lead = _lead(on, customer)
    if lead is None:
        return ""
    seller, desk = _one(on, Role.SALESPERSON), _one(on, Role.SALES_MANAGER)
    if desk is None:
        return ""
    deal = deals.write(
        customer=lead.customer, car=lead.vehicle_label or "a car", stock_number=lead.stock_number,
        condition="used" if lead.stock_number else "new", deal_type=on.dice.choice(TYPES), salesperson=seller,
        desk_manager=desk, lead=lead, by=seller or desk, now=on.now,
    )  # fmt: skip
    on.later(on.now + timedelta(minutes=on.dice.randrange(20, 75)), "sales.agree", deal=deal.pk)
    return f"A deal is written with {lead.customer.full_name}."


@stage.scene("sales.agree")
def agree(on: Stage, deal: int) -> str:
    """They agree to the numbers, or leave; the delivery is planned."""
    row, desk = _deal(on, deal), _one(on, Role.SALES_MANAGER)
    if row is None or desk is None:
        return ""
    if on.chance(LOSES):
        deals.lose(row, why="Payment too high", by=desk, now=on.now)
        return f"Deal {row.deal_number} is lost."
    deals.agree(row, by=desk, now=on.now)
    at = on.open_later(Department.SALES, 150, 700)
    deals.plan_delivery(row, at=at, by=desk, now=on.now)
    on.later(at + timedelta(minutes=on.dice.randrange(5, 40)), "sales.deliver", deal=deal)
    if on.chance(OWES):
        day = (at + timedelta(days=on.dice.randint(2, 9))).astimezone(on.store.tz).date()
        owner = row.salesperson if row.salesperson and row.salesperson.is_active else desk
        we_owes.write(row, item=on.dice.choice(OWED), on=day, owner=owner, by=desk, now=on.now)
    return f"Deal {row.deal_number} is agreed."


@stage.scene("sales.deliver")
def deliver(on: Stage, deal: int) -> str:
    """They drive away."""
    row, desk = _deal(on, deal), _one(on, Role.SALES_MANAGER)
    if row is None or desk is None:
        return ""
    if row.contracted_at is None and row.stage in OPEN and not on.chance(UNSIGNED):
        # No car leaves before its papers are signed, or hardly one.
        on.later(on.open_later(Department.SALES, 60, 240), "sales.deliver", deal=deal)
        return ""
    deliveries.deliver(row, by=desk, now=on.now)
    return f"Deal {row.deal_number} is delivered."


@stage.passing(
    "days after delivery",
    "SELECT min(next_milestone_at) FROM sales_deal WHERE store_id = {store} AND next_milestone_at IS NOT NULL",
)
def tell_milestones(now: datetime) -> None:
    """A day, a week and a month after a delivery."""
    milestones.tell(now=now)


@keeping.keeps("mend_refused_deal")
def mend(on: Stage, owed: Owed) -> str:
    """What was missing is brought."""
    row = Deal.objects.of_store(on.store.pk).filter(deal_number=owed.number).first()
    if row is None:
        return ""
    deals.mend(row, what="Insurance card", by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} brought what deal {row.deal_number} lacked."


@keeping.keeps("set_first_service", "set_first_service_after")
def set_first_service(on: Stage, owed: Owed) -> str:
    """The first service is set before they drive away."""
    if owed.customer is None:
        return ""
    visit = visits.book(
        on, department=Department.SERVICE, customer=owed.customer, by=owed.owner, concern="First service",
        days=(30, 90),
    )  # fmt: skip
    return f"{owed.owner.first_name} set the first service of {owed.customer.full_name}." if visit else ""


@keeping.keeps("deliver_we_owe")
def deliver_we_owe(on: Stage, owed: Owed) -> str:
    """It is handed over, and signed for."""
    number = owed.about.rpartition(":")[2]
    row = WeOwe.objects.of_store(on.store.pk).filter(pk=int(number)).first() if number.isdecimal() else None
    if row is None or owed.customer is None:
        return ""
    we_owes.deliver(row, signed_by=owed.customer.full_name, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} handed over: {row.item.lower()}."


@keeping.keeps("speak_after_a_day", "speak_after_a_week", "speak_after_a_month")
def speak(on: Stage, owed: Owed) -> str:
    """A call to the buyer."""
    return keeping.call(on, owed, answered=0.7, note="Happy with the car.")


@keeping.keeps("introduce_new_person")
def introduce(on: Stage, owed: Owed) -> str:
    """A text from the next person, or a call."""
    return keeping.write_or_call(on, owed)


def _lead(on: Stage, customer: int) -> Lead | None:
    rows = Lead.objects.of_store(on.store.pk).filter(customer=customer).exclude(state__in=CLOSED)
    return rows.select_related("customer").order_by("-received_at").first()


def _deal(on: Stage, pk: int) -> Deal | None:
    return Deal.objects.of_store(on.store.pk).filter(pk=pk).select_related("salesperson").first()


def _one(on: Stage, role: Role) -> StaffMember | None:
    people = on.staff(role)
    return on.dice.choice(people) if people else None
