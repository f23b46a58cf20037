"""However many try at once, no more get through than are allowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from dealership import limits
from dealership.limits import Limit, TooMany
from dealership.models import Bucket
from tests import saboteurs
from tests.promises import promise
from tests.racing import race

FEW = Limit("test", 20, timedelta(days=1))
CROWD = 50


def passed(take: Callable[[], None]) -> int:
    """How many of a crowd get through."""
    results = race([take] * CROWD)
    assert all(result is None or isinstance(result, TooMany) for result in results), results
    return sum(result is None for result in results)


@promise("P31", saboteur=saboteurs.what_is_left_is_read_and_then_written_back)
@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_exactly_as_many_get_through_as_are_allowed_at_once() -> None:
    assert passed(lambda: limits.take(FEW, "ana")) == FEW.at_once == 10
    assert sum(race([lambda: limits.once("code", "ana 123456")] * CROWD)) == 1  # type: ignore[arg-type]


def older(**past: float) -> None:
    """As if what was counted had been counted so long ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dealership_bucket SET filled_at = filled_at - %s", [timedelta(**past)])


def tries(limit: Limit, who: str) -> int:
    n = 0
    while True:
        try:
            limits.take(limit, who)
        except TooMany:
            return n
        n += 1


@pytest.mark.django_db
def test_in_no_span_of_its_length_are_there_more_than_it_allows() -> None:
    n = tries(FEW, "ana")
    for _ in range(24):
        older(hours=1)
        n += tries(FEW, "ana")
    assert 19 <= n <= FEW.n
    assert tries(FEW, "lou") == FEW.at_once  # the one is not the other
    older(days=9)
    assert tries(FEW, "ana") == FEW.at_once  # and no more is saved up than that


@pytest.mark.django_db
def test_who_waits_as_long_as_they_are_told_may_try_once_more() -> None:
    tries(FEW, "ana")
    with pytest.raises(TooMany, match="Wait 3 hours") as refused:
        limits.take(FEW, "ana")
    older(seconds=refused.value.wait - 30)
    with pytest.raises(TooMany):
        limits.take(FEW, "ana")
    older(seconds=30)
    assert tries(FEW, "ana") == 1
    limits.give_back(FEW, "ana")
    assert tries(FEW, "ana") == 1


@pytest.mark.django_db
def test_rows_that_limit_nobody_any_more_are_swept_away() -> None:
    limits.take(FEW, "ana")
    older(days=3)
    limits.take(FEW, "lou")
    assert limits.forget_old() == 1
    assert Bucket.objects.count() == 1
