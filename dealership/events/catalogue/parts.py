"""Facts of parts. Subjects are "part:<request id>"; the RO that waits is named by its number."""

from dataclasses import dataclass
from datetime import datetime

from dealership.events.base import Fact
from dealership.language import later


@dataclass(frozen=True, kw_only=True)
class PartFact(Fact):
    """What all of them carry. `ro_number` "" for a part that is sold over the counter."""

    request_id: int
    part: str
    ro_number: str = ""
    part_number: str = ""
    #: Who asked for it and tells the customer: the advisor, or whoever stood at the counter.
    advisor_id: int | None = None
    vehicle: str = ""


@dataclass(frozen=True, kw_only=True)
class PartRequested(PartFact):
    """Somebody needs a price and a date for a part. `for_line` is the RO's line."""

    sentence = later("Part asked for: {part}")
    for_line: str = ""
    quantity: int = 1


@dataclass(frozen=True, kw_only=True)
class PartQuoted(PartFact):
    """The counter gave price and availability. `in_stock`: on the shelf now; else `eta_at` if it was ordered today."""

    sentence = later("{part}: {price}, {availability}")
    price_cents: int | None = None
    price: str = ""
    availability: str = ""
    in_stock: bool = False
    eta_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PartApproved(PartFact):
    """The customer, or the warranty, said yes to the price. An order that is placed with the yes says it alone."""

    sentence = later("{part} approved: {price}")
    price_cents: int | None = None
    price: str = ""
    in_stock: bool = False


@dataclass(frozen=True, kw_only=True)
class PartOrdered(PartFact):
    """A special order was placed; `eta_at` is the end of the day on which it should be here, None while the source gives none."""

    sentence = later("{part} ordered, {eta_words}")
    eta_at: datetime | None = None
    eta_words: str = "no date yet"
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class PartEtaTold(PartFact):
    """The customer was told when it comes, by a person face to face or on the phone."""

    sentence = later("Told about {part}: {eta_words}")
    eta_words: str = ""


@dataclass(frozen=True, kw_only=True)
class PartEtaChanged(PartFact):
    """It comes on another day than was said: moved, backordered, superseded, wrong or damaged on arrival.

    `reason`: eta, backordered, superseded, wrong, damaged, partial. `eta_at` None: nobody knows when.
    """

    sentence = later("{part}: {reason_words}, {eta_words}")
    reason: str
    reason_words: str = ""
    eta_at: datetime | None = None
    eta_was: datetime | None = None
    eta_words: str = "no date yet"
    #: The day that the customer was told last and still counts on; "" if they were told none.
    known_words: str = ""
    #: The day before this one was a mistake and taken back: nothing is owed by either change.
    taken_back: bool = False
    #: Since when this day holds, where it was taken back to.
    holds_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PartReceived(PartFact):
    """All of it is here and lies in its bin. `about` is the subject itself, as in PartInstalled: what is kept by a visit of the
    same customer is not kept by the fitting of another part."""

    sentence = later("{part} arrived{bin_words}")
    bin: str = ""
    bin_words: str = ""
    #: The car is in the shop: it can be fitted at once, nobody needs to be booked.
    car_is_here: bool = False
    #: The customer has a service visit ahead already.
    visit_is_set: bool = False


@dataclass(frozen=True, kw_only=True)
class PartInstalled(PartFact):
    """It is in the car, or the customer took it over the counter."""

    sentence = later("{part} installed")


@dataclass(frozen=True, kw_only=True)
class PartReturned(PartFact):
    """It went back to the source, to the shelf, or was written off; nobody waits for it any more."""

    sentence = later("{part} {outcome}: {why}")
    outcome: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class PartCancelled(PartFact):
    """It is not needed after all, before it came."""

    sentence = later("{part} is not needed: {why}")
    why: str = ""
