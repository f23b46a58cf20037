"""Whoever takes over a customer introduces themselves: the words are half written, a person sends them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from dealership.customers.models import Customer
from dealership.messaging import copy
from dealership.staff.models import StaffMember
from sales import deal_board

COPY = "sales/copy/introduction"


@dataclass(frozen=True)
class Introduction:
    """A text that waits for its person; `before` is whose customer they were. `key` makes pressing twice one text."""

    words: str
    language: str
    before: str
    key: str


def half_written(customer: Customer, *, by: StaffMember, now: datetime) -> Introduction | None:
    """The introduction that this person owes the customer, if they took over lately. One query."""
    row = deal_board.new_person(customer, now)
    if row is None or row.staff_id != by.pk:
        return None
    words = copy.render(
        COPY,
        customer.language,
        first=customer.call_name,
        store=customer.store.name,
        person=by.first_name,
    )
    return Introduction(words, customer.language, row.before, str(uuid.uuid4()))
