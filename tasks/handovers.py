"""A lead, a car, a conversation or a visit goes to somebody else: what is owed about it goes along."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.appointments import AppointmentGiven
from dealership.events.catalogue.messaging import ConversationHandedOver
from dealership.events.catalogue.sales import LeadHandedOver
from dealership.events.catalogue.service import RepairOrderHandedOver
from dealership.staff.models import StaffMember
from tasks import batches
from tasks.models import Notice, Promise, Transition


@bus.remember(LeadHandedOver)
def follow_lead(facts: Sequence[LeadHandedOver]) -> None:
    """The promises about the lead follow its new owner."""
    for fact in facts:
        _follow(fact, fact.owner_id)


@bus.remember(RepairOrderHandedOver)
def follow_car(facts: Sequence[RepairOrderHandedOver]) -> None:
    """What its advisor owed about the car goes to the new one, also where their leaving has just given it to somebody else."""
    for fact in facts:
        if fact.advisor_id is None or fact.from_id is None:
            continue
        by_leaving = Transition.objects.of_store(fact.store_id).filter(
            promise=OuterRef("pk"), act=Transition.Act.MOVED, at=fact.at, owner_before_id=fact.from_id
        )
        _follow(fact, fact.advisor_id, Q(owner_id=fact.from_id) | Q(Exists(by_leaving)))


@bus.remember(ConversationHandedOver)
def follow_conversation(facts: Sequence[ConversationHandedOver]) -> None:
    """The promises about the conversation follow whoever holds it now; let go, they stay where they are."""
    for fact in facts:
        if fact.to_id is not None:
            _follow(fact, fact.to_id)


@bus.remember(AppointmentGiven)
def follow_visit(facts: Sequence[AppointmentGiven]) -> None:
    """What whoever expected the customer owed about the visit goes along; what others owe about it stays theirs."""
    for fact in facts:
        if fact.person_id is not None and fact.from_id is not None:
            _follow(fact, fact.person_id, Q(owner_id=fact.from_id))


def _follow(fact: Fact, to_id: int, which: Q | None = None) -> None:
    rows = list(
        Promise.objects.of_store(fact.store_id)
        .select_for_update(of=("self",))
        .filter(which or Q(), subject=fact.subject, state=Promise.State.OPEN)
        .exclude(owner_id=to_id)
        .order_by("pk")
    )
    if not rows or not batches.hold_active([to_id]):
        return
    to = StaffMember.objects.of_store(fact.store_id).get(pk=to_id)
    acts, notices = [], []
    for row in rows:
        before = batches.give(row, to_id, at=fact.at)
        row.why = {**row.why, "owner": [f"{to.first_name}: {fact.story().strip()}."]}
        acts.append(
            (
                row,
                {
                    "act": Transition.Act.HANDED_OFF,
                    "at": fact.at,
                    "by_id": fact.by,
                    "why": fact.story().strip(),
                    "owner_before_id": before,
                    "owner_after_id": to_id,
                },
            )
        )
        if to_id != fact.by:
            words = f"Now yours: {row.sentence}"
            notices.append(
                Notice(
                    store_id=row.store_id,
                    staff_id=to_id,
                    promise=row,
                    act=Transition.Act.HANDED_OFF,
                    words=words,
                    at=fact.at,
                )
            )
    batches.save_many(rows)
    batches.record_many(acts)
    batches.notify_many(notices)
