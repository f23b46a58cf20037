"""The audit's own work: seals, and what is worth a look."""

from dealership import clock
from dealership.audit import alarms, chain
from dealership.periodic import periodic


@periodic()
def seal() -> dict[str, int]:
    """Seals what was written since."""
    return {"sealed": chain.seal(now=clock.now())}


@periodic()
def raise_alarms() -> dict[str, int]:
    """Looks through the last hours for what is worth a look."""
    return {"raised": alarms.look(now=clock.now())}
