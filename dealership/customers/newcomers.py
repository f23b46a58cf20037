"""Many people at once who were not here before: a first load of the DMS, a campaign's list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from dealership.customers import matching, search
from dealership.customers.matching import Told
from dealership.customers.models import ContactPoint, Customer


def make_many(many: Sequence[Told], *, now: datetime) -> dict[int, Customer]:
    """Makes those of whom nothing at all is known here, by their position; the others are for `find`.

    Who shares a phone, an e-mail or a DMS number with another of these is left out too. Two looks and three writes for any
    number; where somebody else makes one of them at the same moment, none is made.
    """
    taken = _taken(many)
    counts = Counter(mark for told in many for mark in _marks(told))
    fresh = {
        position: told
        for position, told in enumerate(many)
        if _marks(told) and all(counts[mark] == 1 and mark not in taken for mark in _marks(told))
    }
    made = {position: matching.new_row(told, now) for position, told in fresh.items()}
    try:
        with transaction.atomic():
            Customer.objects.bulk_create(made.values())
            points = [
                row for at, told in fresh.items() for row in matching.new_points(made[at], told, {}, now)
            ]
            # In one order: two batches with the same people cannot deadlock.
            ContactPoint.objects.bulk_create(
                sorted(points, key=lambda row: (row.store_id, row.kind, row.value))
            )
    except IntegrityError:
        return {}
    search.write([entry for at, told in fresh.items() for entry in matching.new_entries(made[at], told)])
    return made


def _marks(told: Told) -> list[tuple[int, str, str]]:
    """What nobody else may have, by store: the DMS number, phones and e-mails."""
    numbers = [("", told.dms_number)] if told.dms_number else []
    return [(told.store_id, kind, value) for kind, value in [*numbers, *told.points]]


def _taken(many: Sequence[Told]) -> set[tuple[int, str, str]]:
    why = "a batch of several stores"
    stores = {told.store_id for told in many}
    numbers = Customer.objects.across_stores(why).filter(
        store_id__in=stores, dms_number__in={told.dms_number for told in many if told.dms_number}
    )
    points = ContactPoint.objects.across_stores(why).filter(
        store_id__in=stores, is_living=True, value__in={value for told in many for _, value in told.points}
    )
    return {
        (store_id, "", number) for store_id, number in numbers.values_list("store_id", "dms_number")
    } | set(points.values_list("store_id", "kind", "value"))
