"""Phone calls that people made, written down by them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import override

from dealership import live, sensitive
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import (
    CallAttempted,
    CallConnected,
    NumberProvedWrong,
)
from dealership.messaging import consent, conversations, numbers
from dealership.messaging.models import Call, Conversation
from dealership.messaging.wording import clean, excerpt
from dealership.staff.models import StaffMember


class NoSuchOutcome(ValueError):
    """A call connects, reaches a voicemail, nobody, or the wrong person."""


@transaction.atomic
def log(
    *,
    customer: Customer,
    by: StaffMember,
    outcome: str,
    note: str = "",
    subject: str = "",
    department: str = "",
    number: str = "",
    now: datetime,
) -> Call:
    """Writes a call down. Connected: contact was made, and nobody waits any more. Else an attempt.

    The wrong person answered: the number is given up and gets nothing more. Raises NoSuchOutcome.
    """
    if outcome not in Call.Outcome.values:
        raise NoSuchOutcome(f"“{outcome}” is none of {', '.join(Call.Outcome.values)}.")
    customer = merging.living(customer)
    number = number or numbers.best_of(customer)
    call = Call.objects.create(
        store_id=customer.store_id,
        customer=customer,
        number=number,
        by=by,
        outcome=outcome,
        note=sensitive.mask(clean(note)).strip()[:4000],
        subject=subject[:80],
        at=now,
    )
    facts = [_fact(call, department)]
    if outcome == Call.Outcome.WRONG_NUMBER and number:
        facts.append(_wrong(call))
    talks = Conversation.objects.of_store(customer.store_id).filter(customer=customer)
    for conversation in talks.select_for_update():
        conversations.count_waiting(conversation)
    live.bump(customer.store_id, "inbox")
    bus.publish(*facts)
    return call


def _fact(call: Call, department: str) -> Fact:
    common = {
        "store_id": call.store_id,
        "at": call.at,
        "subject": call.subject or f"customer:{call.customer_id}",
        "customer_id": call.customer_id,
        "by": call.by_id,
        "call_id": call.pk,
        "note": f"“{excerpt(call.note)}”" if call.note else "",
    }
    if call.outcome == Call.Outcome.CONNECTED:
        return CallConnected(**common, department=department)  # type: ignore[arg-type]
    with override("en"):  # a fact is kept
        words = str(Call.Outcome(call.outcome).label).lower()
    return CallAttempted(**common, outcome=words)  # type: ignore[arg-type]


def _wrong(call: Call) -> Fact:
    consent.revoke(
        store_id=call.store_id,
        number=call.number,
        how=consent.How.CALL,
        words="somebody else answers this number",
        by=call.by,
        now=call.at,
        whole_group=False,
    )
    numbers.give_up(call.store_id, call.number)
    return NumberProvedWrong(
        store_id=call.store_id,
        at=call.at,
        subject=f"customer:{call.customer_id}",
        customer_id=call.customer_id,
        by=call.by_id,
        number=call.number,
    )
