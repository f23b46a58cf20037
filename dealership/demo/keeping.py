"""How people keep what they owe: departments register, by the rule's key, what a person does to keep it.

    @keeping.keeps("answer_lead")
    def answer_lead(on, owed): ...      a sentence; "" where it did not work this time: it is tried again

Whoever stands above (`tasks.demo`) knows the promises, draws when each is seen to, and calls these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dealership.customers.models import Customer
from dealership.demo.stage import OURS, Stage
from dealership.messaging import calls, numbers, outbox
from dealership.messaging.models import Call, Purpose
from dealership.staff.models import StaffMember
from dealership.stores.models import Department


@dataclass(frozen=True)
class Owed:
    """A promise as whoever keeps it sees it."""

    pk: int
    rule: str
    subject: str
    about: str
    department: str
    detail: str
    customer: Customer | None
    owner: StaffMember

    @property
    def number(self) -> str:
        """The number within the subject: "48213" of "ro:48213"."""
        return self.subject.partition(":")[2]


Keeper = Callable[[Stage, Owed], str]
_keepers: dict[str, Keeper] = {}

#: What a person writes, by language.
ANSWERS = {
    "en": (
        "Hi {first}, this is {person}. Good question, I have just looked it up for you. When can I call you for two minutes?",
        "Hello {first}, {person} here. Yes, that works. Is the afternoon good for you?",
        "Hi {first}, {person} at your service. I have it in front of me: shall I keep a time for you tomorrow?",
    ),
    "es": (
        "Hola {first}, soy {person}. Ya lo revisé. ¿A qué hora le puedo llamar?",
        "Hola {first}, le escribe {person}. Sí, se puede. ¿Le conviene por la tarde?",
    ),
}
NOTES = (
    "Spoke for five minutes, all clear.",
    "Comes on Saturday with his wife.",
    "Wants to think it over, call again on Friday.",
    "Asked about the payment, sent to the desk.",
    "Was driving, kept it short. Good with everything.",
    "Happy that somebody called.",
    "Price is fine, needs a ride home.",
)


def keeps(*rules: str) -> Callable[[Keeper], Keeper]:
    """Registers what a person does to keep promises of these rules."""

    def register(function: Keeper) -> Keeper:
        for rule in rules:
            _keepers[rule] = function
        return function

    return register


def keeper_of(rule: str) -> Keeper | None:
    """What is done for this rule; None where it is kept by what happens anyway."""
    return _keepers.get(rule)


def see_to(on: Stage, owed: Owed) -> str:
    """Its owner does what keeps it; "" where nobody could, or the product refused."""
    keeper = _keepers.get(owed.rule)
    if keeper is None:
        return ""
    return refused_or(lambda: keeper(on, owed))


def refused_or(act: Callable[[], str]) -> str:
    """The words of an act, or "" where the product refuses it: the hour is taken, the car is not ready."""
    try:
        return act()
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in OURS:
            raise
        return ""


def call_them(on: Stage, owed: Owed) -> str:
    """A call: most answer, some have a voicemail."""
    return call(on, owed, answered=0.78)


def call(on: Stage, owed: Owed, *, answered: float, note: str = "") -> str:
    """Calls the customer; "" where nobody picked up."""
    if owed.customer is None:
        return ""
    outcome = Call.Outcome.CONNECTED
    if not on.chance(answered):
        outcome = on.dice.choice((Call.Outcome.VOICEMAIL, Call.Outcome.NO_ANSWER))
    calls.log(
        customer=owed.customer,
        by=owed.owner,
        outcome=outcome,
        note=(note or on.dice.choice(NOTES)) if outcome == Call.Outcome.CONNECTED else "",
        subject=owed.subject,
        department=owed.department,
        now=on.now,
    )
    if outcome != Call.Outcome.CONNECTED:
        return ""
    return f"{owed.owner.first_name} spoke with {owed.customer.full_name}."


def write(on: Stage, owed: Owed, body: str = "") -> str:
    """A text from a person; "" where it cannot be sent."""
    if owed.customer is None:
        return ""
    customer = owed.customer
    lines = ANSWERS["es" if customer.language == "es" else "en"]
    words = body or on.dice.choice(lines).format(first=customer.call_name, person=owed.owner.first_name)
    number = numbers.best_of(customer)
    if not number:
        return ""
    outbox.send(
        store_id=on.store.pk,
        customer=customer,
        body=words,
        author=owed.owner,
        purpose=Purpose.CONVERSATIONAL,
        subject=owed.subject,
        department=owed.department or Department.SALES,
        dedupe_key=f"demo:{owed.pk}:{on.now.isoformat()}",
        now=on.now,
    )
    return f"{owed.owner.first_name} wrote to {customer.full_name}."


def write_or_call(on: Stage, owed: Owed) -> str:
    """Whichever comes first to hand."""
    return write(on, owed) if on.chance(0.6) else call_them(on, owed)
