"""What is known of a number as such: whether it can take texts, and whom it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from dealership.customers import contact_points, matching, merging, phones
from dealership.customers.models import ContactPoint, Customer
from dealership.messaging.models import Conversation
from dealership.scope import ScopedQuerySet

#: Carrier errors that say something lasting about the number, and what we note (twilio.com/docs/api/errors).
TROUBLES = {
    "21211": "not a phone number",
    "21614": "cannot take texts",
    "30004": "blocks our texts",
    "30005": "not in service",
    "30006": "landline",
}
BLOCKED = "blocks our texts"
WRONG = "wrong number"


def best_of(customer: Customer) -> str:
    """The phone to text: living, without trouble, primary first; "" where there is none."""
    point = contact_points.best_phone(
        ContactPoint.objects.of_store(customer.store_id).filter(customer=customer)
    )
    return point.value if point else ""


def owner_of(store_id: int, number: str, *, now: datetime) -> Customer:
    """The customer who has this number; somebody without a name, known by the number alone, where it is new."""
    known = contact_points.holder_of(store_id, ContactPoint.Kind.PHONE, number)
    if known is not None:
        return merging.living(known)
    given_up = ContactPoint.objects.of_store(store_id).filter(kind=ContactPoint.Kind.PHONE, value=number)
    talk = (
        Conversation.objects.of_store(store_id).filter(their_number=number).select_related("customer").first()
    )
    if talk is not None and not given_up.exists():
        return merging.living(talk.customer)  # a short code: no phone that a customer could have
    customer, _ = matching.find_or_create(
        store_id=store_id, full=spoken(number), phones=[("cell", number)], now=now
    )
    return customer


def troubles(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The troubles noted for these (store, number) pairs; absent where there is none."""
    wanted = set(keys)
    rows = ContactPoint.objects.across_stores("a batch of messages of several stores").filter(
        store_id__in={store for store, _ in wanted},
        kind=ContactPoint.Kind.PHONE,
        value__in={number for _, number in wanted},
        is_living=True,
    )
    found = {(row.store_id, row.value): row.trouble for row in rows.exclude(trouble="")}
    return {key: trouble for key, trouble in found.items() if key in wanted}


def out_of_reach(number: str) -> str:
    """Why nothing is texted to such a number; "" where it may be.

    Whoever can make a store text numbers of their choice is paid for it by dear numbers and far countries (toll fraud), so the
    operator names the countries (`TEXT_COUNTRIES`).
    """
    if phones.costs_extra(number):
        return "texts to this number cost extra"
    country = phones.country_of(number)
    if not country or country in settings.TEXT_COUNTRIES:
        return ""
    return f"it is a number of another country ({country}), and the store texts {', '.join(settings.TEXT_COUNTRIES)} only"


def note_trouble(store_id: int, number: str, code: str) -> None:
    """Notes what a carrier's error says about the number; codes that say nothing lasting are passed over."""
    if trouble := TROUBLES.get(code):
        _living(store_id, number).update(trouble=trouble)


def clear_trouble(store_id: int, number: str) -> None:
    """It wrote to us or took a text: whatever was noted is no longer so."""
    _living(store_id, number).exclude(trouble="").update(trouble="")


def give_up(store_id: int, number: str) -> None:
    """It belongs to somebody else: the customer no longer has it, and whoever writes from it next is a new person."""
    _living(store_id, number).update(is_living=False, is_primary=False, trouble=WRONG)


def spoken(number: str) -> str:
    """A number as people read it: "(973) 555-0100"; foreign ones as they are."""
    digits = number.removeprefix("+1")
    if len(digits) == 10 and digits.isdigit():
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return number


def _living(store_id: int, number: str) -> ScopedQuerySet[ContactPoint]:
    return ContactPoint.objects.of_store(store_id).filter(
        kind=ContactPoint.Kind.PHONE, value=number, is_living=True
    )
