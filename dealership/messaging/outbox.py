"""The only door out: a text is written down here, once, and leaves later, if the gate still allows it then."""

from __future__ import annotations

import uuid as uuids
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dealership import doorbell, live, sensitive
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.messaging import conversations, numbers, photos, steps
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.messaging.pictures import Picture
from dealership.messaging.wording import clean
from dealership.staff.models import StaffMember

#: The carrier takes no longer text (Twilio 21617).
MAX_CHARACTERS = 1600
MAX_KEY = 120
#: A text of these states is nobody's answer.
NEVER_WENT = (Message.State.SUPPRESSED, Message.State.FAILED, Message.State.UNDELIVERED)


class NoNumber(Exception):
    """The customer has no phone that can take a text."""


class NothingToSay(ValueError):
    """The text is empty."""


class TooLong(ValueError):
    """The text is longer than the carrier takes."""


class AnsweredMeanwhile(Exception):
    """Somebody else answered after what the author had seen; `messages` are theirs, oldest first."""

    def __init__(self, messages: list[Message]) -> None:
        names = dict.fromkeys(message.author.first_name for message in messages if message.author)
        super().__init__(_("%(names)s answered while you were writing.") % {"names": _(" and ").join(names)})
        self.messages = messages


@transaction.atomic
def send(
    *,
    store_id: int,
    customer: Customer,
    number: str = "",
    body: str,
    author: StaffMember | None = None,
    purpose: str,
    subject: str = "",
    dedupe_key: str,
    now: datetime,
    asks: str = Conversation.Asked.NONE,
    asked_about: str = "",
    promise_ref: int | None = None,
    department: str = "",
    useless_after: datetime | None = None,
    seen: int | None = None,
    drawn: Sequence[Picture] = (),
) -> Message:
    """Queues one text; the same `dedupe_key` again gives the message that is there already.

    `number` "": the customer's best phone. `author` None: the machine writes. `asks` and `asked_about` say what the
    customer's next words will answer. Nothing leaves before the commit, and the gate decides when it would leave.
    `seen` is the key of the newest message that the author had before them: who writes in a conversation locks it, so
    of two who send at once the second finds the first's. Raises AnsweredMeanwhile then, and NoNumber, NothingToSay, TooLong.
    With photos (`drawn`) a text needs no words; they are kept with it and go along.
    """
    if not dedupe_key or len(dedupe_key) > MAX_KEY:
        raise ValueError(f"A dedupe key has 1 to {MAX_KEY} characters: {dedupe_key!r}.")
    if (known := _known(store_id, dedupe_key)) is not None:
        return known
    text = _text(body, may_be_empty=bool(drawn))
    customer = merging.living(customer)
    number = number or numbers.best_of(customer)
    if not number:
        raise NoNumber(_("%(name)s has no phone that takes texts.") % {"name": customer.full_name})
    conversation = conversations.open_with(
        store_id=store_id, customer=customer, number=number, department=department, now=now
    )
    if author is not None and seen is not None and (theirs := _answers_of_others(conversation, author, seen)):
        raise AnsweredMeanwhile(theirs)
    message = Message(
        store_id=store_id,
        conversation=conversation,
        customer=customer,
        is_inbound=False,
        body=text,
        author=author,
        purpose=Purpose(purpose),
        state=Message.State.QUEUED,
        subject=subject,
        promise_ref=promise_ref,
        department=department,
        asks=asks,
        asked_about=asked_about,
        uuid=uuids.uuid4(),
        dedupe_key=dedupe_key,
        send_after=now,
        useless_after=useless_after,
        created_at=now,
    )
    queued = _queue(message, author)
    if drawn and queued is message:
        photos.attach(queued, drawn, by=author)
    return queued


