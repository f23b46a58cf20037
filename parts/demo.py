"""Parts in the demo: advisors ask, the counter quotes and orders, some parts slip, arrive, are fitted, or lie in a bin."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from dealership.demo import keeping, stage, visits
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from parts import requests, special_orders, telling
from parts.lives import State
from parts.models import KnownRO, PartsRequest

#: What is asked for, its number and its price in dollars.
PARTS = (
    ("Front brake pads", "45022-TBA-A01", 112),
    ("Wheel bearing, front left", "44300-TBA-A51", 148),
    ("Thermostat", "19301-5A2-A01", 64),
    ("Door mirror, right", "76208-TLA-A21", 286),
    ("Alternator", "31100-5A2-A02", 512),
    ("Window regulator, rear", "72750-TLA-A02", 174),
    ("Fuel pump, recall", "17045-TBA-A00", 0),
)
ASKED, ON_THE_SHELF, SLIPS = 0.45, 0.35, 0.4
CLOSED = (State.INSTALLED, State.RETURNED, State.CANCELLED)


@stage.watcher(KnownRO)
def watch_cars(on: Stage, seen: int) -> int:
    """For some of the cars that come in a part is needed."""
    rows = KnownRO.objects.of_store(on.store.pk).filter(pk__gt=seen).order_by("pk")
    for pk, number, state in rows.values_list("pk", "ro_number", "state"):
        seen = pk
        if state == KnownRO.State.OPEN and on.chance(ASKED):
            on.later(on.open_later(Department.PARTS, 15, 90), "parts.ask", ro=number)
    return seen


@stage.scene("parts.ask")
def ask(on: Stage, ro: str) -> str:
    """An advisor asks the counter for a price and a date."""
    advisor = _one(on, Role.ADVISOR)
    words, number, _ = on.dice.choice(PARTS)
    if advisor is None:
        return ""
    key = UUID(int=on.dice.getrandbits(128), version=4)
    requests.ask(
        store_id=on.store.pk,
        key=key,
        description=words,
        part_number=number,
        ro_number=ro,
        by=advisor,
        now=on.now,
    )
    return f"{advisor.first_name} asked parts for a {words.lower()}, RO {ro}."


@keeping.keeps("quote_part")
def quote(on: Stage, owed: Owed) -> str:
    """On the shelf, and fitted; or ordered, to come in some days."""
    row = _of(on, owed)
    if row is None or row.state != State.REQUESTED:
        return ""
    price = next((dollars for words, _, dollars in PARTS if words == row.description), 90)
    on_shelf = on.chance(ON_THE_SHELF)
    day = (on.now + timedelta(days=on.dice.randint(1, 6))).astimezone(on.store.tz).date()
    requests.quote(
        row,
        price_cents=price * 100,
        in_stock=on_shelf,
        eta_date=None if on_shelf else day,
        by=owed.owner,
        now=on.now,
    )
    if on_shelf:
        on.later(on.open_later(Department.PARTS, 30, 160), "parts.fit", request=row.pk)
        return f"{owed.owner.first_name} quoted a {row.description.lower()}: on the shelf."
    special_orders.order(row, source="Maker", eta_date=day, by=owed.owner, now=on.now)
    arrives = on.wall(day, 10.5) + timedelta(minutes=on.dice.randrange(200))
    if on.chance(SLIPS):
        on.later(max(on.now, arrives - timedelta(hours=20)), "parts.slip", request=row.pk)
    else:
        on.later(max(on.now, arrives), "parts.arrive", request=row.pk)
    return f"{owed.owner.first_name} ordered a {row.description.lower()} for {day:%a}."


@stage.scene("parts.slip")
def slip(on: Stage, request: int) -> str:
    """It comes later than was said."""
    row, by = _row(on, request), _one(on, Role.PARTS_COUNTER)
    if row is None or by is None:
        return ""
    day = (on.now + timedelta(days=on.dice.randint(2, 7))).astimezone(on.store.tz).date()
    special_orders.change_eta(row, reason="eta", eta_date=day, by=by, now=on.now)
    on.later(on.wall(day, 11) + timedelta(minutes=on.dice.randrange(200)), "parts.arrive", request=request)
    return f"A {row.description.lower()} slipped to {day:%a}."


@stage.scene("parts.arrive")
def arrive(on: Stage, request: int) -> str:
    """It is here and lies in a bin."""
    row, by = _row(on, request), _one(on, Role.PARTS_COUNTER)
    if row is None or by is None:
        return ""
    known = requests.known_ro(on.store.pk, row.ro_number)
    here = known is not None and known.state == KnownRO.State.OPEN
    shelf = f"{on.dice.choice('ABCD')}{on.dice.randrange(1, 30)}"
    special_orders.receive(row, n=row.quantity, had=0, bin=shelf, car_is_here=here, by=by, now=on.now)
    if here:
        on.later(on.open_later(Department.PARTS, 30, 240), "parts.fit", request=request)
    return f"A {row.description.lower()} arrived, bin {shelf}."


@stage.scene("parts.fit")
def fit(on: Stage, request: int) -> str:
    """It is in the car."""
    row, by = _row(on, request), _one(on, Role.PARTS_COUNTER)
    if row is None or by is None:
        return ""
    requests.install(row, by=by, now=on.now)
    return f"A {row.description.lower()} was fitted."


@keeping.keeps("tell_part_eta", "tell_new_part_eta")
def tell_eta(on: Stage, owed: Owed) -> str:
    """On the phone."""
    row = _of(on, owed)
    if row is None:
        return ""
    telling.tell_eta(row, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} told when the {row.description.lower()} comes."


@keeping.keeps("book_arrived_part")
def book_arrived(on: Stage, owed: Owed) -> str:
    """A visit to have it fitted."""
    row = _of(on, owed)
    if (
        row is None
        or owed.customer is None
        or not keeping.call(on, owed, answered=0.75, note="The part is here.")
    ):
        return ""
    visit = visits.book(
        on,
        department=Department.SERVICE,
        customer=owed.customer,
        by=owed.owner,
        concern=f"Fit {row.description}",
    )
    if visit is None:
        return ""
    on.later(visit.starts_at + timedelta(hours=2), "parts.fit", request=row.pk)
    return f"{owed.owner.first_name} set a visit to fit the {row.description.lower()}."


@keeping.keeps("tell_counter_customer")
def tell_counter_customer(on: Stage, owed: Owed) -> str:
    """A call."""
    return keeping.call_them(on, owed)


@keeping.keeps("clear_arrived_part")
def clear(on: Stage, owed: Owed) -> str:
    """What nobody came for goes back."""
    row = _of(on, owed)
    if row is None or row.state != State.RECEIVED:
        return ""
    special_orders.give_back(
        row, outcome="returned", why="The customer had it done elsewhere.", by=owed.owner, now=on.now
    )
    return f"{owed.owner.first_name} sent a {row.description.lower()} back."


def _of(on: Stage, owed: Owed) -> PartsRequest | None:
    number = (owed.about or owed.subject).rpartition(":")[2]
    return _row(on, int(number)) if number.isdecimal() else None


def _row(on: Stage, pk: int) -> PartsRequest | None:
    return PartsRequest.objects.of_store(on.store.pk).filter(pk=pk).exclude(state__in=CLOSED).first()


def _one(on: Stage, role: Role) -> StaffMember | None:
    people = on.staff(role)
    return on.dice.choice(people) if people else None
