"""The list of facts that failed: what it can be asked, and many parked ones tried again at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from dealership import doorbell
from dealership.events.models import EventRecord
from dealership.language import later
from dealership.lists import again, bulk, registry
from dealership.lists.models import BulkAct
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.retold import Words
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from tasks import kinds

STATES = {"waiting": later("tried again by itself"), "parked": later("parked")}
AGAIN = "tasks.facts_again"


def failed(staff: StaffMember) -> Rows:
    """The facts of which no rule could be made yet."""
    return EventRecord.objects.visible_to(staff).filter(applied_at__isnull=True, attempts__gt=0)


def in_words(kind: str) -> str:
    """ "RepairOrderClosed" as "Repair order closed"."""
    words = kinds.words(kind)
    return words[:1].upper() + words[1:]


def _kinds(staff: StaffMember) -> Options:
    """Those of which some failed."""
    names = failed(staff).order_by().values_list("kind", flat=True).distinct()
    return sorted(((name, in_words(name)) for name in names), key=lambda option: option[1])


def _kind(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(kind=value)


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(parked_at__isnull=value != "parked") if value in STATES else None


def _is_parked(filters: Mapping[str, str]) -> bool:
    return filters["state"] == "parked"


FACTS = registry.add(
    Shape(
        key="facts",
        page="tasks:failed_facts",
        words=(later("fact"), later("facts")),
        rows=failed,
        objects=lambda rows: rows,
        draws_columns=True,
        columns=(
            Column("kind", later("Fact"), words=Words(in_words)),
            Column("subject", later("About"), "thing"),
            Column("at", later("Became true"), "moment"),
            Column("why", later("What went wrong"), "prose", source="last_error"),
            Column("tries", later("Tries"), "count", source="attempts"),
            Column("next", later("Next try"), "moment", source="next_try_at"),
            Column("parked", later("Parked since"), "moment", source="parked_at", usual=False),
        ),
        filters=(
            Filter("kind", later("Fact"), later("every"), _kinds, _kind),
            Filter("state", later("State"), later("all"), lambda staff: list(STATES.items()), _state),
        ),
        sorts=(
            Sort(
                "parked",
                later("Parked longest first"),
                (("parked_at", "time"), ("pk", "int")),
                fits=_is_parked,
            ),
            Sort("oldest", later("Oldest first"), (("at", "time"), ("pk", "int"))),
            Sort("newest", later("Newest first"), (("-at", "time"), ("-pk", "int"))),
            Sort("tries", later("Most tries first"), (("-attempts", "int"), ("pk", "int"))),
        ),
    ),
    May.SEE_FAILED_FACTS,
)


def try_again(*, keys: Collection[int], by: StaffMember, now: datetime) -> BulkAct:
    """Those that are parked wait in line again; each is tried in its turn."""
    rows = EventRecord.objects.of_store(by.store_id).filter(applied_at__isnull=True, pk__in=keys)
    doorbell.ring("facts")
    return again.again(rows, act=AGAIN, noun="fact", by=by, now=now)


@bulk.undoes(AGAIN)
def park(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that have not been tried since are parked again."""
    return again.park(EventRecord.objects.of_store(act.store_id), act)
