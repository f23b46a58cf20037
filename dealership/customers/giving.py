"""Many customers get another person of record at once, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dealership.customers.models import Customer, CustomerPerson
from dealership.customers.people import OtherStore
from dealership.language import in_english
from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from dealership.stores.models import Department

GIVE = "customers.give"
#: A customer, whose they were (None: nobody's), since when, and whose before that.
Was = list[Any]


@transaction.atomic
def give(
    *, keys: Collection[int], department: Department, to: StaffMember, by: StaffMember, now: datetime
) -> BulkAct:
    """These customers are this colleague's in that department, as `set_many` says; noted. Raises OtherStore."""
    before = set_many(store_id=by.store_id, keys=keys, department=department, to=to, now=now)
    count = f"{len(before):,} customer{'' if len(before) == 1 else 's'}"
    says = f"{count} given to {to.name} in {in_english(department.label)}"
    kept = {"department": department.value, "to": to.pk, "rows": before}
    return bulk.note(act=GIVE, says=says, n=len(before), before=kept, by=by, now=now)


@bulk.undoes(GIVE)
def take_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Whoever is still the colleague's goes back to whose they were; who has moved on since stays there."""
    return put_back(
        store_id=act.store_id,
        department=act.before["department"],
        to_id=act.before["to"],
        rows=act.before["rows"],
        given_at=act.at,
    )


def set_many(
    *, store_id: int, keys: Collection[int], department: Department, to: StaffMember, now: datetime
) -> list[Was]:
    """As `people.set_person` for many, in a handful of statements; whose they were. Who has them already keeps them as they are.

    Call in a transaction. Raises OtherStore.
    """
    colleague = (
        StaffMember.objects.of_store(store_id)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=to.pk, is_active=True)
        .first()
    )
    if colleague is None:
        raise OtherStore(_("%(name)s does not work at this store now.") % {"name": to.name})
    wanted = _turnstile(store_id, keys)
    known = {row.customer_id: row for row in _rows(store_id, wanted, department)}
    moved = [row for row in known.values() if row.staff_id != to.pk]
    fresh = [key for key in wanted if key not in known]
    was: dict[str, list[int]] = defaultdict(list)
    for row in moved:
        was[row.staff.name].append(row.customer_id)
    for name, theirs in was.items():
        _rows(store_id, theirs, department).update(staff=to, since=now, before=name[:120])
    CustomerPerson.objects.bulk_create(
        CustomerPerson(store_id=store_id, customer_id=key, department=department, staff=to, since=now)
        for key in fresh
    )
    before: list[Was] = [[row.customer_id, row.staff_id, row.since.isoformat(), row.before] for row in moved]
    return before + [[key, None, "", ""] for key in fresh]


def put_back(*, store_id: int, department: str, to_id: int, rows: Sequence[Was], given_at: datetime) -> int:
    """Whoever `set_many` gave then and is still there goes back, if whose they were still works here; the number of them.

    Call in a transaction.
    """
    was = {key: rest for key, *rest in rows}
    people = set(
        StaffMember.objects.of_store(store_id)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in={rest[0] for rest in was.values() if rest[0]}, is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    _turnstile(store_id, was)
    back, gone = [], []
    for row in _rows(store_id, was, department).filter(staff_id=to_id, since=given_at):
        staff_id, since, before = was[row.customer_id]
        if staff_id is None:
            gone.append(row.pk)
        elif staff_id in people:
            row.staff_id, row.since, row.before = staff_id, datetime.fromisoformat(since), before
            back.append(row)
    CustomerPerson.objects.bulk_update(back, ["staff", "since", "before"], batch_size=500)
    CustomerPerson.objects.of_store(store_id).filter(pk__in=gone).delete()
    return len(back) + len(gone)


def _turnstile(store_id: int, keys: Collection[int]) -> list[int]:
    """The living among them, each held as `people.set_person` holds it, in the order of their keys."""
    rows = Customer.objects.of_store(store_id).filter(pk__in=list(keys), merged_into__isnull=True)
    return list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _rows(store_id: int, keys: Collection[int], department: str) -> QuerySet[CustomerPerson]:
    rows = CustomerPerson.objects.of_store(store_id).filter(customer_id__in=list(keys), department=department)
    return rows.select_related("staff")
