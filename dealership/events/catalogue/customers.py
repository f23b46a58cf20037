"""Facts of customers themselves. Subjects are "customer:<id>"."""

from dataclasses import dataclass

from dealership.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Fact):
    """Two rows are one person from now on; the subject is the one that stays. Told by customers.merging."""

    sentence = "Merged with {name}"
    personal = frozenset({"name"})
    other_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class CustomersSeparated(Fact):
    """A merge was undone: two persons again. Told by customers.merging."""

    sentence = "Separated from {name} again"
    personal = frozenset({"name"})
    other_id: int
    name: str
