"""Work that was recommended and not bought: kept per line, offered again, settled when it is booked, sold or closed with a reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.dms.readers.records import RepairOrderRecord
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.service import (
    DeclinedWork,
    DeclinedWorkBooked,
    DeclinedWorkClosed,
    DeclinedWorkSold,
)
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from service import colours
from service.models import DeclinedLine, RepairLine, RepairOrder

OWED = (DeclinedLine.State.OPEN, DeclinedLine.State.BOOKED)


class NoReason(ValueError):
    """Declined work is closed with the customer's reason."""


class NotOwed(ValueError):
    """The line was settled in the meantime."""


def key_of(op_code: str, description: str) -> str:
    """What makes it the same recommendation: the op code, else its words."""
    return (op_code.strip().casefold() or " ".join(re.findall(r"\w+", description.casefold())))[:60]


def declined(record: RepairOrderRecord) -> tuple[DeclinedWork, ...]:
    """What this RO recommends and does not carry, each once, in the file's order."""
    done = {key_of(line.op_code, "") for line in record.lines if line.op_code}
    done |= {key_of("", line.description) for line in record.lines if line.description}
    found: dict[str, DeclinedWork] = {}
    for item in record.recommendations:
        key = key_of(item.op_code, item.description)
        said_as = {key, key_of("", item.description)} - {""}
        if key and key not in found and not said_as & done:
            words = (item.description or item.op_code)[:200]
            found[key] = DeclinedWork(
                key=key,
                description=words[:1] + words[1:].lower() if words.isupper() and item.description else words,
                colour=colours.colour(item.op_code, item.description),
                op_code=item.op_code[:24],
            )
    return tuple(found.values())


@dataclass
class Wanted:
    """What should be declined on one RO after a batch: nothing unless it is closed and a customer pays."""

    ro: RepairOrder
    lines: tuple[DeclinedWork, ...]
    #: Keys of lines that are on the RO itself.
    done: frozenset[str]
    #: The close is told in this batch and brings the lines along.
    told_with_close: bool
    at: datetime
    backfill: bool


@dataclass
class Synced:
    """What changed: lines that are owed per RO, those that a correction brought, and facts about those it took away."""

    owed: dict[int, tuple[DeclinedWork, ...]]
    found: list[tuple[Wanted, tuple[DeclinedWork, ...]]]
    facts: list[Fact]


def sync(wanted: Sequence[Wanted]) -> Synced:
    """Writes the declined lines of these ROs as they should be now. Three queries."""
    rows: dict[int, dict[str, DeclinedLine]] = defaultdict(dict)
    stores = {item.ro.store_id for item in wanted}
    for row in DeclinedLine.objects.across_stores("declined work of a batch").filter(
        store_id__in=stores, ro_id__in=[item.ro.pk for item in wanted]
    ):
        rows[row.ro_id][row.key] = row
    synced = Synced({}, [], [])
    made: list[DeclinedLine] = []
    gone: list[int] = []
    for item in wanted:
        known = rows[item.ro.pk]
        keys = {line.key for line in item.lines}
        fresh = tuple(line for line in item.lines if line.key not in known)
        made.extend(_row(item.ro, line) for line in fresh)
        for key, row in known.items():
            if key not in keys and row.state in OWED:
                gone.append(row.pk)
                if item.ro.state == RepairOrder.State.CLOSED and not item.told_with_close:
                    synced.facts.append(_taken_away(item, row))
        synced.owed[item.ro.pk] = tuple(
            line for line in item.lines if line.key not in known or known[line.key].state in OWED
        )
        if fresh and not item.told_with_close:
            synced.found.append((item, fresh))
    if gone:
        DeclinedLine.objects.across_stores("declined work of a batch").filter(pk__in=gone).delete()
    DeclinedLine.objects.bulk_create(made)
    return synced


def settle_sold(vehicle_ids: Iterable[int], *, now: datetime, backfill: bool) -> list[Fact]:
    """Finds declined lines of these cars that a later, closed RO carries; marks them sold and returns the facts. Three queries."""
    why = "cars of a batch"
    owed = list(
        DeclinedLine.objects.across_stores(why)
        .filter(vehicle_id__in=set(vehicle_ids), state__in=OWED)
        .select_related("ro")
    )
    if not owed:
        return []
    sold: dict[int, list[RepairLine]] = defaultdict(list)
    lines = RepairLine.objects.across_stores(why).filter(
        ro__vehicle_id__in={row.vehicle_id for row in owed}, ro__state=RepairOrder.State.CLOSED
    )
    for line in lines.select_related("ro").order_by("ro__closed_at", "pk"):
        sold[line.ro.vehicle_id or 0].append(line)
    facts: list[Fact] = []
    changed = []
    for row in owed:
        buyer = next((line.ro for line in sold[row.vehicle_id or 0] if _buys(line, row)), None)
        if buyer is not None:
            row.state, row.settled_at, row.settled_why = (
                DeclinedLine.State.SOLD,
                buyer.closed_at,
                f"On RO {buyer.ro_number}",
            )
            changed.append(row)
            # Never before the close that called for the follow-up: both may have come in one file.
            facts.append(_sold(row, buyer.ro_number, min(max(buyer.stamp, row.ro.stamp), now), backfill))
    DeclinedLine.objects.bulk_update(changed, ["state", "settled_at", "settled_why"])
    return facts


