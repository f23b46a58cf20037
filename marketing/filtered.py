"""A campaign that the carriers do not want stops itself: its words, or our number, are what they filter.

Of the last 200 texts of a campaign that left, 2 in 100 may be filtered (Twilio 30007, 30034). Beyond that every further text
makes it worse for all the store's texts, and nothing of it is tried again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q

from dealership.messaging.models import Message
from marketing import campaigns
from marketing.models import Campaign, CampaignPerson

UNWANTED = ("30007", "30034")
LAST, MOST_IN_100 = 200, 2
#: With fewer than so many filtered texts it may be chance.
LEAST = 5
#: A campaign that was handed to the outbox longer ago has left.
STILL_LEAVING = timedelta(days=3)


def stop_unwanted(*, now: datetime) -> int:
    """Stops the campaigns of which too much is filtered; how many. One query a campaign that is leaving."""
    rows = Campaign.objects.across_stores("campaigns of all stores")
    leaving = Q(state__in=[Campaign.State.APPROVED, Campaign.State.SENDING]) | Q(
        state=Campaign.State.DONE, done_at__gte=now - STILL_LEAVING
    )
    return sum(_stop(campaign, now) for campaign in rows.filter(leaving).order_by("pk"))


def _stop(campaign: Campaign, now: datetime) -> bool:
    n_filtered, n_left = _filtered(campaign)
    if n_filtered < LEAST or n_filtered * 100 <= n_left * MOST_IN_100:
        return False
    why = f"the carriers filter it: {n_filtered} of the last {n_left} texts did not arrive"
    try:
        campaigns.stop(campaign, why=why, by=None, now=now)
    except campaigns.NotRunning:
        return False  # all of it has left, or somebody stopped it this moment
    return True


def _filtered(campaign: Campaign) -> tuple[int, int]:
    last = (
        CampaignPerson.objects.of_store(campaign.store_id)
        .filter(campaign=campaign, message__called_at__isnull=False)
        .exclude(message__state=Message.State.SUPPRESSED)
        .order_by("-message__called_at")
        .values("pk")[:LAST]
    )
    counted = CampaignPerson.objects.of_store(campaign.store_id).filter(pk__in=last)
    found = counted.aggregate(
        n=Count("pk"), n_filtered=Count("pk", filter=Q(message__error_code__in=UNWANTED))
    )
    return found["n_filtered"], found["n"]
