"""The list of promises: what it can be asked. Figures of the playbook and bands of the day open it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from dealership.language import later
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.retold import Words
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from tasks import numbers, promise_rows, queues, retold, rulebook
from tasks.models import Promise

#: Bands of the day; all other lists are newest first.
BANDS = {
    "talking": later("Talking now"),
    "late": later("Late"),
    "hour": later("Next hour"),
    "today": later("Today"),
    "later": later("Later"),
}
CLOSED = {"kept_today": later("Kept today")}
TITLES = {**BANDS, **CLOSED, **numbers.LABELS}
MINE, STORE = "me", "store"


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value in numbers.STATES:
        return rows.filter(numbers.STATES[value], opened_at__gte=now - numbers.WINDOW)
    if value == "kept_today":
        return rows.filter(state=Promise.State.KEPT, closed_at__gte=queues.start_of_day(staff, now))
    if value not in BANDS:
        return rows.none()
    rows, talks = rows.filter(state=Promise.State.OPEN), Q(subject__startswith="conversation:")
    if value == "talking":
        return rows.filter(talks)
    hour, tonight = now + promise_rows.HOUR, max(queues.end_of_day(staff, now), now + promise_rows.HOUR)
    band = {
        "late": Q(due_at__lt=now),
        "hour": Q(due_at__gte=now, due_at__lt=hour),
        "today": Q(due_at__gte=hour, due_at__lt=tonight),
        "later": Q(due_at__gte=tonight),
    }
    return rows.exclude(talks).filter(band[value])


def _people(staff: StaffMember) -> Options:
    if not staff.may(May.SEE_EVERYONES_PROMISES):
        return [(MINE, _("Mine"))]
    people = StaffMember.objects.visible_to(staff).filter(is_active=True).exclude(pk=staff.pk)
    named = [(str(pk), name) for pk, name in people.order_by("name").values_list("pk", "name")]
    return [(MINE, _("Mine")), (STORE, _("Everybody’s")), *named]


def _of(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if not staff.may(May.SEE_EVERYONES_PROMISES):
        return rows.filter(owner=staff)
    if value == STORE:
        return rows
    return rows.filter(owner_id=int(value) if value.isdecimal() and len(value) < 19 else staff.pk)


def _rules(staff: StaffMember) -> Options:
    rules = [(key, retold.said(key, rule.sentence)) for key, rule in rulebook.rules().items()]
    return [*sorted(rules, key=lambda item: item[1]), (rulebook.BY_HAND, _("Promised by hand"))]


def _rule(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(rule=value)


def _ends(staff: StaffMember) -> Options:
    return [(name, retold.end(name)) for name in sorted({rule.seam_to for rule in rulebook.rules().values()})]


def _to(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(seam_to=value)


def _is_band(filters: Mapping[str, str]) -> bool:
    return filters["state"] in BANDS


def _has_ended(filters: Mapping[str, str]) -> bool:
    return filters["state"] in CLOSED


PROMISES = registry.add(
    Shape(
        key="promises",
        page="tasks:promise_list",
        words=(later("promise"), later("promises")),
        rows=Promise.objects.visible_to,
        objects=lambda rows: rows.values(*promise_rows.FIELDS),
        draws_columns=True,
        columns=(
            Column("sentence", later("Promise"), words=Words(retold.title)),
            Column("detail", later("About")),
            Column("customer", later("Customer"), source="customer__full_name"),
            Column("from", later("From"), source="seam_from", words=Words(retold.end)),
            Column("to", later("To"), source="seam_to", words=Words(retold.end)),
            Column("owner", later("Owner"), source="owner__name"),
            Column("opened", later("Promised"), "moment", source="opened_at", usual=False),
            Column("due", later("Due"), "moment", source="due_at"),
            Column("broken", later("Broken"), "moment", source="broken_at", usual=False),
            Column("state", later("State"), words=Words(lambda state: str(Promise.State(state).label))),
            Column("closed", later("Ended"), "moment", source="closed_at", usual=False),
            Column(
                "why",
                later("Ended because"),
                source="closed_why",
                words=Words(retold.told),
                usual=False,
            ),
        ),
        filters=(
            Filter(
                "state",
                later("State"),
                "",
                lambda staff: list(TITLES.items()),
                _state,
                usual="open",
                as_tabs=True,
            ),
            Filter("of", later("Whose"), "", _people, _of, usual=MINE),
            Filter("rule", later("Rule"), later("every"), _rules, _rule),
            Filter("to", later("Owed by"), later("everybody"), _ends, _to),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort(
                "ended", later("Last ended first"), (("-closed_at", "time"), ("-pk", "int")), fits=_has_ended
            ),
            Sort("due", later("Soonest due first"), (("due_at", "time"), ("pk", "int")), fits=_is_band),
            Sort("newest", later("Newest first"), (("-opened_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("opened_at", "time"), ("pk", "int"))),
        ),
    ),
    May.SEE_PLAYBOOK,
)
