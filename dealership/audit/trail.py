"""Reads of the trail: everybody's, one record's, and whose records somebody opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Aggregate, Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from dealership.audit.models import Action, Entry
from dealership.customers import merging, timeline
from dealership.customers.models import Customer
from dealership.messaging.models import ConsentEvent
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.stores.hours import to_utc

PER_PAGE = 60
#: A file holds so many acts, the newest: who needs more asks for shorter periods.
MOST_IN_A_FILE = 20_000
#: What somebody saw or took along, and did not change.
LOOKS = (Action.SAW, Action.SEARCHED, Action.EXPORTED)


@dataclass(frozen=True)
class Asked:
    """What of the trail is asked for: days of the store, both included."""

    since: date
    until: date
    who: int | None = None
    action: str = ""
    kind: str = ""

    @property
    def address(self) -> str:
        """As the end of an address."""
        asked = {
            "since": self.since,
            "until": self.until,
            "who": self.who or "",
            "action": self.action,
            "kind": self.kind,
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def span(self, staff: StaffMember) -> tuple[datetime, datetime]:
        """From the beginning of the first day to the end of the last, by the store's clock."""
        zone, midnight = staff.store.tz, time()
        first = datetime.combine(self.since, midnight)
        after = datetime.combine(self.until + timedelta(days=1), midnight)
        return to_utc(zone, first), to_utc(zone, after)


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and where the next ones begin."""

    entries: list[Entry]
    older: str


def asked_for(staff: StaffMember, asked: Asked) -> ScopedQuerySet[Entry]:
    """The store's entries that are asked for, newest first."""
    since, until = asked.span(staff)
    rows = Entry.objects.visible_to(staff).filter(at__gte=since, at__lt=until)
    if asked.who:
        rows = rows.filter(staff_id=asked.who)
    if asked.action:
        rows = rows.filter(action=asked.action)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return rows.order_by("-at", "-pk")


def of_record(staff: StaffMember, kind: str, row: Any, *, with_looks: bool) -> ScopedQuerySet[Entry]:
    """The history of one record, newest first. A customer's is all that was theirs, with the rows merged into them."""
    rows = Entry.objects.visible_to(staff)
    rows = rows.filter(_of_customer(row)) if kind == "customer" else rows.filter(kind=kind, key=row.pk)
    if not with_looks:
        rows = rows.exclude(action__in=LOOKS)
    return rows.order_by("-at", "-pk")


def page(rows: ScopedQuerySet[Entry], cursor: str | None) -> Page:
    """So many of them, from the cursor on."""
    before = timeline.read_cursor(cursor)
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    found = list(rows[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return Page(found[:PER_PAGE], f"{last.at.isoformat()}_{last.pk}" if last else "")


def opened(staff: StaffMember, entries: ScopedQuerySet[Entry]) -> QuerySet[Customer]:
    """The customers whose records were opened by these acts: how often (`n_opened`), when first and last."""
    seen = entries.filter(action=Action.SAW, customer_id__isnull=False).order_by()
    theirs = seen.filter(customer_id=OuterRef("pk")).values("customer_id")

    def of_them(what: Aggregate) -> Subquery:
        return Subquery(theirs.annotate(found=what).values("found"))

    return (
        Customer.objects.visible_to(staff)
        .filter(pk__in=seen.values("customer_id"))
        .annotate(n_opened=of_them(Count("pk")), first_at=of_them(Min("at")), last_at=of_them(Max("at")))
    )


def _of_customer(customer: Customer) -> Q:
    family = merging.family(customer)
    store_id = customer.store_id
    numbers = (
        customer.contact_points.model.objects.of_store(store_id)
        .filter(customer_id__in=family)
        .values("value")
    )
    given = ConsentEvent.objects.of_store(store_id).filter(number__in=numbers).values("pk")
    return Q(customer_id__in=family) | Q(kind="consent", key__in=given)
