"""Pages of the inbox: who waits, the conversation, and what a person does in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dealership import clock, limits
from dealership.customers.models import Customer
from dealership.limits import limited
from dealership.lists import asking, many
from dealership.messaging import advice, board, calls, canned, copy, numbers, outbox, presence
from dealership.messaging import inbox as inbox_page
from dealership.messaging.forms import CallForm, TextForm, fresh_text, writing_in
from dealership.messaging.inbox_list import INBOX
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.web import May, StaffRequest, done, render_page, staff_only, tell


@require_GET
@staff_only(May.SEE_CUSTOMERS)
def inbox(request: StaffRequest) -> HttpResponse:
    """One list, those who wait first; `show` says which, `of` of which department. 6 queries beside the sign-in."""
    asked, now = asking.read(INBOX, request.GET), clock.now()
    may_write = request.staff.may(May.WRITE_TO_CUSTOMERS)
    rows_only = bool(asked.after and request.headers.get("HX-Request"))
    shown, figures = inbox_page.page(asked, request.staff, now=now)
    context = {
        "inbox": figures,
        "list": shown,
        "asked": asked,
        "may_write": may_write,
        "acts": _acts() if may_write else [],
        "most_parked": inbox_page.MOST_PARKED,
        "may_try_again": request.staff.may(May.SEE_OPERATIONS),
        "now": now,
    }
    part = "messaging/_inbox_more.html" if rows_only else "messaging/_inbox_list.html"
    return render_page(request, "messaging/inbox.html", part, context)


def _acts() -> list[tuple[str, str]]:
    return [
        (reverse("messaging:assign_many"), _("Assign…")),
        (reverse("messaging:put_many_away"), _("Put away…")),
    ]


@require_GET
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.EXPORT)
def inbox_export(request: StaffRequest) -> HttpResponse:
    """What is seen in the list, all pages of it."""
    return many.file(request, INBOX, "inbox")


@require_GET
@staff_only(May.SEE_CUSTOMERS)
def conversation_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One conversation with its composer. 8 queries beside the sign-in, and a few where words were asked for:

    `say` puts an answer that is often given into the composer, `again` a text that did not arrive.
    """
    conversation = the_conversation(request, pk)
    context = talk(request, conversation, draft=_draft(request, conversation))
    # Beside it stands the list that it was opened from.
    context["asked"] = asking.read(INBOX, request.GET)
    is_head = request.headers.get("HX-Target") == "conversation-head"
    part = "messaging/_conversation_head.html" if is_head else "messaging/_conversation.html"
    return render_page(request, "messaging/conversation_detail.html", part, context)


@require_GET
@staff_only(May.SEE_CUSTOMERS)
def thread(request: StaffRequest, pk: int) -> HttpResponse:
    """The texts alone, for any page that shows a conversation: `before` pages back. 3 queries beside the sign-in."""
    conversation = the_conversation(request, pk)
    before = request.GET.get("before", "")
    now = clock.now()
    shown = board.thread(
        conversation, now=now, before=int(before) if before.isdecimal() and len(before) < 19 else 0
    )
    may_write = request.staff.may(May.WRITE_TO_CUSTOMERS)
    context = {"conversation": conversation, "thread": shown, "may_write": may_write, "now": now}
    return render_page(request, "messaging/thread.html", "messaging/_thread.html", context)


@require_GET
@staff_only(May.WRITE_TO_CUSTOMERS)
def ready_words(request: StaffRequest, pk: int) -> HttpResponse:
    """Answers that are often given, filled for this customer. 4 queries beside the sign-in."""
    conversation = the_conversation(request, pk)
    context = {
        "conversation": conversation,
        "answers": canned.offered(conversation, request.staff, now=clock.now()),
    }
    return render_page(request, "messaging/ready_words.html", "messaging/_ready_words.html", context)


