"""Service in the demo: cars are inspected and told about, times are promised and moved, work that was declined is offered again."""

from __future__ import annotations

from datetime import datetime

from dealership.appointments import booking
from dealership.demo import keeping, stage, visits
from dealership.demo.keeping import Owed
from dealership.demo.papers import RECOMMENDED
from dealership.demo.stage import Stage
from dealership.staff.roles import Role
from dealership.stores.models import Department
from service import (
    approvals,
    comebacks,
    declined_work,
    estimates,
    inspections,
    promise_times,
    repair_orders,
    risks,
    stages,
    tellings,
)
from service import car_demo as cars
from service.colours import colour
from service.models import DeclinedLine, RepairOrder

REFUSED = ("Done elsewhere", "Car will be sold soon", "Not wanted", "Too expensive, has a friend who does it")
TOLD = (
    "Your car is on the lift and right on time.",
    "The part is here, the technician is on it now.",
    "We are washing it. Ready within the hour.",
    "It takes a little longer than planned. I write again by three.",
)


@stage.passing(
    "times at risk",
    f"""
        SELECT min(promised_at) - interval '{risks.LEAD.total_seconds():.0f} seconds' FROM service_repairorder
        WHERE store_id = {{store}} AND state = 'open' AND customer_pays AND customer_id IS NOT NULL AND stage <> 'ready'
            AND risk_for IS DISTINCT FROM promised_at AND promised_at > {{now}}
    """,  # noqa: S608 - a number of ours
)
def watch_times(now: datetime) -> None:
    """Promised times that may be missed are noticed."""
    risks.watch(now=now)


@stage.watcher(RepairOrder)
def watch_cars(on: Stage, seen: int) -> int:
    """Cars that came in: some are inspected, and each is ready when its work is done."""
    rows = RepairOrder.objects.of_store(on.store.pk).filter(pk__gt=seen).order_by("pk")
    for ro in rows.only("pk", "ro_number", "state", "opened_at"):
        seen = ro.pk
        if ro.state != RepairOrder.State.OPEN or not ro.ro_number.isdecimal():
            continue
        minutes = cars.minutes(on, int(ro.ro_number))
        if on.chance(0.4):
            on.later(on.open_later(Department.SERVICE, 10, minutes / 2 + 11), "service.inspect", ro=ro.pk)
        if on.chance(0.9):
            low = max(5, minutes - 25) + (on.dice.randrange(30, 120) if on.chance(0.1) else 0)
            on.later(on.open_later(Department.SERVICE, low, low + 20), "service.ready", ro=ro.pk)
    return seen


@stage.scene("service.inspect")
def inspect(on: Stage, ro: int) -> str:
    """A technician looks the car over."""
    car, people = _car(on, ro), on.staff(Role.TECHNICIAN)
    if car is None or not people:
        return ""
    by = on.dice.choice(people)
    stages.reach(car, RepairOrder.Stage.IN_WORK, by=by, now=on.now)
    _, more = cars.work(on, int(car.ro_number), "")
    found = [inspections.Found(colour(line.code, line.words), line.words, line.code) for line in more]
    inspections.record(car, found=found, n_green=27 - len(found), by=by, now=on.now)
    return f"{by.first_name} inspected RO {car.ro_number}: {len(found)} findings."


@stage.scene("service.ready")
def make_ready(on: Stage, ro: int) -> str:
    """The car is ready; its file comes later."""
    car, people = _car(on, ro), on.staff(Role.TECHNICIAN)
    if car is None or not people:
        return ""
    stages.reach(car, RepairOrder.Stage.READY, by=on.dice.choice(people), now=on.now)
    return f"RO {car.ro_number} is ready."


@keeping.keeps("tell_status")
def tell_status(on: Stage, owed: Owed) -> str:
    """A word at the counter, or a text."""
    ro = _of(on, owed)
    if ro is None:
        return ""
    if on.chance(0.25) and (words := keeping.write(on, owed, on.dice.choice(TOLD))):
        return words
    repair_orders.tell_status(ro, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} told how RO {ro.ro_number} stands."


@keeping.keeps("tell_ready")
def tell_ready(on: Stage, owed: Owed) -> str:
    """On the phone, or face to face."""
    ro = _of(on, owed)
    if ro is None:
        return ""
    tellings.ready_by_word(ro, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} told that RO {ro.ro_number} is ready."


@keeping.keeps("promise_a_time")
def promise_a_time(on: Stage, owed: Owed) -> str:
    """The time is said as the RO is written."""
    ro = _of(on, owed)
    if ro is None:
        return ""
    minutes = cars.minutes(on, int(ro.ro_number)) + 30
    at = on.calendar(Department.SERVICE).add_minutes(on.now, minutes)
    promise_times.set_time(ro, promised_at=at, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} promised RO {ro.ro_number} for {at.astimezone(on.store.tz):%a %H:%M}."


@keeping.keeps("tell_before_late")
def tell_new_time(on: Stage, owed: Owed) -> str:
    """A new time is told before the old one passes."""
    ro = _of(on, owed)
    if ro is None or ro.promised_at is None or ro.stage == RepairOrder.Stage.READY:
        return ""
    at = on.calendar(Department.SERVICE).add_minutes(
        max(on.now, ro.promised_at), on.dice.choice((60, 90, 120))
    )
    promise_times.tell_by_word(
        ro, promised_at=at, how="phone", why="The part came late", by=owed.owner, now=on.now
    )
    return f"{owed.owner.first_name} told a new time for RO {ro.ro_number}."


