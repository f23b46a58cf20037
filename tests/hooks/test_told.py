"""What a hook is told: what became true and was committed, of the kinds it asked for, of its store, once, and nothing personal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from dealership.events import bus
from dealership.events.base import CATALOGUE, Fact
from dealership.events.catalogue.sales import LeadClosed, LeadReceived
from dealership.hooks import hooks, kinds
from dealership.hooks.models import Hook, HookCall
from tasks import promises, sweep
from tasks.models import Transition
from tests.cast import MONDAY_TEN, Cast, make_customer

pytestmark = pytest.mark.django_db
Hooked = Callable[..., Hook]


def lead(store_id: int, n: int = 1, **more: object) -> LeadReceived:
    return LeadReceived(
        store_id=store_id, at=MONDAY_TEN, subject=f"lead:{n}", lead_id=n, source="cars.com", vehicle="Civic",
        question="Call me at 973 555 0123", who="Otto Quist", backfill=bool(more.get("backfill")),
    )  # fmt: skip


def told(hook: Hook) -> list[HookCall]:
    return list(HookCall.objects.of_store(hook.store_id).filter(hook=hook).order_by("pk"))


def test_a_fact_is_told_with_numbers_and_hours_and_without_names_or_words(cast: Cast, hooked: Hooked) -> None:
    hook = hooked("LeadReceived")
    (record,) = bus.publish(lead(cast.northside.pk, 7))
    (call,) = told(hook)
    assert call.body == {
        "version": 1, "id": f"fact-{record.pk}", "kind": "LeadReceived", "at": "2026-11-23T15:00:00.000000Z",
        "store": "northside-honda", "subject": "lead:7", "about": "", "customer": None, "vehicle": None, "by": None,
        "more": {"lead_id": 7, "source": "cars.com", "owner_id": None},
    }  # fmt: skip
    assert (call.key, call.attempts, call.next_try_at) == (f"fact-{record.pk}", 0, MONDAY_TEN)


def test_only_what_was_asked_for_by_whom_it_concerns_and_no_history(cast: Cast, hooked: Hooked) -> None:
    hook, off, theirs = (
        hooked("LeadReceived"),
        hooked("LeadReceived"),
        hooked("LeadReceived", store="eastside"),
    )
    hooks.switch(off, on=False, by=cast.gus, now=MONDAY_TEN)
    bus.publish(
        lead(cast.northside.pk, 1), lead(cast.northside.pk, 2, backfill=True), lead(cast.eastside.pk, 3),
        LeadClosed(store_id=cast.northside.pk, at=MONDAY_TEN, subject="lead:1", lead_id=1, outcome="lost"),
    )  # fmt: skip
    assert [call.subject for call in told(hook)] == ["lead:1"]
    assert [call.subject for call in told(theirs)] == ["lead:3"]
    assert told(off) == []


def test_what_is_rolled_back_is_not_told_and_what_no_rule_understood_is(
    cast: Cast, hooked: Hooked, settings: object
) -> None:
    hook = hooked("LeadReceived")
    with transaction.atomic():
        bus.publish(lead(cast.northside.pk))
        transaction.set_rollback(True)
    assert told(hook) == []
    settings.FACT_ENGINE = "tests.hooks.test_told.breaks"  # type: ignore[attr-defined]
    (record,) = bus.publish(lead(cast.northside.pk))
    assert record.applied_at is None
    assert len(told(hook)) == 1
    settings.FACT_ENGINE = "tasks.engine.apply"  # type: ignore[attr-defined]
    bus.apply([record], [lead(cast.northside.pk)])
    assert len(told(hook)) == 1


def breaks(*_: object) -> None:
    raise ValueError("no rule understands it")


def test_a_promise_is_told_from_its_making_to_its_end(cast: Cast, hooked: Hooked) -> None:
    hook = hooked(*kinds.all_kinds())
    promise = promises.make_by_hand(
        store_id=cast.northside.pk, customer=make_customer(cast.northside, "Otto Quist", "+19735550123"),
        sentence="Otto hears about the loaner", due_at=MONDAY_TEN + timedelta(minutes=40), owner=cast.dana, by=cast.dana,
        now=MONDAY_TEN,
    )  # fmt: skip
    promises.hand_off(promise, to=cast.gus, by=cast.dana, why="He knows him", now=MONDAY_TEN)
    late = MONDAY_TEN + timedelta(minutes=41)
    sweep.run(late)
    promises.finish_by_hand(promise, by=cast.gus, why="Told him", now=late)
    calls = told(hook)
    assert [call.kind for call in calls] == [
        "PromiseMade",
        "PromiseHandedOver",
        "PromiseBroken",
        "PromiseRecovered",
    ]
    first, handed, broken, last = (call.body for call in calls)
    assert first["more"]["owner_id"] == cast.dana.pk
    assert (handed["more"]["owner_before_id"], handed["more"]["owner_id"]) == (cast.dana.pk, cast.gus.pk)
    assert broken["at"] == "2026-11-23T15:40:00.000000Z"
    assert (last["more"]["state"], last["more"]["closed_at"]) == ("kept", "2026-11-23T15:41:00.000000Z")
    assert "Otto" not in str([call.body for call in calls])


def test_whatever_becomes_of_a_promise_has_a_name_that_the_engine_knows() -> None:
    assert set(kinds.ACTS) <= set(Transition.Act.values)


@pytest.mark.parametrize(
    "fact", [fact for fact in CATALOGUE.values() if "outside" in vars(fact)], ids=lambda fact: fact.__name__
)
def test_a_fact_tells_outside_only_fields_that_it_has_and_no_personal_ones(fact: type[Fact]) -> None:
    own = set(fact.__dataclass_fields__) - set(Fact.__dataclass_fields__)
    assert set(fact.outside or ()) <= own - fact.personal
    text = {name for name in fact.outside or () if fact.__dataclass_fields__[name].type in ("str", str)}
    # Numbers and words of the trade: whatever somebody wrote in their own words stays here.
    assert text <= {"source", "outcome", "department", "deal_number", "deal_type", "ro_number"}


def test_people_are_offered_what_the_catalogue_says_in_words() -> None:
    found = kinds.all_kinds()
    assert {
        "PromiseKept",
        "PromiseHandedOver",
        "LeadReceived",
        "AppointmentMissed",
        "RepairOrderClosed",
    } <= set(found)
    assert found["RepairOrderOpened"].words == "Repair order opened"
    assert "CustomerWrote" not in found
    assert "AppointmentFact" not in found
