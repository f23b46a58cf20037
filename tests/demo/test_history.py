"""The demo's history is made by the product itself: seeded, owned by somebody at every moment, and never on a real phone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from dealership import clock
from dealership.demo import made_up
from dealership.demo.history import Played
from dealership.demo.stage import Stage
from dealership.dms.models import StagedRecord
from dealership.events.models import EventRecord
from dealership.messaging.models import Message
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Store
from dealership.vehicles import vin
from sales.models import Lead
from service.models import RepairOrder
from tasks.models import Promise
from tests.demo.conftest import NOW, History

Play = Callable[..., Played]


def _told(store: Store) -> list[tuple[object, ...]]:
    facts = EventRecord.objects.of_store(store.pk).order_by("at", "kind", "about", "told_at")
    return sorted(facts.values_list("kind", "at", "told_at", "about"), key=str)


def test_the_same_seed_is_the_same_history_and_another_is_another(northside: Store, play: Play) -> None:
    histories = []
    for seed in (1, 1, 2):
        before = transaction.savepoint()
        play(days=0.15, seed=seed)
        histories.append(_told(northside))
        transaction.savepoint_rollback(before)
    first, second, other = histories
    assert first == second
    assert len(first) > 20
    assert first != other


def test_leads_cars_and_texts_come_about_and_everything_owed_has_somebody(a_history: History) -> None:
    northside = a_history.store
    assert Lead.objects.of_store(northside.pk).exists()
    assert RepairOrder.objects.of_store(northside.pk).filter(is_history=False).exists()
    assert Message.objects.of_store(northside.pk).filter(state=Message.State.DELIVERED).exists()
    owed = Promise.objects.of_store(northside.pk).filter(state=Promise.State.OPEN)
    assert owed.exists()
    assert not owed.filter(owner__is_active=False).exists()
    assert not EventRecord.objects.of_store(northside.pk).filter(applied_at__isnull=True).exists()
    assert not StagedRecord.objects.of_store(northside.pk).filter(state=StagedRecord.State.PARKED).exists()
    assert all(act.at > NOW for act in a_history.played.left)


def test_nothing_in_it_knows_of_the_hour_at_which_it_was_loaded(a_history: History) -> None:
    northside = a_history.store
    facts = EventRecord.objects.of_store(northside.pk)
    assert facts.exists()
    assert not facts.filter(told_at__gt=NOW).exists()
    assert not facts.filter(at__gt=NOW).exists()
    assert not Message.objects.of_store(northside.pk).filter(created_at__gt=NOW).exists()


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 24, 4, 0, tzinfo=UTC),  # 11 pm
        datetime(2026, 11, 22, 17, 30, tzinfo=UTC),  # Sunday noon
        datetime(2026, 11, 26, 14, 0, tzinfo=UTC),  # Thanksgiving
    ],
    ids=["night", "sunday", "holiday"],
)
def test_at_whatever_hour_it_is_loaded_somebody_waits_and_nothing_has_failed(
    northside: Store, play: Play, now: datetime
) -> None:
    play(now, days=0.2)
    owed = Promise.objects.of_store(northside.pk).filter(state=Promise.State.OPEN)
    assert owed.filter(rule="answer_lead", broken_at__isnull=True).count() >= 1
    assert owed.filter(opened_at__gte=now - timedelta(minutes=30)).count() >= 2
    assert owed.filter(broken_at__isnull=False).count() <= owed.count() / 2
    assert not owed.filter(owner__is_active=False).exists()
    assert not EventRecord.objects.of_store(northside.pk).filter(applied_at__isnull=True).exists()


def test_who_leaves_owns_nothing(a_history: History) -> None:
    northside = a_history.store
    agents = StaffMember.objects.of_store(northside.pk).filter(role=Role.BDC_AGENT).values("pk")
    somebody = (
        Promise.objects.of_store(northside.pk).filter(owner__in=agents, state=Promise.State.OPEN).first()
    )
    assert somebody is not None
    owed = Promise.objects.of_store(northside.pk).filter(owner=somebody.owner, state=Promise.State.OPEN)
    Stage(northside, _Nowhere(), 1).perform("house.leave", {"name": somebody.owner.name}, now=NOW, n=1)
    assert not owed.exists()


class _Nowhere:
    def add(self, at: datetime, scene: str, args: dict[str, object]) -> None:
        """Nothing comes of it."""


@pytest.mark.django_db
def test_history_refuses_to_be_made_where_phones_are_real(play: Play, settings: Any) -> None:
    settings.PHONE_SIMULATOR = False
    with pytest.raises(clock.RealCarrier):
        play(days=0.1)


def test_the_people_of_a_demo_are_many_and_each_has_a_number_of_their_own() -> None:
    people = [made_up.person("northside-honda", n) for n in range(400)]
    assert len({person.phone for person in people}) == 400
    assert len({person.name for person in people}) > 350
    assert all(vin.read(person.car.vin).valid for person in people)
    spoken = Counter(person.language for person in people)
    assert 40 < spoken["es"] < 100
