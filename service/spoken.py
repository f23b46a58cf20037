"""Times and sums as texts and timelines say them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dealership import clocks
from dealership.appointments import when
from dealership.customers.models import Customer
from dealership.messaging import copy
from dealership.vehicles.models import Vehicle
from service.models import RepairOrder


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """As rows keep it: "4:00 pm", "tomorrow 9:00 am"."""
    return clocks.noted(at, zone, now)


def to_customer(at: datetime, customer: Customer, zone: ZoneInfo, now: datetime) -> str:
    """As the customer is told it, in their language: today the hour alone."""
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return when.clock(at, zone)
    return when.words(at, zone, customer.language)


def money(cents: int) -> str:
    """ "$1,240.50"; a text says the cents always."""
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """The hour as texts say it: "4:30 pm"."""
    return when.clock(at, zone)


def car(ro: RepairOrder) -> str:
    """ "2019 Civic"; where it is not known, "car" in the customer's language."""
    return label(ro.vehicle, ro.customer.language if ro.customer else "en")


def label(vehicle: Vehicle | None, language: str) -> str:
    """The same of a car, or of none."""
    return (vehicle.label if vehicle else "") or copy.render("service/copy/car", language)


def numbers(some: Sequence[int], language: str) -> str:
    """ "1", "1 and 3", "1, 2 y 4"."""
    said = [str(number) for number in some]
    if len(said) < 2:
        return "".join(said)
    return copy.render("service/copy/joined", language, work=", ".join(said[:-1]), rest=said[-1])
