"""The multi-point inspection: what the technician found, in colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.events import bus
from dealership.events.catalogue.service import InspectionDone
from dealership.staff.models import StaffMember
from service import facts
from service.models import Inspection, Recommendation, RepairOrder

Colour = Recommendation.Colour


@dataclass(frozen=True)
class Found:
    """One thing that was found, red or yellow."""

    colour: str
    description: str
    op_code: str = ""


class NothingInspected(ValueError):
    """An inspection that finds nothing, neither good nor bad, is none."""


class InspectedAlready(ValueError):
    """The car was inspected in this visit."""


@transaction.atomic
def record(
    ro: RepairOrder, *, found: Sequence[Found], n_green: int, note: str = "", by: StaffMember, now: datetime
) -> Inspection:
    """The inspection is done: `found` needs work, `n_green` points were fine.

    Raises facts.NotOpen, NothingInspected, InspectedAlready.
    """
    current = facts.lock_open(ro)
    if not found and n_green < 1:
        raise NothingInspected(_("Write down what you found, or how many points were fine."))
    if current.inspections.filter(cycle=current.cycle).exists():
        raise InspectedAlready(
            _("This visit’s inspection is written down: the advisor adds what was found since.")
        )
    inspection = Inspection.objects.create(
        store_id=current.store_id,
        ro=current,
        cycle=current.cycle,
        technician=by,
        n_green=n_green,
        note=note.strip()[:300],
        done_at=now,
    )
    _write(inspection, found)
    colours = [item.colour for item in found]
    bus.publish(
        InspectionDone(
            **facts.of_now(current, now),
            by=by.pk,
            n_red=colours.count(Colour.RED),
            n_yellow=colours.count(Colour.YELLOW),
            n_green=n_green,
        )
    )
    live.bump(current.store_id, "service")
    return inspection


def _write(inspection: Inspection, found: Sequence[Found]) -> None:
    """What was found, red first."""
    Recommendation.objects.bulk_create(
        Recommendation(
            store_id=inspection.store_id,
            ro_id=inspection.ro_id,
            inspection=inspection,
            colour=item.colour,
            description=item.description.strip()[:120],
            op_code=item.op_code.strip()[:24],
        )
        for item in sorted(found, key=lambda item: item.colour != Colour.RED)
    )


@transaction.atomic
def add(ro: RepairOrder, item: Found, *, price_cents: int | None, now: datetime) -> Recommendation:
    """Something that was found since, or that the advisor recommends. Raises facts.NotOpen, NothingInspected."""
    current = facts.lock_open(ro)
    if not item.description.strip():
        raise NothingInspected(_("Say what should be done."))
    made = Recommendation.objects.create(
        store_id=current.store_id,
        ro=current,
        colour=item.colour,
        description=item.description.strip()[:120],
        op_code=item.op_code.strip()[:24],
        price_cents=price_cents,
    )
    live.bump(current.store_id, "service")
    return made
