"""What marketing does by itself: asks what was held back, asks for public reviews, hands campaigns to the outbox."""

from __future__ import annotations

from typing import Any

from dealership import clock
from dealership.periodic import periodic
from marketing import campaigns, filtered, reviews, surveys


@periodic()
def ask_customers() -> dict[str, Any]:
    """Questions that had been held back, and requests for public reviews."""
    now = clock.now()
    return {"asked": surveys.ask_held(now=now), "reviews": reviews.ask_due(now=now)}


@periodic(alone=False)
def send_campaigns() -> dict[str, Any]:
    """The next people of every campaign that is leaving."""
    now = clock.now()
    stopped = filtered.stop_unwanted(now=now)
    return {**campaigns.send_waiting(now=now), "stopped": stopped}
