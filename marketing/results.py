"""What came of a campaign: every figure is a condition on its people, and so opens the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.messaging.models import Message
from dealership.staff.models import StaffMember
from marketing.models import Campaign, CampaignPerson

Text = Message.State
_SUPPRESSED = Q(message__state=Text.SUPPRESSED) & ~Q(state=CampaignPerson.State.WITHDRAWN)
SHOWN: dict[str, tuple[str, Q]] = {
    "people": (later("In the segment"), Q()),
    "on_the_way": (
        later("Still to leave"),
        Q(state=CampaignPerson.State.WAITING)
        | Q(state=CampaignPerson.State.QUEUED, message__state__in=[Text.QUEUED, Text.SENDING, Text.UNKNOWN]),
    ),
    "sent": (
        later_as("people", "Sent"),
        Q(message__state__in=[Text.ACCEPTED, Text.SENT, Text.DELIVERED, Text.FAILED, Text.UNDELIVERED]),
    ),
    "delivered": (later_as("people", "Received"), Q(message__state=Text.DELIVERED)),
    "failed": (later_as("people", "Failed"), Q(message__state__in=[Text.FAILED, Text.UNDELIVERED])),
    "not_sent": (later_as("people", "Not sent"), Q(state=CampaignPerson.State.LEFT_OUT) | _SUPPRESSED),
    "withdrawn": (later_as("people", "Taken out"), Q(state=CampaignPerson.State.WITHDRAWN)),
    "answered": (later_as("people", "Answered"), Q(answered_at__isnull=False)),
    "booked": (later_as("people", "Booked"), Q(booked_at__isnull=False)),
    "opted_out": (later_as("people", "Opted out"), Q(opted_out_at__isnull=False)),
}
MOST_REASONS = 12


@dataclass(frozen=True)
class Figure:
    """One figure with the name of its list."""

    show: str
    label: str
    n: int


def of(campaign: Campaign) -> dict[str, Figure]:
    """Every figure of one campaign. One query."""
    rows = CampaignPerson.objects.of_store(campaign.store_id).filter(campaign=campaign)
    counted = rows.aggregate(**_counts())
    return {show: Figure(show, label, counted[f"n_{show}"]) for show, (label, _) in SHOWN.items()}


def with_figures(staff: StaffMember, campaigns: Sequence[Campaign]) -> list[tuple[Campaign, dict[str, int]]]:
    """Each campaign of a page with its figures by name. One query."""
    rows: Any = CampaignPerson.objects.visible_to(staff).filter(campaign__in=[one.pk for one in campaigns])
    counted = {row["campaign"]: row for row in rows.values("campaign").annotate(**_counts())}
    return [(one, {show: counted.get(one.pk, {}).get(f"n_{show}", 0) for show in SHOWN}) for one in campaigns]


def reasons(campaign: Campaign) -> list[tuple[str, int]]:
    """Why people got nothing, the most frequent first. Two queries."""
    rows: Any = CampaignPerson.objects.of_store(campaign.store_id).filter(campaign=campaign)
    own = rows.exclude(why="").values("why").annotate(n=Count("pk")).values_list("why", "n")
    gate = rows.filter(_SUPPRESSED).values("message__reasons__0").annotate(n=Count("pk"))
    told = [
        (str(why or _("the gate did not say why")), n)
        for why, n in gate.values_list("message__reasons__0", "n")
    ]
    found = [*((_(why), n) for why, n in own), *((_(why.removeprefix("Not sent: ")), n) for why, n in told)]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:MOST_REASONS]


def _counts() -> dict[str, Count]:
    # An empty Q counts everybody.
    return {
        f"n_{show}": Count("pk", filter=which) if which else Count("pk") for show, (_, which) in SHOWN.items()
    }
