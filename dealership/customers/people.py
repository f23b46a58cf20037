"""The person of record: whose customer somebody is, per department."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.customers.models import Customer, CustomerPerson
from dealership.staff.models import StaffMember


class OtherStore(ValueError):
    """The person works at another store than the customer's."""


def _other_store(staff: StaffMember, customer: Customer) -> OtherStore:
    said = _("%(name)s does not work at the store of %(customer)s.")
    return OtherStore(said % {"name": staff.name, "customer": customer.full_name})


@transaction.atomic
def set_person(customer: Customer, department: str, staff: StaffMember, *, now: datetime) -> CustomerPerson:
    """This customer is this person's in that department from now on; whose they were before is kept in words.

    The same person again changes nothing. Raises OtherStore.
    """
    if staff.store_id != customer.store_id:
        raise _other_store(staff, customer)
    # The customer's row is the turnstile: two at once write one after the other.
    Customer.objects.of_store(customer.store_id).select_for_update(no_key=True).get(pk=customer.pk)
    current = (
        CustomerPerson.objects.of_store(customer.store_id)
        .filter(customer=customer, department=department)
        .select_related("staff")
        .first()
    )
    if current is None:
        return CustomerPerson.objects.create(
            store_id=customer.store_id, customer=customer, department=department, staff=staff, since=now
        )
    if current.staff_id != staff.pk:
        current.before = current.staff.name
        current.staff, current.since = staff, now
        current.save(update_fields=["staff", "since", "before"])
    return current


@transaction.atomic
def set_persons(department: str, wanted: Sequence[tuple[Customer, StaffMember, datetime]]) -> None:
    """As `set_person` for many, each customer once, with the time of each. Raises OtherStore."""
    keys = [customer.pk for customer, *__ in wanted]
    why = "customers of a batch of several stores"
    # In the order of their keys: two batches cannot deadlock.
    list(
        Customer.objects.across_stores(why)
        .select_for_update(no_key=True)
        .filter(pk__in=keys)
        .order_by("pk")
        .values_list("pk")
    )
    known = set(
        CustomerPerson.objects.across_stores(why)
        .filter(customer_id__in=keys, department=department)
        .values_list("customer_id", flat=True)
    )
    rows = []
    for customer, staff, at in wanted:
        if staff.store_id != customer.store_id:
            raise _other_store(staff, customer)
        if customer.pk in known:
            set_person(customer, department, staff, now=at)
        else:
            rows.append(
                CustomerPerson(
                    store_id=customer.store_id,
                    customer=customer,
                    department=department,
                    staff=staff,
                    since=at,
                )
            )
    CustomerPerson.objects.bulk_create(rows)


def person_of(customer: Customer, department: str) -> StaffMember | None:
    """Whose customer this is in the department, if they still work here."""
    row = (
        CustomerPerson.objects.of_store(customer.store_id)
        .filter(customer=customer, department=department, staff__is_active=True)
        .select_related("staff")
        .first()
    )
    return row.staff if row else None
