"""Reads for My day: who owes what, most pressing first. Plain rows, few queries, capped lists.

A day is one query for its rows (a union of capped slices), one for its counts, one for conversations that wait, one for
people and one for notices: five, whatever its length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership.customers import household
from dealership.customers.models import Customer
from dealership.language import later
from dealership.messaging import put_away
from dealership.messaging.models import Conversation, Message
from dealership.staff.models import StaffMember
from dealership.stores.hours import to_utc
from dealership.stores.models import Department
from tasks import promise_rows, retold
from tasks.models import Notice, Promise, Task
from tasks.promise_rows import HOUR, Row

#: Rows shown of each band; the rest is a count that opens the list.
CAPS = {"talking": 20, "late": 25, "hour": 25, "today": 30, "later": 12, "offered": 10}

#: What a customer who wrote wants, as the first words of a row.
ASKS = {
    "confirm": later("%(name)s confirms"),
    "move": later("%(name)s asks to move the visit"),
    "book": later("%(name)s wants to come in"),
    "cancel": later("%(name)s wants to cancel"),
    "approve": later("%(name)s says yes"),
    "decline": later("%(name)s says no"),
    "rating": later("%(name)s says how it was"),
    "late": later("%(name)s is running late"),
    "question": later("%(name)s asks a question"),
    "callback": later("%(name)s wants to be called"),
    "opt_out": later("%(name)s wants no more texts"),
    "wrong_number": later("%(name)s says it is the wrong number"),
    "thanks": later("%(name)s says thank you"),
}


@dataclass(frozen=True)
class Group:
    """A band of the day. `n` counts all of it; `more` those that are not shown, `more_url` the list that has them."""

    key: str
    title: str
    note: str
    rows: Sequence[Row]
    n: int
    more: int = 0
    more_url: str = ""


@dataclass(frozen=True)
class Whose:
    """Whose promises are looked at: one person's, or the whole store's (`person` None)."""

    store_id: int
    person: StaffMember | None

    @property
    def query(self) -> str:
        """As the address says it."""
        return f"of={self.person.pk}" if self.person else "of=store"

    def narrow(self, promises: QuerySet[Promise]) -> QuerySet[Promise]:
        """These promises of theirs."""
        return promises.filter(owner=self.person) if self.person else promises


@dataclass(frozen=True)
class Day:
    """My day: its groups, its counts, and what was kept."""

    groups: list[Group]
    n_open: int
    n_late: int
    n_kept_today: int
    n_broken_today: int
    notices: list[Notice] = field(default_factory=list)


def my_day(staff: StaffMember, now: datetime, whose: Whose | None = None) -> Day:
    """What somebody owes at `now`. Without `whose`: what this person owes, with notices and what their team is offered."""
    own = whose is None
    whose = whose or Whose(staff.store_id, staff)
    bands = _bands(staff, whose, now, own=own)
    counts = _counts(staff, whose, now)
    found = _rows(bands)
    names = promise_rows.names_of_roles(staff.store_id)
    waiting = _waiting(whose, found.get("talking", []), now)
    groups = [
        _talking(found.get("talking", []), waiting, now, counts["talking"], whose),
        *(
            _group(key, found.get(key, []), counts[key], whose, now, names, show_owner=whose.person is None)
            for key in ("late", "hour", "today", "later")
        ),
    ]
    if own and found.get("offered"):
        rows = [
            replace(promise_rows.of(row, now, names), take_url=reverse("tasks:accept", args=[row["pk"]]))
            for row in found["offered"]
        ]
        groups.insert(1, Group("offered", _("Offered to your team"), _("take one"), rows, len(rows)))
    return Day(
        groups=[group for group in groups if group.rows or group.n],
        n_open=counts["open"],
        n_late=counts["late"],
        n_kept_today=counts["kept"],
        n_broken_today=counts["broken"],
        notices=_notices(staff) if own else [],
    )


def open_for(staff: StaffMember, now: datetime) -> tuple[int, bool]:
    """How many promises this person owes today or already owed, and whether some are late. One query."""
    counts = (
        Promise.objects.visible_to(staff)
        .filter(owner=staff, state=Promise.State.OPEN, due_at__lt=end_of_day(staff, now))
        .aggregate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    )
    return counts["n"], counts["late"] > 0


def owed_to(staff: StaffMember, customer: Customer, now: datetime) -> list[Row]:
    """What is owed to this customer, soonest first, with who owes it. Two queries."""
    rows = (
        Promise.objects.visible_to(staff)
        .filter(customer=customer, state=Promise.State.OPEN)
        .order_by("due_at", "pk")
        .values(*promise_rows.FIELDS)[:50]
    )
    names = promise_rows.names_of_roles(staff.store_id)
    return [
        replace(promise_rows.of(row, now, names, show_owner=True), detail=promise_rows.seam(row))
        for row in rows
    ]


@household.tells_owed
def owed_in_household(customers: Collection[int], staff: StaffMember) -> dict[int, list[household.Owed]]:
    """What is owed to each of these, soonest first, as another's page tells it. One query."""
    rows = Promise.objects.visible_to(staff).filter(customer_id__in=customers, state=Promise.State.OPEN)
    owed: dict[int, list[household.Owed]] = defaultdict(list)
    for pk, key, rule, words, due_at in rows.order_by("due_at", "pk").values_list(
        "pk", "customer_id", "rule", "sentence", "due_at"
    )[:50]:
        if key is not None:
            said = retold.said(rule, words)
            owed[key].append(household.Owed(said, due_at, reverse("tasks:promise_detail", args=[pk])))
    return owed


