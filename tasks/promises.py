"""What people do to one promise; the engine and the sweep change many (`batches`). No other module changes any."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.customers.models import Customer
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, May, Role
from dealership.stores import calendars
from dealership.stores.models import Department
from tasks import due as due_times
from tasks import opening, rollups, rulebook
from tasks.batches import broken_at, give, hold_active, mark_open, move_hour, refresh
from tasks.models import Notice, Promise, Task, Transition


class NotOpen(ValueError):
    """The promise is no longer owed."""


class NotAllowed(ValueError):
    """This person may not do that to this promise."""


class NoReason(ValueError):
    """A reason is owed: whoever reads the story must understand it."""


class BadTime(ValueError):
    """The time cannot be."""


@transaction.atomic
def accept(promise: Promise, *, by: StaffMember, now: datetime) -> Promise:
    """`by` takes it on: the offer ends. The owner accepts; anybody of the team takes from its queue."""
    locked = _locked(promise)
    if locked.accepted_at and locked.owner_id == by.pk:
        return locked
    if locked.owner_id != by.pk and locked.queue_id is None and not by.may(May.REASSIGN):
        raise NotAllowed(_("It is offered to %(name)s, not to you.") % {"name": locked.owner.first_name})
    before = locked.owner_id
    locked.owner, locked.queue, locked.accepted_at, locked.offered_until = by, None, now, None
    _save(locked, "owner", "queue", "accepted_at", "offered_until")
    _record(locked, Transition.Act.ACCEPTED, at=now, by=by, before=before)
    return locked


take_from_queue = accept


@transaction.atomic
def hand_off(promise: Promise, *, to: StaffMember, by: StaffMember, why: str, now: datetime) -> Promise:
    """Somebody else owns it from now on, and is told. Raises NoReason, NotAllowed, NotOpen."""
    locked = _locked(promise)
    if locked.owner_id != by.pk and not by.may(May.REASSIGN):
        raise NotAllowed(_("Only %(name)s or a manager hands this off.") % {"name": locked.owner.first_name})
    if not why.strip():
        raise NoReason(_("Say why, so that the next person knows."))
    if to.store_id != locked.store_id or not to.is_active:
        raise NotAllowed(_("%(name)s does not work at this store now.") % {"name": to.name})
    if to.pk == locked.owner_id:
        return locked
    _hold(to.pk)
    give(locked, to.pk, at=now)
    _save(locked, "owner", "queue", "assigned_at", "accepted_at", "offered_until", "n_offers")
    _record(locked, Transition.Act.HANDED_OFF, at=now, by=by, why=why.strip(), before=promise.owner_id)
    _notify(
        locked, to.pk, Transition.Act.HANDED_OFF, f"{by.first_name} handed this to you: {why.strip()}", now
    )
    return locked


@transaction.atomic
def take_back(promise: Promise, *, by: StaffMember, now: datetime) -> Promise:
    """Undo of one's own hand-off, until the other takes it on. Raises NotAllowed, NotOpen."""
    locked = _locked(promise)
    last = Transition.objects.of_store(locked.store_id).filter(promise=locked).order_by("-at", "-pk").first()
    if (
        last is None
        or last.act != Transition.Act.HANDED_OFF
        or last.by_id != by.pk
        or last.owner_before_id is None
        or locked.accepted_at is not None
    ):
        raise NotAllowed(_("It has moved on since: ask whoever has it to hand it back."))
    _hold(last.owner_before_id)
    before = locked.owner_id
    give(locked, last.owner_before_id, at=now)
    locked.accepted_at = now
    _save(locked, "owner", "queue", "assigned_at", "accepted_at", "offered_until", "n_offers")
    _record(locked, Transition.Act.HANDED_OFF, at=now, by=by, why="Taken back.", before=before)
    Notice.objects.of_store(locked.store_id).filter(
        promise=locked, staff_id=before, act=Transition.Act.HANDED_OFF, seen_at__isnull=True
    ).delete()
    return locked


