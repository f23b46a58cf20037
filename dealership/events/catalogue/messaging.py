"""Facts of conversations. Subjects are "conversation:<id>", or what a text was about ("ro:48213", "lead:7") where it says so."""

from dataclasses import dataclass

from dealership.events.base import Fact
from dealership.language import later


@dataclass(frozen=True, kw_only=True)
class CustomerWrote(Fact):
    """A customer's text came in. Told by messaging.inbound when it has been read; subject "conversation:<id>"."""

    sentence = later("Wrote: “{excerpt}” {read_as}")
    personal = frozenset({"excerpt"})
    message_id: int
    conversation_id: int
    department: str
    excerpt: str
    intent: str = "unclear"
    read_as: str = ""
    #: False where the product settled it by itself (a sure confirmation, an opt-out).
    needs_person: bool = True
    #: A word that must opt out was used where an appointment had been asked about.
    maybe_meant_appointment: bool = False


@dataclass(frozen=True, kw_only=True)
class CustomerHeardFromPerson(Fact):
    """A text that a person wrote was received by the customer's phone. `at` is when it was received. Told on the carrier's word."""

    sentence = later("Was texted by a person: “{excerpt}”")
    personal = frozenset({"excerpt"})
    message_id: int
    conversation_id: int
    department: str
    excerpt: str
    sent_at_iso: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomerHeardFromMachine(Fact):
    """An automatic text was received by the customer's phone. It never keeps a promise that a person answers."""

    sentence = later("Automatic text received: “{excerpt}”")
    personal = frozenset({"excerpt"})
    message_id: int
    conversation_id: int
    excerpt: str


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Fact):
    """A text did not reach the customer, for good. Told by messaging on the carrier's word."""

    sentence = later("A text did not arrive ({why})")
    message_id: int
    conversation_id: int
    department: str
    why: str
    was_automatic: bool


@dataclass(frozen=True, kw_only=True)
class CallConnected(Fact):
    """A person spoke with the customer. Told when the call is logged."""

    sentence = later("Spoke on the phone {note}")
    personal = frozenset({"note"})
    call_id: int
    department: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CallAttempted(Fact):
    """A person called and did not reach the customer: an attempt, not contact."""

    sentence = later("Called, {outcome} {note}")
    personal = frozenset({"note"})
    call_id: int
    outcome: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomerOptedOut(Fact):
    """A number took back its consent. Told in the transaction that stored the words."""

    sentence = later("Opted out of texts: “{words}”")
    personal = frozenset({"words", "number"})
    number: str
    words: str
    department: str = ""
    maybe_meant_appointment: bool = False


@dataclass(frozen=True, kw_only=True)
class CustomerOptedIn(Fact):
    """A number gave consent again."""

    sentence = later("Allowed texts again: “{words}”")
    personal = frozenset({"words", "number"})
    number: str
    words: str


@dataclass(frozen=True, kw_only=True)
class NumberProvedWrong(Fact):
    """Whoever has this number says that they are not the customer."""

    sentence = later("The number {number} belongs to somebody else")
    personal = frozenset({"number"})
    number: str


@dataclass(frozen=True, kw_only=True)
class ConversationHandedOver(Fact):
    """Somebody else talks with the customer from now on, or nobody in particular (`to_id` None). Told by messaging.conversations."""

    sentence = later("Conversation is with {to_name}")
    conversation_id: int
    department: str
    from_id: int | None = None
    from_department: str = ""
    to_id: int | None = None
    to_name: str = ""


@dataclass(frozen=True, kw_only=True)
class ConversationPutAway(Fact):
    """Somebody put a conversation out of the inbox's lists until a time; what is promised stays. Told by messaging.put_away."""

    sentence = later("Conversation put away until {until_words}")
    conversation_id: int
    department: str
    until_iso: str
    until_words: str


@dataclass(frozen=True, kw_only=True)
class ConversationBroughtBack(Fact):
    """Somebody took a conversation back into the lists before its time. Told by messaging.put_away."""

    sentence = later("Conversation brought back")
    conversation_id: int
    department: str
