"""Who expects a customer: a visit, or many at once, goes to somebody else, or to whoever is free; and back.

Whoever leaves expects nobody any more: their visits are with whoever is free, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.appointments import news, when
from dealership.appointments.booking import AWAITED, BookingError, Over
from dealership.appointments.models import Appointment
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.appointments import AppointmentGiven
from dealership.events.catalogue.staff import StaffLeft
from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember

GIVE = "appointments.give"
#: Each is told as a fact: more is narrowed first.
MOST = 200


class CannotExpect(BookingError):
    """They do not work at this store now."""


@transaction.atomic
def give(appointment: Appointment, *, to: StaffMember | None, by: StaffMember, now: datetime) -> Appointment:
    """This person expects them from now on; None: whoever is free. Twice is once.

    Raises CannotExpect, and Over where nobody is expected any more. The customer is not told: their time stands.
    """
    _must_work_here(appointment.store_id, to)
    (current,) = _locked(appointment.store_id, [appointment.pk])
    if current.state not in AWAITED:
        raise Over(_("This visit %(state)s.") % {"state": news.state_words(current)})
    if current.person_id != (to.pk if to else None):
        bus.publish(*_pass_on([(current, to)], by.pk, now))
    return current


@transaction.atomic
def give_many(*, keys: Collection[int], to: StaffMember, by: StaffMember, now: datetime) -> BulkAct:
    """Those of them that are awaited: whose they are already stay so. Raises CannotExpect."""
    _must_work_here(by.store_id, to)
    rows = [row for row in _locked(by.store_id, keys) if row.state in AWAITED and row.person_id != to.pk]
    before = {"to": to.pk, "rows": [[row.pk, row.person_id] for row in rows]}
    bus.publish(*_pass_on([(row, to) for row in rows], by.pk, now))
    n = len(rows)
    says = f"{n:,} visit{'' if n == 1 else 's'} given to {to.name}"
    return bulk.note(act=GIVE, says=says, n=n, before=before, by=by, now=now)


@bulk.undoes(GIVE)
def take_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still awaited and still that person's: whose they were has them again, if that one works here yet."""
    was: dict[int, int | None] = dict(act.before["rows"])
    here = StaffMember.objects.of_store(act.store_id).filter(is_active=True)
    people: dict[int | None, StaffMember | None] = {None: None}
    people |= {person.pk: person for person in here.filter(pk__in=[key for key in was.values() if key])}
    rows = [
        row
        for row in _locked(act.store_id, was)
        if row.state in AWAITED and row.person_id == act.before["to"] and was[row.pk] in people
    ]
    bus.publish(*_pass_on([(row, people[was[row.pk]]) for row in rows], by.pk, now))
    return len(rows)


@bus.entails(StaffLeft)
def release(left: Sequence[StaffLeft]) -> list[Fact]:
    """Those whom somebody who left still expects are with whoever is free. Three queries for any number."""
    found: list[Fact] = []
    for fact in left:
        rows = Appointment.objects.of_store(fact.store_id).filter(person_id=fact.staff_id, state__in=AWAITED)
        keys = list(rows.values_list("pk", flat=True))
        # Somebody may have come, or have been given to another, until they were held.
        theirs = [
            row
            for row in _locked(fact.store_id, keys)
            if row.state in AWAITED and row.person_id == fact.staff_id
        ]
        found += _pass_on([(row, None) for row in theirs], fact.by, fact.at)
    return found


def _pass_on(
    pairs: Sequence[tuple[Appointment, StaffMember | None]], by_id: int | None, now: datetime
) -> list[Fact]:
    """What has become true by it. The rows are locked."""
    facts: list[Fact] = []
    for row, to in pairs:
        from_id, row.person, row.version = row.person_id, to, row.version + 1
        common = news.common(row, None, now, False, when.words(row.starts_at, row.store.tz))
        to_name = to.name if to else "whoever is free"
        facts.append(AppointmentGiven(**{**common, "by": by_id}, from_id=from_id, to_name=to_name))
    if pairs:
        Appointment.objects.bulk_update([row for row, _to in pairs], ["person", "version"], batch_size=500)
        live.bump(pairs[0][0].store_id, "appointments")
    return facts


def _must_work_here(store_id: int, to: StaffMember | None) -> None:
    """Held, so that nobody leaves meanwhile."""
    if to is None:
        return
    held = StaffMember.objects.of_store(store_id).select_for_update(of=("self",), no_key=True)
    if not held.filter(pk=to.pk, is_active=True).exists():
        raise CannotExpect(_("%(name)s does not work at this store now.") % {"name": to.name})


def _locked(store_id: int, keys: Iterable[int]) -> list[Appointment]:
    """Held in the order of their keys: two at once wait for one another."""
    rows = Appointment.objects.of_store(store_id).filter(pk__in=list(keys)).order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("store", "customer"))
