"""Promises for the tests of pages, made without any of the product's verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from dealership.customers.models import Customer
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from tasks.models import Promise, Transition


def promise(
    owner: StaffMember,
    *,
    due: timedelta = timedelta(minutes=30),
    sentence: str = "A fresh lead hears from a person",
    customer: Customer | None = None,
    subject: str = "",
    rule: str = "answer_lead",
    **fields: Any,
) -> Promise:
    """An open promise of this person, due so long from now; broken if that has passed."""
    now = timezone.now()
    due_at = now + due
    n = Promise.objects.of_store(owner.store_id).count()
    made = Promise.objects.create(
        **{
            "store": owner.store,
            "rule": rule,
            "department": "sales",
            "seam_from": "Marketing",
            "seam_to": "BDC",
            "sentence": sentence,
            "subject": subject or f"lead:{1000 + n}",
            "customer": customer,
            "owner": owner,
            "assigned_at": now,
            "accepted_at": now,
            "opened_at": min(now, due_at) - timedelta(minutes=5),
            "due_at": due_at,
            "original_due_at": due_at,
            "broken_at": due_at if due_at < now else None,
            "why": {
                "exists": "Sales promises it: a lead came in.",
                "owner": [f"{owner.first_name} is next in turn.", "Bea is away."],
                "due": "Counted 5 open minutes",
                "counted": [[now.isoformat(), due_at.isoformat(), 5]],
            },
            **fields,
        }
    )
    Transition.objects.create(
        store=owner.store, promise=made, act=Transition.Act.OPENED, at=made.opened_at, owner_after=owner
    )
    return made


def closed(
    owner: StaffMember, state: str, *, late: bool = False, at: datetime | None = None, **fields: Any
) -> Promise:
    """A promise that has ended just now, or `at`."""
    at = at or timezone.now()
    made = promise(owner, due=timedelta(minutes=-1) if late else timedelta(minutes=30), **fields)
    made.state, made.closed_at = state, at
    made.save(update_fields=["state", "closed_at"])
    return made


def conversation(customer: Customer, holder: StaffMember, words: str) -> Conversation:
    """A customer has written and waits for two minutes."""
    since = timezone.now() - timedelta(minutes=2)
    return Conversation.objects.create(
        store=customer.store,
        customer=customer,
        our_number=customer.store.text_number,
        their_number=customer.contact_points.get().value,
        holder=holder,
        waiting_since=since,
        last_at=since,
        last_body=words,
    )