def about(staff: StaffMember, subject: str, now: datetime) -> list[Row]:
    """What is and was promised about one thing, open ones first and soonest first. Two queries, at most 30 rows."""
    found = list(
        Promise.objects.visible_to(staff)
        .filter(subject=subject)
        .annotate(has_ended=Case(When(state=Promise.State.OPEN, then=0), default=1))
        .order_by("has_ended", "due_at", "pk")
        .values(*promise_rows.FIELDS)[:30]
    )
    return promise_rows.of_many(found, staff, now)


def end_of_day(staff: StaffMember, now: datetime) -> datetime:
    """The next midnight where the store is."""
    return _midnight(staff, now, 1)


def start_of_day(staff: StaffMember, now: datetime) -> datetime:
    """The last midnight where the store is."""
    return _midnight(staff, now, 0)


def _midnight(staff: StaffMember, now: datetime, days: int) -> datetime:
    zone = staff.store.tz
    local = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, fold=0)
    return to_utc(zone, local + timedelta(days=days))


def _bands(staff: StaffMember, whose: Whose, now: datetime, *, own: bool) -> dict[str, QuerySet[Promise]]:
    opened = whose.narrow(Promise.objects.of_store(whose.store_id).filter(state=Promise.State.OPEN))
    calm = opened.exclude(subject__startswith="conversation:")
    soon, tonight = now + HOUR, max(end_of_day(staff, now), now + HOUR)
    bands = {
        "talking": opened.filter(subject__startswith="conversation:"),
        "late": calm.filter(due_at__lt=now),
        "hour": calm.filter(due_at__gte=now, due_at__lt=soon),
        "today": calm.filter(due_at__gte=soon, due_at__lt=tonight),
        "later": calm.filter(due_at__gte=tonight),
    }
    if own and staff.team_id:
        offered = Promise.objects.of_store(whose.store_id).filter(
            state=Promise.State.OPEN, queue_id=staff.team_id
        )
        bands["offered"] = offered.exclude(owner=staff)
    return bands


def _rows(bands: dict[str, QuerySet[Promise]]) -> dict[str, list[dict[str, Any]]]:
    calls = (
        Task.objects.across_stores("the calls of promises already scoped")
        .filter(promise=OuterRef("pk"), kind=Task.Kind.CALL, state=Task.State.DONE)
        .order_by()
        .values("promise")
        .annotate(n=Count("pk"))
        .values("n")
    )
    slices = [
        band.annotate(band=Value(key, output_field=CharField()), n_calls=Subquery(calls))
        .order_by("due_at", "pk")
        .values(*promise_rows.FIELDS, "band", "n_calls")[: CAPS[key]]
        for key, band in bands.items()
    ]
    found: dict[str, list[dict[str, Any]]] = {}
    for row in slices[0].union(*slices[1:], all=True):
        found.setdefault(row["band"], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row["due_at"], row["pk"]))
    return found


def _counts(staff: StaffMember, whose: Whose, now: datetime) -> dict[str, int]:
    begin, tonight = start_of_day(staff, now), max(end_of_day(staff, now), now + HOUR)
    opened, talks = Q(state=Promise.State.OPEN), Q(subject__startswith="conversation:")
    kept = Q(state=Promise.State.KEPT, closed_at__gte=begin)
    return (
        whose.narrow(Promise.objects.of_store(whose.store_id))
        .filter(opened | kept)
        .aggregate(
            open=Count("pk", filter=opened),
            talking=Count("pk", filter=opened & talks),
            late=Count("pk", filter=opened & ~talks & Q(due_at__lt=now)),
            hour=Count("pk", filter=opened & ~talks & Q(due_at__gte=now, due_at__lt=now + HOUR)),
            today=Count("pk", filter=opened & ~talks & Q(due_at__gte=now + HOUR, due_at__lt=tonight)),
            later=Count("pk", filter=opened & ~talks & Q(due_at__gte=tonight)),
            kept=Count("pk", filter=kept),
            broken=Count("pk", filter=Q(broken_at__gte=begin)),
        )
    )


