"""Cars and deals that the demo's DMS tells: what comes into stock, what is sold with papers of the DMS, who walks in and buys."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from dealership.demo import feeds, made_up, papers, stage
from dealership.demo.made_up import Car, Unit
from dealership.demo.papers import Cells
from dealership.demo.stage import Stage
from dealership.dms.models import Feed
from dealership.staff.roles import Role
from dealership.stores.models import Department
from sales import inventory, leads
from sales.adf.lead import AdfCustomer, AdfPhone, AdfProspect, AdfVehicle
from sales.demo import PROSPECTS, STOCK
from sales.models import Deal

#: On a day so many deals are told by the DMS alone, so many people walk in and buy, so many cars come into stock.
DEALS_A_DAY, BUYERS_A_DAY, CARS_A_DAY = 0.16, 0.14, 0.3
#: Deals of the year before, which are history.
KNOWN, FIRST_DEAL = 40, 30_000
#: A file tells so many of the last deals again, as they stand.
LATELY = 5
TYPES = ("finance", "finance", "finance", "lease", "cash")
LENDERS = ("Harbor Credit", "First Meadow Bank", "Cedar Auto Finance", "Members Union")
FILE_AT = 4.7
WALKED_IN = "Walked in, saw it on the lot."


@stage.planner("sales: stock")
def plan_day(on: Stage, day: date) -> None:
    """The DMS's file of the night, a car that comes in, somebody who walks in and buys."""
    if not on.is_open(Department.SALES, day):
        return
    new = on.few(DEALS_A_DAY)
    if new or not on.is_sketch(day) or day.weekday() == 0:
        on.later(on.wall(day, FILE_AT), "sales.deal_file", new=new)
    opens, _ = on.hours(Department.SALES, day)
    for _ in range(on.few(CARS_A_DAY)):
        on.later(opens + timedelta(minutes=on.dice.randrange(20, 400)), "sales.acquire")
    for _ in range(on.few(BUYERS_A_DAY)):
        at = opens + timedelta(minutes=on.dice.randrange(30, 420))
        on.later(at, "sales.walk_in", person=on.dice.choice(PROSPECTS))