@require_GET
@staff_only(May.WRITE_TO_CUSTOMERS)
def composer(request: StaffRequest, pk: int) -> HttpResponse:
    """The composer alone, with what the gate says now."""
    context = talk(request, the_conversation(request, pk), turns=False)
    return render_page(request, "messaging/conversation_detail.html", "messaging/_composer.html", context)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def send_text(request: StaffRequest, pk: int) -> HttpResponse:
    """Queues a person's text; the gate judges it when it leaves. Held where a colleague answered meanwhile: sent again, it goes."""
    conversation = the_conversation(request, pk)
    form = TextForm(request.POST, request.FILES, language=conversation.customer.language, auto_id="text_%s")
    held = None
    if form.is_valid():
        try:
            _write(request.staff, conversation.customer, conversation.their_number, form)
        except (outbox.NothingToSay, outbox.TooLong) as error:
            form.add_error("body", str(error))
        except outbox.AnsweredMeanwhile as answered:
            held = answered
    is_sent = form.is_valid() and held is None
    if is_sent:
        presence.stops(conversation, request.staff)
        if not request.headers.get("HX-Request"):
            return HttpResponseRedirect(reverse("messaging:conversation_detail", args=[pk]))
    context = talk(request, the_conversation(request, pk), form=None if is_sent else form, held=held)
    status = 200 if is_sent else 422
    response = render_page(
        request, "messaging/conversation_detail.html", "messaging/_composer.html", context, status=status
    )
    return tell(response) if is_sent else response


@require_GET
@staff_only(May.WRITE_TO_CUSTOMERS)
def writers(request: StaffRequest, pk: int) -> HttpResponse:
    """Part of the composer: who else writes here, or holds it. `writing` says that this person does. 1 query beside the sign-in."""
    conversation = the_conversation(request, pk)
    if request.GET.get("writing"):
        presence.says(conversation, request.staff)
    context = {"conversation": conversation, "writers": presence.others(conversation, request.staff)}
    return render_page(request, "messaging/writers.html", "messaging/_writers.html", context)


@require_GET
@staff_only(May.SEE_CUSTOMERS)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer page's part: the newest conversation, or a first text. 9 queries beside the sign-in."""
    return _panel(request, _customer(request, pk))


def _panel(request: StaffRequest, customer: Customer) -> HttpResponse:
    talks = board.conversations_of(customer)
    context: dict[str, Any] = {"customer": customer, "talks": talks}
    if talks:
        context |= talk(request, talks[0], limit=12, turns=False)
    else:
        context |= {"number": numbers.best_of(customer), "form": fresh_text(language=customer.language)}
    return render_page(request, "messaging/customer_panel.html", "messaging/_customer_panel.html", context)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def write_first(request: StaffRequest, pk: int) -> HttpResponse:
    """A first text to a customer with whom nobody has texted yet: the conversation stands there then, where it was written."""
    customer = _customer(request, pk)
    form = TextForm(request.POST, request.FILES, language=customer.language, auto_id="text_%s")
    if form.is_valid():
        try:
            message = _write(request.staff, customer, "", form)
        except (outbox.NothingToSay, outbox.TooLong, outbox.NoNumber) as error:
            form.add_error("body", str(error))
        except outbox.AnsweredMeanwhile as answered:
            return _held_first(request, customer, form, answered)
        else:
            if request.headers.get("HX-Request"):
                return tell(_panel(request, customer))
            to = reverse("messaging:conversation_detail", args=[message.conversation_id])
            return done(request, _("Your text is on its way."), to=to)
    context = {"customer": customer, "talks": [], "number": numbers.best_of(customer), "form": form}
    return render_page(
        request, "messaging/customer_panel.html", "messaging/_customer_panel.html", context, status=422
    )


@require_http_methods(["GET", "POST"])
@staff_only(May.WRITE_TO_CUSTOMERS)
def log_call(request: StaffRequest, pk: int) -> HttpResponse:
    """A call that was made, and what came of it."""
    customer = _customer(request, pk)
    form = CallForm(request.POST or None)
    if form.is_valid():
        calls.log(
            customer=customer,
            by=request.staff,
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            subject=request.POST.get("subject", "")[:80],
            department=DEPARTMENT_OF[Role(request.staff.role)] or "",
            now=clock.now(),
        )
        talks = board.conversations_of(customer)
        to = (
            reverse("messaging:conversation_detail", args=[talks[0].pk])
            if talks
            else reverse("messaging:inbox")
        )
        return done(request, _("The call is written down."), to=to)
    context = {"customer": customer, "form": form, "subject": request.GET.get("subject", "")[:80]}
    status = 422 if form.is_bound else 200
    return render_page(request, "messaging/log_call.html", "messaging/_log_call.html", context, status=status)


