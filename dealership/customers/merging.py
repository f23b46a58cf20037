"""Two rows that are one person. A merge is a pointer: nothing moves, so undoing it loses nothing, and opt-outs hold because they are per number."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dealership.customers import names
from dealership.customers.models import Customer, Merge, PossibleTwin, SearchEntry
from dealership.customers.retold import retold
from dealership.events import bus
from dealership.events.catalogue.customers import CustomersMerged, CustomersSeparated
from dealership.staff.models import StaffMember

#: So many are looked at once; who else there is comes when these are settled.
MOST_TWINS = 20


class CannotMerge(Exception):
    """These two cannot become one; the message says why."""


class CannotUndo(Exception):
    """The merge cannot be undone; the message says why."""


def living(customer: Customer) -> Customer:
    """The customer whom this row stands for now: itself, or whoever it was merged into."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def family(customer: Customer) -> list[int]:
    """Keys of this customer and of every row merged into them: whose facts, cars and numbers are theirs. One query per level."""
    found = [customer.pk]
    level = [customer.pk]
    while level:
        level = list(
            Customer.objects.of_store(customer.store_id)
            .filter(merged_into__in=level)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        found += level
    return found


def winners(customers: Collection[tuple[int, int]]) -> dict[int, int]:
    """Of these living customers, by (store, key), every row that stands for them: {its key: the living one's}. One query per level."""
    found = {pk: pk for _, pk in customers}
    level = dict(found)
    while level:
        rows = (
            Customer.objects.across_stores("customers of a batch of several stores")
            .filter(store_id__in={store_id for store_id, _ in customers}, merged_into__in=level)
            .values_list("pk", "merged_into")
        )
        level = {pk: found[into] for pk, into in rows if into is not None}
        found |= level
    return found


@transaction.atomic
def merge(*, winner: Customer, loser: Customer, by: StaffMember, now: datetime) -> Merge:
    """From now on the loser is the winner. Raises CannotMerge for one row, two stores, or a row merged already."""
    if winner.pk == loser.pk:
        raise CannotMerge(_("This is one customer, not two."))
    if not winner.store_id == loser.store_id == by.store_id:
        raise CannotMerge(_("Customers of two stores stay two."))
    rows = _locked(by, winner.pk, loser.pk)
    for row in rows.values():
        if row.merged_into_id is not None:
            raise CannotMerge(_("%(name)s has been merged already.") % {"name": row.full_name})
    first, second = rows[winner.pk], rows[loser.pk]
    second.merged_into = first
    second.save(update_fields=["merged_into"])
    done = Merge.objects.create(store_id=first.store_id, winner=first, loser=second, by=by, at=now)
    settle_twins(first, second, now=now)
    bus.publish(
        CustomersMerged(
            store_id=first.store_id,
            at=now,
            subject=f"customer:{first.pk}",
            customer_id=first.pk,
            by=by.pk,
            other_id=second.pk,
            name=second.full_name,
        )
    )
    return done


@transaction.atomic
def undo(*, merge: Merge, by: StaffMember, now: datetime) -> Customer:
    """The loser lives again with all that was theirs. Raises CannotUndo where it is undone already or its DMS number has gone to another."""
    rows = _locked(by, merge.winner_id, merge.loser_id)
    current = Merge.objects.of_store(by.store_id).select_for_update().get(pk=merge.pk)
    if current.undone_at is not None:
        raise CannotUndo(_("They are two already."))
    loser = rows[merge.loser_id]
    loser.merged_into = None
    try:
        with transaction.atomic():
            loser.save(update_fields=["merged_into"])
    except IntegrityError:
        said = _("The DMS number %(number)s belongs to another customer by now.")
        raise CannotUndo(said % {"number": loser.dms_number}) from None
    current.undone_at, current.undone_by = now, by
    current.save(update_fields=["undone_at", "undone_by"])
    bus.publish(
        CustomersSeparated(
            store_id=loser.store_id,
            at=now,
            subject=f"customer:{merge.winner_id}",
            customer_id=merge.winner_id,
            by=by.pk,
            other_id=loser.pk,
            name=loser.full_name,
        )
    )
    return loser


def suspect(one: Customer, other: Customer, *, why: str, now: datetime) -> None:
    """Notes that two rows may be one person. Noted and settled before: stays settled."""
    low, high = sorted((one, other), key=lambda customer: customer.pk)
    PossibleTwin.objects.bulk_create(
        [PossibleTwin(store_id=low.store_id, customer=low, other=high, why=why[:160], noticed_at=now)],
        ignore_conflicts=True,
    )


def settle_twins(one: Customer, other: Customer, *, now: datetime) -> None:
    """They were looked at: merged, or two persons after all. Not asked about again."""
    low, high = sorted((one.pk, other.pk))
    twins = PossibleTwin.objects.of_store(one.store_id).filter(customer=low, other=high)
    if not twins.filter(settled_at__isnull=True).update(settled_at=now) and not twins.exists():
        PossibleTwin.objects.bulk_create(
            [
                PossibleTwin(
                    store_id=one.store_id,
                    customer_id=low,
                    other_id=high,
                    why="",
                    noticed_at=now,
                    settled_at=now,
                )
            ],
            ignore_conflicts=True,
        )


def possible_twins(customer: Customer) -> list[tuple[Customer, str]]:
    """Living customers who may be the same person, with the reason: noticed by a source, or of the same name. Three queries, `MOST_TWINS` rows."""
    pairs = (
        PossibleTwin.objects.of_store(customer.store_id)
        .filter(Q(customer=customer) | Q(other=customer))
        .select_related("customer", "other")
    )
    found: dict[int, tuple[Customer, str]] = {}
    settled: set[int] = set()
    for pair in pairs:
        other = pair.other if pair.customer_id == customer.pk else pair.customer
        if pair.settled_at is not None or other.merged_into_id is not None:
            settled.add(other.pk)
        else:
            found[other.pk] = (other, retold(pair.why))
    alike = SearchEntry.objects.of_store(customer.store_id).filter(
        kind="name", term=names.squeezed(customer.full_name)
    )
    namesakes = (
        Customer.objects.of_store(customer.store_id)
        .filter(pk__in=alike.values("customer"), merged_into__isnull=True)
        .exclude(pk__in=[customer.pk, *found, *settled])
        .order_by("-pk")[:MOST_TWINS]
    )
    return [*found.values(), *((other, _("Same name")) for other in namesakes)][:MOST_TWINS]


def _locked(by: StaffMember, *keys: int) -> dict[int, Customer]:
    rows = Customer.objects.of_store(by.store_id).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(no_key=True)}
