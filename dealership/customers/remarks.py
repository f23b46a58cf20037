"""Short words about a customer in the head of their page, told by whoever stands above and knows: consent, the hour where they live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from dealership.customers.models import ContactPoint, Customer

Remark = Callable[[Customer, Sequence[ContactPoint], datetime], Sequence[str]]
_remarks: list[Remark] = []


def about_customers(remark: Remark) -> Remark:
    """Registers a function (customer, contact points, now) that answers words for the head, in at most one query."""
    _remarks.append(remark)
    return remark


def of(customer: Customer, points: Sequence[ContactPoint], *, now: datetime) -> list[str]:
    """All remarks about this customer, in the order of registration."""
    return [words for remark in _remarks for words in remark(customer, points, now)]
