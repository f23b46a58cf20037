"""What the Seams page shows: where promises are kept between departments, and where they are dropped. Nine queries, whatever the period.

Promises come from the days that are counted (`tasks.rollups`), visits and happenings from their own rows; the parts that are
counted are those of `tasks.figures`, so that each figure agrees with the list behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext as _

from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.stores.models import Department
from tasks import fates
from tasks.figures import FIGURES, HAPPENING_PARTS, VISIT_PARTS, meant, outcomes
from tasks.models import Happening, Promise, PromiseDay
from tasks.periods import Period
from tasks.tallies import GROUPS, Cell, Line, Person, Tally, group_of


@dataclass
class Facts:
    """All that was counted for a page; `before` is empty where nothing is compared."""

    period: Period
    now: Tally = field(default_factory=Tally)
    before: Tally = field(default_factory=Tally)
    of_figure: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    before_of_figure: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    of_pair: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    of_owner: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))


def promises(staff: StaffMember, period: Period, *, compare: bool = True) -> Facts:
    """What became of the promises of a period, by figure, pair of departments and owner. One query."""
    first = period.before.first if compare else period.first
    rows: Any = (
        PromiseDay.objects.visible_to(staff)
        .filter(day__gte=first, day__lte=period.last)
        .annotate(is_now=Case(When(day__gte=period.first, then=1), default=0, output_field=IntegerField()))
        .order_by()
        .values("is_now", "seam", "seam_from", "seam_to", "owner_id")
        .annotate(**{f"n_{name}": Sum(name) for name in fates.MEASURES})
    )
    facts = Facts(period)
    for row in rows:
        tally = Tally({name: row[f"n_{name}"] for name in fates.MEASURES if row[f"n_{name}"]})
        figures = [figure.key for figure in FIGURES.values() if row["seam"] in figure.seams]
        (facts.now if row["is_now"] else facts.before).update(tally)
        by_figure = facts.of_figure if row["is_now"] else facts.before_of_figure
        for key in figures:
            by_figure[key].update(tally)
        if row["is_now"]:
            facts.of_owner[row["owner_id"]].update(tally)
            if row["seam"]:
                pair = (group_of(row["seam_from"]), group_of(row["seam_to"]))
                facts.of_pair[pair].update(tally)
    return facts


def by_day(staff: StaffMember, period: Period) -> dict[str, dict[date, Tally]]:
    """For each figure of promises ("kept" is all of them), the tallies of its days. One query."""
    named = {figure.key: figure for figure in FIGURES.values() if figure.seams}
    wanted = {("kept", name): Sum(name) for name in fates.DUE}
    for key, figure in named.items():
        for name in {*fates.DUE, figure.good}:
            wanted[key, name] = Sum(name, filter=Q(seam__in=figure.seams))
    rows: Any = (
        PromiseDay.objects.visible_to(staff)
        .filter(day__gte=period.first, day__lte=period.last)
        .order_by()
        .values("day")
        .annotate(**{f"{key}_x_{name}": total for (key, name), total in wanted.items()})
    )
    found: dict[str, dict[date, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for row in rows:
        for key, name in wanted:
            found[key][row["day"]][name] += row[f"{key}_x_{name}"] or 0
    return found


@dataclass
class Answers:
    """How long first answers took, in seconds: open time, and the customer's own clock; by day of what was due."""

    open_by_day: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    wall_by_day: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))

    def open_in(self, period: Period) -> list[int]:
        """Open seconds of what was answered, shortest first."""
        return _within(self.open_by_day, period)

    def wall_in(self, period: Period) -> list[int]:
        """The customer's clock, shortest first."""
        return _within(self.wall_by_day, period)


def answers(staff: StaffMember, period: Period) -> Answers:
    """First answers of a period. One query."""
    found = Answers()
    rows = PromiseDay.objects.visible_to(staff).filter(
        seam__in=fates.FIRST_ANSWERS, day__gte=period.first, day__lte=period.last
    )
    for day, wall, opened in rows.values_list("day", "seconds", "open_seconds"):
        found.wall_by_day[day].extend(wall)
        found.open_by_day[day].extend(opened)
    return found


