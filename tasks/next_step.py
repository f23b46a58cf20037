"""The next right action for a promise: one button, named by its effect. What would keep it says what to do.

The first evidence in its rule that a person can bring about from here is the one: a rule names its evidence in that order.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dealership import things
from dealership.events.catalogue import appointments, fni, marketing, messaging, parts, sales, service
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from tasks import rulebook
from tasks.models import Promise
from tasks.playbook import When


@dataclass(frozen=True)
class NextStep:
    """What the one button says and where it leads. `act` is the promise's own act that it stands for, "" for a page."""

    words: str
    url: str
    key: str = ""
    act: str = ""
    sheet: bool = False


#: What is done on the page of the thing itself, by the fact that this makes true.
_ON_ITS_PAGE = {
    service.PromiseTimeSet: later("Promise a time"),
    service.PromiseTimeMoved: later("Tell the new time"),
    service.RepairOrderReady: later("See how far the car is"),
    service.EstimateSent: later("Price and send the estimate"),
    service.RecommendationApproved: later("Get the decision"),
    service.StatusTold: later("Tell how the car stands"),
    service.ReadyTold: later("Tell that it is ready"),
    service.ComebackSettled: later("Settle the comeback"),
    service.DeclinedWorkBooked: later("Offer the work again"),
    parts.PartQuoted: later("Quote the part"),
    parts.PartApproved: later("Get the decision"),
    parts.PartEtaTold: later("Tell when the part comes"),
    parts.PartInstalled: later("See to the part"),
    sales.UnreadableLeadSettled: later("Read the lead"),
    sales.WeOweDelivered: later("See what is owed with the car"),
    sales.DealMended: later("Mend the deal"),
    fni.DealTakenIn: later("Take the deal in"),
    fni.JacketSent: later("Send the jacket"),
    fni.JacketResent: later("Correct the jacket"),
    fni.StipAsked: later("Ask for the stip"),
    fni.StipCollected: later("Collect the stip"),
    fni.DealFunded: later("See to the funding"),
    fni.TitleSent: later("Send the title"),
    marketing.ReviewAnswered: later("Answer the review"),
    marketing.RecoveryRecorded: later("Write down what was done"),
}


def of(
    staff: StaffMember,
    promise: Promise,
    acts: Collection[str],
    *,
    conversation_id: int | None,
    phone: str,
    to_move: int | None = None,
) -> NextStep | None:
    """What this person does next about it; None where nothing is to be done, or nothing from here.

    `to_move`: the visit for which its customer asks another time.
    """
    if promise.state != Promise.State.OPEN:
        return None
    if "accept" in acts:
        return NextStep(_("Take it on"), reverse("tasks:accept", args=[promise.pk]), "a", "accept")
    if "finish" in acts:
        return NextStep(
            _("It is done"), reverse("tasks:finish", args=[promise.pk]), "d", "finish", sheet=True
        )
    try:
        evidence = rulebook.rule_of(promise.rule).kept_on
    except KeyError:
        return None
    if to_move and _is_kept_by_moving(promise, evidence):
        where = reverse("appointments:move_and_answer", args=[to_move])
        return NextStep(_("Move the visit and answer"), where, "b", "move_and_answer", sheet=True)
    for wanted in evidence:
        if step := _toward(wanted, staff, promise, acts, conversation_id, phone):
            return step
    return None


def _is_kept_by_moving(promise: Promise, evidence: Collection[When]) -> bool:
    """Whether a visit that is moved keeps it, or the text that tells it."""
    facts = {wanted.fact for wanted in evidence}
    talked = messaging.CustomerHeardFromPerson in facts and promise.subject.startswith("conversation:")
    return talked or appointments.AppointmentMoved in facts


def _toward(
    wanted: When,
    staff: StaffMember,
    promise: Promise,
    acts: Collection[str],
    conversation_id: int | None,
    phone: str,
) -> NextStep | None:
    customer = promise.customer
    if wanted.fact is parts.PartOrdered and (order := things.act_on(promise.subject, "order", staff)):
        evidence = {one.fact for one in rulebook.rule_of(promise.rule).kept_on}
        says = _("Approve and order") if parts.PartApproved in evidence else _("Order the part")
        return NextStep(says, order, "o", "order", sheet=True)
    if words := _ON_ITS_PAGE.get(wanted.fact):
        page = things.page_of(promise.subject, staff, promise.department)
        return NextStep(words, page[0]) if page else None
    if customer is None:
        return None
    if wanted.fact in (appointments.AppointmentBooked, appointments.AppointmentMoved):
        if not staff.may(May.BOOK):
            return None
        department = str(dict(wanted.having).get("department", ""))
        return NextStep(_("Book the visit"), booking(promise, department), "b", "book")
    if wanted.fact in (messaging.CustomerHeardFromPerson, messaging.CustomerWrote):
        if not (phone and staff.may(May.WRITE_TO_CUSTOMERS)):
            return None
        if conversation_id:
            return NextStep(_("Write to %(name)s") % {"name": customer.call_name}, "#text_body", "r", "reply")
        return NextStep(
            _("Write to %(name)s first") % {"name": customer.call_name},
            reverse("messaging:customer_panel", args=[customer.pk]),
            "r",
            "reply",
        )
    if wanted.fact is messaging.CallConnected and "log_call" in acts:
        return NextStep(
            _("Log a call"), reverse("tasks:log_call", args=[promise.pk]), "c", "log_call", sheet=True
        )
    return None


def booking(promise: Promise, department: str = "") -> str:
    """Where a visit for its customer is booked."""
    where = department or ("service" if promise.department in ("service", "parts") else "sales")
    return f"{reverse('appointments:book')}?customer={promise.customer_id}&department={where}"
