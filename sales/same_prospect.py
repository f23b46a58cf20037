"""Was this prospect here before? Its lead is found by the id that its sender gave it, else by customer, car and time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection

from dealership.customers import matching, merging, names
from dealership.customers.models import ContactPoint, Customer
from sales import reading
from sales.adf.lead import AdfProspect
from sales.models import CLOSED, Lead

#: A prospect without an id is the one of before if it asks about the same car within this time,
SAME_WITHIN = timedelta(hours=24)
#: or within this, where its sender says that it is sent again.
RESENT_WITHIN = timedelta(days=30)
#: The columns that say which car it is.
CAR = ("year", "make", "model", "trim", "vin", "stock_number", "condition")
_LOCK = 7103


def find(
    store_id: int, prospect: AdfProspect, values: Mapping[str, str], *, now: datetime
) -> tuple[Customer, Lead | None, str]:
    """Who asks, found or made; their lead, locked, if it was here before; and the key of a new one, if it has one.

    `values` are the prospect's columns. Call in a transaction: the same prospect twice at once waits for its first self.
    """
    key = reading.external_key(prospect)
    _take_turns(store_id, key)
    customer, known, key = _whose(store_id, prospect, _by_key(store_id, key), key, now)
    if known is None and not key:
        known = _just_before(store_id, customer, prospect, values, now)
    return customer, known, key


def _take_turns(store_id: int, key: str) -> None:
    # The same id twice at once: the second waits for the first, and then finds its lead.
    if key:
        digest = hashlib.blake2b(f"{store_id}|{key}".encode(), digest_size=4).digest()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, int.from_bytes(digest, signed=True)]
            )


def _by_key(store_id: int, key: str) -> Lead | None:
    if not key:
        return None
    return (
        Lead.objects.of_store(store_id)
        .select_for_update(of=("self",), no_key=True)
        .select_related("customer__merged_into__merged_into")
        .filter(external_key=key)
        .first()
    )


def _whose(
    store_id: int, prospect: AdfProspect, known: Lead | None, key: str, now: datetime
) -> tuple[Customer, Lead | None, str]:
    """The customer; the lead, if it is theirs; and the key that is theirs.

    Some senders use one id for everybody. Another person under a known id is another prospect, and not lost in the first.
    """
    who = reading.person(prospect)
    alike = known is not None and _alike(known.customer.full_name, who["full"])
    if known is not None and alike:
        points = known.customer.contact_points.filter(is_living=True)
        for point in points:
            if point.kind == ContactPoint.Kind.PHONE:
                who["phones"].append((point.label, point.value))
            else:
                who["emails"].append(point.value)
    language = reading.language(prospect.comments)
    customer, _ = matching.find_or_create(store_id=store_id, **who, language=language, now=now)
    if known is None or alike or merging.living(known.customer).pk == customer.pk:
        return customer, known, key
    own_key = f"{key}|{customer.pk}"
    return customer, _by_key(store_id, own_key), own_key


def _alike(one: str, other: str) -> bool:
    return names.similarity(one, other) >= names.ALIKE


def _just_before(
    store_id: int, customer: Customer, prospect: AdfProspect, values: Mapping[str, str], now: datetime
) -> Lead | None:
    # The customer's row is the turnstile: the same form sent twice at once waits here, and then finds its first self.
    Customer.objects.of_store(store_id).select_for_update(no_key=True).get(pk=customer.pk)
    within = RESENT_WITHIN if prospect.status == "resend" else SAME_WITHIN
    recent = (
        Lead.objects.of_store(store_id)
        .select_for_update(of=("self",), no_key=True)
        .select_related("customer__merged_into__merged_into")
        # Both ways: whoever won the race may have read the clock a moment later.
        .filter(
            customer__in=merging.family(customer),
            received_at__gt=now - within,
            received_at__lt=now + within,
        )
        .exclude(state__in=CLOSED)
        .order_by("-received_at")[:10]
    )
    return next((lead for lead in recent if reading.same_car(car_of(lead), values)), None)


def car_of(lead: Lead) -> dict[str, str]:
    """The car that a lead is about, as `reading.same_car` compares it."""
    return {name: getattr(lead, name) for name in CAR}
