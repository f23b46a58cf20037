"""Facts of sales. Subjects are "lead:<id>", "arrival:<id>", "deal:<deal number>" and "unit:<stock number>"."""

from dataclasses import dataclass
from datetime import datetime

from dealership.events.base import Fact
from dealership.language import later


@dataclass(frozen=True, kw_only=True)
class LeadReceived(Fact):
    """Somebody asked, and it became a lead. Told by sales.leads.receive, once per prospect."""

    sentence = later("Asked about {vehicle} ({source})")
    personal = frozenset({"question", "who"})
    outside = ("lead_id", "source", "owner_id")
    lead_id: int
    source: str
    vehicle: str
    question: str = ""
    #: The customer's name, for the promise's second line.
    who: str = ""
    #: The person whom routing chose; the promise goes to the same one.
    owner_id: int | None = None
    #: Somebody of the store was speaking with them as it was written down: at the door, on the phone.
    spoken: bool = False


@dataclass(frozen=True, kw_only=True)
class LeadResent(Fact):
    """The provider sent the same prospect again; the lead was updated."""

    sentence = later("Asked again about {vehicle} ({source})")
    personal = frozenset({"question", "who"})
    lead_id: int
    source: str
    vehicle: str
    question: str = ""
    who: str = ""
    owner_id: int | None = None
    #: The prospect says something that it had not said before: that too is to be answered.
    asks_more: bool = False


@dataclass(frozen=True, kw_only=True)
class LeadClosed(Fact):
    """The lead ended: sold, lost or never was one."""

    sentence = later("Lead closed: {outcome} {why}")
    outside = ("lead_id", "outcome")
    lead_id: int
    outcome: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadReopened(Fact):
    """A lead that had ended goes on: closing it was a mistake, or the customer came back."""

    sentence = later("Lead opened again: {vehicle}")
    personal = frozenset({"who"})
    outside = ("lead_id", "source", "owner_id")
    lead_id: int
    source: str
    vehicle: str
    who: str = ""
    owner_id: int | None = None
    #: A person had spoken with the customer, or written to them, before it was closed.
    was_answered: bool = False


@dataclass(frozen=True, kw_only=True)
class LeadHandedOver(Fact):
    """Somebody else answers for the lead from now on. Told by sales.leads.hand_over."""

    sentence = later("Lead handed to {to_name} {why}")
    outside = ("lead_id", "owner_id")
    lead_id: int
    owner_id: int
    to_name: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadUnreadable(Fact):
    """Something came that no reader understood. It lies on the leads page with its raw text. Subject "arrival:<id>"."""

    sentence = ""
    personal = frozenset({"hint"})
    arrival_id: int
    why: str
    #: The first name, number or address that was found in it, for the promise's second line.
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class UnreadableLeadSettled(Fact):
    """A person made it a lead, or said that it is none. Subject "arrival:<id>"."""

    sentence = ""
    arrival_id: int
    outcome: str


# --- deals -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DealFact(Fact):
    """What all facts of a deal carry, also those that F&I tells. `deal_type`: cash, finance or lease."""

    deal_number: str
    vehicle: str = ""
    stock_number: str = ""
    #: The salesperson who answers for the deal, where the store knows them.
    salesperson_id: int | None = None
    deal_type: str = ""


@dataclass(frozen=True, kw_only=True)
class DealWritten(DealFact):
    """A deal was begun at the desk. Told by sales.deals, also for one that the DMS shows first."""

    sentence = later("Deal {deal_number} written on {vehicle}")
    outside = ("deal_number", "salesperson_id", "deal_type")


@dataclass(frozen=True, kw_only=True)
class DealAgreed(DealFact):
    """The customer agreed to the numbers: from now on they wait for F&I."""

    sentence = later("Agreed on {vehicle} (deal {deal_number})")
    #: What F&I's checklist depends on: a car comes in with the deal; "new" or "used", "" where nobody says.
    has_trade: bool = False
    condition: str = ""


@dataclass(frozen=True, kw_only=True)
class DealMended(DealFact):
    """Sales supplied what F&I had found missing, and handed the deal over again."""

    sentence = later("Deal {deal_number} is complete: {what}")
    what: str = ""


