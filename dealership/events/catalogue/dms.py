"""Facts of feeds. Subjects are "feed:<id>" and "file:<id>"."""

from dataclasses import dataclass

from dealership.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class FeedFileApplied(Fact):
    """Every record of a file has been applied, found old, or parked."""

    sentence = ""
    file_id: int
    kind_of_feed: str
    n_applied: int
    n_parked: int
