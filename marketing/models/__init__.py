"""What marketing keeps: what customers said, public reviews, what it remembers of others, segments and campaigns."""

from marketing.models.campaigns import Campaign, CampaignPerson, Segment, SegmentVersion
from marketing.models.memory import DeclinedKnown, KnownCustomer, SourceLead
from marketing.models.reviews import Review, ReviewSite
from marketing.models.surveys import Recovery, Survey

__all__ = [
    "Campaign",
    "CampaignPerson",
    "DeclinedKnown",
    "KnownCustomer",
    "Recovery",
    "Review",
    "ReviewSite",
    "Segment",
    "SegmentVersion",
    "SourceLead",
    "Survey",
]
