"""Facts of sales. Subjects are "lead:<id>" and "arrival:<id>"."""

from dataclasses import dataclass

from dealership.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class LeadReceived(Fact):
    """Somebody asked, and it became a lead. Told by sales.leads.receive, once per prospect."""

    sentence = "Asked about {vehicle} ({source})"
    personal = frozenset({"question", "who"})
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

    sentence = "Asked again about {vehicle} ({source})"
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

    sentence = "Lead closed: {outcome} {why}"
    lead_id: int
    outcome: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadReopened(Fact):
    """A lead that had ended goes on: closing it was a mistake, or the customer came back."""

    sentence = "Lead opened again: {vehicle}"
    personal = frozenset({"who"})
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

    sentence = "Lead handed to {to_name} {why}"
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
