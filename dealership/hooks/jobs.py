"""The calls, as jobs."""

from dealership import clock
from dealership.hooks import delivery
from dealership.periodic import periodic


@periodic(alone=False)
def make_calls() -> dict[str, int]:
    """Calls the other systems that are to hear of something."""
    return delivery.make_due(clock.now())


@periodic()
def forget_old_calls() -> dict[str, int]:
    """Calls that were taken a month ago are gone."""
    return {"gone": delivery.forget(clock.now())}
