"""How fast promises are opened, swept and closed. Prints a JSON line per figure.

    python3 -m dealership.supervisor with-servers -- .venv/bin/python bench/promises.py [promises]

It makes a scratch database of its own beside the one that DATABASE_URL names, and drops it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import scratch
from django.db import transaction
from scratch import timed

from dealership.events import bus
from dealership.events.catalogue.messaging import CallConnected
from dealership.events.catalogue.sales import LeadReceived
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from tasks import sweep
from tasks.models import Promise
from tests import cast as the_cast

#: A Monday at ten at the cast's store.
START = datetime(2026, 11, 23, 15, tzinfo=UTC)


def main(n: int) -> None:
    cast = the_cast.build()
    StaffMember.objects.of_store(cast.northside.pk).update(capacity=30_000)
    agents = StaffMember.objects.of_store(cast.northside.pk).filter(role=Role.BDC_AGENT)
    owner = agents[0].pk
    customers = [the_cast.make_customer(cast.northside, f"Kim {i}", f"+1973{i:07d}") for i in range(n)]

    def lead(i: int, at: datetime) -> LeadReceived:
        return LeadReceived(
            store_id=cast.northside.pk, at=at, subject=f"lead:{i}", customer_id=customers[i].pk, lead_id=i,
            source="bench", vehicle="2026 Civic", owner_id=owner,
        )  # fmt: skip

    def publish(facts: list[Any], batch: int) -> None:
        for first in range(0, len(facts), batch):
            with transaction.atomic():
                bus.publish(*facts[first : first + batch])

    one_by_one = min(n, 500)
    timed(
        "facts one by one, each opening a promise",
        one_by_one,
        lambda: publish([lead(i, START) for i in range(one_by_one)], 1),
    )
    rest = [lead(i, START) for i in range(one_by_one, n)]
    timed("facts in batches of 1000, each opening a promise", len(rest), lambda: publish(rest, 1000))
    scratch.execute("ANALYZE")
    timed("sweep: warned", n, lambda: sweep.run(START + timedelta(minutes=3)))
    timed("sweep: broken at their hour", n, lambda: sweep.run(START + timedelta(minutes=5)))
    timed(
        "sweep: climbed, with a new owner, a transition and two notices",
        n,
        lambda: sweep.run(START + timedelta(minutes=10)),
    )
    timed("sweep with nothing due", 1, lambda: sweep.run(START + timedelta(minutes=11)))
    calls = [
        CallConnected(
            store_id=cast.northside.pk,
            at=START + timedelta(minutes=12),
            subject=f"customer:{customer.pk}",
            customer_id=customer.pk,
            call_id=customer.pk,
            by=owner,
        )
        for customer in customers
    ]
    timed("facts in batches of 1000, each recovering a promise", n, lambda: publish(calls, 1000))
    recovered = (
        Promise.objects.of_store(cast.northside.pk).filter(state="kept", broken_at__isnull=False).count()
    )
    scratch.say(check="recovered promises", n=recovered, right=recovered == n)


if __name__ == "__main__":
    with scratch.scratch_database():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
