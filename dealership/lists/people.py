"""Whose rows: a filter by a person, for any list whose rows have one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from dealership.language import later
from dealership.lists.shape import Filter, Options, Rows
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role

MINE, NOBODY = "me", "nobody"


def by_person(key: str, label: str, path: str, roles: Collection[Role], *, nobody: bool = True) -> Filter:
    """One's own rows, nobody's, or those of a colleague of these roles; `path` leads from a row to its person."""

    def options(staff: StaffMember) -> Options:
        people = StaffMember.objects.visible_to(staff).filter(is_active=True, role__in=roles)
        named = people.exclude(pk=staff.pk).order_by("name").values_list("pk", "name")
        own = [(MINE, later("Mine"))] + ([(NOBODY, later("Nobody’s"))] if nobody else [])
        return [*own, *((str(pk), name) for pk, name in named)]

    def narrow(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
        if value == MINE:
            return rows.filter(**{path: staff})
        if value == NOBODY:
            return rows.filter(**{f"{path}__isnull": True})
        return rows.filter(**{f"{path}_id": int(value)}) if value.isdecimal() and len(value) < 19 else None

    return Filter(key, label, later("everybody’s"), options, narrow)
