"""Conversations: opened once per number, held by a person, handed over, and for whom somebody is waiting."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Min, Q
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.messaging import ConversationHandedOver
from dealership.events.models import EventRecord
from dealership.messaging.models import Call, Conversation, Message
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, May, Role
from dealership.stores.models import Department, Store

#: A text of these states went to the customer, as far as anybody knows.
GONE = (Message.State.ACCEPTED, Message.State.SENT, Message.State.DELIVERED, Message.State.UNKNOWN)


class CannotHold(Exception):
    """This person does not work here, or may not write to customers."""


class CannotTakeBack(Exception):
    """It was not this person who gave it away last, or something else has happened since."""


class HeldByAnother(Exception):
    """Somebody else talks with this customer."""

    def __init__(self, holder: StaffMember) -> None:
        super().__init__(_("%(name)s holds this conversation.") % {"name": holder.name})
        self.holder = holder


def open_with(
    *, store_id: int, customer: Customer, number: str, department: str = "", now: datetime
) -> Conversation:
    """The conversation with this number, opened if it is the first; it follows the number to its new owner. Locked."""
    conversation = _locked(store_id, number)
    if conversation is None:
        store = Store.objects.only("text_number").get(pk=store_id)
        try:
            with transaction.atomic():
                return Conversation.objects.create(
                    store_id=store_id,
                    customer=customer,
                    our_number=store.text_number,
                    their_number=number,
                    department=department or Department.SALES,
                    last_at=now,
                )
        except IntegrityError:
            conversation = _locked(store_id, number)
            if conversation is None:
                raise
    if conversation.customer_id != customer.pk:
        conversation.customer = customer
        conversation.save(update_fields=["customer"])
    return conversation


def _locked(store_id: int, number: str) -> Conversation | None:
    rows = Conversation.objects.of_store(store_id).filter(their_number=number)
    return rows.select_for_update(of=("self",)).select_related("store", "customer").first()


def _alone(conversation: Conversation) -> Conversation:
    """The row, locked, its holder looked up afterwards: joined to them, whoever waited would see the holder of before, or nobody."""
    rows = Conversation.objects.of_store(conversation.store_id)
    return rows.select_for_update().get(pk=conversation.pk)


@transaction.atomic
def hold(
    *,
    conversation: Conversation,
    holder: StaffMember,
    by: StaffMember,
    now: datetime,
    take_over: bool = False,
) -> Conversation:
    """From now on `holder` talks with this customer. Their own again: nothing changes.

    Raises HeldByAnother where somebody else holds it, unless that person hands it over, or `take_over` is said.
    Raises CannotHold for somebody of another store or who may not write to customers.
    """
    if holder.store_id != conversation.store_id or not holder.may(May.WRITE_TO_CUSTOMERS):
        raise CannotHold(_("%(name)s cannot write to customers here.") % {"name": holder.name})
    row = _alone(conversation)
    before = row.holder
    if before is not None and before.pk == holder.pk:
        return row
    if before is not None and before.is_active and before.pk != by.pk and not take_over:
        raise HeldByAnother(before)
    return _give(row, holder, DEPARTMENT_OF[Role(holder.role)] or row.department, by, now)


@transaction.atomic
def release(*, conversation: Conversation, by: StaffMember | None, now: datetime) -> Conversation:
    """Nobody holds it any more: the next answer may come from anyone."""
    row = _alone(conversation)
    return _give(row, None, row.department, by, now) if row.holder else row


@transaction.atomic
def move_to_department(
    *, conversation: Conversation, department: str, by: StaffMember, now: datetime
) -> Conversation:
    """Back to the queue of this department: its business now, and held by nobody. Raises ValueError for no department."""
    row = _alone(conversation)
    if row.holder is None and row.department == Department(department):
        return row
    return _give(row, None, department, by, now)


@transaction.atomic
def take_back(*, conversation: Conversation, by: StaffMember, now: datetime) -> Conversation:
    """Undo of one's own taking, giving or letting go: with whoever held it before. Raises CannotTakeBack."""
    row = _alone(conversation)
    last = (
        EventRecord.objects.of_store(row.store_id)
        .filter(subject=f"conversation:{row.pk}", kind="ConversationHandedOver")
        .order_by("-at", "-pk")
        .first()
    )
    if last is None or last.by != by.pk or last.payload.get("to_id") != row.holder_id:
        raise CannotTakeBack(_("Something else has happened since: hand it over anew."))
    people = StaffMember.objects.of_store(row.store_id).filter(is_active=True)
    before = people.filter(pk=last.payload.get("from_id")).first() if last.payload.get("from_id") else None
    return _give(row, before, last.payload.get("from_department") or row.department, by, now)


def _give(
    row: Conversation, to: StaffMember | None, department: str, by: StaffMember | None, now: datetime
) -> Conversation:
    """The row is locked."""
    before, was_of = row.holder, row.department
    row.holder, row.department = to, department
    row.version += 1
    row.save(update_fields=["holder", "department", "version"])
    live.bump(row.store_id, "inbox")
    bus.publish(
        ConversationHandedOver(
            store_id=row.store_id,
            at=now,
            subject=f"conversation:{row.pk}",
            customer_id=row.customer_id,
            by=by.pk if by else None,
            conversation_id=row.pk,
            department=department,
            from_id=before.pk if before else None,
            from_department=was_of,
            to_id=to.pk if to else None,
            to_name=to.name if to else "nobody in particular",
        )
    )
    return row


def release_all_of(staff_ids: list[int]) -> int:
    """Conversations of people who left are nobody's until somebody takes them, and what they put away is back. Called where they leave."""
    rows = Conversation.objects.across_stores("a person left, whatever store they worked at")
    rows.filter(put_away_by_id__in=staff_ids).update(put_away_until=None, put_away_by=None)
    return rows.filter(holder_id__in=staff_ids).update(
        holder=None, put_away_until=None, put_away_by=None, version=F("version") + 1
    )


def touched(*some: Conversation) -> None:
    """Something in them changed: pages that show them ask again. One write for all."""
    Conversation.objects.across_stores("a batch of messages of several stores").filter(
        pk__in={conversation.pk for conversation in some}
    ).update(version=F("version") + 1)
    for store_id in {conversation.store_id for conversation in some}:
        live.bump(store_id, "inbox")


def count_waiting(conversation: Conversation) -> datetime | None:
    """Works out since when the customer waits for a person, and notes it: the first text that needs one after the last
    contact by one (a text that went, a call that connected). Two queries and a write."""
    store_id, key = conversation.store_id, conversation.pk
    messages = Message.objects.of_store(store_id).filter(conversation=key)
    human = messages.aggregate(
        at=Max("sent_at", filter=Q(is_inbound=False, author__isnull=False, state__in=GONE))
    )["at"]
    spoke = Call.objects.of_store(store_id).filter(
        customer=conversation.customer_id, outcome=Call.Outcome.CONNECTED
    )
    heard = max(filter(None, (human, spoke.aggregate(at=Max("at"))["at"])), default=None)
    waiting = messages.filter(is_inbound=True, needs_person=True)
    if heard is not None:
        waiting = waiting.filter(created_at__gt=heard)
    conversation.waiting_since = waiting.aggregate(at=Min("created_at"))["at"]
    conversation.last_human_out_at = human
    Conversation.objects.of_store(store_id).filter(pk=key).update(
        waiting_since=conversation.waiting_since,
        last_human_out_at=human,
        version=F("version") + 1,
    )
    live.bump(store_id, "inbox")
    return conversation.waiting_since
