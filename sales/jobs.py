"""Sales' periodic work: ids or nothing in, one call, a small dict out; safe to run twice and by several at once."""

from __future__ import annotations

from datetime import datetime

from dealership import clock
from dealership.periodic import periodic
from sales import arrivals


@periodic()
def read_arrivals() -> dict[str, int]:
    """Reads what was kept and not read: a crash came between, or the database was busy."""
    return read_left(now=clock.now())


def read_left(*, now: datetime) -> dict[str, int]:
    """As read_arrivals, at a moment that is given."""
    left = arrivals.unread(before=now - arrivals.GRACE)
    n_leads = sum(arrivals.read(arrival, now=now).n_new for arrival in left)
    return {"arrivals": len(left), "leads": n_leads}