def _waiting(whose: Whose, talking: list[dict[str, Any]], now: datetime) -> dict[int, dict[str, Any]]:
    """Conversations behind these promises, and those that this person holds, has not answered and did not put away, by id."""
    ids = [
        int(row["subject"].partition(":")[2])
        for row in talking
        if row["subject"].partition(":")[2].isdecimal()
    ]
    here = put_away.is_here(now)
    held = here & Q(holder=whose.person, waiting_since__isnull=False) if whose.person else Q(pk__in=[])
    last = (
        Message.objects.of_store(whose.store_id)
        .filter(conversation=OuterRef("pk"), is_inbound=True)
        .order_by("-created_at")
        .values("reading__intent")[:1]
    )
    rows = (
        Conversation.objects.of_store(whose.store_id)
        .filter(Q(pk__in=ids) | held)
        .annotate(intent=Subquery(last), name=F("customer__full_name"))
        .order_by("waiting_since", "pk")
        .values("pk", "waiting_since", "last_body", "intent", "name", "department")[: 2 * CAPS["talking"]]
    )
    return {row["pk"]: dict(row) for row in rows}


def _talking(
    rows: list[dict[str, Any]], waiting: dict[int, dict[str, Any]], now: datetime, n: int, whose: Whose
) -> Group:
    lines = []
    for row in rows:
        number = row["subject"].partition(":")[2]
        talk = waiting.pop(int(number), None) if number.isdecimal() else None
        lines.append(_talk_row(row, talk, now))
    lines.extend(_held_row(talk) for talk in waiting.values())
    more = max(0, n - len(rows))
    return Group(
        "talking",
        _("Talking now"),
        _("customer is waiting"),
        lines,
        len(lines) + more,
        more,
        _list_url("talking", whose),
    )


def _held_row(talk: dict[str, Any]) -> Row:
    """A conversation that waits for this person and that nobody has promised anything about."""
    return Row(
        url=reverse("messaging:conversation_detail", args=[talk["pk"]]),
        sentence=_wants(talk),
        detail=_quoted(talk["last_body"]),
        seam_from=_("Customer"),
        seam_to=Department(talk["department"]).label,
        look="live",
        since=talk["waiting_since"],
        chip=_("text"),
        chip_look="live",
    )


def _talk_row(row: dict[str, Any], talk: dict[str, Any] | None, now: datetime) -> Row:
    late = row["due_at"] < now
    since = talk["waiting_since"] if talk else None
    return Row(
        url=reverse("tasks:promise_detail", args=[row["pk"]]),
        sentence=_wants(talk) if talk else retold.said(row["rule"], row["sentence"]),
        detail=_quoted(talk["last_body"]) if talk and talk["last_body"] else promise_rows.about(row),
        seam_from=retold.end(row["seam_from"]),
        seam_to=retold.end(row["seam_to"]),
        look="late" if late else "live",
        due_at=None if since and not late else row["due_at"],
        since=None if late else since,
        chip=_("text"),
        chip_look="late" if late else "live",
    )


def _wants(talk: dict[str, Any]) -> str:
    return (ASKS.get(talk["intent"] or "") or _("%(name)s wrote")) % {"name": talk["name"]}


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""


def _group(
    key: str,
    rows: list[dict[str, Any]],
    n: int,
    whose: Whose,
    now: datetime,
    names: dict[str, str],
    *,
    show_owner: bool,
) -> Group:
    titles = {"late": _("Late"), "hour": _("Next hour"), "today": _("Today"), "later": _("Later")}
    note = _("still owed") if key == "late" else ngettext("%(n)s promise", "%(n)s promises", n) % {"n": n}
    lines = [promise_rows.of(row, now, names, show_owner=show_owner) for row in rows]
    return Group(key, titles[key], note, lines, n, max(0, n - len(lines)), _list_url(key, whose))


def _list_url(key: str, whose: Whose) -> str:
    return f"{reverse('tasks:promise_list')}?state={key}&{whose.query}"


def _notices(staff: StaffMember) -> list[Notice]:
    """The newest that nobody read, one a promise; what has ended needs no warning any more."""
    rows = (
        Notice.objects.visible_to(staff)
        .filter(staff=staff, seen_at__isnull=True, promise__state=Promise.State.OPEN)
        .order_by("-at", "-pk")
        .only("words", "at", "act", "promise_id", "store_id")[:40]
    )
    newest: dict[int, Notice] = {}
    for row in rows:
        newest.setdefault(row.promise_id, row)
    return list(newest.values())[:4]
