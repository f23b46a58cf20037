"""Service in the demo: the DMS's files of visits and ROs through the day, cars that wait, work that is declined and offered again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.demo import keeping, made_up, papers, stage, visits
from dealership.demo.keeping import Owed
from dealership.demo.papers import RECOMMENDED, WORK, Cells, Work
from dealership.demo.stage import Stage
from dealership.dms import files
from dealership.dms.models import Feed
from dealership.messaging import numbers
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
from service.colours import colour
from service.models import DeclinedLine, RepairOrder

VISITS_A_DAY, WALK_INS_A_DAY = 8, 3
#: Customers of service; the first of them were here before the history begins.
CUSTOMERS, KNOWN = 760, 260
FIRST_RO, FIRST_VISIT = 47_000, 9_000
#: Hours at which a file of ROs comes.
FILES = (7.6, 8.8, 10.2, 11.6, 13.1, 14.6, 16.1, 17.3)
REFUSED = ("Done elsewhere", "Car will be sold soon", "Not wanted", "Too expensive, has a friend who does it")
TOLD = (
    "Your car is on the lift and right on time.",
    "The part is here, the technician is on it now.",
    "We are washing it. Ready within the hour.",
    "It takes a little longer than planned. I write again by three.",
)


@stage.planner("service")
def plan_day(on: Stage, day: date) -> None:
    """The visits that the DMS tells in the morning, its files through the day, a few who write."""
    if not on.is_open(Department.SERVICE, day):
        return
    opens, closes = on.hours(Department.SERVICE, day)
    on.later(opens - timedelta(minutes=25), "service.visits", n=on.count(VISITS_A_DAY))
    if on.is_sketch(day):
        # One file in the evening, of cars that came and went during the day.
        n = on.count(WALK_INS_A_DAY + VISITS_A_DAY * 0.5)
        on.later(closes - timedelta(minutes=20), "service.file", walk_ins=n, at_once=True)
    moments = [at for hour in FILES if opens < (at := on.wall(day, hour)) < closes]
    for at in () if on.is_sketch(day) else moments:
        on.later(at, "service.file", walk_ins=on.some(WALK_INS_A_DAY / len(moments)))
    for _ in range(on.count(0.7)):
        person = on.dice.randrange(CUSTOMERS)
        words = on.dice.choice(papers.SERVICE_WISHES[on.person(person).language])
        on.later(on.wall(day, on.dice.uniform(8, 19)), "customers.write", person=person, body=words)


def open_history(on: Stage) -> None:
    """The feeds' first loads: ROs and visits of the year before, which are history and called for nothing."""
    today = on.local(on.now)
    rows = []
    known = int(KNOWN * min(1, on.volume))
    for n in range(known):
        opened = today - timedelta(days=330 - 265 * n // max(1, known), hours=n % 7)
        done, more = _work(on, FIRST_RO + n, "")
        rows.append(
            papers.repair_order(
                FIRST_RO + n, on.person(n), opened=opened, closed=opened, work=done,
                recommended=more, advisor=_advisor(on, n), mileage=_mileage(n, 0),
            )
        )  # fmt: skip
    _drop(on, Feed.Kind.REPAIR_ORDERS, rows)
    past = [
        papers.visit(
            FIRST_VISIT - 1 - n, on.person(n), at=today - timedelta(days=3 + n), made=today - timedelta(days=9),
            concern="Oil service", advisor=_advisor(on, n),
        )
        for n in range(3)
    ]  # fmt: skip
    _drop(on, Feed.Kind.APPOINTMENTS, past)


@stage.scene("service.visits")
def send_visits(on: Stage, n: int) -> str:
    """The DMS's file of visits that were set since yesterday, for the next days."""
    rows = []
    for _ in range(n):
        number = on.marks["visit_number"] = on.marks.get("visit_number", FIRST_VISIT) + 1
        who = on.person(on.dice.randrange(CUSTOMERS))
        at = visits.some_time(on, Department.SERVICE, (0, 7) if on.chance(0.7) else (1, 14))
        if at < on.now + timedelta(minutes=20):
            at += timedelta(hours=1)
        row = papers.visit(
            number, who, at=on.local(at), made=on.local(on.now), concern=on.dice.choice(WORK).complaint,
            advisor=_advisor(on, number), waits=on.chance(0.3),
        )  # fmt: skip
        rows.append(row)
    _drop(on, Feed.Kind.APPOINTMENTS, rows)
    return f"The DMS sent {n} visits."


@stage.scene("service.file")
def send_file(on: Stage, walk_ins: int, at_once: bool = False) -> str:
    """The DMS's file of ROs: who has come since the last one, who walked in, and which cars are done."""
    rows = [*_arrived(on, at_once=at_once), *_walked_in(on, walk_ins, at_once=at_once)]
    opened = len(rows)
    rows += _done(on)
    if not rows:
        return ""
    _drop(on, Feed.Kind.REPAIR_ORDERS, rows)
    return f"The DMS sent {opened} new ROs and {len(rows) - opened} closed ones."


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
        minutes = _minutes(on, int(ro.ro_number))
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
    _, more = _work(on, int(car.ro_number), "")
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
    minutes = _minutes(on, int(ro.ro_number)) + 30
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


def _arrived(on: Stage, *, at_once: bool) -> Iterator[Cells]:
    """Customers who were greeted and have no RO yet."""
    rows = Appointment.objects.of_store(on.store.pk).filter(
        department=Department.SERVICE,
        state=Appointment.State.ARRIVED,
        ro_number="",
        arrived_at__gte=on.now - timedelta(hours=12),
    )
    for visit in rows.select_related("customer").order_by("arrived_at", "pk"):
        n = _person_of(visit.customer)
        if n is not None:
            row = _written(on, n, visit.concern, visit.dms_number, at_once=at_once)
            booking.check_in(visit, by=None, now=on.now, ro_number=row["RO Number"])
            yield row


def _walked_in(on: Stage, n: int, *, at_once: bool) -> Iterator[Cells]:
    for _ in range(n):
        yield _written(on, on.dice.randrange(CUSTOMERS), "", "", at_once=at_once)


def _written(on: Stage, person: int, concern: str, visit: str, *, at_once: bool) -> Cells:
    """A new RO: open, with a time by which it was promised; or, `at_once`, done already."""
    number = on.marks["ro_number"] = on.marks.get("ro_number", FIRST_RO + KNOWN) + 1
    done, more = _work(on, number, concern)
    ready = on.calendar(Department.SERVICE).add_minutes(on.now, _minutes(on, number))
    return papers.repair_order(
        number, on.person(person), opened=on.local(on.now), work=done, visit=visit, advisor=_advisor(on, number),
        closed=on.local(on.now) if at_once else None, recommended=more if at_once else (),
        promised=None if at_once else on.local(ready) + timedelta(minutes=30), mileage=_mileage(person, number),
    )  # fmt: skip


def _done(on: Stage) -> Iterator[Cells]:
    """Open ROs whose work is done by now."""
    calendar = on.calendar(Department.SERVICE)
    rows = RepairOrder.objects.of_store(on.store.pk).filter(state=RepairOrder.State.OPEN)
    concerns = dict(
        Appointment.objects.of_store(on.store.pk)
        .filter(ro_number__in=rows.values_list("ro_number"))
        .values_list("ro_number", "concern")
    )
    for ro in rows.select_related("customer").order_by("pk"):
        number, n = int(ro.ro_number), _person_of(ro.customer)
        if n is None or calendar.minutes_between(ro.opened_at, on.now) < _minutes(on, number):
            continue
        done, more = _work(on, number, concerns.get(ro.ro_number, ""))
        yield papers.repair_order(
            number, on.person(n), opened=on.local(ro.opened_at), closed=on.local(on.now), work=done,
            recommended=more, visit=ro.appointment_number, advisor=ro.advisor_number, mileage=_mileage(n, number),
        )  # fmt: skip


def _work(on: Stage, number: int, concern: str) -> tuple[list[Work], list[Work]]:
    """What an RO does and what it recommends: always the same for the same number and concern."""
    dice = on.dice_of("work", number)
    first = dice.choice(WORK)
    asked = next((line for line in RECOMMENDED if line.words.lower() in concern.lower()), None)
    done = [asked or next((line for line in WORK if line.complaint in concern), first)]
    n = dice.choices((0, 1, 2, 3), weights=(48, 30, 16, 6))[0]
    more = [line for line in dice.sample(RECOMMENDED, n) if line not in done]
    return done, more


def _minutes(on: Stage, number: int) -> int:
    """How long the work takes, in open minutes: most cars go home the same day, some wait for a part."""
    dice = on.dice_of("time", number)
    low, high = dice.choices(((35, 100), (100, 240), (260, 560), (900, 2200)), weights=(40, 42, 13, 5))[0]
    return dice.randrange(low, high)


def _mileage(person: int, number: int) -> int:
    return 18_000 + 1_371 * (person % 60) + (number - FIRST_RO if number else 0) * 3


def _advisor(on: Stage, n: int) -> str:
    """An advisor by the number that the DMS knows them by; now and then one that it knows alone."""
    advisors = on.staff(Role.ADVISOR)
    return advisors[n % len(advisors)].dms_number if advisors else ""


def _person_of(customer: Customer | None) -> int | None:
    return made_up.whose(numbers.best_of(customer)) if customer else None


def _drop(on: Stage, kind: Feed.Kind, rows: list[Cells]) -> None:
    feed = Feed.objects.of_store(on.store.pk).get(kind=kind)
    name = papers.file_name(kind, on.local(on.now))
    files.take_in(feed=feed, name=name, data=papers.file(rows), now=on.now)
