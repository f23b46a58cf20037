"""Short words for the head of a customer's page: what may be texted to them, and what time it is where they live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from dealership.customers import contact_points, remarks
from dealership.customers.models import ContactPoint, Customer
from dealership.language import later
from dealership.messaging import consent, zones
from dealership.messaging.models import Purpose
from dealership.messaging.retold import retold
from dealership.stores.hours import spoken_time

_SPOKEN = (
    (Purpose.SERVICE, later("service yes"), later("service no")),
    (Purpose.SALES, later("sales yes"), later("sales no")),
    (Purpose.MARKETING, later("offers yes"), later("offers no")),
)


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
        return _("opted out of texts (%(words)s)") % {"words": retold(standing.opted_out_words)}
    known = {purpose: standing.of(purpose) for purpose, _yes, _no in _SPOKEN}
    # Offers need a yes of their own; of the rest only what was spoken of is said.
    said = [
        str(yes if (given := known[purpose]) is not None and given.granted else no)
        for purpose, yes, no in _SPOKEN
        if known[purpose] is not None or purpose == Purpose.MARKETING
    ]
    if not any(known.values()):
        return _("no consent for texts on record")
    return _("texts about %(what)s") % {"what": ", ".join(said)}


def _whereabouts(customer: Customer, number: str, now: datetime) -> list[str]:
    found = zones.where(customer.state, customer.postal_code, number, customer.store.tz)
    if not found.states and customer.store.tz in found.zones:
        return []
    times = sorted({spoken_time(now.astimezone(zone).time()) for zone in found.zones})
    said = {"place": "/".join(found.states), "time": _(" or ").join(times[:2])}
    if found.states:
        return [_("lives in %(place)s (%(time)s there)") % said]
    return [_("lives elsewhere (%(time)s there)") % said]
