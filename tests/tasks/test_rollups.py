"""The days that are counted: always what the promises say, whatever happens to them and in whatever order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from tasks import fates, promises, rollups, sweep
from tasks.models import Promise, PromiseDay, StaleDay
from tests.cast import MONDAY_TEN, Cast
from tests.tasks.telling import Telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_book")]


@pytest.fixture
def telling(cast: Cast) -> Telling:
    return Telling(cast)


def counted(cast: Cast) -> Counter[str]:
    """The sums of all days, when what has changed is counted."""
    rollups.settle(cast.northside)
    sums: Counter[str] = Counter()
    for row in PromiseDay.objects.of_store(cast.northside.pk).values(*fates.MEASURES):
        sums.update(row)
    return +sums


def by_the_list(cast: Cast) -> Counter[str]:
    """The same, by the lists behind them."""
    zone = cast.northside.tz
    rows = fates.told_apart(
        Promise.objects.of_store(cast.northside.pk), store_id=cast.northside.pk, zone=zone
    ).exclude(fate="void")
    return +Counter({name: rows.filter(fates.within(name)).count() for name in fates.MEASURES})


def test_a_lead_that_is_answered_in_time_counts_on_its_day(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    assert counted(cast) == {"open": 1}
    telling.publish(telling.heard(4))
    assert counted(cast) == {"on_time": 1, "in_five": 1, "same_day": 1}
    row = PromiseDay.objects.of_store(cast.northside.pk).get()
    assert (row.day.isoformat(), row.seam, row.owner, row.seconds, row.open_seconds) == (
        "2026-11-23", 1, cast.dana, [240], [240],
    )  # fmt: skip


def test_a_lead_of_saturday_night_counts_on_monday_and_its_open_time_begins_there(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.lead(-36 * 60))
    telling.publish(telling.spoke(-120 + 3))
    rollups.settle(cast.northside)
    row = PromiseDay.objects.of_store(cast.northside.pk).get()
    assert (row.day.isoformat(), row.open_seconds) == ("2026-11-23", [180])
    assert row.seconds[0] > 24 * 3600, "the customer's own clock ran all the time"


def test_what_is_kept_late_what_is_late_and_what_is_waived_late_are_told_apart(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.lead(0, lead_id=7, owner_id=cast.dana.pk), telling.ro_opened(0))
    sweep.run(MONDAY_TEN + timedelta(minutes=8))
    assert counted(cast) == {"late": 1, "warned": 1, "rung_0": 1, "open": 1}
    telling.publish(telling.spoke(9))
    assert counted(cast)["recovered"] == 1
    status = Promise.objects.of_store(cast.northside.pk).get(rule="tell_status")
    later = MONDAY_TEN + timedelta(hours=30)
    sweep.run(later)
    status.refresh_from_db()
    promises.waive(status, by=status.owner, why="the car was sold", now=later)
    assert counted(cast)["waived_late"] == 1
    assert counted(cast) == by_the_list(cast)


def test_a_new_time_that_was_told_moves_no_promise_into_another_day(telling: Telling, cast: Cast) -> None:
    made = promises.make_by_hand(
        store_id=cast.northside.pk, customer=telling.customer, sentence="Call at noon", owner=cast.dana, by=cast.dana,
        due_at=MONDAY_TEN + timedelta(hours=2), now=MONDAY_TEN,
    )  # fmt: skip
    tomorrow = MONDAY_TEN + timedelta(days=1)
    promises.renegotiate(made, due_at=tomorrow, words="Tomorrow", by=cast.dana, now=MONDAY_TEN)
    made.refresh_from_db()
    promises.finish_by_hand(made, by=cast.dana, why="Called", now=tomorrow - timedelta(hours=1))
    assert counted(cast) == {"moved": 1}
    assert PromiseDay.objects.of_store(cast.northside.pk).get().day.isoformat() == "2026-11-23"


def test_an_earlier_fact_that_comes_late_moves_the_promise_and_leaves_no_count_behind(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.wrote(0))
    assert counted(cast) == {"open": 1}
    telling.publish(telling.wrote(-3 * 24 * 60))
    rollups.settle(cast.northside)
    assert [row.day.isoformat() for row in PromiseDay.objects.of_store(cast.northside.pk)] == ["2026-11-20"]


def test_who_passes_a_promise_on_and_who_never_took_it_are_told_apart(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk), telling.wrote(0))
    lead = Promise.objects.of_store(cast.northside.pk).get(rule="answer_lead")
    promises.hand_off(lead, to=cast.bea, by=cast.dana, why="Lunch", now=MONDAY_TEN)
    sweep.run(MONDAY_TEN + timedelta(minutes=16))
    sums = counted(cast)
    assert (sums["passed_on"], sums["untaken"], sums["late"]) == (1, 1, 2)


def test_the_days_are_what_the_promises_say_after_anything(telling: Telling, cast: Cast) -> None:
    """Random facts, acts of people, sweeps and looks; after each run the count, the lists and a recount agree."""
    for seed in range(6):
        chance = random.Random(seed)
        sid = transaction.savepoint()
        world = Telling(cast, phone=f"+1973555{seed:04d}")
        now = -2000.0
        for _ in range(14):
            now += chance.choice((0, 1, 3, 12, 60, 700))
            chance.choice(ACTS)(world, cast, chance, now)
        assert rollups.recount(cast.northside) == [], seed
        assert counted(cast) == by_the_list(cast), seed
        assert not StaleDay.objects.of_store(cast.northside.pk).exists()
        transaction.savepoint_rollback(sid)


def _some(cast: Cast, chance: random.Random) -> Promise | None:
    rows = list(Promise.objects.of_store(cast.northside.pk).filter(state="open").order_by("pk"))
    return chance.choice(rows) if rows else None


def _tell(telling: Telling, cast: Cast, chance: random.Random, now: float) -> None:
    at = now - chance.choice((0, 0, 0, 5, 1500))
    fact = chance.choice(
        [
            lambda: telling.lead(at, lead_id=chance.randrange(3), owner_id=cast.dana.pk),
            lambda: telling.wrote(at),
            lambda: telling.heard(at),
            lambda: telling.spoke(at),
            lambda: telling.ro_opened(at),
            lambda: telling.told(at),
            lambda: telling.ro_closed(at),
            lambda: telling.sold(at, "brakes"),
            lambda: telling.lead_closed(at, lead_id=chance.randrange(3)),
        ]
    )()
    telling.publish(fact)


def _act(telling: Telling, cast: Cast, chance: random.Random, now: float) -> None:
    row, moment = _some(cast, chance), MONDAY_TEN + timedelta(minutes=now)
    if row is None:
        return
    with suppress(promises.NotOpen, promises.NotAllowed, promises.BadTime):
        chance.choice(
            [
                lambda: promises.accept(row, by=row.owner, now=moment),
                lambda: promises.waive(row, by=row.owner, why="not needed", now=moment),
                lambda: promises.hand_off(row, to=cast.gus, by=row.owner, why="busy", now=moment),
                lambda: promises.renegotiate(
                    row, due_at=moment + timedelta(days=1), words="later", by=row.owner, now=moment
                ),
            ]
        )()


def _pass(telling: Telling, cast: Cast, chance: random.Random, now: float) -> None:
    sweep.run(MONDAY_TEN + timedelta(minutes=now))


def _look(telling: Telling, cast: Cast, chance: random.Random, now: float) -> None:
    rollups.settle(cast.northside)


ACTS: list[Callable[[Telling, Cast, random.Random, float], None]] = [_tell, _tell, _tell, _act, _pass, _look]


def test_a_recount_says_what_was_wrong_and_mends_it(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    rollups.settle(cast.northside)
    PromiseDay.objects.of_store(cast.northside.pk).update(on_time=5)
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("recount_seams", stdout=StringIO(), stderr=said)
    assert ended.value.code == 1
    assert "answer_lead" in said.getvalue()
    assert "'on_time': 5" in said.getvalue()
    call_command("recount_seams", "--store", "northside-honda", stdout=said)
    assert "0 differences" in said.getvalue()


def test_the_other_store_is_counted_by_itself(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0))
    assert rollups.settle(cast.eastside) == 0
    assert rollups.settle_all() == 1


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_somebody_counts_is_counted_by_the_next(cast: Cast, telling: Telling) -> None:
    telling.publish(telling.lead(0, lead_id=1))
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            telling.publish(telling.lead(0, lead_id=2))
            # Somebody else looks before this is committed: they count what there is, and wait for nobody.
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute("SELECT count(*) FROM tasks_staleday")
                assert cursor.fetchone()[0] == 1
                cursor.execute("DELETE FROM tasks_staleday")
        assert counted(cast) == {"open": 2}
    finally:
        other.close()
