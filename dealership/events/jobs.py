"""The replay of unapplied facts, as a job."""

from dealership import clock
from dealership.events import replay
from dealership.periodic import periodic


@periodic()
def replay_facts() -> dict[str, int]:
    """Applies facts that were left unapplied."""
    return {"applied": replay.due(clock.now())}
