"""Who had the same car: a sign that two people live together, where it did not go through our stock between them."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from dealership.customers import household
from dealership.customers.models import Customer
from dealership.vehicles.models import Ownership


@household.rule
def same_car(customer: Customer, family: Collection[int]) -> list[tuple[int, str]]:
    """The car that they have, or had, is known as somebody else's as well. One query."""
    owned = Ownership.objects.of_store(customer.store_id)
    cars = owned.filter(customer_id__in=family, vehicle__stock_number="").values("vehicle")
    others = owned.filter(vehicle__in=cars, customer__is_business=False).exclude(customer_id__in=family)
    rows = others.select_related("vehicle").order_by("pk")[: household.LARGEST]
    return [
        (row.customer_id, _("same car, %(car)s") % {"car": row.vehicle.label or row.vehicle.vin})
        for row in rows
    ]
