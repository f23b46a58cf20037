"""What messaging does when it hears of others: conversations of people who left are nobody's."""

from __future__ import annotations

from collections.abc import Sequence

from dealership.events import bus
from dealership.events.catalogue.staff import StaffLeft
from dealership.messaging import conversations


@bus.remember(StaffLeft)
def release_conversations(facts: Sequence[StaffLeft]) -> None:
    """The next answer may come from anyone; the promise about it moves with the person's other promises."""
    conversations.release_all_of([fact.staff_id for fact in facts])