def _held_first(
    request: StaffRequest, customer: Customer, form: TextForm, held: outbox.AnsweredMeanwhile
) -> HttpResponse:
    """A colleague was the first to write: there is a conversation now, and what was typed lies in its composer."""
    talks = board.conversations_of(customer)
    context: dict[str, Any] = {"customer": customer, "talks": talks} | talk(
        request, talks[0], form=form, held=held, limit=12, turns=False
    )
    return render_page(
        request, "messaging/customer_panel.html", "messaging/_customer_panel.html", context, status=422
    )


def the_conversation(request: StaffRequest, pk: int) -> Conversation:
    """With its store, customer and holder. Raises Http404 for one of another store."""
    rows = Conversation.objects.visible_to(request.staff).select_related(
        "store", "customer", "holder", "put_away_by"
    )
    return get_object_or_404(rows, pk=pk)


def _draft(request: StaffRequest, conversation: Conversation) -> str:
    """The words that the address asks to be laid into the composer."""
    if not request.staff.may(May.WRITE_TO_CUSTOMERS):
        return ""
    if name := request.GET.get("say"):
        return canned.words(name, conversation, request.staff, now=clock.now())
    again = request.GET.get("again", "")
    if not (again.isdecimal() and again.isascii() and len(again) < 19):
        return ""
    rows = Message.objects.visible_to(request.staff).filter(conversation=conversation, is_inbound=False)
    message = rows.filter(pk=again).first()
    return message.body if message and advice.can_be_written_again(message) else ""


def _customer(request: HttpRequest, pk: int) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)  # type: ignore[attr-defined]


def _write(staff: StaffMember, customer: Customer, number: str, form: TextForm) -> Message:
    return outbox.send(
        store_id=staff.store_id,
        customer=customer,
        number=number,
        body=form.cleaned_data["body"],
        author=staff,
        purpose=Purpose.CONVERSATIONAL,
        dedupe_key=f"composer:{form.cleaned_data['key']}",
        department=DEPARTMENT_OF[Role(staff.role)] or "",
        now=clock.now(),
        seen=form.cleaned_data["seen"],
        drawn=form.cleaned_data["photos"],
    )


def talk(
    request: StaffRequest,
    conversation: Conversation,
    *,
    form: TextForm | None = None,
    held: outbox.AnsweredMeanwhile | None = None,
    limit: int = board.THREAD,
    turns: bool = True,
    draft: str = "",
) -> dict[str, Any]:
    """What the page of a conversation and its parts show."""
    now, staff, language = clock.now(), request.staff, conversation.customer.language
    shown = board.thread(conversation, now=now, limit=limit, turns=turns)
    may_write = staff.may(May.WRITE_TO_CUSTOMERS)
    if form is not None and held is not None:
        # The same words under the same key, with what was said meanwhile in sight: sent again, they go.
        said = form.cleaned_data
        form = fresh_text(said["body"], language=language, seen=shown.newest, key=said["key"])
    if form is None:
        form = fresh_text(draft or shown.draft, language=language, seen=shown.newest)
    return {
        "conversation": conversation,
        "customer": conversation.customer,
        "thread": shown,
        "may_write": may_write,
        "permission": board.permission(conversation, staff, now=now) if may_write else None,
        "form": writing_in(conversation, form),
        "alphabet": copy.alphabet(),
        "price": settings.TEXT_SEGMENT_PRICE,
        "photo_price": settings.PHOTO_MESSAGE_PRICE,
        "is_ready": bool(draft),
        "held": held,
        "writers": presence.others(conversation, staff) if may_write else [],
        "now": now,
    }
