"""The engine's periodic work: ids or nothing in, one call, a small dict out; safe to run twice and by several at once."""

from dealership import clock
from dealership.periodic import periodic
from tasks import nudges, rollups, steps, sweep


@periodic(alone=False)
def sweep_promises() -> dict[str, int]:
    """Warns, breaks and climbs what is due by the database's clock."""
    return sweep.run(clock.database_now())


@periodic()
def take_steps() -> dict[str, int]:
    """Sends the automatic texts that are due."""
    return steps.take_due(clock.database_now())


@periodic()
def count_days() -> dict[str, int]:
    """Counts the days of promises that have changed, so that whoever looks at the seams finds little left to count."""
    return {"days": rollups.settle_all()}


@periodic()
def nudge_people() -> dict[str, int]:
    """Wakes the devices of whoever must hear of something at once; nothing without a key."""
    return nudges.ring(now=clock.now(), real=clock.real())
