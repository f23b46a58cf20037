"""Facts of F&I. Subjects are "deal:<deal number>"; one stip is `about` its key, "stip:<id>"."""

from dataclasses import dataclass
from datetime import datetime

from dealership.events.catalogue.sales import DealFact
from dealership.language import later


@dataclass(frozen=True, kw_only=True)
class DealTakenIn(DealFact):
    """F&I has the customer "in the box": the deal was ready."""

    sentence = later("In F&I (deal {deal_number})")


@dataclass(frozen=True, kw_only=True)
class DealRefused(DealFact):
    """F&I found the deal unready and handed it back with what is missing."""

    sentence = later("F&I handed deal {deal_number} back: {missing}")
    missing: str


@dataclass(frozen=True, kw_only=True)
class DealContracted(DealFact):
    """The contract is signed. Told by F&I, or by sales where the DMS says so (then `by` is nobody)."""

    # Who lends is for F&I and managers: the story of a customer is read by everybody.
    sentence = later("Contract signed (deal {deal_number})")
    lender: str = ""
    lender_words: str = ""


@dataclass(frozen=True, kw_only=True)
class JacketSent(DealFact):
    """The jacket went to the lender, complete."""

    sentence = later("Jacket of deal {deal_number} sent to {lender}")
    lender: str = ""


@dataclass(frozen=True, kw_only=True)
class StipIssued(DealFact):
    """The lender wants one more paper. Told per stip."""

    sentence = later("Stip: {what}")
    what: str


@dataclass(frozen=True, kw_only=True)
class StipAsked(DealFact):
    """The customer was asked for it, clearly, once."""

    sentence = later("Asked for {what}")
    what: str


@dataclass(frozen=True, kw_only=True)
class StipCollected(DealFact):
    """It is here and somebody verified it. The paper itself is kept elsewhere."""

    sentence = later("Stip here and verified: {what}")
    what: str


@dataclass(frozen=True, kw_only=True)
class StipDropped(DealFact):
    """The lender no longer wants it."""

    sentence = later("Stip dropped: {what} ({why})")
    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class DealKickedBack(DealFact):
    """The lender sent the jacket back with a reason. `needs_customer`: somebody must sign again."""

    sentence = later("Lender kicked deal {deal_number} back: {why}")
    why: str
    needs_customer: bool = False


@dataclass(frozen=True, kw_only=True)
class JacketResent(DealFact):
    """What was kicked back was corrected and sent again."""

    sentence = later("Jacket of deal {deal_number} corrected and sent again")


@dataclass(frozen=True, kw_only=True)
class DealFunded(DealFact):
    """The lender paid: the contract is no longer in transit. `days` since the delivery."""

    sentence = later("Deal {deal_number} funded{days_words}")
    outside = ("deal_number", "salesperson_id", "deal_type")
    days: int | None = None
    days_words: str = ""
    #: By when title and plates must be out, as the state rules.
    title_due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TitleOwed(DealFact):
    """A car that was paid in cash was delivered: no lender pays, so title and plates are owed from here on."""

    sentence = ""
    title_due_at: datetime


@dataclass(frozen=True, kw_only=True)
class TitleSent(DealFact):
    """Title and plates are with the customer, or on their way with a proof."""

    sentence = later("Title and plates of {vehicle} are out")
    proof: str = ""
