"""Entries that pages make: what was opened, searched and exported, who signed in. What is changed the database notes itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection

from dealership import acting
from dealership.audit.kinds import KINDS
from dealership.audit.models import Action, Entry
from dealership.staff.models import StaffMember

_COLUMNS = "store_id, at, staff_id, agent, action, kind, key, ref, part, customer_id, details, ip, session, address, request, hour"
#: What this process has noted in this hour: a page that asks again every few seconds costs the database nothing.
_noted: set[tuple[object, ...]] = set()
_noted_hour = 0


def note_opened(staff: StaffMember, kind: str, key: int, *, now: datetime) -> None:
    """That this person opened this record: once an hour. One statement; nothing for a row that is not of their store."""
    what, hour = KINDS[kind], _hour(now)
    if _is_noted(hour, staff.pk, kind, key):
        return
    table = apps.get_model(what.model)._meta.db_table
    ref = f"left({what.ref}::text, 60)" if what.ref else "''"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_entry ({_COLUMNS}) "  # noqa: S608 - names of ours
            f"SELECT store_id, %s, %s, %s, %s, %s, id, {ref}, '', {what.customer or 'NULL'}, '{{}}', %s, %s, %s, %s, %s "
            f'FROM "{table}" WHERE id = %s AND store_id = %s ON CONFLICT DO NOTHING',
            [now, staff.pk, *_by(Action.SAW, kind), *_where(), hour, key, staff.store_id],
        )
    _noted.add((staff.pk, kind, key))


def note_done(staff: StaffMember, kind: str, key: int, *, now: datetime) -> None:
    """That this person did what the address says, unless the database has noted more of this request. One statement."""
    what = KINDS[kind]
    source, values = "", ["0", "''", "''", "NULL"]
    if what.model and key:
        ref = f"left({what.ref}::text, 60)" if what.ref else "''"
        values = ["id", ref, "''", what.customer or "NULL"]
        source = f'FROM "{apps.get_model(what.model)._meta.db_table}" WHERE id = {key:d} AND store_id = {staff.store_id:d} AND'
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_entry ({_COLUMNS}) "
            f"SELECT %s, %s, %s, %s, %s, %s, {', '.join(values)}, '{{}}', %s, %s, %s, %s, NULL "
            f"{source or 'WHERE'} coalesce(current_setting('kept.noted', true), '') <> %s",
            [staff.store_id, now, staff.pk, *_by(Action.DID, kind), *_where(), acting.current().request],
        )


def note_searched(staff: StaffMember, page: str, text: str, *, now: datetime) -> None:
    """That this person looked for something on this page: the start of it, once an hour."""
    hour, ref = _hour(now), masked(text)
    if _is_noted(hour, staff.pk, page, ref):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_entry ({_COLUMNS}) VALUES "  # noqa: S608 - names of ours
            "(%s, %s, %s, %s, %s, %s, 0, %s, '', NULL, '{}', %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [staff.store_id, now, staff.pk, *_by(Action.SEARCHED, "list"), ref, *_where(), hour],
        )
    _noted.add((staff.pk, page, ref))


def record(
    *,
    store_id: int,
    staff_id: int | None,
    action: Action,
    kind: str,
    key: int = 0,
    details: dict[str, Any] | None = None,
    now: datetime,
) -> Entry:
    """One entry, of whoever acts."""
    actor = acting.current()
    return Entry.objects.create(
        store_id=store_id,
        at=now,
        staff_id=staff_id,
        agent=actor.agent,
        action=action,
        kind=kind,
        key=key,
        details=details or {},
        ip=actor.ip or None,
        session=actor.session,
        address=actor.address,
        request=actor.request,
    )


def masked(text: str) -> str:
    """As much of what was searched for as shows what for: the first letters of a name, how many digits of a number."""
    text = " ".join(text.split())
    if any(mark.isalpha() for mark in text):
        return f"{text[:3]}…"
    return f"{sum(mark.isdigit() for mark in text)} digits"


def forget_noted() -> None:
    """As after a restart."""
    _noted.clear()


def _is_noted(hour: int, *what: object) -> bool:
    global _noted_hour
    if hour != _noted_hour:
        _noted.clear()
        _noted_hour = hour
    return what in _noted


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // 3600


def _by(action: Action, kind: str) -> tuple[str, str, str]:
    return acting.current().agent, action.value, kind


def _where() -> tuple[str | None, str, str, str]:
    actor = acting.current()
    return actor.ip or None, actor.session, actor.address, actor.request
