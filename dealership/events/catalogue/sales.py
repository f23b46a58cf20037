"""Facts of sales. Subjects are "lead:<id>" and "arrival:<id>"."""

from dataclasses import dataclass

from dealership.events.base import Fact


@dataclass(frozen=True, kw_only=True)
class LeadReceived(Fact):
    """Somebody asked, and it became a lead. Told by sales.leads.receive, once per prospect."""

    sentence = "Asked about {vehicle} ({source})"
    personal = frozenset({"question"})
    lead_id: int
    source: str
    vehicle: str
    question: str = ""
    #: The person whom routing chose; the promise goes to the same one.
    owner_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LeadResent(Fact):
    """The provider sent the same prospect again; the lead was updated."""

    sentence = "Asked again about {vehicle} ({source})"
    lead_id: int
    source: str
    vehicle: str


@dataclass(frozen=True, kw_only=True)
class LeadClosed(Fact):
    """The lead ended: sold, lost or never was one."""

    sentence = "Lead closed: {outcome} {why}"
    lead_id: int
    outcome: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadUnreadable(Fact):
    """Something came that no reader understood. It lies on the leads page with its raw text. Subject "arrival:<id>"."""

    sentence = ""
    arrival_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class UnreadableLeadSettled(Fact):
    """A person made it a lead, or said that it is none. Subject "arrival:<id>"."""

    sentence = ""
    arrival_id: int
    outcome: str
