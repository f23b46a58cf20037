"""The lists behind the figures of the Seams page, and what an address may ask of them. Keyset pages, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dealership.appointments.models import Appointment
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from tasks import figures, lists, promise_rows, retold, rulebook, seams
from tasks.figures import BUCKETS, FIGURES, KIND_OF, VISIT_FIGURES, Figure, Narrowed
from tasks.models import Happening
from tasks.periods import Period
from tasks.tallies import Person, labels_of

OWED_NOW = "owed_now"
NAME_MOST = 60


class NoSuchList(ValueError):
    """The address asks for a figure, a part or people that are not there."""


@dataclass(frozen=True)
class Asked:
    """Which list: a part of a figure in a period, and between whom or of whom."""

    figure: Figure
    part: str
    period: Period
    narrowed: Narrowed
    #: What narrows it, in words; and as the address says it.
    words: tuple[str, ...]
    query: dict[str, str]

    @property
    def title(self) -> str:
        """The heading."""
        if self.part == OWED_NOW:
            return _("Owed now")
        words = str(self.figure.parts[self.part])
        return f"{self.figure.things}: {words[:1].lower()}{words[1:]}"

    @property
    def kind(self) -> str:
        """What the rows are: promises, visits or happenings."""
        if self.figure.key in VISIT_FIGURES:
            return "visits"
        return "happenings" if self.figure.key in KIND_OF else "promises"


@dataclass(frozen=True)
class Thing:
    """A row that is no promise."""

    title: str
    detail: str
    at: datetime
    url: str
    chip: str
    chip_look: str
    cents: int | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` is the place where the next begins, empty on the last. `n` is all of it."""

    rows: Sequence[promise_rows.Row | Thing]
    after: str
    n: int


def read(wanted: Mapping[str, str], period: Period, known: Mapping[int, Person]) -> Asked:
    """What an address asks for. Raises NoSuchList."""
    figure = FIGURES.get(wanted.get("figure", "kept"))
    if figure is None:
        raise NoSuchList(_("There is no such figure."))
    part = wanted.get("part", figure.good)
    is_promises = figure.key not in VISIT_FIGURES and figure.key not in KIND_OF
    if part not in figure.parts and not (part == OWED_NOW and is_promises):
        raise NoSuchList(_("This figure has no such part."))
    narrowed, words, query = _narrowed(wanted, known) if is_promises else (Narrowed(), (), {})
    return Asked(figure, part, period, narrowed, words, {"figure": figure.key, "part": part, **query})


def _narrowed(
    wanted: Mapping[str, str], known: Mapping[int, Person]
) -> tuple[Narrowed, tuple[str, ...], dict[str, str]]:
    words, query = [], {}
    for name in ("from", "to", "owner", "team", "bucket", "rule"):
        if value := wanted.get(name, ""):
            query[name] = value[:NAME_MOST]
    owners = None
    if owner := query.get("owner"):
        if not owner.isdecimal() or int(owner) not in known:
            raise NoSuchList(_("Nobody of that number works here."))
        owners = frozenset({int(owner)})
        words.append(known[int(owner)].name)
    if team := query.get("team"):
        owners = seams.team_members(dict(known), team)
        if not owners:
            raise NoSuchList(_("There is no such team."))
        words.append(known[next(iter(owners))].team)
    bucket = None
    if text := query.get("bucket"):
        if not text.isdecimal() or not int(text[:3]) < len(BUCKETS):
            raise NoSuchList(_("There is no such bar."))
        bucket = int(text)
        words.append(_("answered in %(bucket)s open min") % {"bucket": BUCKETS[bucket][0]})
    if "from" in query:
        words.append(_("from %(name)s") % {"name": retold.end(query["from"])})
    if "to" in query:
        words.append(_("to %(name)s") % {"name": retold.end(query["to"])})
    rule = query.get("rule", "")
    if rule:
        if rule not in rulebook.rules() and rule != rulebook.BY_HAND:
            raise NoSuchList(_("There is no such rule."))
        words.append(retold.said("", rulebook.rule_of(rule).sentence))
    narrowed = Narrowed(
        labels_of(query["from"]) if "from" in query else None,
        labels_of(query["to"]) if "to" in query else None,
        owners,
        bucket,
        rule,
        # What people promise by hand stands between no departments.
        by_hand=not ("from" in query or "to" in query),
    )
    return narrowed, tuple(words), query