@keeping.keeps("present_findings")
def present_findings(on: Stage, owed: Owed) -> str:
    """What was found, with its prices: by text, or on the phone."""
    ro = _of(on, owed)
    lines = estimates.undecided(ro) if ro is not None else []
    if ro is None or not lines:
        return ""
    dollars = {line.words: line.dollars for line in RECOMMENDED}
    prices = {line.pk: dollars.get(line.description, 120) * 100 for line in lines}
    if on.chance(0.5) and owed.customer is not None:
        hello = f"{owed.customer.call_name}, {owed.owner.first_name} here. We found:"
        key = f"demo:{owed.pk}"
        estimates.send(ro, prices=prices, hello=hello, key=key, by=owed.owner, now=on.now)
    else:
        estimates.present(ro, prices=prices, how="phone", by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} presented {len(lines)} findings on RO {ro.ro_number}."


@keeping.keeps("get_decision")
def get_decision(on: Stage, owed: Owed) -> str:
    """The customer decides the line on the phone."""
    ro = _of(on, owed)
    line = next((row for row in estimates.undecided(ro) if row.key == owed.about), None) if ro else None
    if ro is None or line is None:
        return ""
    is_yes = on.chance(0.45)
    approvals.decide(line, approved=is_yes, how="phone", by=owed.owner, now=on.now)
    return f"RO {ro.ro_number}: {line.description} {'approved' if is_yes else 'declined'}."


@keeping.keeps("settle_comeback")
def settle_comeback(on: Stage, owed: Owed) -> str:
    """What was wrong the first time, and what is right now."""
    ro = RepairOrder.objects.of_store(on.store.pk).filter(ro_number=owed.number).first()
    if ro is None:
        return ""
    comebacks.settle(
        ro, is_comeback=True, first_wrong="A clip was not seated", now_right="Fitted anew and road tested",
        by=owed.owner, now=on.now,
    )  # fmt: skip
    return f"{owed.owner.first_name} settled the comeback RO {ro.ro_number}."


@keeping.keeps("tell_who_has_the_car")
def tell_who(on: Stage, owed: Owed) -> str:
    """A text from whoever has the car now."""
    return keeping.write_or_call(on, owed)


@keeping.keeps("answer_service_text")
def answer_text(on: Stage, owed: Owed) -> str:
    """A text back, or a call."""
    return keeping.write_or_call(on, owed)


@keeping.keeps("offer_service_slot")
def offer_slot(on: Stage, owed: Owed) -> str:
    """The visit is set."""
    return _book(on, owed, "as they wrote")


@keeping.keeps("save_missed_service_visit")
def save_visit(on: Stage, owed: Owed) -> str:
    """A call; most set a new time at once."""
    words = keeping.call(on, owed, answered=0.7, note="Forgot. New time.")
    if words and on.chance(0.6):
        return _book(on, owed, "the visit that was missed") or words
    return words


@keeping.keeps("ask_how_it_was")
def ask_how_it_was(on: Stage, owed: Owed) -> str:
    """A call."""
    return keeping.call(on, owed, answered=0.6, note="All well, thanks.")


@keeping.keeps("set_next_visit")
def set_next_visit(on: Stage, owed: Owed) -> str:
    """A call; two of three set a date."""
    words = keeping.call(on, owed, answered=0.75, note="Next service.")
    return (
        (_book(on, owed, "Lube, oil and filter", days=(20, 80)) or words) if words and on.chance(0.68) else ""
    )


@keeping.keeps("offer_safety_work_again", "offer_work_again")
def offer_again(on: Stage, owed: Owed) -> str:
    """A call: they book it, or have it done elsewhere, or want to think."""
    line = (
        DeclinedLine.objects.of_store(on.store.pk)
        .filter(ro__ro_number=owed.number, key=owed.about)
        .select_related("customer", "vehicle")
        .first()
    )
    if line is None or line.state != DeclinedLine.State.OPEN:
        return ""
    if not keeping.call(on, owed, answered=0.72, note=f"About: {line.description}."):
        return ""
    if on.chance(0.46):
        return _book_declined(on, owed, line)
    if on.chance(0.62):
        declined_work.close(line, why=on.dice.choice(REFUSED), by=owed.owner, now=on.now)
        return f"{owed.owner.first_name} closed “{line.description}”: they will not buy it here."
    return ""


def _car(on: Stage, pk: int) -> RepairOrder | None:
    rows = RepairOrder.objects.of_store(on.store.pk).filter(pk=pk, state=RepairOrder.State.OPEN)
    return rows.first()


def _of(on: Stage, owed: Owed) -> RepairOrder | None:
    rows = RepairOrder.objects.of_store(on.store.pk).filter(ro_number=owed.number)
    return rows.filter(state=RepairOrder.State.OPEN).first()


def _book_declined(on: Stage, owed: Owed, line: DeclinedLine) -> str:
    for _ in range(4):
        try:
            at = visits.some_time(on, Department.SERVICE, (1, 8))
            declined_work.book(line, starts_at=at, by=owed.owner, now=on.now)
        except declined_work.NotOwed:
            return ""
        except booking.BookingError:
            continue
        return f"{owed.owner.first_name} booked “{line.description}”."
    return ""


def _book(on: Stage, owed: Owed, concern: str, days: tuple[int, int] = (1, 5)) -> str:
    if owed.customer is None:
        return ""
    visit = visits.book(
        on, department=Department.SERVICE, customer=owed.customer, by=owed.owner, concern=concern, days=days
    )
    return f"{owed.owner.first_name} set a visit with {owed.customer.full_name}." if visit else ""