@transaction.atomic
def waive(promise: Promise, *, by: StaffMember, why: str, now: datetime) -> Promise:
    """It need not be kept, says a named person, and says why. Raises NoReason, NotAllowed, NotOpen."""
    locked = _locked(promise)
    _require_owner(locked, by, "waive")
    if len(why.strip()) < 3:
        raise NoReason(_("A promise is waived with a reason: say why in a few words."))
    return _end(locked, Promise.State.WAIVED, Transition.Act.WAIVED, by=by, why=why.strip(), now=now)


@transaction.atomic
def unwaive(promise: Promise, *, by: StaffMember, now: datetime) -> Promise:
    """Undo of waive: it is owed again, with the hour it had. Raises NotOpen if it was not waived by a person."""
    locked = _locked(promise, must_be_open=False)
    if locked.state != Promise.State.WAIVED or locked.closed_by_id is None:
        raise NotOpen(_("Only what a person waived can be owed again."))
    _require_owner(locked, by, "reopen")
    _reopen(locked)
    _record(locked, Transition.Act.REOPENED, at=now, by=by, why="Waiver undone.")
    return locked


@transaction.atomic
def renegotiate(promise: Promise, *, due_at: datetime, words: str, by: StaffMember, now: datetime) -> Promise:
    """The customer was told a new time before the old one passed. Raises BadTime once it has, and NoReason without the words told."""
    locked = _locked(promise)
    _require_owner(locked, by, "renegotiate")
    if locked.broken_at is not None or now >= locked.due_at:
        raise BadTime(
            _("Its hour has passed: it is late, and a new time can no longer be told before the old one.")
        )
    if due_at <= now:
        raise BadTime(_("The new time must lie ahead."))
    if not words.strip():
        raise NoReason(_("Write what the customer was told."))
    move_hour(locked, due_at, told_at=now)
    locked.accepted_at, locked.offered_until = locked.accepted_at or now, None
    _save(
        locked,
        "rung_ats",
        "warn_at",
        "warned_at",
        "renegotiated_at",
        "due_at",
        "accepted_at",
        "offered_until",
    )
    _record(locked, Transition.Act.RENEGOTIATED, at=now, by=by, why=words.strip())
    return locked


@transaction.atomic
def make_by_hand(
    *,
    store_id: int,
    customer: Customer | None,
    sentence: str,
    due_at: datetime,
    owner: StaffMember,
    by: StaffMember,
    now: datetime,
) -> Promise:
    """A person promises: "I call back at three". Raises BadTime for a time that has passed, NoReason without a sentence."""
    if not sentence.strip():
        raise NoReason(_("Say what is promised, in a sentence."))
    if due_at <= now:
        raise BadTime(_("The time must lie ahead."))
    if owner.store_id != store_id or (customer is not None and customer.store_id != store_id):
        raise NotAllowed(_("A promise stays within one store."))
    _hold(owner.pk)
    rule = rulebook.BY_HAND_RULE
    calendar = calendars.of(store_id, "")
    promise = Promise(
        store_id=store_id,
        rule=rule.key,
        department=_department_of(owner),
        seam_from=by.first_name,
        seam_to="Customer" if customer else owner.first_name,
        sentence=sentence.strip()[:160],
        detail=customer.full_name if customer else "",
        subject=f"by_hand:{uuid4()}",
        customer=customer,
        made_by=by,
        owner=owner,
        assigned_at=now,
        accepted_at=now if owner.pk == by.pk else None,
        opened_at=now,
        why={
            "exists": f"{by.first_name} promised it.",
            "owner": [f"{owner.first_name}: named by {by.first_name}."],
        },
    )
    said = f"{by.first_name} said so: {calendar.spoken(due_at)}"
    opening.set_times(promise, rule, due_times.Due(due_at, [], said), calendar)
    promise.rung_ats = [calendar.add_minutes(due_at, 240)]
    promise.next_step_at = opening.next_step(promise)
    rollups.touch([promise], was_saved=False)
    promise.save(force_insert=True)
    _record(promise, Transition.Act.OPENED, at=now, by=by, why=sentence.strip()[:300])
    if owner.pk != by.pk:
        _notify(promise, owner.pk, Transition.Act.OFFERED, f"{by.first_name} promised this in your name", now)
    return promise