@dataclass(frozen=True, kw_only=True)
class DealLost(DealFact):
    """The deal ended without a sale, or was undone (`was_delivered`)."""

    sentence = later("Deal {deal_number} ended: {why}")
    outside = ("deal_number", "salesperson_id", "was_delivered")
    why: str
    was_delivered: bool = False


@dataclass(frozen=True, kw_only=True)
class DeliveryPlanned(DealFact):
    """The hour of the delivery was set, or set anew."""

    sentence = later("Delivery of {vehicle} planned for {when_words}")
    delivery_at: datetime
    when_words: str = ""
    has_first_service: bool = False


@dataclass(frozen=True, kw_only=True)
class VehicleDelivered(DealFact):
    """The customer drove away in their car: a trigger, not a finish line. Told when the handing over is marked, or by the DMS."""

    sentence = later("Took delivery of {vehicle}")
    outside = ("deal_number", "salesperson_id", "deal_type", "delivery_at", "has_first_service")
    #: When it was to be, else when it was.
    delivery_at: datetime
    #: A service visit lies ahead.
    has_first_service: bool = False
    #: "new" or "used", "" where nobody says.
    condition: str = ""
    #: Learned from a file, not seen by a person here.
    from_feed: bool = False
    #: That the first service visit is set was promised already, when the delivery was planned.
    first_service_owed: bool = False


@dataclass(frozen=True, kw_only=True)
class VehicleSold(DealFact):
    """The customer bought: everything that courted them as a prospect ends. Told with the delivery, or when the DMS says sold."""

    sentence = later("Bought {vehicle}")


@dataclass(frozen=True, kw_only=True)
class ProspectingStopped(Fact):
    """Leads were closed as sold and what was queued to a prospect was withdrawn. Subject "customer:<id>"."""

    sentence = later("All courting as a prospect was stopped")
    n_leads: int = 0
    n_texts: int = 0


@dataclass(frozen=True, kw_only=True)
class OwnershipMilestone(DealFact):
    """A day, a week or a month has gone by since a delivery. Told once each, `about` "day", "week", "month", when the day comes."""

    sentence = ""
    milestone: str


@dataclass(frozen=True, kw_only=True)
class WeOweWritten(DealFact):
    """Something was promised with the sale, to be delivered later, by a named person. `about` "we-owe:<id>"."""

    sentence = later("We owe: {item}, by {when_words}")
    item: str
    #: The end of the day for which it was promised.
    promised_at: datetime
    owner_id: int
    when_words: str = ""


@dataclass(frozen=True, kw_only=True)
class WeOweMoved(DealFact):
    """The customer was told another day for it. `about` as above."""

    sentence = later("We owe {item}: now by {when_words}")
    item: str
    promised_at: datetime
    when_words: str = ""


@dataclass(frozen=True, kw_only=True)
class WeOweDelivered(DealFact):
    """It was handed over, and somebody signed for it. `about` as above."""

    sentence = later("We-owe delivered: {item}")
    item: str


@dataclass(frozen=True, kw_only=True)
class WeOweDropped(DealFact):
    """It is no longer owed, with a reason. `about` as above."""

    sentence = later("We-owe dropped: {item} ({why})")
    item: str
    why: str


@dataclass(frozen=True, kw_only=True)
class TradeTaken(DealFact):
    """A customer's car was taken in trade; `vehicle_id` is that car."""

    sentence = later("Traded in {traded}")
    traded: str
    vin: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitFact(Fact):
    """What facts of a car in stock carry. Subject "unit:<stock number>"."""

    stock_number: str
    vehicle: str = ""
    vin: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitAcquired(UnitFact):
    """A car came into stock: bought, traded in, shipped by the maker."""

    sentence = later("Acquired {vehicle} (stock {stock_number}, {how})")
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class UnitFrontLineReady(UnitFact):
    """It can be sold: reconditioned, photographed, on the lot."""

    sentence = later("{vehicle} is front-line ready (stock {stock_number})")


@dataclass(frozen=True, kw_only=True)
class UnitNotReady(UnitFact):
    """It was called front-line ready and is not: taken back by whoever said so, or a manager."""

    sentence = later("{vehicle} is not front-line ready after all (stock {stock_number})")
