"""The sheet from which a visit is moved and its customer answered with one press."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dealership import clock
from dealership.appointments import answering, booking, wishes
from dealership.appointments.acts import moved_words
from dealership.appointments.forms import AnswerForm
from dealership.appointments.models import Appointment
from dealership.appointments.views import find, with_slot
from dealership.appointments.wishes import Wish
from dealership.customers import merging
from dealership.messaging import board, outbox
from dealership.messaging.models import Conversation, Message
from dealership.stores.hours import to_utc
from dealership.web import May, StaffRequest, done, render_page, staff_only

#: As a free time is written in an address.
SLOT = "%Y-%m-%d %H:%M"


@require_http_methods(["GET", "POST"])
@staff_only(May.BOOK, May.WRITE_TO_CUSTOMERS)
def move_and_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Another time and the text that tells it. `?to=` only chooses a time: the words posted with it follow, unless changed."""
    visit, now = find(request, pk), clock.now()
    talk, newest = _talk(visit)
    wish = wishes.in_conversation(visit.store_id, talk.pk, visit.store.tz)
    if request.method == "GET" or "to" in request.GET:
        return _sheet(request, visit, wish, talk, newest, now)
    language = visit.customer.language
    form = AnswerForm(with_slot(request.POST), zone=visit.store.tz, language=language, auto_id="answer_%s")
    held = None
    if form.is_valid():
        typed = form.cleaned_data
        try:
            moved = answering.move_and_answer(
                visit,
                wish,
                conversation=talk,
                starts_at=form.starts_at,
                words=typed["body"],
                key=typed["key"],
                seen=typed["seen"],
                version=typed["version"],
                by=request.staff,
                now=now,
            )
        except (booking.BookingError, outbox.NothingToSay, outbox.TooLong) as error:
            form.add_error(None, str(error))
        except outbox.AnsweredMeanwhile as answered:
            held = answered
        else:
            # What they named themselves is confirmed with it, and then no slip of ours.
            undo = "" if moved.confirmed_at else reverse("appointments:move_back", args=[pk])
            to = reverse("messaging:conversation_detail", args=[talk.pk])
            return done(request, moved_words(moved), to=to, undo=undo)
    return _sheet(request, find(request, pk), wish, talk, newest, now, form=form, held=held)


def _sheet(
    request: StaffRequest,
    visit: Appointment,
    wish: Wish | None,
    talk: Conversation,
    newest: int | None,
    now: datetime,
    *,
    form: AnswerForm | None = None,
    held: outbox.AnsweredMeanwhile | None = None,
) -> HttpResponse:
    """The sheet; `form` is one that failed, and keeps what was typed."""
    offer, zone, given = (
        wishes.offer(visit, wish, now=now),
        visit.store.tz,
        form.data if form else request.POST,
    )
    at = _slot(request.GET.get("to") or given.get("slot", ""), zone) or offer.suggested
    words = given.get("body", "")
    if at and form is None:
        was = _slot(given.get("slot", ""), zone)
        unchanged = was and words.split() == answering.draft(visit, wish, at=was, by=request.staff).split()
        if unchanged or not words:
            words = answering.draft(visit, wish, at=at, by=request.staff)
    # What was seen stays so until a colleague's answer has been shown.
    seen = newest if held or not given.get("seen", "").isdecimal() else given["seen"]
    known = {
        "body": words,
        "key": given.get("key") or uuid.uuid4(),
        "seen": seen,
        "version": visit.version,
    }
    shown = AnswerForm(initial=known, zone=zone, language=visit.customer.language, auto_id="answer_%s")
    context: dict[str, Any] = {
        "visit": visit,
        "wish": wish,
        "talk": talk,
        "at": at,
        "slot": f"{at.astimezone(zone):{SLOT}}" if at else "",
        "times": [(time, f"{time.astimezone(zone):{SLOT}}") for time in offer.times],
        "form": shown,
        "wrong": [error for errors in form.errors.values() for error in errors] if form else [],
        "held": held,
        "permission": board.permission(talk, request.staff, now=now),
    }
    page, part = "appointments/move_and_answer.html", "appointments/_move_and_answer.html"
    return render_page(request, page, part, context, status=422 if form else 200)


def _talk(visit: Appointment) -> tuple[Conversation, int | None]:
    """In which the customer is answered, and the key of its last text. Raises Http404."""
    texts = Message.objects.of_store(visit.store_id).filter(conversation=OuterRef("pk")).order_by("-pk")
    family = merging.family(visit.customer)
    talks = Conversation.objects.of_store(visit.store_id).filter(customer__in=family)
    talk = (
        talks.select_related("store", "customer", "holder")
        .annotate(newest=Subquery(texts.values("pk")[:1]))
        .order_by("-last_at")
        .first()
    )
    if talk is None:
        raise Http404(_("Nobody has texted with them yet: move it on the visit’s page."))
    return talk, talk.newest


def _slot(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        wall = datetime.strptime(text, SLOT)  # noqa: DTZ007 the store's zone follows
    except ValueError:
        return None
    return to_utc(zone, wall) if 2000 <= wall.year <= 2099 else None
