"""Segments: who is meant by a set of conditions, counted while somebody types, saved with their history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from marketing import conditions as asking
from marketing import reach
from marketing.models import Segment, SegmentVersion

#: Counted up to here while somebody types; exactly when they ask.
MOST_COUNTED = 1000
PREVIEW = 20


class NoCondition(ValueError):
    """A segment without a condition would be everybody."""


class NameTaken(ValueError):
    """Another segment of this store is called so."""


@dataclass(frozen=True)
class Size:
    """How many a segment holds, and how many of them can be reached. `is_more`: counting stopped at MOST_COUNTED."""

    n: int
    is_more: bool
    n_reached: int
    barred: dict[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """ "1000+" or the number itself."""
        return f"{MOST_COUNTED}+" if self.is_more else f"{self.n:,}"

    @property
    def exclusions(self) -> list[tuple[str, int]]:
        """Why people are left out, and how many: all reasons, also those that nobody has."""
        return [(words, self.barred.get(why, 0)) for why, words in reach.BARRED.items()]


def people(
    conditions: Sequence[Mapping[str, Any]], *, match: str, store_id: int, now: datetime
) -> ScopedQuerySet[Any]:
    """The customers whom these conditions mean, each with `barred`. One query when it is asked. Raises BadCondition, NoCondition."""
    if not conditions:
        raise NoCondition(_("Choose at least one condition: without any it would be everybody."))
    which = asking.compile_all(conditions, match=match, store_id=store_id, now=now)
    rows = reach.customers(store_id).filter(which)
    return reach.with_reasons(rows, store_id=store_id, now=now)


def size(rows: ScopedQuerySet[Any], *, exact: bool = False) -> Size:
    """How many, and why some get nothing. One query."""
    why = rows.order_by().values_list("barred", flat=True)
    found = list(why if exact else why[: MOST_COUNTED + 1])
    is_more = not exact and len(found) > MOST_COUNTED
    counted = Counter(found[:MOST_COUNTED] if is_more else found)
    n_reached = counted.pop("", 0)
    return Size(sum(counted.values()) + n_reached, is_more, n_reached, dict(counted))


def preview(rows: ScopedQuerySet[Any]) -> list[dict[str, Any]]:
    """The first of them by name, with why one gets nothing. One query."""
    columns = ("pk", "full_name", "city", "state", "language", "number", "barred")
    return [
        {**row, "why": reach.BARRED.get(row["barred"], "")}
        for row in rows.order_by("last_name", "first_name", "pk").values(*columns)[:PREVIEW]
    ]


@transaction.atomic
def save(
    *,
    store_id: int,
    segment: Segment | None,
    name: str,
    match: str,
    conditions: Sequence[Mapping[str, Any]],
    by: StaffMember,
    now: datetime,
) -> Segment:
    """Makes a segment or changes one; how it stood before is kept. Raises NoCondition, BadCondition, NameTaken."""
    if not conditions:
        raise NoCondition(_("Choose at least one condition: without any it would be everybody."))
    asking.words(conditions)
    wanted = {"name": name.strip(), "match": match, "conditions": [dict(one) for one in conditions]}
    current = _locked(segment) if segment else Segment(store_id=store_id)
    if segment and all(getattr(current, field_name) == value for field_name, value in wanted.items()):
        return current
    vars(current).update(wanted)
    current.changed_by, current.changed_at = by, now
    try:
        with transaction.atomic():
            current.save()
    except IntegrityError as error:
        said = _("There is a segment “%(name)s” already. Give this one another name.")
        raise NameTaken(said % {"name": name}) from error
    SegmentVersion.objects.create(store_id=store_id, segment=current, by=by, at=now, **wanted)
    live.bump(store_id, "marketing")
    return current


def _locked(segment: Segment) -> Segment:
    return Segment.objects.of_store(segment.store_id).select_for_update(of=("self",)).get(pk=segment.pk)