def open_history(on: Stage) -> None:
    """The stock as it stands, and the first file of deals: those of the year before, which call for nothing."""
    for n in range(max(4, int(STOCK * min(1, on.volume)))):
        days = on.dice.triangular(0, 40, 5)
        _take_in(on, n, acquired_at=on.now - timedelta(days=days))
    known, rows = _known(on), []
    for n in range(known):
        at = on.local(on.now) - timedelta(days=340 - 270 * n // max(1, known))
        rows.append(_row(on, FIRST_DEAL + n, entered=at, delivered=at + timedelta(days=1)))
    feeds.drop(on, Feed.Kind.DEALS, rows)
    on.marks["deal_number"] = FIRST_DEAL + known


@stage.scene("sales.acquire")
def acquire(on: Stage) -> str:
    """A car comes into stock: from the maker, in trade, or bought."""
    return f"{_take_in(on, on.marks.get('units', STOCK), acquired_at=on.now)} came into stock."


@stage.scene("sales.front_line")
def make_ready(on: Stage, stock_number: str) -> str:
    """It is washed, inspected, and stands on the lot."""
    unit = inventory.unit_of(store_id=on.store.pk, stock_number=stock_number)
    managers = on.staff(Role.SALES_MANAGER)
    if unit is None or not managers:
        return ""
    inventory.mark_ready(unit, by=managers[0], now=on.now)
    return f"{stock_number}, {unit.label}, is front-line ready."


@stage.scene("sales.deal_file")
def send_deals(on: Stage, new: int) -> str:
    """The DMS's file of the night: deals that were contracted, and those delivered since."""
    rows, yesterday = [], on.local(on.now) - timedelta(days=1)
    known = Deal.objects.of_store(on.store.pk).filter(desk_number__isnull=True).order_by("-pk")[:LATELY]
    for deal in known.only("dms_number", "written_at", "delivered_at"):
        delivered = on.local(deal.delivered_at) if deal.delivered_at else yesterday
        rows.append(_row(on, int(deal.dms_number), entered=on.local(deal.written_at), delivered=delivered))
    for _ in range(new):
        number = on.marks["deal_number"] = on.marks.get("deal_number", FIRST_DEAL + _known(on)) + 1
        rows.append(_row(on, number, entered=yesterday))
    feeds.drop(on, Feed.Kind.DEALS, rows)
    return f"The DMS sent {len(rows)} deals, {new} of them new."


@stage.scene("sales.walk_in")
def walk_in(on: Stage, person: int) -> str:
    """Somebody walks in, is greeted, and sits down at the desk after a while."""
    who, sellers = on.person(person), on.staff(Role.SALESPERSON)
    if not sellers:
        return ""
    by = on.dice.choice(sellers)
    car = papers.wished_car(on.dice, on.store.slug, in_stock=on.marks.get("units", STOCK))
    prospect = AdfProspect(
        requested_at=on.now,
        customer=AdfCustomer(
            first=who.first,
            last=who.last,
            full=who.name,
            phones=(AdfPhone(raw=who.number, type="cellphone", e164=who.number),),
        ),
        vehicles=(
            AdfVehicle(
                status=car["status"],
                year=car["year"],
                make=car["make"],
                model=car["model"],
                stock=car.get("stock", ""),
                trim=car.get("trim", ""),
            ),
        ),
        comments=WALKED_IN,
        provider="walk-in",
    )
    lead = leads.take(
        store_id=on.store.pk, prospect=prospect, now=on.now, came_by=leads.BY_PERSON, by=by, spoken=True
    ).lead
    at = on.now + timedelta(minutes=on.dice.randrange(50, 130))
    on.later(at, "sales.deal", customer=lead.customer_id)
    return f"{who.name} walked in; {by.first_name} greeted them."


def _known(on: Stage) -> int:
    return int(KNOWN * min(1, on.volume))


def _take_in(on: Stage, n: int, *, acquired_at: datetime) -> str:
    unit = made_up.unit(on.store.slug, n)
    on.marks["units"] = n + 1
    stands = inventory.acquire(
        store_id=on.store.pk, stock_number=unit.stock_number, vin=unit.car.vin, how=unit.how,
        car=_words(unit.car), condition=unit.condition, acquired_at=acquired_at, by=None, now=on.now,
    )  # fmt: skip
    ready = on.calendar(Department.SALES).next_open(acquired_at + timedelta(days=on.dice.randint(2, 9)))
    at, managers = ready + timedelta(minutes=on.dice.randrange(20, 300)), on.staff(Role.SALES_MANAGER)
    if at > on.now:
        on.later(at, "sales.front_line", stock_number=unit.stock_number)
    elif managers:
        inventory.mark_ready(stands, by=managers[0], now=at)
    return f"{unit.stock_number}, {_words(unit.car)},"


def _row(on: Stage, number: int, *, entered: datetime, delivered: datetime | None = None) -> Cells:
    """The deal of this number: always the same people and car."""
    dice = on.dice_of("deal", number)
    sellers = on.staff(Role.SALESPERSON)
    kind = dice.choice(TYPES)
    unit = _sold(on, number, dice)
    return papers.deal(
        number, on.person(dice.choice(PROSPECTS)), unit, status="F" if delivered else "B", entered=entered,
        contracted=entered, delivered=delivered, kind=kind, lender=dice.choice(LENDERS) if kind != "cash" else "",
        dollars=dice.randrange(17, 52) * 1000 - 5, seller=sellers[number % len(sellers)].dms_number if sellers else "",
        gives=_traded(on, number, dice),
    )  # fmt: skip


def _sold(on: Stage, number: int, dice: Random) -> Unit:
    sold_since = number - FIRST_DEAL - _known(on) - 1
    if sold_since >= 0:
        return made_up.unit(on.store.slug, sold_since)  # the oldest first
    car = made_up.car(on.store.slug, made_up.SOLD_CARS + number % 10_000, year=2026)
    return Unit(f"S{number % 10_000}", dice.choice(("new", "new", "used")), "maker", car)


def _traded(on: Stage, number: int, dice: Random) -> Car | None:
    if dice.random() > 0.4:
        return None
    serial = made_up.SOLD_CARS + 10_000 + number % 10_000
    return made_up.car(on.store.slug, serial, year=dice.randrange(2014, 2022))


def _words(car: Car) -> str:
    return f"{car.year} {car.make.title()} {made_up.model_words(car.model)}"