def medians(staff: StaffMember, period: Period) -> dict[int, int]:
    """By owner, the median seconds from promise to keeping. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY took) FROM tasks_promiseday, unnest(seconds) AS took"
            " WHERE store_id = %s AND day BETWEEN %s AND %s GROUP BY owner_id",
            [staff.store_id, period.first, period.last],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class VisitDay:
    """Visits of one department on one day by what became of them."""

    day: date
    department: str
    outcome: str
    n: int


def visits(staff: StaffMember, period: Period) -> list[VisitDay]:
    """What became of the visits of a period. One query."""
    rows = (
        outcomes(FIGURES["show"], staff=staff, period=period)
        .annotate(day=TruncDate("starts_at", tzinfo=period.zone))
        .order_by()
        .values("day", "department", "outcome")
        .annotate(n=Count("pk"))
    )
    return [VisitDay(row["day"], row["department"], row["outcome"], row["n"]) for row in rows]


def count_visits(found: Iterable[VisitDay], key: str, part: str, period: Period) -> int:
    """How many of these are in a part of a figure of visits."""
    department = FIGURES[key].department
    return sum(
        visit.n
        for visit in found
        if period.first <= visit.day <= period.last
        and visit.outcome in VISIT_PARTS[part]
        and department in ("", visit.department)
    )


#: What the trends of happenings are made of.
SHARES = (
    ("first_service", "set"),
    ("first_service", "delivered"),
    ("declined", "recovered"),
    ("declined", "declined"),
    ("transit", "in_transit"),
)


@dataclass(frozen=True)
class Happened:
    """Counts of happenings by figure, part and period."""

    counts: dict[tuple[str, str, Period], int]
    recovered_cents: int
    declined_cents: int
    oldest_at: Any

    def n(self, key: str, part: str, period: Period) -> int:
        """How many."""
        return self.counts.get((key, part, period), 0)


def happened(staff: StaffMember, periods: Sequence[Period]) -> Happened:
    """Every part of every figure of happenings in the first of these periods, and what makes its share in the others. One query."""
    looked_at = periods[0]
    asked = [(key, part, looked_at) for key in HAPPENING_PARTS for part in HAPPENING_PARTS[key]]
    # Of the others the share alone is shown: each condition costs its while to write and to read.
    asked += [(*pair, period) for period in dict.fromkeys(periods) for pair in SHARES if period != looked_at]
    since = min(period.ending_with(181).starts_at for period in periods) - timedelta(days=1)
    mine = Happening.objects.visible_to(staff).filter(
        Q(at__gte=min(since, *(period.starts_at for period in periods)))
        | Q(kind=Happening.Kind.CONTRACT, good_at__isnull=True)
        | Q(kind=Happening.Kind.CONTRACT, good_at__gte=since)
    )
    found = mine.aggregate(
        **{f"n{i}": Count("pk", filter=meant(*one)) for i, one in enumerate(asked)},
        recovered=Sum("cents", filter=meant("declined", "recovered", looked_at)),
        declined=Sum("cents", filter=meant("declined", "declined", looked_at)),
        oldest=Min("at", filter=meant("transit", "in_transit", looked_at), output_field=DateTimeField()),
    )
    return Happened(
        {one: found[f"n{i}"] for i, one in enumerate(asked)},
        found["recovered"] or 0,
        found["declined"] or 0,
        found["oldest"],
    )


def people(staff: StaffMember) -> dict[int, Person]:
    """Everybody of the store, with their team and what they owe now. One query."""
    owed = (
        Promise.objects.of_store(staff.store_id)
        .filter(owner=OuterRef("pk"), state=Promise.State.OPEN)
        .order_by()
        .values("owner")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows: Any = (
        StaffMember.objects.visible_to(staff)
        .annotate(n_open=Coalesce(Subquery(owed), Value(0)))
        .values("pk", "name", "role", "team_id", "team__name", "is_active", "n_open")
    )
    return {row["pk"]: _person(row) for row in rows}


def lines_of_people(facts: Facts, known: dict[int, Person], took: dict[int, int]) -> list[Line]:
    """Who owed something in the period, most first."""
    lines = [
        Line(str(pk), known[pk].name, known[pk].team, tally, took.get(pk), known[pk].n_open)
        for pk, tally in facts.of_owner.items()
        if pk in known and tally.part("all")
    ]
    return sorted(lines, key=lambda line: (-line.tally.part("due"), line.name))


def lines_of_teams(facts: Facts, known: dict[int, Person]) -> list[Line]:
    """The same by team; who is in none stands under their department."""
    lines: dict[str, Line] = {}
    for pk, person in known.items():
        tally = facts.of_owner.get(pk, Tally())
        line = lines.setdefault(person.team_key, Line(person.team_key, person.team, "", Tally(), None, 0))
        line.tally.update(tally)
        line.n_open += person.n_open
    return sorted(
        (line for line in lines.values() if line.tally.part("all")),
        key=lambda line: (-line.tally.part("due"), line.name),
    )


def grid(facts: Facts) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Departments that receive, and for each that gives its cells in that order."""
    order = {name: n for n, name in enumerate(GROUPS)}

    def sorted_names(names: Iterable[str]) -> list[str]:
        return sorted(set(names), key=lambda name: (order.get(name, len(order)), name == "Customer", name))

    pairs = {pair: tally for pair, tally in facts.of_pair.items() if tally.part("all")}
    columns = sorted_names(pair[1] for pair in pairs)
    return columns, [
        (name, [Cell(name, to, facts.of_pair.get((name, to), Tally())) for to in columns])
        for name in sorted_names(pair[0] for pair in pairs)
    ]


def team_members(known: dict[int, Person], key: str) -> frozenset[int]:
    """Who is in the team of this key."""
    return frozenset(pk for pk, person in known.items() if person.team_key == key)


def _person(row: dict[str, Any]) -> Person:
    if row["team_id"]:
        team, key = row["team__name"], f"t{row['team_id']}"
    else:
        department = DEPARTMENT_OF[Role(row["role"])]
        team, key = (
            (str(Department(department).label), department.value) if department else (_("Store"), "store")
        )
    return Person(row["pk"], row["name"], team, key, row["is_active"], row["n_open"])


def _within(by_day: dict[date, list[int]], period: Period) -> list[int]:
    return sorted(
        second for day, seconds in by_day.items() if period.first <= day <= period.last for second in seconds
    )
