"""Answers that are often given: files of copy, filled with what is known of this customer. A person reads them and sends them.

What a text needs and nobody knows of this customer keeps it from being offered. Whoever stands above and knows more, such as
the next visit, registers with `@canned.knows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dealership.language import later
from dealership.messaging import copy, cost
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import spoken_time
from dealership.vehicles.models import Ownership

COPY = "dealership/copy"
#: Each by the name of its file, and what it is called in the list; the ones that are used most stand first.
ANSWERS = {
    "on_it": later("I look into it"),
    "call_you": later("May I call you?"),
    "call_us": later("Call us"),
    "your_visit": later("Your visit"),
    "open_until": later("We are open until…"),
    "which_car": later("Is it about your car?"),
    "photo": later("Send a photo"),
    "thanks": later("Thank you"),
}
Knowledge = Callable[[Conversation, datetime], Mapping[str, str]]
_known: list[Knowledge] = []


@dataclass(frozen=True)
class Answer:
    """One that may be given: its name, what it is called, and its words for this customer."""

    name: str
    title: str
    words: str
    size: str


def knows(function: Knowledge) -> Knowledge:
    """Registers who knows more of a conversation's customer: values of copy by name, in at most one query."""
    if function not in _known:
        _known.append(function)
    return function


def offered(conversation: Conversation, by: StaffMember, *, now: datetime) -> list[Answer]:
    """Those that can be filled for this customer, in their language. A query for the hours, one for the car, and what others ask."""
    values = _values(conversation, by, now)
    found = []
    for name, title in ANSWERS.items():
        try:
            words = copy.render(f"{COPY}/{name}", conversation.customer.language, **values)
        except copy.VariableMissing:
            continue
        found.append(Answer(name, title, words, cost.said(words)))
    return found


def words(name: str, conversation: Conversation, by: StaffMember, *, now: datetime) -> str:
    """The words of one; "" for a name that is none, or one that cannot be filled."""
    return next((one.words for one in offered(conversation, by, now=now) if one.name == name), "")


def _values(conversation: Conversation, by: StaffMember, now: datetime) -> dict[str, str]:
    customer, store = conversation.customer, conversation.store
    values = {
        "first": customer.call_name,
        "store": store.name,
        "person": by.first_name,
        "phone": _spoken(conversation.our_number),
        "time": _closing(conversation, now),
        "vehicle": _car(conversation),
    }
    for more in _known:
        values |= more(conversation, now)
    return values


def _spoken(number: str) -> str:
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}" if len(number) == 12 else number


def _closing(conversation: Conversation, now: datetime) -> str:
    """When its department closes today; "" while it is closed."""
    closes = calendars.of(conversation.store_id, conversation.department).closes_at(now)
    zone = conversation.store.tz
    if closes is None or closes.astimezone(zone).date() != now.astimezone(zone).date():
        return ""
    return spoken_time(closes.astimezone(zone).time())


def _car(conversation: Conversation) -> str:
    """The car they have, where it is only one."""
    cars = Ownership.objects.of_store(conversation.store_id).filter(
        customer=conversation.customer_id, until=None
    )
    found = list(cars.select_related("vehicle")[:2])
    return str(found[0].vehicle) if len(found) == 1 else ""
