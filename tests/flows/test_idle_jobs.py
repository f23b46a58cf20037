"""Most rounds of most jobs find nothing: then they have asked, and that is all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dealership.appointments import jobs as appointments
from dealership.dms import jobs as dms
from dealership.messaging import carrier_calls, sending
from marketing import campaigns, reviews, surveys
from parts import jobs as parts
from sales import jobs as sales
from sales import milestones
from service import jobs as service
from service import risks
from tasks import steps, sweep
from tests.flows.service_world import ServiceWorld
from tests.messaging.carriers import FakeCarrier, clock_at

#: How often each asks, with nothing to do.
JOBS: dict[str, tuple[int, Callable[[datetime], Any]]] = {
    "stage": (2, lambda now: dms.stage_waiting(now=now)),
    "repair orders": (1, lambda now: service.pull_repair_orders(now=now)),
    "visits of the DMS": (2, lambda now: service.pull_appointments(now=now)),
    "deals": (1, lambda now: sales.pull_deals(now=now)),
    "stock": (1, lambda now: parts.pull_stock(now=now)),
    "promised times": (1, lambda now: risks.watch(now=now)),
    "milestones": (1, lambda now: milestones.tell(now=now)),
    "no-shows": (1, lambda now: appointments.declare(now=now)),
    "steps": (1, steps.take_due),
    "sweep": (1, sweep.run),
    "texts": (1, lambda now: sending.send_due(transport=FakeCarrier(), clock=clock_at(now))),
    "the carrier's calls": (1, lambda now: carrier_calls.settle_open(clock=clock_at(now))),
    "surveys": (1, lambda now: surveys.ask_held(now=now)),
    "reviews": (1, lambda now: reviews.ask_due(now=now)),
    "campaigns": (1, lambda now: campaigns.send_waiting(now=now)),
}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_finds_nothing_has_asked_and_written_nothing(lane: ServiceWorld, job: str) -> None:
    most, run = JOBS[job]
    with CaptureQueriesContext(connection) as asked:
        run(lane.now)
    said = [query["sql"].partition(" ")[0] for query in asked]
    assert said == ["SELECT"] * most, [query["sql"][:200] for query in asked]
