"""Sales in the demo: leads come in, people answer them, visits are set, kept and missed, leads end."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from dealership.demo import keeping, papers, stage, visits
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from sales import arrivals, leads
from sales.adf.lead import AdfCustomer, AdfPhone, AdfProspect
from sales.models import CLOSED, Lead, LeadArrival

LEADS_A_DAY = 7
#: So many cars have come into stock when the demo begins, at a store of the usual volume.
STOCK = 28
SOURCES = ("own site", "own site", "own site", "cars.com", "cars.com", "autotrader", "cargurus", "facebook")
#: Whoever gave a number to a form and is not a customer of service is one of these.
PROSPECTS = range(700, 1500)
LOST = (
    "Bought elsewhere",
    "Not in the market any more",
    "Could not get the payment",
    "Only looking",
    "No answer",
)


@stage.planner("sales")
def plan_day(on: Stage, day: date) -> None:
    """Leads through the day and the evening, whether open or not."""
    for _ in range(on.count(LEADS_A_DAY)):
        hour = min(max(on.dice.gauss(14.5, 4.2), 6.5), 23.4)
        person = on.dice.choice(PROSPECTS)
        on.later(on.wall(day, hour), "sales.lead", person=person)
    if on.some(0.22):
        on.later(on.wall(day, on.dice.uniform(9, 20)), "sales.unreadable", person=on.dice.choice(PROSPECTS))


@stage.scene("sales.lead", commits=True)
def ask(on: Stage, person: int) -> str:
    """Somebody asks about a car."""
    who, source = on.person(person), on.dice.choice(SOURCES)
    car = papers.wished_car(on.dice, on.store.slug, in_stock=on.marks.get("units", STOCK))
    data = papers.lead(
        f"{on.store.slug[:2].upper()}{person}-{on.at:%m%d%H}",
        who,
        asked_at=on.at,
        car=car,
        question=on.dice.choice(papers.QUESTIONS[who.language]),
        source=source,
        vendor=on.store.name,
    )
    arrivals.take_in(store_id=on.store.pk, data=data, came_by="post", now=on.now)
    return f"{who.name} asked about a {car['year']} {car['model']} ({source})."


@stage.scene("sales.unreadable", commits=True)
def ask_unreadably(on: Stage, person: int) -> str:
    """A mail that no reader understands: a person reads it."""
    data = papers.unreadable(on.dice, on.person(person)).encode()
    arrivals.take_in(store_id=on.store.pk, data=data, came_by="mail", now=on.now)
    return "A mail came that no reader understood."


@keeping.keeps("answer_lead")
def answer_lead(on: Stage, owed: Owed) -> str:
    """A call or a text; one of three agrees to a visit, and every lead ends some day."""
    words = keeping.write(on, owed) if on.chance(0.4) else keeping.call(on, owed, answered=0.72)
    if not words:
        return ""
    lead = int(owed.number)
    if on.chance(0.36):
        on.later(on.now + timedelta(minutes=on.dice.randrange(4, 90)), "sales.book", lead=lead)
    on.later(on.open_later(Department.SALES, 1500, 6500), "sales.end", lead=lead)
    return words


@keeping.keeps("answer_sales_message")
def answer_message(on: Stage, owed: Owed) -> str:
    """A text back, or a call."""
    return keeping.write_or_call(on, owed)


@keeping.keeps("settle_unreadable_lead")
def settle_unreadable(on: Stage, owed: Owed) -> str:
    """Somebody reads it and makes it a lead, or says that it is none."""
    arrival = LeadArrival.objects.of_store(on.store.pk).filter(pk=int(owed.number)).first()
    if arrival is None or arrival.state != LeadArrival.State.UNREADABLE:
        return ""
    phones = arrival.hints.get("phones", [])
    if not phones or on.chance(0.2):
        arrivals.dismiss(arrival=arrival, by=owed.owner, why="An advertisement, not an inquiry.", now=on.now)
        return f"{owed.owner.first_name} set a mail aside: no lead."
    names = arrival.hints.get("names") or ["Hector Ruiz"]
    prospect = AdfProspect(
        customer=AdfCustomer(
            full=names[0], phones=(AdfPhone(raw=phones[0], type="cellphone", e164=phones[0]),)
        )
    )
    lead = arrivals.settle(arrival=arrival, prospect=prospect, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} made a lead of a mail: {lead.customer.full_name}."


@keeping.keeps("save_missed_sales_visit")
def save_visit(on: Stage, owed: Owed) -> str:
    """A call; every other sets a new time."""
    words = keeping.call(on, owed, answered=0.66, note="Something came up. Wants another time.")
    if words and on.chance(0.5) and owed.customer is not None:
        lead = _open_leads(on).filter(customer=owed.customer).first()
        if lead is not None:
            on.later(on.now + timedelta(minutes=3), "sales.book", lead=lead.pk)
    return words


@stage.scene("sales.book")
def book(on: Stage, lead: int) -> str:
    """A visit to the showroom is set for one of the next days."""
    row = _open_leads(on).filter(pk=lead).first()
    if row is None:
        return ""
    owner = row.owner if row.owner and row.owner.is_active else None
    car = row.vehicle_label or "a car"
    visit = visits.book(
        on, department=Department.SALES, customer=row.customer, by=owner, person=seller(on), concern=car
    )
    return f"{row.customer.full_name} comes to see {car}." if visit else ""


@stage.scene("sales.end")
def end(on: Stage, lead: int) -> str:
    """The lead ends: lost, most of them, and why."""
    row = _open_leads(on).filter(pk=lead).first()
    if row is None:
        return ""
    if row.owner is None or not row.owner.is_active or on.chance(0.18):
        on.later(on.open_later(Department.SALES, 900, 4000), "sales.end", lead=lead)
        return ""
    if on.chance(0.14):
        leads.close(lead=row, outcome=Lead.State.SOLD, by=row.owner, now=on.now)
        return f"{row.customer.full_name} bought."
    leads.close(lead=row, outcome=Lead.State.LOST, why=on.dice.choice(LOST), by=row.owner, now=on.now)
    return f"{row.owner.first_name} closed the lead of {row.customer.full_name}."


def seller(on: Stage) -> StaffMember | None:
    """A salesperson, drawn; None where there is none."""
    people = on.staff(Role.SALESPERSON)
    return on.dice.choice(people) if people else None


def _open_leads(on: Stage) -> QuerySet[Lead]:
    rows = Lead.objects.of_store(on.store.pk).exclude(state__in=CLOSED)
    return rows.select_related("customer", "owner")
