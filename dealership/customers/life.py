"""The strip over a customer's page: where they are in the life with a car, read from the facts that were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership.customers.models import Customer
from dealership.events.catalogue.appointments import CustomerArrived
from dealership.events.catalogue.sales import (
    DealLost,
    DealWritten,
    LeadClosed,
    LeadReceived,
    TradeTaken,
    VehicleDelivered,
)
from dealership.events.catalogue.service import RepairOrderClosed, RepairOrderOpened, RepairOrderVoided
from dealership.events.models import EventRecord

_OPENED = RepairOrderOpened.__name__
_ENDED = (RepairOrderClosed.__name__, RepairOrderVoided.__name__)
_RECEIVED = LeadReceived.__name__
_CLOSED = LeadClosed.__name__
_ARRIVED = CustomerArrived.__name__
_WRITTEN = DealWritten.__name__
_OVER = (VehicleDelivered.__name__, DealLost.__name__)
_TRADED = TradeTaken.__name__
_KINDS = (_RECEIVED, _CLOSED, _ARRIVED, _OPENED, *_ENDED, _WRITTEN, *_OVER, _TRADED)


@dataclass(frozen=True)
class Stage:
    """One cell of the strip: its words, and whether it lies behind ("done"), is now ("on") or ahead ("")."""

    words: str
    state: str = ""


def stages(
    customer: Customer, *, family: Collection[int], owned_since: Sequence[date], zone: ZoneInfo
) -> list[Stage]:
    """Six cells, from the first question to the next car. One query."""
    told = _told(customer, family)
    asked, ended = told[_RECEIVED], told[_CLOSED]
    open_leads = [at for subject, at in asked.items() if subject not in ended]
    in_shop = _under_way(told, _OPENED, _ENDED)
    buying = _under_way(told, _WRITTEN, _OVER)
    served = list(told[RepairOrderClosed.__name__].values())
    owns_since = min(owned_since, default=None)
    wants_another = [at for at in open_leads if owns_since and at.date() > owns_since]
    return [
        Stage(_("Asking now"), "on")
        if open_leads and not owns_since
        else _cell(pgettext("in the life with a car", "Asked"), list(asked.values()), zone),
        _cell(_("Came in"), list(told[_ARRIVED].values()), zone),
        _owns(owns_since, is_buying=bool(buying)),
        Stage(_("In service now"), "on") if in_shop else _cell(_("Serviced"), served, zone),
        _cell(_("Traded in"), list(told[_TRADED].values()), zone)
        if told[_TRADED]
        else Stage(_("Trade window")),
        _next(is_buying=bool(buying and owns_since), is_asking=bool(wants_another)),
    ]


def _under_way(told: dict[str, dict[str, datetime]], begins: str, ends: Collection[str]) -> list[str]:
    """What has begun and not ended since."""
    return [
        subject
        for subject, at in told[begins].items()
        if not any(told[kind].get(subject, at) >= at and subject in told[kind] for kind in ends)
    ]


def _owns(since: date | None, *, is_buying: bool) -> Stage:
    if since:
        return Stage(_("Owns since %(month)s") % {"month": dateformat.format(since, "M Y")}, "done")
    return Stage(_("Buying now"), "on") if is_buying else Stage(_("Owns a car"))


def _next(*, is_buying: bool, is_asking: bool) -> Stage:
    if is_buying:
        return Stage(_("Buying the next"), "on")
    return Stage(_("Asking for the next"), "on") if is_asking else Stage(_("Next car"))


def _told(customer: Customer, family: Collection[int]) -> dict[str, dict[str, datetime]]:
    """Per kind of fact, the last time that it was told of each subject."""
    rows = (
        EventRecord.objects.of_store(customer.store_id)
        .filter(customer_id__in=family, kind__in=_KINDS)
        .values_list("kind", "subject")
        .annotate(last=Max("at"))
    )
    told: dict[str, dict[str, datetime]] = defaultdict(dict)
    for kind, subject, last in rows:
        told[kind][subject] = last
    return told


def _cell(words: str, times: Sequence[datetime], zone: ZoneInfo) -> Stage:
    if not times:
        return Stage(words)
    return Stage(f"{words} · {dateformat.format(max(times).astimezone(zone), 'M Y')}", "done")
