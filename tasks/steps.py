"""The steps of a plan: automatic texts leave when their time has come; calls are done when a person has called."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from dealership import doorbell, line
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CallAttempted, CallConnected
from dealership.language import OWN
from dealership.line import Claim
from dealership.messaging import copy, numbers, outbox, owed
from dealership.messaging.models import Purpose
from dealership.stores.models import Department
from tasks import batches
from tasks.models import Promise, Task, Transition

log = logging.getLogger(__name__)

BATCH = 100
PURPOSES = {
    Department.SALES: Purpose.SALES,
    Department.FNI: Purpose.SALES,
    Department.MARKETING: Purpose.MARKETING,
}
#: Marketing asks how it was for those who dealt with the customer: nothing is offered, so it is no marketing.
ASKED_FOR = {"ro": Department.SERVICE, "deal": Department.SALES}


def take_due(now: datetime) -> dict[str, int]:
    """Sends the texts whose time has come. Each step by itself: one that fails is tried later and stops no other."""
    keys = line.peek(_due(now), limit=BATCH, order="run_at")
    sent = 0
    for pk in keys:
        claim = line.take(_due(now), pk, now=now)
        if claim is None:
            continue
        try:
            sent += _take(claim, now)
        except Exception as error:
            log.exception("A step failed.")
            line.failed(_waiting(), claim, f"{type(error).__name__}: {error}", now=now)
    return {"sent": sent, "looked_at": len(keys)}


def again(pk: int, store_id: int, now: datetime) -> bool:
    """What is parked waits in line again; False where this store has no such step."""
    rows = Task.objects.of_store(store_id).filter(pk=pk, state=Task.State.WAITING, parked_at__isnull=False)
    doorbell.ring("steps")
    return bool(line.again(rows, now=now))


def _waiting() -> QuerySet[Task]:
    return Task.objects.across_stores("the steps of all stores").filter(
        state=Task.State.WAITING, kind=Task.Kind.TEXT
    )


def _due(now: datetime) -> QuerySet[Task]:
    return _waiting().filter(
        Q(next_try_at__lte=now) | Q(next_try_at__isnull=True), run_at__lte=now, parked_at__isnull=True
    )


@transaction.atomic
def _take(claim: Claim, now: datetime) -> int:
    task = (
        line.held(_waiting(), claim)
        .select_for_update(of=("self",))
        .select_related("promise__customer", "promise__owner", "promise__store", "promise__vehicle")
        .first()
    )
    if task is None:
        return 0
    promise, customer = task.promise, task.promise.customer
    if promise.state != Promise.State.OPEN or customer is None:
        _settle(task, Task.State.SKIPPED, "No longer owed." if customer else "Nobody to write to.", now)
        return 0
    beside = _beside(task, now)
    try:
        outbox.send(
            store_id=task.store_id,
            customer=customer,
            body=copy.render(
                task.copy, language=customer.language, **_values(promise, [other.promise for other in beside])
            ),
            purpose=PURPOSES.get(Department(_speaker(promise)), Purpose.SERVICE),
            subject=promise.subject,
            dedupe_key=f"step:{task.pk}",
            now=now,
            asks=task.asks,
            asked_about=promise.subject if task.asks != "none" else "",
            promise_ref=promise.pk,
            department=_speaker(promise),
            useless_after=now + timedelta(days=1),
        )
    except outbox.NoNumber as none:
        _settle(task, Task.State.SKIPPED, str(none), now)
        return 0
    _settle(task, Task.State.DONE, "Handed to the outbox.", now)
    for other in beside:
        _settle(other, Task.State.DONE, "Said in the same text as the rest of its visit.", now)
    act = {"act": Transition.Act.STEP, "at": now, "why": "An automatic text was written."}
    batches.record_many([(said.promise, act) for said in (task, *beside)])
    return 1


def _beside(task: Task, now: datetime) -> list[Task]:
    """Due texts of the same words about the same thing: three declined lines are one text, not three."""
    if not task.promise.about:
        return []
    return list(
        Task.objects.of_store(task.store_id)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("promise")
        .filter(
            promise__subject=task.promise.subject,
            promise__customer=task.promise.customer,
            promise__state=Promise.State.OPEN,
            copy=task.copy,
            state=Task.State.WAITING,
            run_at__lte=now,
        )
        .exclude(pk=task.pk)
        .order_by("pk")
    )


def _values(promise: Promise, beside: Sequence[Promise] = ()) -> dict[str, str]:
    """What a text about these promises may speak of; the names are those of `messaging.copy.KNOWN`."""
    customer, store = promise.customer, promise.store
    kind, _, number = promise.subject.partition(":")
    return {
        "first": customer.call_name if customer else "",
        "store": store.name,
        "phone": numbers.spoken(store.text_number),
        "person": promise.owner.first_name,
        "department": Department(promise.department).in_texts(customer.language if customer else OWN),
        "vehicle": promise.vehicle.label if promise.vehicle else "",
        "work": "; ".join(dict.fromkeys(said.detail for said in (promise, *beside[:3]))),
        "ro_number": number if kind == "ro" else "",
    }


def _speaker(promise: Promise) -> str:
    """Who speaks, and answers what comes back: where marketing asks about a visit or a deal, the department whose thing it is."""
    if promise.department == Department.MARKETING:
        return ASKED_FOR.get(promise.subject.partition(":")[0], promise.department)
    return promise.department


def _settle(task: Task, state: Task.State, why: str, now: datetime) -> None:
    task.state, task.why, task.settled_at = state, why[:300], now
    task.save(update_fields=["state", "why", "settled_at"])


@owed.answers
def still_open(refs: Collection[int]) -> set[int]:
    """Which of these promises are still open: a text for one that is not does not leave."""
    rows = Promise.objects.across_stores("texts of several stores leave in one batch")
    return set(rows.filter(pk__in=refs, state=Promise.State.OPEN).values_list("pk", flat=True))


@bus.remember(CallConnected)
def tick_off_connected(facts: Sequence[CallConnected]) -> None:
    """A call ticks off the next call of every plan for this customer."""
    _tick_off(facts)


@bus.remember(CallAttempted)
def tick_off_attempted(facts: Sequence[CallAttempted]) -> None:
    """So does a call that reached nobody: it was made, and the promise is still owed."""
    _tick_off(facts)


def _tick_off(facts: Sequence[Fact]) -> None:
    called: dict[tuple[int, int | None], Fact] = {
        (fact.store_id, fact.customer_id): fact for fact in facts if fact.customer_id
    }
    waiting = list(
        Task.objects.across_stores("calls of several stores may be told in one batch")
        .filter(
            store_id__in={store_id for store_id, _ in called},
            promise__customer_id__in={customer_id for _, customer_id in called},
            promise__state=Promise.State.OPEN,
            kind=Task.Kind.CALL,
            state=Task.State.WAITING,
        )
        .order_by("promise_id", "n")
        .distinct("promise_id")
        .select_related("promise")
    )
    for task in waiting:
        fact = called.get((task.store_id, task.promise.customer_id))
        if fact is not None:
            task.state, task.why, task.settled_at = Task.State.DONE, fact.story().strip()[:300], fact.at
    Task.objects.bulk_update(waiting, ["state", "why", "settled_at"])
