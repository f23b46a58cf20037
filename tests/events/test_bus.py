"""What a fact entails becomes true with it, once, or neither does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from django.db import transaction

from dealership import clock
from dealership.events import bus, replay
from dealership.events.catalogue.customers import CustomersMerged, CustomersSeparated
from dealership.events.models import EventRecord
from tests.cast import MONDAY_TEN, Cast

pytestmark = pytest.mark.django_db


def merged(cast: Cast) -> CustomersMerged:
    return CustomersMerged(
        store_id=cast.northside.pk, at=MONDAY_TEN, subject="customer:1", other_id=2, name="Tom"
    )


def log(cast: Cast) -> list[str]:
    rows = EventRecord.objects.of_store(cast.northside.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


@pytest.fixture
def entailed() -> Iterator[Callable[[Callable[[Sequence[CustomersMerged]], list[CustomersSeparated]]], None]]:
    kept = {kind: list(functions) for kind, functions in bus._consequences.items()}

    def register(function: Callable[[Sequence[CustomersMerged]], list[CustomersSeparated]]) -> None:
        bus.entails(CustomersMerged)(function)

    yield register
    bus._consequences.clear()
    bus._consequences.update(kept)


def apart(facts: Sequence[CustomersMerged]) -> list[CustomersSeparated]:
    return [
        CustomersSeparated(store_id=f.store_id, at=f.at, subject=f.subject, other_id=f.other_id, name=f.name)
        for f in facts
    ]


def test_what_a_fact_entails_is_published_after_it(cast: Cast, entailed: Callable[..., None]) -> None:
    entailed(apart)
    with transaction.atomic():
        bus.publish(merged(cast))
    assert log(cast) == ["CustomersMerged", "CustomersSeparated"]


def test_where_it_fails_neither_is_true(cast: Cast, entailed: Callable[..., None]) -> None:
    def fail(facts: Sequence[CustomersMerged]) -> list[CustomersSeparated]:
        raise ValueError("no")

    entailed(fail)
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        bus.publish(merged(cast))
    assert log(cast) == []


def test_a_replay_entails_nothing_again(cast: Cast, entailed: Callable[..., None]) -> None:
    entailed(apart)
    with transaction.atomic():
        bus.publish(merged(cast))
    EventRecord.objects.of_store(cast.northside.pk).filter(kind="CustomersMerged").update(
        applied_at=None, attempts=1, next_try_at=MONDAY_TEN
    )
    assert replay.due(clock.database_now()) == 1
    assert log(cast) == ["CustomersMerged", "CustomersSeparated"]
