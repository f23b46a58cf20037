"""How fast pages are made in a store with many customers. Prints a JSON line per page.

A line says p50 and p95 of a request, its processor time here, how many statements it sent, and its bytes.

    python3 -m dealership.supervisor with-servers -- .venv/bin/python bench/pages.py [customers] [--plans]

The test client calls them in process, signed in, with the middleware. `--plans` also prints how the database goes about
every statement that takes longer than 2 ms.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import timedelta
from functools import partial

import scratch
from django.db import connection, transaction
from django.test import Client

from dealership import clock
from dealership.customers import search
from dealership.customers.models import ContactPoint, Customer
from dealership.events import bus
from dealership.events.catalogue.messaging import CallConnected
from dealership.events.catalogue.sales import LeadReceived
from dealership.events.models import EventRecord
from dealership.staff.models import StaffMember
from sales.models import Lead
from service.models import RepairOrder
from tests import cast as the_cast

ROUNDS = 40
SLOW_MS = 2.0
FIRST = (
    "Kim",
    "Ana",
    "Luis",
    "Maria",
    "John",
    "Pat",
    "Lee",
    "Omar",
    "Ruth",
    "Ivy",
    "Noah",
    "Mia",
    "Emma",
    "Liam",
    "Zoe",
)
SYLLABLES = (
    "ba",
    "ro",
    "li",
    "ka",
    "te",
    "mo",
    "san",
    "der",
    "wil",
    "son",
    "gar",
    "mar",
    "pe",
    "lo",
    "ez",
    "ty",
    "ner",
)


def fill(cast: the_cast.Cast, n: int) -> Customer:
    """Customers with a phone, a lead and its fact; ROs; 50 open promises of Dana. Returns who has the longest story."""
    chance, store, now = random.Random(7), cast.northside, clock.now()  # noqa: S311 - the same store every time
    people = []
    for i in range(n):
        last = "".join(chance.choices(SYLLABLES, k=3)).title()
        first = chance.choice(FIRST)
        people.append(
            Customer(
                store=store,
                first_name=first,
                last_name=last,
                full_name=f"{first} {last}",
                created_at=now - timedelta(minutes=i),
            )
        )
    Customer.objects.bulk_create(people, batch_size=2000)
    phones = [f"+1973{2_000_000 + i:07d}" for i in range(n)]
    ContactPoint.objects.bulk_create(
        [
            ContactPoint(
                store=store, customer=person, kind=ContactPoint.Kind.PHONE, value=phone, tail=phone[:1:-1][:10],
                is_primary=True, created_at=now,
            )
            for person, phone in zip(people, phones, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip
    for first_row in range(0, n, 1000):
        chunk = people[first_row : first_row + 1000]
        search.write(
            [entry for person in chunk for entry in search.entries(person, "name", person.full_name)]
        )
    leads = [
        Lead(
            store=store, customer=person, owner=cast.dana, received_at=now - timedelta(minutes=7 * i), year="2026",
            make="Honda", model="Civic", source="cars.com", comments="Is it still there?",
            state=Lead.State.FRESH if i < 50 else Lead.State.TALKING if i < 500 else Lead.State.LOST,
            closed_at=now if i >= 500 else None,
        )
        for i, person in enumerate(people)
    ]  # fmt: skip
    Lead.objects.bulk_create(leads, batch_size=2000)
    facts = [_received(cast, lead) for lead in leads]
    EventRecord.objects.bulk_create(
        [
            EventRecord(
                store=store, kind=fact.kind, subject=fact.subject, customer_id=fact.customer_id, at=fact.at,
                told_at=now, applied_at=now, payload=fact.payload(),
            )
            for fact in facts[50:]
        ],
        batch_size=2000,
    )  # fmt: skip
    with transaction.atomic():
        bus.publish(*facts[:50])
    star = people[n // 2]
    with transaction.atomic():
        bus.publish(*(_called(cast, star, i) for i in range(500)))
    RepairOrder.objects.bulk_create(
        [
            RepairOrder(
                store=store, ro_number=str(100_000 + i), customer=person, advisor=cast.ana, advisor_name="Ana",
                state=RepairOrder.State.OPEN if i < 60 else RepairOrder.State.CLOSED,
                opened_at=now - timedelta(minutes=9 * i), closed_at=None if i < 60 else now, stamp=now,
                updated_at=now,
            )
            for i, person in enumerate(people)
        ],
        batch_size=2000,
    )  # fmt: skip
    scratch.execute("ANALYZE")
    return star


def _received(cast: the_cast.Cast, lead: Lead) -> LeadReceived:
    return LeadReceived(
        store_id=cast.northside.pk, at=lead.received_at, subject=lead.subject, customer_id=lead.customer_id,
        lead_id=lead.pk, source=lead.source, vehicle=lead.vehicle_label, owner_id=cast.dana.pk,
    )  # fmt: skip


def _called(cast: the_cast.Cast, star: Customer, i: int) -> CallConnected:
    return CallConnected(
        store_id=cast.northside.pk, at=clock.now() - timedelta(hours=i), subject=f"customer:{star.pk}",
        customer_id=star.pk, call_id=i, by=cast.dana.pk,
    )  # fmt: skip


def signed_in(staff: StaffMember) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    return client


def measure(name: str, browser: Client, path: str, *, part: bool = False) -> None:
    """One page, or the `part` of one that HTMX asks for, many times."""
    client = partial(browser.get, headers={"HX-Request": "true"} if part else {})
    answer = client(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: {answer.status_code}")
    statements = scratch.queries_of(lambda: client(path))
    before = time.process_time()
    times = [scratch.stopwatch(lambda: client(path)) for _ in range(ROUNDS)]
    cpu_ms = round((time.process_time() - before) / ROUNDS * 1000, 2)
    scratch.spread(name, times, cpu_ms=cpu_ms, statements=len(statements), bytes=len(answer.content))
    for sql in statements if "--plans" in sys.argv else ():
        if sql.startswith("SELECT"):
            explain(sql)


def explain(sql: str) -> None:
    """The plan of a statement, if it is slow."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql.replace("%", "%%"), [])
        plan = [row[0] for row in cursor.fetchall()]
    took = float(plan[-1].split()[-2])
    if took >= SLOW_MS:
        scratch.say(slow_ms=took, sql=sql[:600], plan=plan)


def main(n: int) -> None:
    cast = the_cast.build()
    StaffMember.objects.of_store(cast.northside.pk).update(capacity=30_000)
    star = fill(cast, n)
    dana, ana = signed_in(cast.dana), signed_in(cast.ana)
    scratch.say(figure="rows", customers=n, leads=n, repair_orders=n)
    measure("my day, 50 promises", dana, "/")
    measure("all promises", dana, "/promises/")
    measure("lead list", dana, "/sales/")
    measure("lead list, ended", dana, "/sales/?show=closed")
    measure("customer with a story of 500", dana, f"/customers/{star.pk}/")
    measure("customer list", dana, "/customers/")
    measure("search by first name", dana, "/customers/search/?q=kim", part=True)
    measure(
        "search by both names", dana, f"/customers/search/?q={star.full_name.replace(' ', '+')}", part=True
    )
    measure("search inside a name", dana, "/customers/search/?q=derwil", part=True)
    measure("search by phone tail", dana, "/customers/search/?q=1234", part=True)
    measure("lane, 60 cars", ana, "/service/")
    measure("repair orders", ana, "/service/repair-orders/")


if __name__ == "__main__":
    numbers = [arg for arg in sys.argv[1:] if arg.isdigit()]
    with scratch.scratch_database():
        main(int(numbers[0]) if numbers else 20_000)
