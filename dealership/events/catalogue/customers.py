"""Facts of customers themselves. Subjects are "customer:<id>"."""

from dataclasses import dataclass

from dealership.events.base import Fact
from dealership.language import later


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Fact):
    """Two rows are one person from now on; the subject is the one that stays. Told by customers.merging."""

    sentence = later("Merged with {name}")
    personal = frozenset({"name"})
    outside = ("other_id",)
    other_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class CustomersSeparated(Fact):
    """A merge was undone: two persons again. Told by customers.merging."""

    sentence = later("Separated from {name} again")
    personal = frozenset({"name"})
    outside = ("other_id",)
    other_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class CustomerHandedOver(Fact):
    """Somebody else is the customer's own person in a department from now on, because theirs left or handed them over.

    Told once per customer and department; who comes new for the first time is no handing over.
    """

    sentence = later("{to_name} is their person in {department} now {why}")
    outside = ("department", "to_id", "from_id")
    department: str
    to_id: int
    to_name: str
    from_id: int | None = None
    from_name: str = ""
    why: str = ""
    #: Something is under way with them: an open lead, deal or RO, a promise, a talk of the last weeks.
    is_active: bool = True