@transaction.atomic
def close(line: DeclinedLine, *, why: str, by: StaffMember, now: datetime) -> DeclinedLine:
    """The customer will not buy it here, and said why. Raises NoReason, NotOwed."""
    if not why.strip():
        raise NoReason(_("Say in a few words why: done elsewhere, car sold, not wanted."))
    current = _locked(line)
    current.state, current.settled_at = DeclinedLine.State.CLOSED, now
    current.settled_why = why.strip()[:120]
    current.save(update_fields=["state", "settled_at", "settled_why"])
    bus.publish(
        DeclinedWorkClosed(
            **_common(current, now), by=by.pk, description=current.description, why=current.settled_why
        )
    )
    live.bump(current.store_id, "service")
    return current


@transaction.atomic
def book(line: DeclinedLine, *, starts_at: datetime, by: StaffMember, now: datetime) -> Appointment:
    """A visit for this work. Raises NotOwed, and what booking raises: NoRoom, NotOpen, InThePast."""
    current = _locked(line)
    customer = current.customer
    if customer is None:
        raise NotOwed(_("Nobody is known whose car this is."))
    appointment = booking.book(
        store_id=current.store_id,
        department=Department.SERVICE,
        customer=customer,
        vehicle=current.vehicle,
        starts_at=starts_at,
        concern=current.description,
        by=by,
        now=now,
    )
    mark_booked([current], appointment, by=by, now=now)
    return appointment


@transaction.atomic
def mark_booked(
    lines: Sequence[DeclinedLine],
    appointment: Appointment,
    *,
    by: StaffMember | None,
    now: datetime,
    backfill: bool = False,
) -> None:
    """These lines are part of a visit that is set. Told once: a line that is booked already stays so."""
    bus.publish(*booked(lines, appointment, by=by.pk if by else None, now=now, backfill=backfill))


def booked(
    lines: Sequence[DeclinedLine],
    appointment: Appointment,
    *,
    by: int | None,
    now: datetime,
    backfill: bool = False,
) -> list[Fact]:
    """Writes that and returns the facts."""
    fresh = [line for line in lines if line.state == DeclinedLine.State.OPEN]
    for line in fresh:
        line.state, line.settled_at = DeclinedLine.State.BOOKED, now
        line.settled_why = f"Visit {appointment.pk}"
    DeclinedLine.objects.bulk_update(fresh, ["state", "settled_at", "settled_why"])
    if fresh:
        live.bump(appointment.store_id, "service")
    return [
        DeclinedWorkBooked(**_common(line, now), by=by, description=line.description, backfill=backfill)
        for line in fresh
    ]


def _row(ro: RepairOrder, line: DeclinedWork) -> DeclinedLine:
    return DeclinedLine(
        store_id=ro.store_id,
        ro=ro,
        vehicle_id=ro.vehicle_id,
        customer_id=ro.customer_id,
        key=line.key,
        op_code=line.op_code,
        description=line.description,
        colour=line.colour,
        price_cents=line.price_cents,
    )


def _buys(line: RepairLine, declined_line: DeclinedLine) -> bool:
    ro, before = line.ro, declined_line.ro
    if (
        ro.pk == before.pk
        or ro.closed_at is None
        or before.closed_at is None
        or ro.closed_at <= before.closed_at
    ):
        return False
    if declined_line.op_code and line.op_code:
        return key_of(line.op_code, "") == key_of(declined_line.op_code, "")
    words = key_of("", declined_line.description)
    return bool(words) and key_of("", line.description) == words


def _taken_away(item: Wanted, row: DeclinedLine) -> Fact:
    common: dict[str, Any] = {
        "store_id": row.store_id,
        "at": item.at,
        "subject": f"ro:{item.ro.ro_number}",
        "about": row.key,
        "customer_id": row.customer_id,
        "vehicle_id": row.vehicle_id,
        "backfill": item.backfill,
    }
    if key_of(row.op_code, "") in item.done or key_of("", row.description) in item.done:
        return DeclinedWorkSold(**common, description=row.description, ro_number=item.ro.ro_number)
    return DeclinedWorkClosed(**common, description=row.description, why="the DMS corrected the RO")


def _sold(row: DeclinedLine, ro_number: str, at: datetime, backfill: bool) -> Fact:
    return DeclinedWorkSold(
        **_common(row, at), description=row.description, ro_number=ro_number, backfill=backfill
    )


def _common(line: DeclinedLine, at: datetime) -> dict[str, Any]:
    return {
        "store_id": line.store_id,
        "at": at,
        "subject": f"ro:{line.ro.ro_number}",
        "about": line.key,
        "customer_id": line.customer_id,
        "vehicle_id": line.vehicle_id,
    }


def _locked(line: DeclinedLine) -> DeclinedLine:
    current = (
        DeclinedLine.objects.of_store(line.store_id)
        .select_for_update(of=("self",))
        .select_related("ro", "customer", "vehicle")
        .get(pk=line.pk)
    )
    if current.state not in OWED:
        said = {"state": current.get_state_display(), "why": current.why_said}
        raise NotOwed(_("It is settled: %(state)s (%(why)s).") % said)
    return current
