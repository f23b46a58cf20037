"""While a store's history is made, work that serves all stores serves that one, and nobody is woken."""

import pytest

from dealership import doorbell, sight
from dealership.staff.models import StaffMember
from tests.cast import Cast


def test_within_the_block_all_stores_are_one(cast: Cast) -> None:
    everybody = StaffMember.objects.across_stores("a test").count()
    with sight.one_store(cast.eastside.pk):
        rows = StaffMember.objects.across_stores("a test")
        assert {row.store_id for row in rows} == {cast.eastside.pk}
    assert StaffMember.objects.across_stores("a test").count() == everybody


def test_rings_are_noted_and_wake_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(doorbell, "knock", woken.append)
    with doorbell.noted() as jobs:
        doorbell.ring("messages")
        doorbell.ring("messages")
    assert jobs == {doorbell.BELLS["messages"]}
    assert woken == []
