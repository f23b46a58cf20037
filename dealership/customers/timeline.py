"""A customer's story: the facts of the event log in sentences, newest first."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import CATALOGUE, Fact
from dealership.events.catalogue import appointments, fni, marketing, messaging, parts, sales, service
from dealership.events.models import EventRecord
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

#: The filters of the story and their words, in the order in which the page shows them. "all" is no filter.
KINDS = {
    "all": later("all"),
    "sales": later("sales"),
    "fni": "F&I",
    "service": later("service"),
    "parts": later("parts"),
    "marketing": later("marketing"),
    "texts": later("texts"),
}

_PAGES = {
    "sales": sales.__name__,
    "fni": fni.__name__,
    "service": service.__name__,
    "parts": parts.__name__,
    "marketing": marketing.__name__,
    "texts": messaging.__name__,
}
#: What happened to a car before it was theirs is a part of the story of whoever has it, or had it.
_CARS_PAST = ("UnitAcquired", "UnitFrontLineReady", "UnitNotReady")
#: Facts of both departments say in their payload whose they are.
_SHARED_PAGE = appointments.__name__
_TONES: dict[type[Fact], str] = {
    messaging.CustomerWrote: "live",
    messaging.MessageFailed: "late",
    messaging.NumberProvedWrong: "late",
    messaging.CustomerOptedOut: "late",
    appointments.AppointmentMissed: "late",
    appointments.SlotOverrun: "late",
    appointments.AppointmentConfirmed: "kept",
    appointments.CustomerArrived: "kept",
    messaging.CallConnected: "kept",
    service.DeclinedWorkBooked: "kept",
    service.DeclinedWorkSold: "kept",
    service.StatusTold: "kept",
    service.RepairOrderOpened: "info",
    service.RepairOrderClosed: "info",
    appointments.AppointmentBooked: "info",
    appointments.AppointmentMoved: "info",
    sales.LeadReceived: "info",
    sales.LeadResent: "info",
    sales.DealAgreed: "info",
    sales.VehicleDelivered: "kept",
    sales.WeOweDelivered: "kept",
    sales.DealLost: "late",
    fni.DealRefused: "late",
    fni.DealKickedBack: "late",
    fni.DealTakenIn: "info",
    fni.StipIssued: "info",
    fni.StipCollected: "kept",
    fni.DealFunded: "kept",
    fni.TitleSent: "kept",
    parts.PartEtaChanged: "late",
    parts.PartReceived: "info",
    parts.PartInstalled: "kept",
    service.RepairOrderReady: "info",
    service.ReadyTold: "kept",
    service.RecommendationApproved: "kept",
    service.PromiseTimeAtRisk: "late",
    service.ComebackFound: "late",
    marketing.RecoveryRecorded: "kept",
    marketing.ReviewPosted: "info",
}
HIDDEN = "…"


@dataclass(frozen=True)
class Entry:
    """One line of the story. `tone` is kept, late, live, info or "" (the colour of its dot); `by` a first name or ""."""

    pk: int
    at: datetime
    title: str
    detail: str
    tone: str
    kind: str
    by: str = ""

    @property
    def cursor(self) -> str:
        """Where the next page of the story goes on."""
        return f"{self.at.isoformat()}_{self.pk}"


def story(
    staff: StaffMember,
    customer: Customer,
    *,
    before: str | None = None,
    limit: int = 50,
    kinds: Collection[str] | None = None,
    family: Collection[int] | None = None,
    cars: Collection[int] = (),
) -> list[Entry]:
    """What this person may read of what happened with the customer, newest first: two queries, one more without `family`.

    `cars`, those that they have or had by key, bring their own past along. `before` is the cursor of an entry: what is
    older follows. `kinds` of KINDS; None or "all" is everything. What is personal is left out for roles that do not write
    to customers.
    """
    ids = merging.family(customer) if family is None else family
    theirs = Q(customer_id__in=ids)
    if cars:
        theirs |= Q(vehicle_id__in=cars, kind__in=_CARS_PAST, customer_id__isnull=True)
    records = EventRecord.objects.visible_to(staff).filter(theirs).filter(_wanted(kinds))
    older_than = read_cursor(before)
    if older_than is not None:
        at, pk = older_than
        records = records.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    rows = list(records.order_by("-at", "-pk")[:limit])
    names = _names(staff, {row.by for row in rows if row.by is not None})
    return [
        _entry(row, bus.revive(row), names, shows_words=staff.may(May.WRITE_TO_CUSTOMERS)) for row in rows
    ]


def of_subject(staff: StaffMember, subject: str, *, limit: int = 60) -> list[Entry]:
    """What happened with one thing, newest first, for a page that shows the thing itself with its words. Two queries."""
    told = [name for name, fact in CATALOGUE.items() if fact.sentence]
    records = EventRecord.objects.visible_to(staff).filter(subject=subject, kind__in=told)
    rows = list(records.order_by("-at", "-pk")[:limit])
    names = _names(staff, {row.by for row in rows if row.by is not None})
    return [_entry(row, bus.revive(row), names, shows_words=True) for row in rows]


def read_cursor(text: str | None) -> tuple[datetime, int] | None:
    """The moment and key that a cursor names; None for none and for one that nobody gave out."""
    stamp, _, pk = (text or "").rpartition("_")
    try:
        at = datetime.fromisoformat(stamp.replace(" ", "+"))
        return (at, int(pk)) if at.tzinfo else None
    except ValueError:
        return None


def _wanted(kinds: Collection[str] | None) -> Q:
    told = {name: fact for name, fact in CATALOGUE.items() if fact.sentence}
    if not kinds or "all" in kinds:
        return Q(kind__in=told)
    wanted = Q(pk__in=[])
    for kind in kinds:
        page = _PAGES.get(kind)
        wanted |= Q(kind__in=[name for name, fact in told.items() if fact.__module__ == page])
        if kind in ("service", "sales"):
            shared = [name for name, fact in told.items() if fact.__module__ == _SHARED_PAGE]
            wanted |= Q(kind__in=shared, payload__department=kind)
    return wanted


def _names(staff: StaffMember, ids: Collection[int]) -> dict[int, str]:
    if not ids:
        return {}
    people = StaffMember.objects.visible_to(staff).filter(pk__in=ids)
    return {person.pk: person.first_name for person in people.only("pk", "name")}


def _entry(row: EventRecord, fact: Fact, names: dict[int, str], *, shows_words: bool) -> Entry:
    shown = fact
    if not shows_words and fact.personal:
        hidden: dict[str, Any] = dict.fromkeys(fact.personal, HIDDEN)
        shown = dataclasses.replace(fact, **hidden)
    told = " ".join(shown.told().split()).replace(" )", ")").replace(" ()", "")
    title, detail = _parted(told)
    return Entry(
        pk=row.pk,
        at=row.at,
        title=title,
        detail=detail,
        tone=_TONES.get(type(fact), ""),
        kind=row.kind,
        by=names.get(row.by or 0, ""),
    )


def _parted(told: str) -> tuple[str, str]:
    """The sentence as a title and what follows it: after a colon, else a quotation, else what stands in brackets."""
    colon, quoted = told.find(": "), told.find(" “")
    if colon >= 0 and not 0 <= quoted < colon:
        return told[:colon], told[colon + 2 :]
    if quoted >= 0:
        return told[:quoted], told[quoted + 1 :]
    title, opening, rest = told.partition(" (")
    return title, f"{opening.strip()}{rest}"
