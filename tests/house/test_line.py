"""One way to wait in line: counted when it is claimed, fenced by its number, patient, parked at the end, and fair to every store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealership import line
from dealership.events import replay
from dealership.events.models import EventRecord
from dealership.line import Claim
from tests import saboteurs
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast
from tests.promises import promise
from tests.racing import race

MINUTE = timedelta(minutes=1)


def waiting(store_id: int, n: int = 1) -> list[int]:
    """Facts that nobody has heard."""
    rows = [
        EventRecord(
            store_id=store_id, kind="CustomerWrote", subject=f"x:{n}", at=NOW, told_at=NOW, next_try_at=NOW
        )
        for n in range(n)
    ]
    return [row.pk for row in EventRecord.objects.bulk_create(rows)]


def rows() -> object:
    return EventRecord.objects.across_stores("a test").filter(applied_at__isnull=True)


def due(now: object) -> object:
    return rows().filter(parked_at__isnull=True, next_try_at__lte=now)  # type: ignore[attr-defined]


def claim(now: object = NOW, limit: int = 8) -> list[Claim]:
    keys = line.peek(due(now), limit=limit)  # type: ignore[type-var, arg-type]
    taken = [line.take(due(now), pk, now=now) for pk in keys]  # type: ignore[type-var, arg-type]
    return [one for one in taken if one]


def the(pk: int) -> EventRecord:
    return EventRecord.objects.across_stores("a test").get(pk=pk)


def test_what_is_claimed_is_nobody_elses_until_its_lease_is_over(cast: Cast) -> None:
    (pk,) = waiting(cast.northside.pk)
    assert claim() == [Claim(pk, 1)]
    assert claim(NOW + MINUTE - timedelta(seconds=1)) == []
    assert claim(NOW + MINUTE) == [Claim(pk, 2)]


def test_a_worker_that_woke_too_late_changes_nothing(cast: Cast) -> None:
    (pk,) = waiting(cast.northside.pk)
    (slow,) = claim()
    (quick,) = claim(NOW + MINUTE)
    assert not line.failed(rows(), slow, "too late", now=NOW + MINUTE)  # type: ignore[type-var, arg-type]
    assert not line.held(rows(), slow).exists()  # type: ignore[type-var, arg-type]
    assert line.held(rows(), quick).exists()  # type: ignore[type-var, arg-type]
    assert the(pk).last_error == ""


def test_what_fails_waits_longer_each_time_and_is_parked_at_the_eighth(cast: Cast) -> None:
    (pk,) = waiting(cast.northside.pk)
    now, waits = NOW, []
    for _ in range(line.MOST_TRIES):
        (mine,) = claim(now)
        line.failed(rows(), mine, "no such rule", now=now)  # type: ignore[type-var, arg-type]
        row = the(pk)
        if row.next_try_at is not None:
            waits.append((row.next_try_at - now).total_seconds())
            now = row.next_try_at
    assert waits == [15, 45, 135, 405, 1215, 3645, 10935]
    assert (row.parked_at, row.next_try_at, row.last_error) == (now, None, "no such rule")
    assert claim(now + timedelta(days=9)) == []

    assert line.again(rows().filter(pk=pk), now=now) == 1  # type: ignore[attr-defined]
    assert claim(now) == [Claim(pk, 1)]


@promise("P6", saboteur=saboteurs.tries_are_counted_at_the_end)
def test_what_kills_its_worker_is_parked_and_the_others_are_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a row does whose work ends the process: nothing that stands after the work is ever reached."""
    poison, *good = waiting(cast.northside.pk, 4)
    heard: list[int] = []

    class Killed(BaseException):
        pass

    def hear(records: list[EventRecord], facts: object) -> None:
        if records[0].pk == poison:
            raise Killed
        heard.append(records[0].pk)

    monkeypatch.setattr("dealership.events.bus.revive", lambda record: record)
    monkeypatch.setattr("dealership.events.bus.import_string", lambda name: hear)
    for turn in range(line.MOST_TRIES + 1):
        try:
            replay.due(NOW + turn * 2 * MINUTE)
        except Killed:
            continue
    assert sorted(heard) == good
    row = the(poison)
    assert row.parked_at is not None
    assert row.last_error == line.KILLED


def test_one_stores_trouble_takes_a_quarter_of_a_round_at_most(cast: Cast) -> None:
    waiting(cast.northside.pk, 20)
    ours = waiting(cast.eastside.pk, 2)
    taken = claim(limit=8)
    assert {one.pk for one in taken} > set(ours)
    assert len(taken) == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_row_one_has_it(cast: Cast) -> None:
    (pk,) = waiting(cast.northside.pk)
    taken = race([lambda: line.take(due(NOW), pk, now=NOW)] * 4)  # type: ignore[type-var, arg-type]
    assert [one for one in taken if one] == [Claim(pk, 1)]
