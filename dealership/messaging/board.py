"""What the page of a conversation shows. Query counts are said at each read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from dealership import clocks
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events.models import EventRecord
from dealership.messaging import advice, circumstances, gate, photos
from dealership.messaging.models import Call, Conversation, Message, Purpose
from dealership.messaging.retold import retold
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores.hours import spoken_time
from dealership.stores.models import Department

State = Message.State
THREAD = 40
#: Facts of a conversation that stand between its texts.
TURNS = ("ConversationHandedOver", "ConversationPutAway", "ConversationBroughtBack")
#: States whose reasons are worth reading without being asked for.
TELLS_WHY = frozenset({State.QUEUED, State.SUPPRESSED, State.FAILED, State.UNDELIVERED, State.UNKNOWN})


@dataclass(frozen=True)
class Entry:
    """One bubble of a thread, or a note between bubbles."""

    look: str
    body: str
    footer: str = ""
    reasons: tuple[str, ...] = ()
    photos: tuple[photos.Shown, ...] = ()
    #: Those that came along, also where they are not kept.
    n_photos: int = 0
    pk: int = 0
    advice: str = ""
    #: Its words may be written again.
    again: str = ""


@dataclass(frozen=True)
class Thread:
    """A stretch of a conversation, oldest first; `before` is where the older ones end, 0 for none. `newest` is in it."""

    entries: list[Entry]
    before: int = 0
    newest: int = 0
    draft: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Permission:
    """What the gate says about a text of this person now, and what the button does."""

    may: bool
    words: str
    button: str


def thread(
    conversation: Conversation, *, now: datetime, before: int = 0, limit: int = THREAD, turns: bool = True
) -> Thread:
    """The last texts of a conversation, and among them the calls and, with `turns`, who took it, gave it away or put it away.

    A query for each of the three, and one for photos where some came along.
    """
    messages = Message.objects.of_store(conversation.store_id).filter(conversation=conversation)
    if before:
        messages = messages.filter(pk__lt=before)
    found = list(messages.select_related("author").order_by("-created_at", "-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    found.reverse()
    span = _span(found, whole=not more, newest=not before)
    zone = conversation.store.tz
    seen = photos.of_messages(conversation.store_id, [message.pk for message in found if message.media])
    told = [
        (message.created_at, _message(message, conversation, now, tuple(seen.get(message.pk, ()))))
        for message in found
    ]
    told += [(call.at, _call(call, conversation, now)) for call in _calls(conversation, span)]
    if turns:
        told += [(fact.at, _turn(fact, conversation)) for fact in _turns(conversation, span)]
    told.sort(key=lambda pair: pair[0])
    entries: list[Entry] = []
    day = None
    for at, entry in told:
        if at.astimezone(zone).date() != day:
            day = at.astimezone(zone).date()
            said = clocks.day(day, now.astimezone(zone).date())
            entries.append(Entry("note", f"{said[:1].upper()}{said[1:]}"))
        entries.append(entry)
    asking = [message for message in found if message.is_inbound and message.needs_person]
    last = asking[-1] if asking and conversation.waiting_since else None
    return Thread(
        entries,
        before=found[0].pk if more and found else 0,
        newest=max((message.pk for message in found), default=0),
        draft=str(last.reading.get("draft", "")) if last else "",
        warning=_warning(last),
    )


def _span(found: list[Message], *, whole: bool, newest: bool) -> Q:
    """The time of these messages: open towards the past where they are all, towards now where they are the last."""
    span = Q()
    if found and not whole:
        span &= Q(at__gte=found[0].created_at)
    if found and not newest:
        span &= Q(at__lte=found[-1].created_at)
    return span


def _calls(conversation: Conversation, span: Q) -> Iterable[Call]:
    calls = Call.objects.of_store(conversation.store_id).filter(span, customer=conversation.customer_id)
    return calls.select_related("by").order_by("-at")[:THREAD]


def _turns(conversation: Conversation, span: Q) -> Iterable[EventRecord]:
    """What was told of the conversation itself, with whoever did it."""
    who = StaffMember.objects.of_store(conversation.store_id).filter(pk=OuterRef("by")).values("name")
    told = EventRecord.objects.of_store(conversation.store_id).filter(
        span, subject=f"conversation:{conversation.pk}", kind__in=TURNS
    )
    return told.annotate(who=Subquery(who)).order_by("-at")[:THREAD]


def _warning(message: Message | None) -> str:
    if message is None or not message.reading.get("maybe_meant_appointment"):
        return ""
    said = _(
        "They wrote “%(words)s”, which ends all texts. They may have meant the appointment: ask them, by phone."
    )
    return said % {"words": message.body.strip()[:40]}


def _message(
    message: Message, conversation: Conversation, now: datetime, seen: tuple[photos.Shown, ...]
) -> Entry:
    zone = conversation.store.tz
    at = spoken_time(message.created_at.astimezone(zone).time())
    if message.is_inbound:
        read = message.reading.get("as", "")
        footer = f"{at} · {_('read as: %(what)s') % {'what': retold(read)}}" if read else at
        n, reasons = len(message.media), tuple(map(retold, message.reasons))
        return Entry("msg", message.body, footer, reasons, seen, n, pk=message.pk)
    look = "msg auto" if message.author is None else "msg us"
    if message.state in (State.FAILED, State.UNDELIVERED, State.SUPPRESSED):
        look += " failed"
    who = (
        message.author.first_name
        if message.author
        else f"{_('automatic')} · {Purpose(message.purpose).label.lower()}"
    )
    reasons = tuple(map(retold, message.reasons)) if message.state in TELLS_WHY else ()
    return Entry(
        look,
        message.body,
        f"{who} · {fate(message, conversation, now)}",
        reasons,
        seen,
        len(message.media),
        pk=message.pk,
        advice=advice.of(message),
        again=message.body if advice.can_be_written_again(message) else "",
    )


def fate(message: Message, conversation: Conversation, now: datetime) -> str:
    """What became of a text, and when: "received 4:02 pm", "waits until 8:00 am", "in doubt"."""
    zone = conversation.store.tz
    label = str(State(message.state).label)
    if message.state == State.QUEUED:
        if message.send_after is not None and message.send_after > now:
            return _("waits until %(when)s") % {"when": clocks.when(message.send_after, zone, now)}
        return label
    at = {State.DELIVERED: message.received_at, State.SENT: message.sent_at}.get(
        State(message.state), message.sent_at or message.claimed_at or message.created_at
    )
    return f"{label} {spoken_time(at.astimezone(zone).time())}" if at else label


def _call(call: Call, conversation: Conversation, now: datetime) -> Entry:
    at = spoken_time(call.at.astimezone(conversation.store.tz).time())
    said = _("%(name)s called %(time)s: %(outcome)s") % {
        "name": call.by.first_name,
        "time": at,
        "outcome": call.get_outcome_display().lower(),
    }
    return Entry("note", f"{said}. {call.note}".rstrip() if call.note else said)


def _turn(fact: EventRecord, conversation: Conversation) -> Entry:
    who = str(getattr(fact, "who", "") or "").partition(" ")[0] or "Kept"
    at = spoken_time(fact.at.astimezone(conversation.store.tz).time())
    said = fact.payload
    if fact.kind == "ConversationPutAway":
        told = _("%(who)s put this away until %(when)s")
    elif fact.kind == "ConversationBroughtBack":
        told = _("%(who)s brought this back")
    elif said.get("to_id") is None:
        told = _("%(who)s let this go to the queue of %(queue)s")
    elif said.get("to_id") == fact.by:
        told = _("%(who)s took this")
    else:
        told = _("%(who)s gave this to %(name)s")
    told %= {
        "who": who,
        "when": retold(said.get("until_words", "")),
        "queue": Department(said.get("department") or Department.SALES).label,
        "name": said.get("to_name", ""),
    }
    return Entry("note", f"{told} · {at}")


def permission(conversation: Conversation, staff: StaffMember, *, now: datetime) -> Permission:
    """What the gate would say to a text of this person now: three queries, four where the customer has an address."""
    draft = Message(
        store=conversation.store,
        conversation=conversation,
        customer=conversation.customer,
        author=staff,
        is_inbound=False,
        purpose=Purpose.CONVERSATIONAL,
        state=State.QUEUED,
    )
    decision = gate.decide(circumstances.of([draft], now=now).request(draft), now)
    words = " ".join(map(retold, decision.reasons))
    if decision.verdict is gate.Verdict.REFUSE:
        return Permission(False, words.replace(_("Not sent: "), "", 1), _("Send"))
    if decision.verdict is gate.Verdict.DEFER and decision.until is not None:
        when = clocks.when(decision.until, conversation.store.tz, now)
        return Permission(True, words, _("Send at %(when)s") % {"when": when})
    return Permission(True, words, _("Send"))


def conversations_of(customer: Customer) -> list[Conversation]:
    """The customer's conversations, newest first: one query, and one per level of merged rows."""
    return list(
        Conversation.objects.of_store(customer.store_id)
        .filter(customer__in=merging.family(customer))
        .select_related("store", "customer", "holder", "put_away_by")
        .order_by("-last_at")[:5]
    )


def can_hold(staff: StaffMember) -> list[tuple[str, str]]:
    """Who may be given a conversation here, as choices: one query."""
    people = StaffMember.objects.visible_to(staff).filter(is_active=True).order_by("name")
    return [
        (str(person.pk), f"{person.name}, {person.role_label}")
        for person in people
        if person.may(May.WRITE_TO_CUSTOMERS) and person.pk != staff.pk
    ]
