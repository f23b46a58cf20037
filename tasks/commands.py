"""What a person may do from here, by typing a few letters: go to a page, find a customer, act on the promise that is open.

Rows are links to pages that stand by themselves, filtered by role: the same list is a page without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from dealership import rail
from dealership.customers import search
from dealership.customers.models import Customer
from dealership.language import later
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from tasks import explain, retold
from tasks.models import Promise

MOST_CUSTOMERS = 6
#: Before anything is typed, a person sees what is at hand and where they may go.
MOST_PAGES = 24


@dataclass(frozen=True)
class Command:
    """One row: what it does, what it does it to, and its address; a `sheet` opens over the page that is there."""

    words: str
    url: str
    icon: str
    about: str = ""
    key: str = ""
    sheet: bool = False


@dataclass(frozen=True)
class Group:
    """Rows of a kind."""

    title: str
    commands: list[Command]


#: Pages that stand on no rail, and begin something: (words, icon, URL name, who may, opens as a sheet, key).
_BEGIN = (
    (later("New promise"), "plus", "tasks:make", None, True, "n"),
    (later("New customer"), "user-plus", "customers:customer_new", May.WRITE_TO_CUSTOMERS, False, ""),
    (later("Book a visit"), "calendar-plus", "appointments:book", May.BOOK, False, "b"),
    (later("New lead"), "car", "sales:lead_new", May.WORK_LEADS, False, ""),
    (later("New deal"), "handshake", "sales:deal_new", May.WORK_DEALS, False, ""),
    (later("Ask for a part"), "package", "parts:request_new", May.ASK_PARTS, False, ""),
    (later("Find a repair order"), "wrench", "service:repair_order_list", May.SEE_SERVICE, False, ""),
    (later("Declined work"), "list-x", "service:declined_work_list", May.SEE_SERVICE, False, ""),
    (later("Stock"), "warehouse", "sales:stock_list", May.SEE_DEALS, False, ""),
    (
        later("Promises of everybody"),
        "list-checks",
        "tasks:promise_list",
        May.SEE_EVERYONES_PROMISES,
        False,
        "",
    ),
    (later("How you sign in"), "shield", "staff:security", None, False, ""),
)
_OF_PROMISE = (
    ("finish", later("It is done"), "check", "tasks:finish", "d"),
    ("log_call", later("Log a call"), "phone", "tasks:log_call", "c"),
    ("renegotiate", later("Tell a new time"), "clock", "tasks:renegotiate", "m"),
    ("hand_off", later("Hand off"), "hand", "tasks:hand_off", "h"),
    ("waive", later("Waive"), "x", "tasks:waive", "w"),
)


def offered(staff: StaffMember, *, text: str, at: str, now: datetime) -> list[Group]:
    """What fits the text, what is at hand first. `at`: the address of what is selected, or of the page."""
    text = text.strip()
    promise, customer = _selected(staff, at)
    groups = []
    if promise is not None:
        title = _("This promise: %(title)s") % {"title": retold.said(promise.rule, promise.sentence)}
        groups.append(Group(title, _of_promise(staff, promise, now)))
    if customer is not None:
        groups.append(Group(customer.full_name, _of_customer(staff, customer)))
    if text:
        hits = search.find(staff, text, limit=MOST_CUSTOMERS) if staff.may(May.SEE_CUSTOMERS) else []
        found = [
            Command(hit.name, reverse("customers:customer_detail", args=[hit.customer_id]), "user", hit.why)
            for hit in hits
        ]
    else:
        found = []
    groups += [Group(_("Begin"), _begin(staff)), Group(_("Go to"), _pages(staff))]
    fitting = [Group(group.title, _fitting(group.commands, text)) for group in groups]
    customers = Group(_("Customers"), found)
    # Who types a name means somebody; who types what is offered means that.
    ordered = [*fitting, customers] if any(group.commands for group in fitting) else [customers]
    return [group for group in ordered if group.commands]


def _fitting(commands: Iterable[Command], text: str) -> list[Command]:
    """Those of which each word that was typed begins one, the ones that begin with it first."""
    wanted = text.casefold().split()
    rows = [
        command
        for command in commands
        if all(
            any(word.startswith(part) for word in str(command.words).casefold().split()) for part in wanted
        )
    ]
    return sorted(rows, key=lambda command: not str(command.words).casefold().startswith(text.casefold()))


def _selected(staff: StaffMember, at: str) -> tuple[Promise | None, Customer | None]:
    """The promise and the customer that an address of this product is about, where this person may see them."""
    try:
        match = resolve(at.partition("?")[0].partition("#")[0][:200])
    except Resolver404:
        return None, None
    pk = match.kwargs.get("pk")
    if not isinstance(pk, int) or not staff.may(May.SEE_CUSTOMERS):
        return None, None
    if match.view_name == "tasks:promise_detail":
        rows = Promise.objects.visible_to(staff).select_related("customer", "owner")
        promise = rows.filter(pk=pk).first()
        return promise, promise.customer if promise else None
    if match.view_name == "messaging:conversation_detail":
        talk = Conversation.objects.visible_to(staff).select_related("customer").filter(pk=pk).first()
        return None, talk.customer if talk else None
    if match.namespace == "customers" and match.view_name.startswith("customers:customer_"):
        return None, Customer.objects.visible_to(staff).filter(pk=pk).first()
    return None, None


def _of_promise(staff: StaffMember, promise: Promise, now: datetime) -> list[Command]:
    acts = explain.allowed(staff, promise, now)
    return [
        Command(words, reverse(name, args=[promise.pk]), icon, "", key, sheet=True)
        for act, words, icon, name, key in _OF_PROMISE
        if act in acts
    ] + [Command(_("Open it"), reverse("tasks:promise_detail", args=[promise.pk]), "arrow-right")]


def _of_customer(staff: StaffMember, customer: Customer) -> list[Command]:
    page, first = reverse("customers:customer_detail", args=[customer.pk]), customer.call_name
    name = {"name": first}
    found = [Command(_("Open the page of %(name)s") % name, page, "user")]
    if staff.may(May.WRITE_TO_CUSTOMERS):
        call = reverse("messaging:log_call", args=[customer.pk])
        found.append(Command(_("Text %(name)s") % name, f"{page}#conversation", "message-circle", "", "t"))
        found.append(Command(_("Log a call with %(name)s") % name, call, "phone", "", "c", sheet=True))
    if staff.may(May.BOOK) and (book := _address("appointments:book")):
        found.append(
            Command(
                _("Book a visit for %(name)s") % name,
                f"{book}?customer={customer.pk}",
                "calendar-plus",
                "",
                "b",
            )
        )
    promise = f"{reverse('tasks:make')}?customer={customer.pk}"
    return [*found, Command(_("Promise %(name)s something") % name, promise, "plus", "", "n", sheet=True)]


def _begin(staff: StaffMember) -> list[Command]:
    return [
        Command(words, address, icon, "", key, sheet)
        for words, icon, name, needs, sheet, key in _BEGIN
        if (needs is None or staff.may(needs)) and (address := _address(name))
    ]


def _pages(staff: StaffMember) -> list[Command]:
    """The stops of the rail that this person has, without what waits there."""
    return [
        Command(stop.label, address, stop.icon, title, stop.key)
        for title, stops in rail.GROUPS
        for stop in stops
        if all(staff.may(need) for need in stop.needs) and (address := _address(stop.name))
    ][:MOST_PAGES]


def _address(name: str) -> str:
    """A URL by name; nothing where no app brings that page, as departments may be absent."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