@transaction.atomic
def finish_by_hand(promise: Promise, *, by: StaffMember, why: str, now: datetime) -> Promise:
    """A promise that a person made is kept, on the word of a named person on what was done. Others close on evidence alone."""
    locked = _locked(promise)
    if locked.rule != rulebook.BY_HAND:
        raise NotAllowed(
            _("This closes on what is observed, not on a word: send the text, make the call, book the visit.")
        )
    _require_owner(locked, by, "finish")
    if not why.strip():
        raise NoReason(_("Say what was done."))
    act = Transition.Act.RECOVERED if now > locked.due_at else Transition.Act.KEPT
    return _end(locked, Promise.State.KEPT, act, by=by, why=why.strip(), now=now)


def _locked(promise: Promise, *, must_be_open: bool = True) -> Promise:
    # Alone, its owner looked up afterwards: joined to an owner who changes while we wait, the row would not be found.
    locked = Promise.objects.of_store(promise.store_id).select_for_update().get(pk=promise.pk)
    if must_be_open and locked.state != Promise.State.OPEN:
        raise NotOpen(_("It was %(state)s in the meantime.") % {"state": locked.get_state_display()})
    return locked


def _hold(staff_id: int) -> None:
    if not hold_active([staff_id]):
        raise NotAllowed(_("Somebody who was to own this has just left; try again."))


def _require_owner(promise: Promise, by: StaffMember, verb: str) -> None:
    if by.store_id != promise.store_id or (promise.owner_id != by.pk and not by.may(May.REASSIGN)):
        says = {
            "waive": _("Only %(name)s or a manager may waive this."),
            "reopen": _("Only %(name)s or a manager may reopen this."),
            "renegotiate": _("Only %(name)s or a manager may renegotiate this."),
            "finish": _("Only %(name)s or a manager may finish this."),
        }
        raise NotAllowed(says[verb] % {"name": promise.owner.first_name})


def _end(
    promise: Promise, state: Promise.State, act: Transition.Act, *, by: StaffMember, why: str, now: datetime
) -> Promise:
    promise.state, promise.closed_at, promise.closed_by, promise.closed_why = state, now, by, why[:240]
    promise.next_step_at, promise.broken_at = None, broken_at(promise)
    _save(promise, "state", "closed_at", "closed_by", "closed_why", "broken_at")
    Task.objects.of_store(promise.store_id).filter(promise=promise, state=Task.State.WAITING).update(
        state=Task.State.SKIPPED, settled_at=now, why="No longer needed."
    )
    _record(promise, act, at=now, by=by, why=why)
    return promise


def _reopen(promise: Promise) -> None:
    _hold(promise.owner_id)
    mark_open(promise)
    _save(promise, "state", "closed_at", "closed_by", "closed_by_event", "closed_why")
    Task.objects.of_store(promise.store_id).filter(promise=promise, state=Task.State.SKIPPED).update(
        state=Task.State.WAITING, settled_at=None, why=""
    )


def _save(promise: Promise, *fields: str) -> None:
    if promise.state == Promise.State.OPEN:
        promise.next_step_at = opening.next_step(promise)
    rollups.touch([promise], was_saved=False)
    promise.save(update_fields=[*fields, "next_step_at"])


def _record(
    promise: Promise,
    act: Transition.Act,
    *,
    at: datetime,
    by: StaffMember,
    why: str = "",
    before: int | None = None,
) -> None:
    Transition.objects.create(
        store_id=promise.store_id,
        promise=promise,
        act=act,
        at=at,
        by=by,
        why=why[:300],
        owner_before_id=before,
        owner_after_id=promise.owner_id,
    )
    refresh([promise.store_id])


def _notify(promise: Promise, staff_id: int, act: Transition.Act, words: str, now: datetime) -> None:
    Notice.objects.create(
        store_id=promise.store_id, staff_id=staff_id, promise=promise, act=act, words=words[:200], at=now
    )


def _department_of(staff: StaffMember) -> str:
    return DEPARTMENT_OF[Role(staff.role)] or Department.SALES
