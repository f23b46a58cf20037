"""What a person changes about a customer by hand: the name, the address, the language."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from dealership.customers import search
from dealership.customers.models import Customer
from dealership.staff.models import StaffMember

_FIELDS = ("street", "city", "state", "postal_code", "language")


@transaction.atomic
def rename(
    *, customer: Customer, first: str, last: str, told: Mapping[str, str], by: StaffMember
) -> Customer:
    """The customer is called so from now on and found so; `told` has the address and the language."""
    current = Customer.objects.of_store(by.store_id).select_for_update(no_key=True).get(pk=customer.pk)
    current.first_name, current.last_name = first, last
    current.full_name = f"{first} {last}".strip()
    for name in _FIELDS:
        setattr(current, name, told.get(name, ""))
    current.state = current.state.upper()
    current.save(update_fields=["first_name", "last_name", "full_name", *_FIELDS])
    search.reindex(current, "name", current.full_name)
    return current
