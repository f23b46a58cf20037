"""Who holds a conversation, and until when it is put away: taking, giving, letting go, and the way back from each."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dealership import clock, clocks
from dealership.messaging import board, conversations, put_away
from dealership.messaging.forms import PutAwayForm
from dealership.messaging.views import talk, the_conversation
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.models import Department
from dealership.stores.moments import WIRE
from dealership.web import May, StaffRequest, done, render_page, staff_only

REFUSALS = (conversations.HeldByAnother, conversations.CannotHold)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def hold_conversation(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes it, hands it to somebody (`holder`), or lets it go (`holder` empty)."""
    conversation, now = the_conversation(request, pk), clock.now()
    chosen = request.POST.get("holder", "")
    if not chosen:
        conversations.release(conversation=conversation, by=request.staff, now=now)
        return _done(request, pk, _("Nobody in particular holds this conversation."))
    people = StaffMember.objects.visible_to(request.staff).filter(is_active=True)
    holder = get_object_or_404(people, pk=chosen) if chosen.isdecimal() else request.staff
    try:
        conversations.hold(
            conversation=conversation,
            holder=holder,
            by=request.staff,
            now=now,
            take_over=request.POST.get("take_over") == "1" or request.staff.may(May.REASSIGN),
        )
    except REFUSALS as error:
        context = talk(request, conversation) | {"trouble": str(error)}
        return render_page(
            request, "messaging/conversation_detail.html", "messaging/_conversation.html", context, status=422
        )
    if holder.pk == request.staff.pk:
        return _done(request, pk, _("You hold this conversation."))
    return _done(request, pk, _("%(name)s holds this conversation.") % {"name": holder.first_name})


@require_GET
@staff_only(May.WRITE_TO_CUSTOMERS)
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """To whom: a person, or the queue of a department."""
    context = {
        "conversation": the_conversation(request, pk),
        "people": board.can_hold(request.staff),
        "departments": Department.choices,
    }
    return render_page(request, "messaging/hand_over.html", "messaging/_hand_over.html", context)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def move_conversation(request: StaffRequest, pk: int) -> HttpResponse:
    """Back to a department's queue: whoever answers there takes it."""
    conversation, department = the_conversation(request, pk), request.POST.get("department", "")
    if department not in Department.values:
        return done(request, _("There is no such department."), to=_address(pk))
    row = conversations.move_to_department(
        conversation=conversation, department=department, by=request.staff, now=clock.now()
    )
    said = _("In the queue of %(department)s, held by nobody.")
    return _done(request, pk, said % {"department": row.get_department_display()})


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo of one's own taking, giving or letting go."""
    try:
        row = conversations.take_back(
            conversation=the_conversation(request, pk), by=request.staff, now=clock.now()
        )
    except conversations.CannotTakeBack as error:
        return done(request, str(error), to=_address(pk))
    who = row.holder.first_name if row.holder else _("nobody in particular")
    return done(request, _("Undone: it is with %(name)s.") % {"name": who}, to=_address(pk))


def _done(request: StaffRequest, pk: int, say: str) -> HttpResponse:
    return done(request, say, to=_address(pk), undo=reverse("messaging:take_back", args=[pk]))


@require_http_methods(["GET", "POST"])
@staff_only(May.WRITE_TO_CUSTOMERS)
def put_conversation_away(request: StaffRequest, pk: int) -> HttpResponse:
    """Until when: times that are often meant, or any. 2 queries beside the sign-in."""
    conversation, now = the_conversation(request, pk), clock.now()
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
            words = _("Put away until %(when)s.") % {"when": said}
            return done(request, words, to=_address(pk), undo=back)
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
    put_away.bring_back(conversation=the_conversation(request, pk), by=request.staff, now=clock.now())
    return done(request, _("Back in the inbox."), to=_address(pk))


def _address(pk: int) -> str:
    return reverse("messaging:conversation_detail", args=[pk])
