"""One promise, explained: why it exists, why this person, why this hour, who is next, what has happened, what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from dealership import clocks
from dealership.appointments import wishes
from dealership.appointments.models import Appointment
from dealership.customers.models import ContactPoint
from dealership.messaging.models import Conversation
from dealership.retold import dated
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores.hours import spoken_minutes, spoken_moment
from tasks import next_step, promise_rows, retold, rulebook
from tasks.models import Promise, Task, Transition
from tasks.next_step import NextStep


@dataclass(frozen=True)
class Why:
    """Three answers, in sentences."""

    exists: str
    owner: Sequence[str]
    due: str
    counted: Sequence[str]


@dataclass(frozen=True)
class Detail:
    """All that the page of one promise shows."""

    promise: Promise
    why: Why
    yours: str
    ladder: Sequence[str]
    transitions: Sequence[Transition]
    steps: Sequence[Task]
    phone: str
    conversation_id: int | None
    appointment: Appointment | None
    look: str
    acts: frozenset[str]
    next: NextStep | None
    #: Where a visit for the customer is booked; empty where that is not this person's.
    book: str


def detail(staff: StaffMember, promise: Promise, now: datetime) -> Detail:
    """The promise for this person at `now`. Six queries, and one more where a visit is set; `promise` comes with its owner, customer and queue."""
    zone = staff.store.tz
    names = promise_rows.names_of_roles(staff.store_id)
    customer = promise.customer
    mine = Conversation.objects.visible_to(staff).filter(customer=customer).order_by("-last_at")
    talk = mine.values_list("pk", flat=True).first() if customer else None
    phone, acts = _phone(staff, promise), allowed(staff, promise, now)
    visit = _next_visit(staff, promise, now)
    step = next_step.of(
        staff, promise, acts, conversation_id=talk, phone=phone, to_move=_to_move(staff, visit, talk, phone)
    )
    may_book = customer is not None and promise.state == Promise.State.OPEN and staff.may(May.BOOK)
    return Detail(
        promise=promise,
        why=why(promise.why, zone),
        yours=_yours(staff, promise),
        ladder=_ladder(promise, names, zone, now),
        transitions=list(promise.transitions.select_related("by", "owner_after").order_by("at", "pk")),
        steps=list(promise.tasks.order_by("n")),
        phone=phone,
        conversation_id=talk,
        appointment=visit,
        look=_look(promise, now),
        acts=acts,
        next=step,
        book=next_step.booking(promise) if may_book else "",
    )


def why(kept: dict[str, Any], zone: tzinfo) -> Why:
    """The sentences that a promise keeps of its making; what an older one lacks is left out."""
    counted = [
        _("%(start)s to %(end)s: %(length)s")
        % {
            "start": _spoken(start, zone),
            "end": _spoken(end, zone),
            "length": retold.time(spoken_minutes(minutes)),
        }
        for start, end, minutes in kept.get("counted", [])
    ]
    owner = [retold.told(reason) for reason in kept.get("owner", [])]
    return Why(retold.told(kept.get("exists", "")), owner, retold.told(kept.get("due", "")), counted)


def _spoken(moment: str, zone: tzinfo) -> str:
    return dated(spoken_moment(datetime.fromisoformat(moment).astimezone(zone)))


def allowed(staff: StaffMember, promise: Promise, now: datetime) -> frozenset[str]:
    """What this person may do with it now, by the names of the acts. The verbs decide again; this only shows the buttons."""
    own = promise.owner_id == staff.pk
    manages = staff.may(May.REASSIGN)
    if promise.state == Promise.State.WAIVED:
        return frozenset({"unwaive"}) if promise.closed_by_id and (own or manages) else frozenset()
    if promise.state != Promise.State.OPEN:
        return frozenset()
    acts = set()
    offered = promise.accepted_at is None and (own or manages)
    if offered or (promise.queue_id and promise.queue_id == staff.team_id):
        acts.add("accept")
    if own or manages:
        acts |= {"hand_off", "waive"}
        if promise.broken_at is None and now < promise.due_at:
            acts.add("renegotiate")
        if promise.rule == rulebook.BY_HAND:
            acts.add("finish")
    if promise.customer_id and staff.may(May.WRITE_TO_CUSTOMERS):
        acts.add("log_call")
    return frozenset(acts)


def _yours(staff: StaffMember, promise: Promise) -> str:
    """Whose it is, and the first reason, as one short sentence."""
    reasons = promise.why.get("owner") or [""]
    if promise.queue:
        whose = _("Offered to %(team)s; %(name)s answers for it.") % {
            "team": promise.queue.name,
            "name": promise.owner.first_name,
        }
    elif promise.owner_id == staff.pk:
        whose = _("Yours.")
    else:
        whose = _("With %(name)s.") % {"name": promise.owner.name}
    return f"{whose} {retold.told(reasons[0])}".strip()


def _ladder(promise: Promise, names: dict[str, str], zone: tzinfo, now: datetime) -> list[str]:
    """Who gets it next, rung by rung: "Rosa, service manager, 10:22 am"."""
    if promise.state != Promise.State.OPEN:
        return []
    try:
        rungs = rulebook.rule_of(promise.rule).ladder.rungs
    except KeyError:
        return []
    coming = list(zip(rungs, promise.rung_ats, strict=False))[promise.rung :]
    said = []
    for rung, at in coming:
        role = promise_rows.role_words(rung.role)
        who = f"{names[rung.role]}, {role}" if rung.role in names else _("the %(role)s") % {"role": role}
        said.append(f"{who}, {clocks.when(at, zone, now)}")
    return said


def _phone(staff: StaffMember, promise: Promise) -> str:
    if promise.customer is None:
        return ""
    points = ContactPoint.objects.visible_to(staff).filter(
        customer=promise.customer, kind=ContactPoint.Kind.PHONE, is_living=True
    )
    return points.order_by("-is_primary", "pk").values_list("value", flat=True).first() or ""


def _next_visit(staff: StaffMember, promise: Promise, now: datetime) -> Appointment | None:
    if promise.customer is None:
        return None
    visits = Appointment.objects.visible_to(staff).filter(
        customer=promise.customer, starts_at__gte=now, state__in=("booked", "confirmed")
    )
    return visits.select_related("person").order_by("starts_at").first()


def _to_move(staff: StaffMember, visit: Appointment | None, talk: int | None, phone: str) -> int | None:
    """The visit for which its customer waits to hear another time, if this person may give one and tell it."""
    if (
        visit is None
        or talk is None
        or not phone
        or not (staff.may(May.BOOK) and staff.may(May.WRITE_TO_CUSTOMERS))
    ):
        return None
    return visit.pk if wishes.in_conversation(staff.store_id, talk, staff.store.tz) else None


def _look(promise: Promise, now: datetime) -> str:
    if promise.state == Promise.State.KEPT:
        return "kept"
    if promise.state != Promise.State.OPEN:
        return ""
    if promise.due_at < now:
        return "late"
    if promise.subject.startswith("conversation:"):
        return "live"
    return "soon" if promise.due_at - now < promise_rows.HOUR else ""