def _answers_of_others(conversation: Conversation, author: StaffMember, seen: int) -> list[Message]:
    """What other people wrote since, and what went or will go. The conversation is locked."""
    return list(
        Message.objects.of_store(conversation.store_id)
        .filter(conversation=conversation, pk__gt=seen, is_inbound=False, author__isnull=False)
        .exclude(author=author)
        .exclude(state__in=NEVER_WENT)
        .select_related("author")
        .order_by("pk")[:5]
    )


def _text(body: str, *, may_be_empty: bool) -> str:
    text = sensitive.mask(clean(body)).strip()
    if not text and not may_be_empty:
        raise NothingToSay(_("Write something first."))
    if len(text) > MAX_CHARACTERS:
        said = _("A text holds %(most)s characters; this one has %(n)s.")
        raise TooLong(said % {"most": MAX_CHARACTERS, "n": len(text)})
    return text


def _queue(message: Message, author: StaffMember | None) -> Message:
    """Writes it down and rings; the twin that was faster instead, where there is one."""
    who = author.name if author else "The machine"
    steps.note(message, message.created_at, f"{who} wrote it.")
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if (known := _known(message.store_id, message.dedupe_key)) is not None:
            return known
        raise
    _take_hold(message.conversation, author)
    live.bump(message.store_id, "inbox")
    doorbell.ring("messages")
    return message


def withdraw(*, store_id: int, promise_ref: int, why: str, now: datetime) -> int:
    """What waits for this promise is not sent: it is no longer owed. Returns how many texts were stopped."""
    return (
        Message.objects.of_store(store_id)
        .filter(promise_ref=promise_ref, state=Message.State.QUEUED)
        .update(state=Message.State.SUPPRESSED, reasons=[why], steps=steps.noted(now, why))
    )


def withdraw_about(
    *,
    store_id: int,
    subject: str,
    why: str,
    now: datetime,
    customer_ids: Collection[int] | None = None,
    key: str = "",
) -> list[int]:
    """What waits about this thing is not sent (to these customers, of dedupe keys that begin so). Returns the keys of what was stopped."""
    rows = Message.objects.of_store(store_id).filter(
        Q(state=Message.State.QUEUED) | Q(state=Message.State.SENDING, called_at__isnull=True),
        subject=subject,
        is_inbound=False,
    )
    if customer_ids is not None:
        rows = rows.filter(customer_id__in=customer_ids)
    if key:
        rows = rows.filter(dedupe_key__startswith=key)
    keys = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    Message.objects.of_store(store_id).filter(pk__in=keys).update(
        state=Message.State.SUPPRESSED, reasons=[why], steps=steps.noted(now, why)
    )
    return keys


def withdraw_courting(*, customer_ids: Collection[int], why: str, now: datetime) -> Counter[int]:
    """What the machine would still send to court these customers is not sent; what speaks of a deal or a visit is.

    Returns how many texts were stopped, by customer.
    """
    rows = (
        Message.objects.across_stores("customers of a batch of several stores")
        .filter(customer_id__in=customer_ids, state=Message.State.QUEUED, author__isnull=True)
        .filter(Q(purpose=Purpose.MARKETING) | Q(purpose=Purpose.SALES, subject__startswith="lead:"))
        .select_for_update(of=("self",))
    )
    courting = list(rows.values_list("pk", "customer_id"))
    Message.objects.across_stores("texts just locked").filter(pk__in=[pk for pk, _ in courting]).update(
        state=Message.State.SUPPRESSED, reasons=[why], steps=steps.noted(now, why)
    )
    return Counter(customer_id for _, customer_id in courting)


def _known(store_id: int, dedupe_key: str) -> Message | None:
    return (
        Message.objects.of_store(store_id)
        .filter(dedupe_key=dedupe_key)
        .select_related("conversation", "customer")
        .first()
    )


def _take_hold(conversation: Conversation, author: StaffMember | None) -> None:
    fields = ["version"]
    conversation.version += 1
    if author is not None and conversation.holder_id is None:
        conversation.holder = author
        fields.append("holder")
    conversation.save(update_fields=fields)
