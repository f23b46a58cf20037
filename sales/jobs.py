"""Sales' periodic work: ids or nothing in, one call, a small dict out; safe to run twice and by several at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dealership import clock
from dealership.dms import pulling
from dealership.dms.models import Feed, StagedRecord
from dealership.periodic import periodic
from sales import arrivals, dms, milestones


@periodic()
def read_arrivals() -> dict[str, int]:
    """Reads what was kept and not read: a crash came between, or the database was busy."""
    return read_left(now=clock.now())


def read_left(*, now: datetime) -> dict[str, int]:
    """As read_arrivals, at a moment that is given."""
    left = arrivals.unread(before=now - clock.shown_length(arrivals.GRACE))
    n_leads = sum(arrivals.read(arrival, now=now).n_new for arrival in left)
    return {"arrivals": len(left), "leads": n_leads}


@periodic()
def apply_deals() -> dict[str, Any]:
    """Applies the deals that wait, in the order of the DMS."""
    return pull_deals(now=clock.now())


def pull_deals(*, now: datetime, seconds: float = pulling.SECONDS) -> dict[str, Any]:
    """As apply_deals, at a moment that is given."""
    return pulling.pull(Feed.Kind.DEALS, _deals, now=now, seconds=seconds)


@periodic()
def tell_milestones() -> dict[str, int]:
    """Tells of the deliveries since which a day, a week or a month has gone by."""
    return {"told": milestones.tell(now=clock.now())}


def _deals(staged: Sequence[StagedRecord], now: datetime) -> None:
    dms.apply(staged, now=now)
