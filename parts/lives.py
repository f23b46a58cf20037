"""What every act on a request shares: which acts are possible when, the lock, the history, and what its facts carry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dealership import live
from dealership.customers import merging
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from parts.models import COMING, PartHistory, PartsRequest, SpecialOrderPart
from tasks import due as due_times
from tasks import rulebook

State = PartsRequest.State

#: From which states an act is possible.
MOVES: dict[str, tuple[State, ...]] = {
    "quote": (State.REQUESTED, State.QUOTED),
    "approve": (State.QUOTED,),
    "order": (State.REQUESTED, State.QUOTED, State.APPROVED),
    "change": COMING,
    "ship": (State.ORDERED, State.BACKORDERED, State.PARTIAL),
    "receive": COMING,
    "tell": (*COMING, State.RECEIVED),
    "install": (State.QUOTED, State.APPROVED, State.RECEIVED),
    "give_back": (State.PARTIAL, State.RECEIVED),
    "cancel": (
        State.REQUESTED, State.QUOTED, State.APPROVED, State.ORDERED, State.BACKORDERED, State.SHIPPED,
    ),
}  # fmt: skip

#: Why an act is not possible now, by the state that stands in its way.
_STANDS: dict[State, str] = {
    State.REQUESTED: later("%(part)s has no price yet: quote it first."),
    State.QUOTED: later("%(part)s is quoted and not ordered: order it first."),
    State.APPROVED: later("%(part)s is approved and not ordered: order it first."),
    State.ORDERED: later("%(part)s is on order: receive it first, or change its date."),
    State.BACKORDERED: later("%(part)s is backordered: receive it first, or change its date."),
    State.SHIPPED: later("%(part)s is on its way: receive it first, or change its date."),
    State.PARTIAL: later("%(part)s is partly here: receive the rest, or return it."),
    State.RECEIVED: later("%(part)s is here: mark it fitted, or return it."),
    State.INSTALLED: later("%(part)s is fitted: ask for another one."),
    State.RETURNED: later("%(part)s was returned: ask for it anew."),
    State.CANCELLED: later("%(part)s is not needed any more: ask for it anew."),
}


class PartsError(ValueError):
    """An act that cannot be; the message says what to do instead."""

    #: What was typed wrong, by the name that forms give it; "" where it is not one thing.
    field = ""


class NotNow(PartsError):
    """The request stands elsewhere in its life."""


def lock(request: PartsRequest) -> PartsRequest:
    """The request as it is now, held until the commit, with what its facts name."""
    return (
        PartsRequest.objects.of_store(request.store_id)
        .select_for_update(of=("self",))
        .select_related("customer__merged_into", "vehicle", "advisor", "special_order", "store")
        .get(pk=request.pk)
    )


def require(request: PartsRequest, act: str) -> None:
    """Raises NotNow with the state that stands in the way of this act."""
    if stands := in_the_way(request, act):
        raise NotNow(stands)


def in_the_way(request: PartsRequest, act: str) -> str:
    """What its state says against this act; "" where nothing."""
    if request.state in MOVES[act]:
        return ""
    return _STANDS[State(request.state)] % {"part": request.description}


def may(request: PartsRequest, act: str) -> bool:
    """Whether this act is possible now."""
    if act == "install" and request.state != State.RECEIVED and not request.in_stock:
        return False
    return request.state in MOVES[act]


def order_of(request: PartsRequest) -> SpecialOrderPart | None:
    """Its special order, if there is one."""
    return getattr(request, "special_order", None)


def record(
    request: PartsRequest, act: str, *, was: str = "", became: str = "", by: StaffMember | None, now: datetime
) -> None:
    """Writes the act into the request's history; whoever looks at the board looks again."""
    PartHistory.objects.create(
        store_id=request.store_id, request=request, at=now, by=by, act=act, was=was[:120], became=became[:200]
    )
    live.bump(request.store_id, "parts")


def common(request: PartsRequest, *, by: StaffMember | None, now: datetime) -> dict[str, Any]:
    """What every fact about this request carries."""
    customer = merging.living(request.customer) if request.customer else None
    return {
        "store_id": request.store_id,
        "at": now,
        "subject": request.subject,
        "customer_id": customer.pk if customer else None,
        "vehicle_id": request.vehicle_id,
        "by": by.pk if by else None,
        "request_id": request.pk,
        "part": request.description,
        "ro_number": request.ro_number,
        "part_number": request.part_number,
        "advisor_id": request.advisor_id,
        "vehicle": request.vehicle.label if request.vehicle else "",
    }


def promised_by(rule_key: str, *, store_id: int, start: datetime) -> datetime | None:
    """When a promise of this rule that opens now is due, by the store's own numbers; None where it is switched off."""
    override = rulebook.overrides([store_id]).get((store_id, rule_key))
    if override is not None and not override.is_on:
        return None
    rule = rulebook.laid_over(rulebook.rules()[rule_key], override)
    if callable(rule.due):
        raise TypeError(f"{rule_key} is due by its fact: ask the promise.")
    calendar = calendars.of(store_id, rule.department)
    return due_times.compute(rule.due, start=start, calendar=calendar).at


def dollars(cents: int | None) -> str:
    """As the timeline says it: "$84.50"."""
    return f"${cents / 100:,.2f}" if cents is not None else "no price"
