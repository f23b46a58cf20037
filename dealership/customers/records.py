"""What a person changes about a customer by hand: the name, the address, the language; and the way back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.customers import search
from dealership.customers.models import Customer
from dealership.staff.models import StaffMember

NAME = ("first_name", "last_name", "full_name")
ADDRESS = ("street", "city", "state", "postal_code")
FIELDS = (*NAME, *ADDRESS, "language")


class ChangedSince(Exception):
    """Somebody has changed it meanwhile: what they wrote stands."""


@transaction.atomic
def change(
    *, customer: Customer, told: Mapping[str, str], by: StaffMember, still: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Writes these of FIELDS and returns what stood there before; a new name is also found.

    With `still` only where that is what stands there now. Raises ChangedSince.
    """
    current = Customer.objects.of_store(by.store_id).select_for_update(no_key=True).get(pk=customer.pk)
    if any(getattr(current, name) != value for name, value in (still or {}).items()):
        raise ChangedSince(_("%(name)s has been changed since by a colleague.") % {"name": current.full_name})
    before = {name: getattr(current, name) for name in FIELDS if name in told}
    for name in before:
        setattr(current, name, told[name].upper() if name == "state" else told[name])
    current.save(update_fields=list(before))
    if "full_name" in before:
        search.reindex(current, "name", current.full_name)
    return before
