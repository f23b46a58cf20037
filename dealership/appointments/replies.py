"""A customer answers about their visit: what is sure is done and echoed; for the rest a person decides, with the answer half written."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealership.appointments import booking, capacity, slots, told, when
from dealership.appointments.models import Appointment
from dealership.messaging.answers import Answer, Scene, answers_to, scene_of
from dealership.messaging.models import Conversation, Message
from dealership.messaging.replies.reply import Intent, Reply
from dealership.stores import calendars


@answers_to("appointment")
def answer(
    conversation: Conversation, message: Message, reading: Reply, subject: str, now: datetime
) -> Answer:
    """Confirms, or moves to the one exact time that was named, and echoes what stands now.

    Anything else, a visit that is over, and a time without room are not settled.
    """
    appointment = _of_subject(conversation.store_id, subject)
    if appointment is None or not reading.sure:
        return Answer(settled=False, words="")
    if reading.intent == Intent.CONFIRM:
        return _confirm(appointment, now)
    if reading.intent == Intent.MOVE and len(reading.slots) == 1 and reading.slots[0].is_point:
        return _move(appointment, reading.slots[0].start, now)
    return Answer(settled=False, words="")


@scene_of("appointment")
def scene(store_id: int, subject: str) -> Scene:
    """The visit's local time, and the hours in which the department takes customers: "at 3" is read by them."""
    appointment = _of_subject(store_id, subject)
    if appointment is None:
        return Scene()
    calendar = calendars.of(store_id, appointment.department)
    ranges = [span for spans in calendar.week.values() for span in spans]
    if not ranges:
        return Scene(appointment.starts_at)
    last = max((closes for _, closes in ranges), key=lambda closes: closes.hour or 24)
    opens = min(opens for opens, _ in ranges).hour
    return Scene(appointment.starts_at, (opens, (last.hour or 24) + (1 if last.minute else 0)))


def _of_subject(store_id: int, subject: str) -> Appointment | None:
    number = subject.partition(":")[2]
    if not number.isdecimal():
        return None
    rows = Appointment.objects.of_store(store_id).filter(pk=int(number))
    return rows.select_related("store", "customer").first()


def _confirm(appointment: Appointment, now: datetime) -> Answer:
    if now > appointment.starts_at:
        return Answer(settled=False, words="")
    try:
        confirmed = booking.confirm(appointment, by=None, now=now)
    except booking.Over:
        return Answer(settled=False, words=told.words("over", appointment))
    return Answer(settled=True, words=told.words("confirmed", confirmed))


def _move(appointment: Appointment, wanted: datetime, now: datetime) -> Answer:
    zone = appointment.store.tz
    at = wanted if wanted.tzinfo else wanted.replace(tzinfo=zone)
    try:
        moved = booking.move(appointment, starts_at=at, by=None, now=now)
        # They named the time themselves: it needs no second yes.
        booking.confirm(moved, by=None, now=now)
    except booking.NoRoom:
        return Answer(settled=False, words=_no_room(appointment, at, now))
    except booking.Over:
        return Answer(settled=False, words=told.words("over", appointment))
    except booking.BookingError:
        return Answer(settled=False, words="")
    return Answer(settled=True, words=told.words("confirmed", moved))


def _no_room(appointment: Appointment, wanted: datetime, now: datetime) -> str:
    """A half-written answer with the nearest times that are free, of that day or of the next six."""
    zone = appointment.store.tz
    first = max(wanted, now).astimezone(zone).date()
    for days in range(7):
        day = first + timedelta(days=days)
        free = slots.free(appointment.store_id, appointment.department, day, after=now)
        times = capacity.nearest(free, wanted, after=now)
        if times:
            said = when.listed(times, zone, appointment.customer.language)
            return told.words("no_room", appointment, slots=said)
    return ""
