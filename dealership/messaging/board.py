"""What the pages of the inbox show. Query counts are said at each read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from dealership import clocks
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.messaging import carrier_calls, circumstances, gate
from dealership.messaging.models import Call, CarrierCall, Conversation, Message, Purpose
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores.hours import spoken_time
from dealership.stores.models import Department

State = Message.State
PAGE = 40
MOST_WAITING = 100
THREAD = 40

FILTERS = (("waiting", "Waiting"), ("all", "All"), ("mine", "Mine"), *Department.choices)
#: States whose reasons are worth reading without being asked for.
TELLS_WHY = frozenset({State.QUEUED, State.SUPPRESSED, State.FAILED, State.UNDELIVERED, State.UNKNOWN})


@dataclass(frozen=True)
class Row:
    """One conversation of the inbox."""

    pk: int
    name: str
    last_body: str
    last_at: datetime | None
    waiting_since: datetime | None
    department: str
    holder: str
    is_mine: bool


@dataclass(frozen=True)
class Inbox:
    """Those who wait, the longest first; then the others, newest first, and where the next page starts ("" for none)."""

    waiting: list[Row]
    others: list[Row]
    after: str = ""
    parked: list[CarrierCall] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """One bubble of a thread, or a note between bubbles."""

    look: str
    body: str
    footer: str = ""
    reasons: tuple[str, ...] = ()
    photos: int = 0
    day: str = ""
    pk: int = 0


@dataclass(frozen=True)
class Thread:
    """A stretch of a conversation, oldest first; `before` is where the older ones end, 0 for none."""

    entries: list[Entry]
    before: int = 0
    draft: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Permission:
    """What the gate says about a text of this person now, and what the button does."""

    may: bool
    words: str
    button: str


def inbox(staff: StaffMember, *, which: str, after: str = "") -> Inbox:
    """One page of the inbox: two queries, and one more for those who write to customers: what could not be read."""
    rows = _filtered(Conversation.objects.visible_to(staff), staff, which)
    waiting: list[Row] = []
    if not after:
        waits = rows.filter(waiting_since__isnull=False).order_by("waiting_since", "pk")
        waiting = _rows(waits[:MOST_WAITING], staff)
    if which == "waiting":
        return Inbox(waiting, [], parked=_parked(staff) if not after else [])
    others = rows.filter(waiting_since__isnull=True, last_at__isnull=False)
    if place := _place(after):
        others = others.filter(Q(last_at__lt=place[0]) | Q(last_at=place[0], pk__lt=place[1]))
    found = _rows(others.order_by("-last_at", "-pk")[: PAGE + 1], staff)
    more = len(found) > PAGE
    last = found[PAGE - 1] if more else None
    following = f"{last.last_at.isoformat()}_{last.pk}" if last and last.last_at else ""
    return Inbox(waiting, found[:PAGE], following, _parked(staff) if not after else [])


def _filtered(
    rows: ScopedQuerySet[Conversation], staff: StaffMember, which: str
) -> ScopedQuerySet[Conversation]:
    if which == "mine":
        return rows.filter(holder=staff)
    if which in Department.values:
        return rows.filter(department=which)
    return rows


def _rows(rows: Iterable[Conversation], staff: StaffMember) -> list[Row]:
    picked = rows.values_list(  # type: ignore[attr-defined]
        "pk",
        "customer__full_name",
        "last_body",
        "last_at",
        "waiting_since",
        "department",
        "holder__name",
        "holder_id",
    )
    return [
        Row(pk, name, body, at, since, Department(department).label, holder or "", holder_id == staff.pk)
        for pk, name, body, at, since, department, holder, holder_id in picked
    ]


def _place(after: str) -> tuple[datetime, int] | None:
    at, _, pk = after.partition("_")
    try:
        place = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (place, int(pk)) if pk.isdecimal() and len(pk) < 19 and place.tzinfo else None


def _parked(staff: StaffMember) -> list[CarrierCall]:
    if not staff.may(May.WRITE_TO_CUSTOMERS):
        return []
    calls = carrier_calls.parked([staff.store.text_number])
    if not staff.may(May.SEE_FAILED_FACTS):
        # What is tried again in a moment is a manager's affair; what is given up is everybody's who could call.
        calls = calls.filter(parked_at__isnull=False)
    return list(calls[:20])


def thread(conversation: Conversation, *, now: datetime, before: int = 0, limit: int = THREAD) -> Thread:
    """The last texts of a conversation and the calls among them: two queries."""
    messages = Message.objects.of_store(conversation.store_id).filter(conversation=conversation)
    if before:
        messages = messages.filter(pk__lt=before)
    found = list(messages.select_related("author").order_by("-created_at", "-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    found.reverse()
    calls = list(_calls(conversation, found, whole=not more, newest=not before))
    zone = conversation.store.tz
    told = [(message.created_at, _message(message, conversation, now)) for message in found]
    told += [(call.at, _call(call, conversation, now)) for call in calls]
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
        draft=str(last.reading.get("draft", "")) if last else "",
        warning=_warning(last),
    )


def _calls(conversation: Conversation, found: list[Message], *, whole: bool, newest: bool) -> Iterable[Call]:
    calls = Call.objects.of_store(conversation.store_id).filter(customer=conversation.customer_id)
    if found and not whole:
        calls = calls.filter(at__gte=found[0].created_at)
    if found and not newest:
        calls = calls.filter(at__lte=found[-1].created_at)
    return calls.select_related("by").order_by("-at")[:THREAD]


def _warning(message: Message | None) -> str:
    if message is None or not message.reading.get("maybe_meant_appointment"):
        return ""
    return (
        f"They wrote “{message.body.strip()[:40]}”, which ends all texts. "
        "They may have meant the appointment: ask them, by phone."
    )


def _message(message: Message, conversation: Conversation, now: datetime) -> Entry:
    zone = conversation.store.tz
    at = spoken_time(message.created_at.astimezone(zone).time())
    if message.is_inbound:
        read = message.reading.get("as", "")
        footer = f"{at} · read as: {read}" if read else at
        return Entry("msg", message.body, footer, tuple(message.reasons), len(message.media), pk=message.pk)
    look = "msg auto" if message.author is None else "msg us"
    if message.state in (State.FAILED, State.UNDELIVERED, State.SUPPRESSED):
        look += " failed"
    who = (
        message.author.first_name
        if message.author
        else f"automatic · {Purpose(message.purpose).label.lower()}"
    )
    reasons = tuple(message.reasons) if message.state in TELLS_WHY else ()
    return Entry(look, message.body, f"{who} · {fate(message, conversation, now)}", reasons, pk=message.pk)


def fate(message: Message, conversation: Conversation, now: datetime) -> str:
    """What became of a text, and when: "received 4:02 pm", "waits until 8:00 am", "in doubt"."""
    zone = conversation.store.tz
    label = State(message.state).label
    if message.state == State.QUEUED:
        if message.send_after is not None and message.send_after > now:
            return f"waits until {clocks.when(message.send_after, zone, now)}"
        return label
    at = {State.DELIVERED: message.received_at, State.SENT: message.sent_at}.get(
        State(message.state), message.sent_at or message.claimed_at or message.created_at
    )
    return f"{label} {spoken_time(at.astimezone(zone).time())}" if at else label


def _call(call: Call, conversation: Conversation, now: datetime) -> Entry:
    at = spoken_time(call.at.astimezone(conversation.store.tz).time())
    said = f"{call.by.first_name} called {at}: {call.get_outcome_display().lower()}"
    return Entry("note", f"{said}. {call.note}".rstrip() if call.note else said)


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
    words = " ".join(decision.reasons)
    if decision.verdict is gate.Verdict.REFUSE:
        return Permission(False, words.replace("Not sent: ", "", 1), "Send")
    if decision.verdict is gate.Verdict.DEFER and decision.until is not None:
        when = clocks.when(decision.until, conversation.store.tz, now)
        return Permission(True, words, f"Send at {when}")
    return Permission(True, words, "Send")


def conversations_of(customer: Customer) -> list[Conversation]:
    """The customer's conversations, newest first: one query, and one per level of merged rows."""
    return list(
        Conversation.objects.of_store(customer.store_id)
        .filter(customer__in=merging.family(customer))
        .select_related("store", "customer", "holder")
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
