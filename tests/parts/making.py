"""Requests made without a page, at any point of their life."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from dealership.customers.models import Customer
from parts import requests, special_orders
from parts.models import KnownRO, PartsRequest
from tests.cast import MONDAY_TEN, Cast, make_customer

THURSDAY = date(2026, 11, 26)
LATER = MONDAY_TEN + timedelta(minutes=5)


def marlene(cast: Cast) -> Customer:
    """A customer of Northside."""
    return make_customer(cast.northside, "Marlene Price", "+19735550142")


def known_ro(cast: Cast, number: str = "048213", **more: Any) -> KnownRO:
    """An RO of which parts has heard."""
    values = {"advisor": cast.ana, "state_at": MONDAY_TEN, "told_at": MONDAY_TEN, **more}
    return KnownRO.objects.create(store=cast.northside, ro_number=number, **values)


def asked(cast: Cast, **more: Any) -> PartsRequest:
    """Ana asks for a rear caliper."""
    values = {"description": "Rear caliper", "part_number": "43018-TBA", "by": cast.ana, **more}
    return requests.ask(store_id=cast.northside.pk, key=uuid4(), now=MONDAY_TEN, **values)


def in_state(cast: Cast, state: str, **more: Any) -> PartsRequest:
    """A request that stands there."""
    part, pete, now = asked(cast, **more), cast.pete, MONDAY_TEN
    if state == "requested":
        return part
    if state == "cancelled":
        return requests.cancel(part, why="x", by=pete, now=now)
    requests.quote(part, price_cents=8450, in_stock=False, by=pete, now=now)
    if state == "approved":
        requests.approve(part, by=cast.ana, now=now)
    if state in ("quoted", "approved"):
        return PartsRequest.objects.of_store(part.store_id).get(pk=part.pk)
    special_orders.order(part, source="Honda", eta_date=THURSDAY, by=pete, now=now)
    if state == "backordered":
        special_orders.change_eta(part, reason="backordered", eta_date=None, by=pete, now=now)
    elif state == "shipped":
        special_orders.ship(part, by=pete, now=now)
    elif state in ("received", "installed", "returned"):
        special_orders.receive(part, n=part.quantity, had=0, bin="A3", by=pete, now=now)
    if state == "installed":
        requests.install(part, by=cast.ana, now=now)
    elif state == "returned":
        special_orders.give_back(part, outcome="returned", why="x", by=pete, now=now)
    return PartsRequest.objects.of_store(part.store_id).get(pk=part.pk)
