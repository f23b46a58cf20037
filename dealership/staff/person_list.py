"""The list of people who work here: what it can be asked. A store has few: no order needs an index of its own."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from dealership.language import later
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember, Team
from dealership.staff.roles import May, Role

SIGNS_IN = (("yes", later("sign in")), ("no", later("do not sign in")))


def _rows(staff: StaffMember) -> Rows:
    return StaffMember.objects.visible_to(staff).filter(is_active=True)


def _role(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(role=value) if value in Role.values else None


def _teams(staff: StaffMember) -> Options:
    teams = Team.objects.visible_to(staff).order_by("name").values_list("pk", "name")
    return [("none", later("in none")), *((str(pk), name) for pk, name in teams)]


def _team(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "none":
        return rows.filter(team__isnull=True)
    return rows.filter(team_id=int(value)) if value.isdecimal() and len(value) < 19 else None


def _signs(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(user__isnull=value == "no") if value in dict(SIGNS_IN) else None


PEOPLE = registry.add(
    Shape(
        key="people",
        page="staff:person_list",
        words=(later("person"), later("people")),
        rows=_rows,
        objects=lambda rows: rows.select_related("user", "team"),
        draws_columns=True,
        columns=(
            Column("name", later("Name")),
            Column("email", later("E-mail"), source="user__email"),
            Column("role", later("Role"), words=cast(dict[str, str], dict(Role.choices))),
            Column("team", later("Team"), source="team__name"),
            Column("dms_number", later("DMS number")),
            Column("languages", later("Languages"), usual=False),
            Column("capacity", later("Takes at most"), "count"),
        ),
        filters=(
            Filter("role", later("Role"), later("every role"), lambda staff: Role.choices, _role),
            Filter("team", later("Team"), later("every team"), _teams, _team),
            Filter("signs", later("Who"), later("everybody"), lambda staff: SIGNS_IN, _signs),
        ),
        sorts=(
            Sort("name", later("By name"), (("name", "text"), ("pk", "int"))),
            Sort("role", later("By role"), (("role", "text"), ("name", "text"), ("pk", "int"))),
        ),
        sizes=(25, 50, 100, 200),
        size=100,
    ),
    May.MANAGE_STAFF,
)
