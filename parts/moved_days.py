"""The day of a special order that was moved by mistake, with many others: how it stood, and that it stands so again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import transaction

from dealership.events import bus
from dealership.events.catalogue.parts import PartEtaChanged
from dealership.staff.models import StaffMember
from parts import eta, lives
from parts.models import PartsRequest, SpecialOrderPart

#: Why a day moves that was moved by mistake.
AS_IT_WAS = "as it was before"


@dataclass(frozen=True)
class Day:
    """How a special order's day stood: what is written down before it is moved with many others."""

    eta_at: datetime | None
    changed_at: datetime | None
    reason: str
    tell_by_at: datetime | None

    @classmethod
    def of(cls, sop: SpecialOrderPart) -> Self:
        """As it stands."""
        return cls(sop.eta_at, sop.eta_changed_at, sop.eta_reason, sop.tell_by_at)


@transaction.atomic
def take_back(request: PartsRequest, *, was: Day, moved_at: datetime, by: StaffMember, now: datetime) -> bool:
    """As it stood before it was moved at that moment; False where it has moved since, came, or the customer was told.

    What that change alone made owed is owed no more; what was owed before it still is.
    """
    row = lives.lock(request)
    sop = lives.order_of(row)
    if sop is None or row.state not in lives.MOVES["change"] or sop.eta_changed_at != moved_at:
        return False
    if sop.eta_told_at is not None and sop.eta_told_at >= moved_at:
        return False
    owed_before = was.tell_by_at is not None and was.changed_at is not None
    moved_to, zone = sop.eta_at, row.store.tz
    sop.eta_at, sop.eta_changed_at, sop.eta_reason = was.eta_at, was.changed_at, was.reason
    sop.tell_by_at = was.tell_by_at
    sop.save(update_fields=["eta_at", "eta_changed_at", "eta_reason", "tell_by_at"])
    words = eta.words(sop.eta_at, zone)
    lives.record(
        row, "Date changed", was=eta.words(moved_to, zone), became=f"{AS_IT_WAS}, {words}", by=by, now=now
    )
    bus.publish(
        PartEtaChanged(
            **lives.common(row, by=by, now=now),
            reason="eta",
            reason_words=AS_IT_WAS,
            eta_at=sop.eta_at,
            eta_was=moved_to,
            eta_words=words,
            known_words=eta.words(sop.eta_told, zone) if sop.eta_told else "",
            taken_back=not owed_before,
            holds_since=was.changed_at or sop.ordered_at,
        )
    )
    return True
