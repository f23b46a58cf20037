"""Puts a conversation away until a time, and brings it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dealership import clock, clocks
from dealership.messaging import put_away
from dealership.messaging.forms import PutAwayForm
from dealership.messaging.models import Conversation
from dealership.stores import calendars
from dealership.stores.moments import WIRE
from dealership.web import May, StaffRequest, done, render_page, staff_only


@require_http_methods(["GET", "POST"])
@staff_only(May.WRITE_TO_CUSTOMERS)
def put_conversation_away(request: StaffRequest, pk: int) -> HttpResponse:
    """Until when: times that are often meant, or any. 2 queries beside the sign-in."""
    conversation, now = _conversation(request, pk), clock.now()
    zone = conversation.store.tz
    form = PutAwayForm(request.POST or None, zone=zone)
    if form.is_valid():
        until = form.cleaned_data["until"]
        try:
            row = put_away.keep_until(conversation=conversation, until=until, by=request.staff, now=now)
        except put_away.BadTime as error:
            form.add_error("until", str(error))
        else:
            back = reverse("messaging:bring_back", args=[pk])
            said = clocks.when(row.put_away_until or until, zone, now)
            return done(request, f"Put away until {said}.", to=_address(pk), undo=back)
    calendar = calendars.of(conversation.store_id, conversation.department)
    context = {
        "conversation": conversation,
        "form": form,
        "choices": [
            (choice.words, choice.at, choice.at.astimezone(zone).strftime(WIRE))
            for choice in put_away.choices(calendar, now)
        ],
        "now": now,
    }
    status = 422 if form.errors else 200
    return render_page(request, "messaging/put_away.html", "messaging/_put_away.html", context, status=status)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def bring_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Into the lists again, before its time."""
    put_away.bring_back(conversation=_conversation(request, pk), by=request.staff, now=clock.now())
    return done(request, "Back in the inbox.", to=_address(pk))


def _conversation(request: StaffRequest, pk: int) -> Conversation:
    rows = Conversation.objects.visible_to(request.staff).select_related("store", "customer")
    return get_object_or_404(rows, pk=pk)


def _address(pk: int) -> str:
    return reverse("messaging:conversation_detail", args=[pk])
