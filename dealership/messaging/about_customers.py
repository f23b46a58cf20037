"""Short words for the head of a customer's page: what may be texted to them, and what time it is where they live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dealership.customers import contact_points, remarks
from dealership.customers.models import ContactPoint, Customer
from dealership.messaging import consent, zones
from dealership.messaging.models import Purpose
from dealership.stores.hours import spoken_time

_SPOKEN = ((Purpose.SERVICE, "service"), (Purpose.SALES, "sales"), (Purpose.MARKETING, "offers"))


@remarks.about_customers
def remark(customer: Customer, points: Sequence[ContactPoint], now: datetime) -> list[str]:
    """ "texts about service yes, offers no", "lives in NJ (9:58 am there)". One query where there is a phone."""
    phone = contact_points.best_phone(points)
    number = phone.value if phone else ""
    return [
        *([_consent(customer.store_id, number)] if number else []),
        *_whereabouts(customer, number, now),
    ]


def _consent(store_id: int, number: str) -> str:
    standing = consent.state(store_id, number)
    if standing.opted_out:
        return f"opted out of texts ({standing.opted_out_words})"
    known = {name: standing.of(purpose) for purpose, name in _SPOKEN}
    # Offers need a yes of their own; of the rest only what was spoken of is said.
    said = [
        f"{name} {'yes' if given is not None and given.granted else 'no'}"
        for name, given in known.items()
        if given is not None or name == "offers"
    ]
    if not any(known.values()):
        return "no consent for texts on record"
    return f"texts about {', '.join(said)}"


def _whereabouts(customer: Customer, number: str, now: datetime) -> list[str]:
    found = zones.where(customer.state, customer.postal_code, number, customer.store.tz)
    if not found.states and customer.store.tz in found.zones:
        return []
    place = f"lives in {'/'.join(found.states)}" if found.states else "lives elsewhere"
    times = sorted({spoken_time(now.astimezone(zone).time()) for zone in found.zones})
    return [f"{place} ({' or '.join(times[:2])} there)"]
