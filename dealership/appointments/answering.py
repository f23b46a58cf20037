"""A person moves a visit and answers whoever asked for it, in one act: the customer gets one text, that person's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.appointments import booking, told
from dealership.appointments.models import Appointment
from dealership.appointments.wishes import Wish
from dealership.customers import merging
from dealership.messaging import board, outbox
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, Role


class CannotBeTold(booking.BookingError):
    """The customer would not get the text, so nothing is moved."""


class ChangedMeanwhile(booking.BookingError):
    """The visit is not what it was when this was opened."""


def draft(visit: Appointment, wish: Wish | None, *, at: datetime, by: StaffMember) -> str:
    """The answer half written, in the customer's language: it asks for a yes unless they named that time themselves."""
    name = "moved_as_asked" if wish and wish.names(at) else "moved_instead"
    return told.words(name, visit, at=at, person=by.first_name)


@transaction.atomic
def move_and_answer(
    visit: Appointment,
    wish: Wish | None,
    *,
    conversation: Conversation,
    starts_at: datetime,
    words: str,
    key: UUID,
    seen: int | None,
    version: int,
    by: StaffMember,
    now: datetime,
) -> Appointment:
    """Both or neither; twice with one `key` is once.

    `version` and `seen` are what this person had before them: the visit's, and the newest message. Raises ChangedMeanwhile,
    CannotBeTold, what `booking.move` raises, and outbox.AnsweredMeanwhile, NothingToSay and TooLong.
    """
    # The talk first, as an incoming text does it: two who wait for each other would wait for ever.
    talks = Conversation.objects.of_store(visit.store_id).select_for_update(of=("self",))
    talk = talks.select_related("store", "customer").get(pk=conversation.pk)
    subject = f"appointment:{visit.pk}"
    # Under the name of texts that tell of a move: where it is moved back before this one left, it does not leave.
    dedupe_key = f"{subject}:moved:{key}"
    current = (
        Appointment.objects.of_store(visit.store_id).select_related("store", "customer").get(pk=visit.pk)
    )
    if Message.objects.of_store(visit.store_id).filter(dedupe_key=dedupe_key).exists():
        return current
    permission = board.permission(talk, by, now=now)
    if not permission.may:
        said = _("Nothing is moved: %(why)s Call them, then move it on the visit’s page.")
        raise CannotBeTold(said % {"why": permission.words})
    if current.version != version:
        raise ChangedMeanwhile(
            _("Nothing is moved: the visit has changed since you opened this. It stands here as it is now.")
        )
    told.hush(current, now=now)
    is_sure = wish is not None and wish.names(starts_at)
    outbox.send(
        store_id=visit.store_id,
        customer=merging.living(talk.customer),
        number=talk.their_number,
        body=words,
        author=by,
        purpose=Purpose.CONVERSATIONAL,
        subject=subject,
        dedupe_key=dedupe_key,
        department=DEPARTMENT_OF[Role(by.role)] or "",
        asks=Conversation.Asked.NONE if is_sure else Conversation.Asked.CONFIRM,
        asked_about="" if is_sure else subject,
        now=now,
        seen=seen,
        useless_after=starts_at,
    )
    moved = booking.move(current, starts_at=starts_at, by=by, now=now, in_own_words=True)
    return booking.confirm(moved, by=by, now=now) if is_sure else moved
