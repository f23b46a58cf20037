"""The list of calls: what it can be asked, and many parked ones made again at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Case, CharField, Q, Value, When
from django.utils.translation import gettext as _

from dealership import doorbell
from dealership.hooks import said
from dealership.hooks.kinds import all_kinds
from dealership.hooks.models import Hook, HookCall
from dealership.language import later, later_as
from dealership.lists import again, bulk, registry
from dealership.lists.models import BulkAct
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.retold import Words
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

#: How it stands with a call. Each is in one of these.
STATES = {
    "waiting": Q(answered_at__isnull=True, parked_at__isnull=True),
    "parked": Q(answered_at__isnull=True, parked_at__isnull=False),
    "taken": Q(answered_at__isnull=False),
}
_IN_WORDS = {
    "waiting": later("waiting"),
    "parked": later_as("calls", "parked"),
    "taken": later_as("calls", "taken"),
}
_LOOKS = {"parked": "late", "taken": "kept"}
AGAIN = "hooks.again"


def _with_state(rows: Rows, staff: StaffMember) -> Rows:
    cases = [When(fits, then=Value(state)) for state, fits in STATES.items()]
    stated: Rows = rows.annotate(state=Case(*cases, output_field=CharField()))
    return stated


def _hooks(staff: StaffMember) -> Options:
    named = Hook.objects.visible_to(staff).order_by("pk").values_list("pk", "name")
    return [(str(pk), name) for pk, name in named]


def _hook(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(hook_id=int(value)) if value.isdecimal() and len(value) < 19 else None


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(STATES[value]) if value in STATES else None


def _kinds(staff: StaffMember) -> Options:
    return [(name, _(kind.words)) for name, kind in all_kinds().items()]


def _kind(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(kind=value) if value in all_kinds() else None


def _is_parked(filters: Mapping[str, str]) -> bool:
    return filters["state"] == "parked"


CALLS = registry.add(
    Shape(
        key="calls",
        page="hooks:call_list",
        words=(later("call"), later("calls")),
        rows=HookCall.objects.visible_to,
        columns=(
            Column("kind", later("What"), "head", words=Words(said.name)),
            Column("about", later("About"), "thing", source="subject"),
            Column("hook", later("System"), "link", source="hook__name", of="hook_id"),
            Column("at", later("Became true"), "moment"),
            Column(
                "state",
                later("State"),
                "chip",
                adds=_with_state,
                words=_IN_WORDS,
                look=lambda state: _LOOKS.get(state, ""),
            ),
            Column("why", later("What went wrong"), source="last_error", words=Words(said.trouble)),
            Column("answer", later("Answer"), source="status", usual=False),
            Column("tries", later("Tries"), "count", source="attempts"),
            Column("next", later("Next try"), "moment", source="next_try_at", usual=False),
            Column("parked", later_as("calls", "Parked since"), "moment", source="parked_at", usual=False),
            Column("taken", later_as("calls", "Taken at"), "moment", source="answered_at"),
            Column("took", later("Milliseconds"), "count", source="ms", usual=False),
        ),
        filters=(
            Filter("hook", later("System"), later_as("systems", "all"), _hooks, _hook),
            Filter("state", later("State"), later("all"), lambda staff: list(_IN_WORDS.items()), _state),
            Filter("kind", later("What"), later("everything"), _kinds, _kind),
        ),
        sorts=(
            Sort(
                "parked",
                later("Parked longest first"),
                (("parked_at", "time"), ("pk", "int")),
                fits=_is_parked,
            ),
            Sort("newest", later("Newest first"), (("-pk", "int"),)),
            Sort("oldest", later("Oldest first"), (("pk", "int"),)),
        ),
        always=("hook_id",),
    ),
    May.MANAGE_STAFF,
)


def make_again(*, keys: Collection[int], by: StaffMember, now: datetime) -> BulkAct:
    """Those that are parked wait in line again; each is made in its turn."""
    rows = HookCall.objects.of_store(by.store_id).filter(STATES["parked"], pk__in=keys)
    doorbell.ring("hooks")
    return again.again(rows, act=AGAIN, noun="call", by=by, now=now)


@bulk.undoes(AGAIN)
def park(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that have not been made since are parked again."""
    return again.park(HookCall.objects.of_store(act.store_id), act)
