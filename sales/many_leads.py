"""Many leads at once: to another person, or to their end; and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import giving, merging
from dealership.events import bus
from dealership.events.catalogue.sales import LeadClosed, LeadHandedOver, LeadReopened
from dealership.language import in_english
from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from sales import leads, reading
from sales.models import CLOSED, Lead

GIVE = "sales.give"
LOSE = "sales.lose"
#: Each tells a fact that the playbook hears: more is narrowed first.
MOST = 500


@transaction.atomic
def give(*, keys: Collection[int], to: StaffMember, why: str, by: StaffMember, now: datetime) -> BulkAct:
    """As `leads.hand_over` for many: this person answers from now on. Whose they are already stay so. Raises CannotOwn, NoReason."""
    if not why.strip():
        raise leads.NoReason(_("Say why, so that the next person knows."))
    _must_work_here(by.store_id, to)
    rows = [row for row in _locked(by.store_id, keys) if row.owner_id != to.pk]
    before = [[row.pk, row.owner_id, row.owner_why] for row in rows]
    reason = reading.fit(why, 160)
    sentence = [f"{to.first_name}: handed over by {by.first_name}, {reason}"]
    _of(by.store_id, rows).update(owner=to, owner_why=sentence)
    people = _give_customers(rows, to, now) if to.role == Role.SALESPERSON else []
    live.bump(by.store_id, "leads")
    bus.publish(*(_handed(row, to, reason, by, now) for row in rows))
    kept = {"to": to.pk, "rows": before, "people": people}
    says = f"{_count(len(rows))} given to {to.name}"
    return bulk.note(act=GIVE, says=says, n=len(rows), before=kept, by=by, now=now)


@bulk.undoes(GIVE)
def take_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still this person's go back to whose they were, if that one still works here."""
    was = {key: (owner, why) for key, owner, why in act.before["rows"]}
    here = StaffMember.objects.of_store(act.store_id).filter(is_active=True)
    people = {person.pk: person for person in here.filter(pk__in={owner for owner, _why in was.values()})}
    rows = [
        row
        for row in _locked(act.store_id, was)
        if row.owner_id == act.before["to"] and was[row.pk][0] in people
    ]
    for row in rows:
        row.owner_id, row.owner_why = was[row.pk]
    Lead.objects.bulk_update(rows, ["owner", "owner_why"], batch_size=500)
    if act.before["people"]:
        giving.put_back(
            store_id=act.store_id,
            department=Department.SALES,
            to_id=act.before["to"],
            rows=act.before["people"],
            given_at=act.at,
        )
    live.bump(act.store_id, "leads")
    bus.publish(*(_handed(row, people[was[row.pk][0]], "Taken back.", by, now) for row in rows))
    return len(rows)


@transaction.atomic
def lose(*, keys: Collection[int], why: str, by: StaffMember, now: datetime) -> BulkAct:
    """As `leads.close` for many, as lost. What has ended stays as it ended. Raises NoReason."""
    if len(why.strip()) < 3:
        raise leads.NoReason(_("Say why in a few words, so that others can learn from it."))
    rows = [row for row in _locked(by.store_id, keys) if not row.is_closed]
    reason, before = reading.fit(why, 120), [[row.pk, row.state] for row in rows]
    _of(by.store_id, rows).update(state=Lead.State.LOST, lost_why=reason, closed_at=now)
    live.bump(by.store_id, "leads")
    outcome = in_english(Lead.State.LOST.label)
    bus.publish(
        *(
            LeadClosed(**leads.common(row, now, by), lead_id=row.pk, outcome=outcome, why=reason)
            for row in rows
        )
    )
    says = f"{_count(len(rows))} closed as lost"
    return bulk.note(act=LOSE, says=says, n=len(rows), before=before, by=by, now=now)


@bulk.undoes(LOSE)
def find_again(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still lost by this act go on where they were; an answer that was owed is owed again from now."""
    was = dict(act.before)
    rows = [
        row
        for row in _locked(act.store_id, was)
        if row.state == Lead.State.LOST and row.closed_at == act.at and was[row.pk] not in CLOSED
    ]
    of_state: dict[str, list[Lead]] = defaultdict(list)
    for row in rows:
        of_state[was[row.pk]].append(row)
    for state, theirs in of_state.items():
        _of(act.store_id, theirs).update(state=state, lost_why="", closed_at=None)
    live.bump(act.store_id, "leads")
    bus.publish(
        *(
            LeadReopened(
                **leads.common(row, now, by), **leads.told(row), was_answered=row.first_human_at is not None
            )
            for row in rows
        )
    )
    return len(rows)


def _must_work_here(store_id: int, to: StaffMember) -> None:
    held = StaffMember.objects.of_store(store_id).select_for_update(of=("self",), no_key=True)
    if not held.filter(pk=to.pk, is_active=True).exists():
        raise leads.CannotOwn(_("%(name)s does not work at this store now.") % {"name": to.name})


def _give_customers(rows: Sequence[Lead], to: StaffMember, now: datetime) -> list[Any]:
    """A salesperson becomes the customers' own, as with one lead."""
    keys = {merging.living(row.customer).pk for row in rows}
    return giving.set_many(store_id=to.store_id, keys=keys, department=Department.SALES, to=to, now=now)


def _handed(row: Lead, to: StaffMember, why: str, by: StaffMember, now: datetime) -> LeadHandedOver:
    return LeadHandedOver(
        **leads.common(row, now, by), lead_id=row.pk, owner_id=to.pk, to_name=to.name, why=why
    )


def _of(store_id: int, rows: Sequence[Lead]) -> Any:
    return Lead.objects.of_store(store_id).filter(pk__in=[row.pk for row in rows])


def _locked(store_id: int, keys: Collection[int]) -> list[Lead]:
    """Held in the order of their keys: two at once wait for one another."""
    rows = Lead.objects.of_store(store_id).filter(pk__in=list(keys)).order_by("pk")
    return list(
        rows.select_for_update(of=("self",), no_key=True).select_related("customer__merged_into__merged_into")
    )


def _count(n: int) -> str:
    return f"{n:,} lead{'' if n == 1 else 's'}"
