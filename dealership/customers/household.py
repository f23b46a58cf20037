"""Who lives together: proposed by rule, said by a person, told on each one's page.

A person's word is about two: they are of one household, or they are not. A household is whoever hangs together by these words,
through merges as well, so that merging two rows or taking that back moves nothing here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dealership.customers import merging
from dealership.customers.models import ContactPoint, Customer, HouseholdWord
from dealership.staff.models import StaffMember

MOST = 8
#: A larger one is a firm, or a mistake: no more are looked for.
LARGEST = 24
_SHORT = {"street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
          "boulevard": "blvd", "place": "pl", "apartment": "apt", "unit": "apt", "#": "apt"}  # fmt: skip


class CannotJoin(Exception):
    """These two cannot be said to be of one household; the message says why."""


@dataclass(frozen=True)
class Owed:
    """A promise to somebody: what, until when, and its page."""

    words: str
    due_at: datetime
    url: str


#: (customer, the rows that stand for them) -> the keys of others who may live with them, with the reason.
Rule = Callable[[Customer, Collection[int]], Sequence[tuple[int, str]]]
#: (keys of customers, who asks) -> what is owed to each, the first due first.
Owing = Callable[[Collection[int], StaffMember], Mapping[int, Sequence[Owed]]]
_rules: list[Rule] = []
_owing: list[Owing] = []


def rule(function: Rule) -> Rule:
    """Registers what makes two people look like one household, in two queries at most."""
    _rules.append(function)
    return function


def tells_owed(function: Owing) -> Owing:
    """Registers who knows what is owed to customers, in one query."""
    _owing.append(function)
    return function


def owed_to(customers: Collection[Customer], staff: StaffMember) -> dict[int, list[Owed]]:
    """What is owed to each of them, by key. One query."""
    owed: dict[int, list[Owed]] = defaultdict(list)
    if customers:
        for tell in _owing:
            for key, rows in tell([customer.pk for customer in customers], staff).items():
                owed[key] += rows
    return owed


def members(customer: Customer, family: Collection[int]) -> list[Customer]:
    """The others of their household, by name. One query where they live alone, two otherwise."""
    keys = _hangs_together(customer.store_id, family)
    if keys == set(family):
        return []
    rows = Customer.objects.of_store(customer.store_id).filter(pk__in=keys, merged_into__isnull=True)
    return list(rows.exclude(pk__in=family).order_by("full_name", "pk"))


def proposed(
    customer: Customer, family: Collection[int], already: Collection[Customer]
) -> list[tuple[Customer, str]]:
    """Others who may live with them, with the reasons; not those who do, nor those of whom a person said that they do not."""
    why: dict[int, list[str]] = defaultdict(list)
    for propose in _rules:
        for key, reason in propose(customer, family):
            if reason not in why[key]:
                why[key].append(reason)
    if not why:
        return []
    here = Customer.objects.of_store(customer.store_id)
    rows = (
        here.filter(pk__in=list(why)[:LARGEST])
        .exclude(pk__in=here.filter(_parted(family)).values("pk"))
        .select_related("merged_into__merged_into")
    )
    known = {row.pk for row in already} | set(family)
    found: dict[int, tuple[Customer, list[str]]] = {}
    for row in rows:
        living = merging.living(row)
        if not known & {row.pk, living.pk}:
            found.setdefault(living.pk, (living, []))[1].extend(why[row.pk])
    return [(who, ", ".join(dict.fromkeys(reasons))) for who, reasons in list(found.values())[:MOST]]


@transaction.atomic
def join(*, customer: Customer, other: Customer, by: StaffMember, now: datetime) -> None:
    """They live together, and with whoever lives with either. Raises CannotJoin."""
    one, two = _both(customer, other, by)
    _say([(one.pk, two.pk)], is_together=True, by=by, now=now)


@transaction.atomic
def part(*, customer: Customer, other: Customer, by: StaffMember, now: datetime) -> None:
    """The other does not live with them, nor with those who do; these stay together. Not proposed again. Raises CannotJoin."""
    one, two = _both(customer, other, by)
    staying = [one.pk, *(row.pk for row in members(one, merging.family(one)) if row.pk != two.pk)]
    _say(list(pairwise(staying)), is_together=True, by=by, now=now)
    # Whatever joined them, said of any row that stands for either, is no longer so.
    theirs = merging.family(two)
    joined = HouseholdWord.objects.of_store(one.store_id).filter(
        Q(customer__in=theirs) | Q(other__in=theirs), is_together=True
    )
    joined = joined.exclude(customer__in=theirs, other__in=theirs)
    joined.update(is_together=False, by=by, at=now)
    _say([(key, two.pk) for key in staying], is_together=False, by=by, now=now)


def _both(customer: Customer, other: Customer, by: StaffMember) -> tuple[Customer, Customer]:
    """As they stand now: whoever was merged away is whom they were merged into."""
    if not customer.store_id == other.store_id == by.store_id:
        raise CannotJoin(_("Customers of two stores are no household here."))
    here = Customer.objects.of_store(by.store_id).select_related("merged_into__merged_into")
    one, two = merging.living(here.get(pk=customer.pk)), merging.living(here.get(pk=other.pk))
    if one.pk == two.pk:
        raise CannotJoin(_("This is one customer, not two."))
    return one, two


def _say(pairs: Sequence[tuple[int, int]], *, is_together: bool, by: StaffMember, now: datetime) -> None:
    """One word a pair, the later over the earlier; in the order of their keys, so that two at once cannot deadlock."""
    HouseholdWord.objects.bulk_create(
        [
            HouseholdWord(
                store_id=by.store_id, customer_id=low, other_id=high, is_together=is_together, by=by, at=now
            )
            for low, high in sorted({(min(pair), max(pair)) for pair in pairs})
        ],
        update_conflicts=True,
        unique_fields=["customer", "other"],
        update_fields=["is_together", "by", "at"],
    )


_HANGS_TOGETHER = """
WITH RECURSIVE kin(id) AS (
    SELECT unnest(%(keys)s::bigint[])
    UNION
    SELECT near.id FROM kin, LATERAL (
        SELECT other_id AS id FROM customers_householdword
        WHERE store_id = %(store)s AND customer_id = kin.id AND is_together
        UNION ALL SELECT customer_id FROM customers_householdword
        WHERE store_id = %(store)s AND other_id = kin.id AND is_together
        UNION ALL SELECT id FROM customers_customer WHERE store_id = %(store)s AND merged_into_id = kin.id
        UNION ALL SELECT merged_into_id FROM customers_customer
        WHERE store_id = %(store)s AND id = kin.id AND merged_into_id IS NOT NULL
    ) near
) SELECT id FROM kin LIMIT %(most)s
"""


def _hangs_together(store_id: int, keys: Collection[int]) -> set[int]:
    """These rows and all that hang together with them, by a word or by a merge. One query, however far it goes."""
    asked: dict[str, Any] = {"keys": list(keys), "store": store_id, "most": len(keys) + LARGEST}
    with connection.cursor() as cursor:
        cursor.execute(_HANGS_TOGETHER, asked)
        return {key for (key,) in cursor.fetchall()}


def _parted(family: Collection[int]) -> Q:
    """Those of whom a person said that they do not live with these."""
    said = Q(household_words__is_together=False, household_words__other__in=family)
    return said | Q(household_words_of__is_together=False, household_words_of__customer__in=family)


# --- what makes two look like one household ------------------------------------------------------------------------------


@rule
def same_address(customer: Customer, family: Collection[int]) -> list[tuple[int, str]]:
    """The same house in the same ZIP, however the street is written."""
    number, __, street = customer.street.partition(" ")
    if not (number and street and customer.postal_code):
        return []
    neighbours = (
        Customer.objects.of_store(customer.store_id)
        .filter(postal_code=customer.postal_code, street__startswith=f"{number} ", is_business=False)
        .exclude(street="")
        .exclude(pk__in=family)
        .values_list("pk", "street")[:LARGEST]
    )
    here = plain(customer.street)
    return [(key, _("same address")) for key, street in neighbours if plain(street) == here]


@rule
def same_phone(customer: Customer, family: Collection[int]) -> list[tuple[int, str]]:
    """A phone that one of them has and the other named as well. What proved wrong or was given up says nothing."""
    said = Q(is_living=True) | Q(trouble__startswith="shared with")
    points = ContactPoint.objects.of_store(customer.store_id).filter(said, kind=ContactPoint.Kind.PHONE)
    mine = points.filter(customer_id__in=family)
    theirs = points.filter(tail__in=mine.values("tail"), value__in=mine.values("value"))
    theirs = theirs.exclude(customer_id__in=family)
    return [(key, _("same phone")) for key in theirs.values_list("customer_id", flat=True)[:LARGEST]]


def plain(street: str) -> str:
    """A street as it is compared: lower case, no marks, "st" for "street"."""
    words = re.findall(r"[a-z0-9]+|#", street.lower())
    return " ".join(_SHORT.get(word, word) for word in words)
