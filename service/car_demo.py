"""The DMS's files of visits and ROs in the demo: who is to come, who has come, who walked in, and which cars are done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.demo import feeds, made_up, papers, stage, visits
from dealership.demo.papers import RECOMMENDED, WORK, Cells, Work
from dealership.demo.stage import Stage
from dealership.dms.models import Feed
from dealership.messaging import numbers
from dealership.staff.roles import Role
from dealership.stores.models import Department
from service.models import RepairOrder

VISITS_A_DAY, WALK_INS_A_DAY = 8, 3
#: Customers of service; the first of them were here before the history begins.
CUSTOMERS, KNOWN = 760, 260
FIRST_RO, FIRST_VISIT = 47_000, 9_000
#: Of the cars in the weeks that are sketched so many are told while they are here; of all that are, so many are back.
TOLD_OPEN, BACK = 0.2, 0.05
#: Hours at which a file of ROs comes.
FILES = (7.6, 8.8, 10.2, 11.6, 13.1, 14.6, 16.1, 17.3)


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
        done, more = work(on, FIRST_RO + n, "")
        rows.append(
            papers.repair_order(
                FIRST_RO + n, on.person(n), opened=opened, closed=opened, work=done,
                recommended=more, advisor=advisor(on, n), mileage=mileage(n, 0),
            )
        )  # fmt: skip
    feeds.drop(on, Feed.Kind.REPAIR_ORDERS, rows)
    past = [
        papers.visit(
            FIRST_VISIT - 1 - n, on.person(n), at=today - timedelta(days=3 + n), made=today - timedelta(days=9),
            concern="Oil service", advisor=advisor(on, n),
        )
        for n in range(3)
    ]  # fmt: skip
    feeds.drop(on, Feed.Kind.APPOINTMENTS, past)


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
            advisor=advisor(on, number), waits=on.chance(0.3),
        )  # fmt: skip
        rows.append(row)
    feeds.drop(on, Feed.Kind.APPOINTMENTS, rows)
    return f"The DMS sent {n} visits."


@stage.scene("service.file")
def send_file(on: Stage, walk_ins: int, at_once: bool = False) -> str:
    """The DMS's file of ROs: who has come since the last one, who walked in, and which cars are done."""
    rows = [*_arrived(on, at_once=at_once), *_walked_in(on, walk_ins, at_once=at_once)]
    opened = len(rows)
    rows += _done(on)
    if not rows:
        return ""
    feeds.drop(on, Feed.Kind.REPAIR_ORDERS, rows)
    return f"The DMS sent {opened} new ROs and {len(rows) - opened} closed ones."


def _arrived(on: Stage, *, at_once: bool) -> Iterator[Cells]:
    """Customers who were greeted and have no RO yet."""
    rows = Appointment.objects.of_store(on.store.pk).filter(
        department=Department.SERVICE,
        state=Appointment.State.ARRIVED,
        ro_number="",
        arrived_at__gte=on.now - timedelta(hours=12),
    )
    for visit in rows.select_related("customer").order_by("arrived_at", "pk"):
        n = person_of(visit.customer)
        if n is not None:
            row = _written(
                on, n, visit.concern, visit.dms_number, at_once=at_once and not on.chance(TOLD_OPEN)
            )
            booking.check_in(visit, by=None, now=on.now, ro_number=row["RO Number"])
            yield row


def _walked_in(on: Stage, n: int, *, at_once: bool) -> Iterator[Cells]:
    for _ in range(n):
        if on.chance(BACK) and (who := _was_here(on)) is not None:
            yield _written(on, who, "", "", at_once=False) | {"Comeback Flag": "Y"}
        else:
            closed = at_once and not on.chance(TOLD_OPEN)
            yield _written(on, on.dice.randrange(CUSTOMERS), "", "", at_once=closed)


def _was_here(on: Stage) -> int | None:
    """Somebody whose car was here lately."""
    lately = RepairOrder.objects.of_store(on.store.pk).filter(
        state=RepairOrder.State.CLOSED, is_history=False, closed_at__gte=on.now - timedelta(days=20)
    )
    rows = list(lately.select_related("customer").order_by("-closed_at", "pk")[:12])
    return person_of(on.dice.choice(rows).customer) if rows else None


def _written(on: Stage, person: int, concern: str, visit: str, *, at_once: bool) -> Cells:
    """A new RO: open, with a time by which it was promised; or, `at_once`, done already."""
    number = on.marks["ro_number"] = on.marks.get("ro_number", FIRST_RO + KNOWN) + 1
    done, more = work(on, number, concern)
    ready = on.calendar(Department.SERVICE).add_minutes(on.now, minutes(on, number))
    return papers.repair_order(
        number, on.person(person), opened=on.local(on.now), work=done, visit=visit, advisor=advisor(on, number),
        closed=on.local(on.now) if at_once else None, recommended=more if at_once else (),
        promised=None if at_once else on.local(ready) + timedelta(minutes=30), mileage=mileage(person, number),
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
        number, n = int(ro.ro_number), person_of(ro.customer)
        if n is None or calendar.minutes_between(ro.opened_at, on.now) < minutes(on, number):
            continue
        done, more = work(on, number, concerns.get(ro.ro_number, ""))
        yield papers.repair_order(
            number, on.person(n), opened=on.local(ro.opened_at), closed=on.local(on.now), work=done,
            recommended=more, visit=ro.appointment_number, advisor=ro.advisor_number, mileage=mileage(n, number),
        )  # fmt: skip


def work(on: Stage, number: int, concern: str) -> tuple[list[Work], list[Work]]:
    """What an RO does and what it recommends: always the same for the same number and concern."""
    dice = on.dice_of("work", number)
    first = dice.choice(WORK)
    asked = next((line for line in RECOMMENDED if line.words.lower() in concern.lower()), None)
    done = [asked or next((line for line in WORK if line.complaint in concern), first)]
    n = dice.choices((0, 1, 2, 3), weights=(48, 30, 16, 6))[0]
    more = [line for line in dice.sample(RECOMMENDED, n) if line not in done]
    return done, more


def minutes(on: Stage, number: int) -> int:
    """How long the work takes, in open minutes: most cars go home the same day, some wait for a part."""
    dice = on.dice_of("time", number)
    low, high = dice.choices(((35, 100), (100, 240), (260, 560), (900, 2200)), weights=(40, 42, 13, 5))[0]
    return dice.randrange(low, high)


def mileage(person: int, number: int) -> int:
    """What stands on the clock of their car: more with each RO."""
    return 18_000 + 1_371 * (person % 60) + (number - FIRST_RO if number else 0) * 3


def advisor(on: Stage, n: int) -> str:
    """An advisor by the number that the DMS knows them by; now and then one that it knows alone."""
    advisors = on.staff(Role.ADVISOR)
    return advisors[n % len(advisors)].dms_number if advisors else ""


def person_of(customer: Customer | None) -> int | None:
    """Which of the people it is, by their number; None for nobody of ours."""
    return made_up.whose(numbers.best_of(customer)) if customer else None
