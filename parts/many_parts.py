"""Many parts of one order at once: they come on another day, and back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.dateparse import parse_datetime

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from dealership.stores.hours import spoken_date
from parts import lives, moved_days, special_orders
from parts.models import COMING, PartsRequest
from parts.moved_days import Day

MOVE = "parts.move"
#: Each is told as a fact, and what is promised about it follows: more is narrowed first.
MOST = 200


@transaction.atomic
def move(*, keys: Collection[int], eta_date: date, by: StaffMember, now: datetime) -> BulkAct:
    """Each that is to come, as `special_orders.change_eta`; those that come on that day already stay so. Raises BadDate."""
    before = []
    for row in _coming(by.store_id, keys):
        sop = lives.order_of(row)
        if sop is None:
            continue
        was = Day.of(sop)
        moved = special_orders.change_eta(row, reason="eta", eta_date=eta_date, by=by, now=now)
        if lives.order_of(moved) is not None and moved.special_order.eta_changed_at == now:
            before.append(
                [row.pk, _told(was.eta_at), _told(was.changed_at), was.reason, _told(was.tell_by_at)]
            )
    n = len(before)
    says = f"{n:,} part{'' if n == 1 else 's'} expected on {spoken_date(eta_date)}"
    return bulk.note(act=MOVE, says=says, n=n, before=before, by=by, now=now)


@bulk.undoes(MOVE)
def move_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those whose day nobody has changed since, and of which no customer was told."""
    was = {
        pk: Day(_read(eta_at), _read(changed_at), reason, _read(tell_by_at))
        for pk, eta_at, changed_at, reason, tell_by_at in act.before
    }
    return sum(
        moved_days.take_back(row, was=was[row.pk], moved_at=act.at, by=by, now=now)
        for row in _coming(act.store_id, was)
    )


def _coming(store_id: int, keys: Collection[int]) -> list[PartsRequest]:
    """Held in the order of their keys: two at once wait for one another."""
    rows = PartsRequest.objects.of_store(store_id).filter(pk__in=list(keys), state__in=COMING)
    return list(rows.select_for_update(of=("self",)).select_related("special_order", "store").order_by("pk"))


def _told(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _read(text: str) -> datetime | None:
    return parse_datetime(text) if text else None