def rows(staff: StaffMember, asked: Asked) -> QuerySet[Any]:
    """All rows of the list, in no order."""
    if asked.part == OWED_NOW:
        return figures.owed_now(staff=staff, narrowed=asked.narrowed)
    return figures.rows(asked.figure, asked.part, staff=staff, period=asked.period, narrowed=asked.narrowed)


def page(staff: StaffMember, asked: Asked, now: datetime, after: str = "") -> Page:
    """One page of the list. Three queries. Raises lists.BadPlace."""
    column = {"promises": "original_due_at", "visits": "starts_at", "happenings": "at"}[asked.kind]
    everything = rows(staff, asked)
    some = everything.filter(lists.beyond(column, False, *lists.read_place(after))) if after else everything
    fields = {
        "promises": (*promise_rows.FIELDS, "original_due_at"),
        "visits": VISIT_FIELDS,
        "happenings": THING_FIELDS,
    }
    found = list(some.order_by(f"-{column}", "-pk").values(*fields[asked.kind])[: lists.PAGE + 1])
    shown = found[: lists.PAGE]
    place = lists.place(shown[-1], column) if len(found) > lists.PAGE else ""
    return Page(of_rows(staff, asked, shown, now), place, everything.count())


def of_rows(
    staff: StaffMember, asked: Asked, found: Sequence[dict[str, Any]], now: datetime
) -> Sequence[promise_rows.Row | Thing]:
    """The lines for plain rows."""
    if asked.kind == "visits":
        return [_visit(row) for row in found]
    if asked.kind == "happenings":
        return [_happening(row) for row in found]
    return promise_rows.of_many(found, staff, now)


VISIT_FIELDS = ("pk", "starts_at", "department", "state", "customer__full_name", "person__name", "outcome")
THING_FIELDS = (
    "pk", "kind", "subject", "words", "at", "good_at", "cents", "customer_id", "customer__full_name", "person__name",
)  # fmt: skip
_OUTCOMES = {
    "shown": (later("came"), "kept"),
    "missed": (later("did not come"), "late"),
    "called_off": (later("called off late"), "soon"),
}


def _visit(row: dict[str, Any]) -> Thing:
    chip, look = _OUTCOMES.get(row["outcome"], (Appointment.State(row["state"]).label, ""))
    detail = " · ".join(filter(None, (str(Department(row["department"]).label), row["person__name"])))
    url = reverse("appointments:appointment_detail", args=[row["pk"]])
    return Thing(row["customer__full_name"], detail, row["starts_at"], url, str(chip), look)


_GOOD = {
    Happening.Kind.DELIVERY: (later("first visit set"), later("no first visit")),
    Happening.Kind.CONTRACT: (later("funded"), later("in transit")),
    Happening.Kind.DECLINED: (later("bought"), later("not bought")),
}


def _happening(row: dict[str, Any]) -> Thing:
    good, bad = _GOOD[Happening.Kind(row["kind"])]
    name, number = row["customer__full_name"] or "", row["subject"].partition(":")[2]
    url = reverse("customers:customer_detail", args=[row["customer_id"]]) if row["customer_id"] else ""
    words = _("RO %(number)s") if row["kind"] == Happening.Kind.DECLINED else _("Deal %(number)s")
    detail = " · ".join(
        filter(None, (name if row["words"] else "", words % {"number": number}, row["person__name"]))
    )
    is_good = row["good_at"] is not None
    return Thing(
        row["words"] or name or number, detail, row["at"], url, good if is_good else bad,
        "kept" if is_good else "soon", row["cents"],
    )  # fmt: skip
