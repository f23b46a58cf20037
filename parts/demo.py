"""Parts in the demo: advisors ask, the counter quotes and orders, some parts slip, arrive, are fitted, or lie in a bin."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.demo import feeds, keeping, papers, stage, visits
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from dealership.dms.models import Feed
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from dealership.vehicles.models import Vehicle
from parts import requests, special_orders, stock, telling
from parts.lives import State
from parts.models import KnownRO, PartsRequest

#: What is asked for, its number at either maker and its price in dollars.
PARTS = (
    ("Front brake pads", "45022-TBA-A01", "BL3Z-2001-A", 112),
    ("Wheel bearing, front left", "44300-TBA-A51", "FT4Z-1104-B", 148),
    ("Thermostat", "19301-5A2-A01", "HL3Z-8575-C", 64),
    ("Door mirror, right", "76208-TLA-A21", "JL3Z-17682-D", 286),
    ("Alternator", "31100-5A2-A02", "GL3Z-10346-A", 512),
    ("Window regulator, rear", "72750-TLA-A02", "CJ5Z-5827000-A", 174),
    ("Fuel pump, recall", "17045-TBA-A00", "EL3Z-9H307-B", 0),
    ("Oxygen sensor", "36531-6A0-A01", "GR3Z-9F472-A", 138),
    ("Ignition coil", "30520-59B-013", "JX6Z-12029-A", 88),
    ("Tailgate strut", "74820-TLA-A01", "LJ6Z-78406A10-A", 76),
    ("Radiator", "19010-5AA-A01", "JX6Z-8005-A", 342),
    ("Wiper arm, left", "76600-TBA-A01", "GJ5Z-17526-A", 41),
)
#: What lies on every shelf besides, and how many of each as a rule.
SHELF = (
    ("Oil filter", 9, 60), ("Engine air filter", 24, 18), ("Cabin air filter", 29, 22), ("Wiper blade", 19, 30),
    ("Brake fluid", 11, 24), ("Coolant", 26, 14), ("Spark plug", 16, 40), ("Drive belt", 48, 6), ("Battery", 189, 8),
    ("Key fob", 165, 4), ("Lug nut", 4, 120), ("Drain plug washer", 2, 200), ("Headlamp bulb", 22, 12),
    ("Rear brake pads", 96, 7), ("Brake rotor, front", 118, 6), ("Floor mats", 129, 3), ("Touch-up paint", 14, 9),
    ("Transmission fluid", 13, 36),
)  # fmt: skip
ASKED, ON_THE_SHELF, SLIPS, DECLINED = 0.45, 0.35, 0.4, 0.12
#: On a day so many customers come to the counter for a part, and so many are asked for by an advisor for a car to come.
COUNTER_A_DAY, AHEAD_A_DAY = 0.16, 0.14
FILE_AT = 4.4
CLOSED = (State.INSTALLED, State.RETURNED, State.CANCELLED)


@stage.planner("parts")
def plan_day(on: Stage, day: date) -> None:
    """The DMS's file of the shelf, and customers at the counter."""
    if not on.is_open(Department.PARTS, day):
        return
    if not on.is_sketch(day) or day.weekday() == 0:
        on.later(on.wall(day, FILE_AT), "parts.shelf")
    opens, _ = on.hours(Department.PARTS, day)
    for scene, usual in (("parts.counter", COUNTER_A_DAY), ("parts.ahead", AHEAD_A_DAY)):
        for _ in range(on.few(usual)):
            on.later(opens + timedelta(minutes=on.dice.randrange(20, 500)), scene)


def open_history(on: Stage) -> None:
    """The shelf as the DMS first tells it."""
    send_shelf(on)


@stage.scene("parts.shelf")
def send_shelf(on: Stage) -> str:
    """The DMS's file of the shelf: pieces are taken and put back."""
    rows = []
    for n, (words, dollars, usual) in enumerate(SHELF):
        on_hand = max(0, round(on.dice.gauss(usual * 0.7, usual * 0.25)))
        rows.append(
            _shelf_row(on, n, f"{on.store.slug[:1].upper()}{70_410 + 13 * n}", words, dollars, on_hand)
        )
    for n, (words, *_, dollars) in enumerate(PARTS, start=len(SHELF)):
        on_hand = on.dice.randrange(1, 4) if on.chance(ON_THE_SHELF) else 0
        rows.append(_shelf_row(on, n, _number(on, words), words, dollars, on_hand))
    feeds.drop(on, Feed.Kind.PARTS_STOCK, rows)
    return f"The DMS sent the shelf: {len(rows)} numbers."


def _shelf_row(on: Stage, n: int, number: str, words: str, dollars: int, on_hand: int) -> papers.Cells:
    return papers.part(
        number, words, dollars=dollars, on_hand=on_hand, on_order=0 if on_hand > 2 else on.dice.randrange(3),
        shelf=f"{'ABCDEF'[n % 6]}{n // 6 + 1:02d}", source="1",
    )  # fmt: skip


@stage.scene("parts.counter")
def ask_at_the_counter(on: Stage) -> str:
    """A customer wants a part for a car that is not here."""
    customer = _somebody(on)
    return _ask(on, by=_one(on, Role.PARTS_COUNTER), customer=customer) if customer else ""


@stage.scene("parts.ahead")
def ask_ahead(on: Stage) -> str:
    """An advisor asks for a part that a car will need that comes in some days."""
    ahead = Appointment.objects.of_store(on.store.pk).filter(
        department=Department.SERVICE, state__in=booking.AWAITED, starts_at__gt=on.now + timedelta(hours=20)
    )
    rows = list(ahead.select_related("customer", "vehicle").order_by("starts_at", "pk")[:12])
    if not rows:
        return ""
    visit = on.dice.choice(rows)
    return _ask(on, by=_one(on, Role.ADVISOR), customer=visit.customer, vehicle=visit.vehicle)


def _somebody(on: Stage) -> Customer | None:
    rows = KnownRO.objects.of_store(on.store.pk).filter(customer__isnull=False).select_related("customer")
    known = list(rows.order_by("-pk")[:60])
    return on.dice.choice(known).customer if known else None


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
    return _ask(on, by=_one(on, Role.ADVISOR), ro=ro)


def _ask(
    on: Stage, *, by: StaffMember | None, ro: str = "", customer: Customer | None = None,
    vehicle: Vehicle | None = None,
) -> str:  # fmt: skip
    if by is None:
        return ""
    words = on.dice.choice(PARTS)[0]
    requests.ask(
        store_id=on.store.pk, key=UUID(int=on.dice.getrandbits(128), version=4), description=words,
        part_number=_number(on, words), ro_number=ro, customer=customer, vehicle=vehicle, by=by, now=on.now,
    )  # fmt: skip
    return f"{by.first_name} asked for {words[:1].lower()}{words[1:]}, {f'RO {ro}' if ro else 'for the counter'}."


def _number(on: Stage, words: str) -> str:
    honda, ford = next((row[1], row[2]) for row in PARTS if row[0] == words)
    return ford if on.store.slug == "eastside-ford" else honda


@keeping.keeps("quote_part")
def quote(on: Stage, owed: Owed) -> str:
    """On the shelf, and fitted; or ordered, to come in some days."""
    row = _of(on, owed)
    if row is None or row.state != State.REQUESTED:
        return ""
    price = next((dollars for words, *_, dollars in PARTS if words == row.description), 90)
    shelf = stock.of(on.store.pk, [row.part_key]).get(row.part_key)
    on_shelf = shelf is not None and (shelf.on_hand or 0) > 0
    requests.quote(
        row,
        price_cents=price * 100,
        in_stock=on_shelf,
        eta_date=None if on_shelf else _day_of(on, row),
        by=owed.owner,
        now=on.now,
    )
    if on_shelf:
        on.later(on.open_later(Department.PARTS, 30, 160), "parts.fit", request=row.pk)
        return f"{owed.owner.first_name} quoted a {row.description.lower()}: on the shelf."
    return f"{owed.owner.first_name} quoted a {row.description.lower()}: to be ordered."


def _day_of(on: Stage, row: PartsRequest) -> date:
    """On which it comes, if it is ordered now."""
    return (on.now + timedelta(days=1 + row.pk % 6)).astimezone(on.store.tz).date()


@keeping.keeps("decide_part")
def decide(on: Stage, owed: Owed) -> str:
    """The customer says yes, or no."""
    row = _of(on, owed)
    if row is None or row.state != State.QUOTED:
        return ""
    words = row.description.lower()
    if on.chance(DECLINED):
        requests.cancel(row, why="Customer declined", by=owed.owner, now=on.now)
        return f"The customer declined a {words}."
    requests.approve(row, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} got the yes to a {words}."


@keeping.keeps("order_approved_part")
def place(on: Stage, owed: Owed) -> str:
    """Ordered, to come in some days."""
    row = _of(on, owed)
    if row is None or row.state != State.APPROVED:
        return ""
    day = _day_of(on, row)
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
