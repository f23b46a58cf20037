"""What time does to promises."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connections, transaction

from dealership import clock as database_clock
from dealership.staff import people
from dealership.staff.models import Absence, Shift, StaffMember, Team
from dealership.staff.roles import Role
from dealership.staff.rota import Rota
from tasks import jobs, promises, rulebook, sweep
from tasks.models import Notice, Promise, Transition
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.promises import promise
from tests.racing import race
from tests.tasks.telling import Telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_book")]


def minute(n: float) -> object:
    return MONDAY_TEN + timedelta(minutes=n)


def the(cast: Cast, rule: str) -> Promise:
    return Promise.objects.of_store(cast.northside.pk).get(rule=rule)


def acts(promise: Promise) -> list[str]:
    return [row.act for row in promise.transitions.order_by("at", "pk")]


@pytest.fixture
def telling(cast: Cast) -> Telling:
    return Telling(cast)


def test_nothing_happens_before_its_time(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    assert sweep.run(minute(2.9)) == {"swept": 0, "failed": 0}


def test_a_lead_warns_breaks_and_climbs_to_named_people_and_is_still_owed(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    sweep.run(minute(3))
    promise = the(cast, "answer_lead")
    assert promise.warned_at == minute(3)
    assert Notice.objects.of_store(cast.northside.pk).get().staff == cast.dana
    sweep.run(minute(5.5))
    promise.refresh_from_db()
    assert (promise.broken_at, promise.owner) == (minute(5), cast.dana)
    sweep.run(minute(10))
    promise.refresh_from_db()
    assert (promise.owner, promise.rung, promise.state) == (cast.bea, 1, "open")
    sweep.run(minute(31))
    promise.refresh_from_db()
    assert (promise.owner, promise.rung, promise.state) == (cast.gus, 2, "open")
    assert acts(promise) == ["opened", "warned", "broken", "climbed", "climbed"]


def test_after_an_outage_everything_due_is_done_once_in_order_with_its_own_times(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    sweep.run(minute(45))
    assert sweep.run(minute(45)) == {"swept": 0, "failed": 0}
    promise = the(cast, "answer_lead")
    assert [(row.act, row.at) for row in promise.transitions.order_by("at", "pk")] == [
        ("opened", minute(0)),
        ("warned", minute(3)),
        ("broken", minute(5)),
        ("climbed", minute(10)),
        ("climbed", minute(30)),
    ]


def test_past_the_last_rung_it_is_said_again_each_open_day(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    sweep.run(minute(31))
    sweep.run(minute(30 + 3 * 24 * 60))
    promise = the(cast, "answer_lead")
    assert acts(promise).count("reminded") == 3
    assert promise.next_step_at == minute(30 + 4 * 24 * 60)


def test_an_offer_that_nobody_takes_goes_to_the_next_and_then_climbs(telling: Telling, cast: Cast) -> None:
    StaffMember.objects.create(store=cast.northside, name="Ned Park", role="bdc_agent")
    telling.publish(telling.wrote(0))
    first = the(cast, "answer_text").owner
    sweep.run(minute(4))
    promise = the(cast, "answer_text")
    assert promise.owner != first
    assert promise.offered_until == minute(8)
    assert acts(promise) == ["opened", "offered"]


def test_an_accepted_promise_is_offered_no_further(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.wrote(0))
    promise = the(cast, "answer_text")
    promises.accept(promise, by=promise.owner, now=minute(1))
    sweep.run(minute(8))
    promise.refresh_from_db()
    assert acts(promise) == ["opened", "accepted"]


def test_a_row_that_fails_is_set_aside_and_stops_nobody(
    telling: Telling, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling.publish(
        telling.lead(0, lead_id=1, owner_id=cast.dana.pk), telling.lead(0, lead_id=2, owner_id=cast.dana.pk)
    )
    real = sweep._step_through

    def poisoned(row: Promise, *args: object) -> None:
        if row.subject == "lead:1":
            raise ZeroDivisionError("poison")
        real(row, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "_step_through", poisoned)
    for hour in range(1, 8):
        sweep.run(minute(60 * hour))
    bad, good = Promise.objects.of_store(cast.northside.pk).order_by("subject")
    assert bad.parked_at is not None
    assert "poison" in bad.sweep_error
    assert good.broken_at == minute(5)


@promise("P18", saboteur=saboteurs.a_job_moves_what_they_owed)
def test_whoever_leaves_owes_nothing_from_that_moment_on(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    people.deactivate(cast.dana, by=cast.gus, now=minute(1))
    promise = the(cast, "answer_lead")
    assert promise.owner.is_active
    assert promise.owner != cast.dana
    moved = promise.transitions.get(act=Transition.Act.MOVED)
    assert moved.why == "Dana Ruiz no longer works here."
    cast.dana.user.refresh_from_db()
    assert not cast.dana.user.is_active


def test_whoever_is_away_hands_over_with_the_reason(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    people.leave_for(cast.dana, until=None, reason="sick", by=cast.bea, now=minute(1))
    promise = the(cast, "answer_lead")
    assert promise.owner != cast.dana
    assert promise.why["owner"][0] == "Dana Ruiz is away (sick)."


def test_the_last_general_manager_cannot_leave(cast: Cast) -> None:
    with pytest.raises(people.LastGeneralManager, match="name another one first"):
        people.deactivate(cast.gus, by=None, now=MONDAY_TEN)
    cast.gus.refresh_from_db()
    assert cast.gus.is_active


def test_an_absent_or_off_shift_person_is_passed_over_and_the_reason_is_kept(
    telling: Telling, cast: Cast
) -> None:
    Absence.objects.create(store=cast.northside, staff=cast.dana, starts_at=minute(-60), reason="school")
    ned = StaffMember.objects.create(store=cast.northside, name="Ned Park", role="bdc_agent")
    Shift.objects.create(store=cast.northside, staff=ned, weekday=0, starts="14:00", ends="18:00")
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    promise = the(cast, "answer_lead")
    assert promise.owner == cast.bea, "the role above answers"
    assert "Not Dana, who answers for it already: away (school)." in promise.why["owner"]
    assert "Not Ned: off shift." in promise.why["owner"]


def test_leads_are_dealt_in_fair_turn(telling: Telling, cast: Cast) -> None:
    for name in ("Ned Park", "Zoe Ash"):
        StaffMember.objects.create(store=cast.northside, name=name, role="bdc_agent")
    for n in range(9):
        telling.publish(telling.lead(n, lead_id=n))
    owners = list(Promise.objects.of_store(cast.northside.pk).values_list("owner__name", flat=True))
    assert {owners.count(name) for name in owners} == {3}


@promise("P20", saboteur=saboteurs.the_turn_is_not_locked)
@pytest.mark.django_db(transaction=True)
def test_a_burst_is_dealt_in_fair_turn(cast: Cast) -> None:
    for name in ("Ned Park", "Zoe Ash", "Ivy Lund"):
        StaffMember.objects.create(store=cast.northside, name=name, role="bdc_agent")

    def deal() -> int:
        with transaction.atomic():
            rota = Rota.of_stores([cast.northside.pk], "0")
            chosen = rota.choose(store_id=cast.northside.pk, role=Role.BDC_AGENT, at=MONDAY_TEN)
            rota.keep_turns()
        return chosen.staff_id

    dealt = [got for _ in range(2) for got in race([deal] * 4)]
    assert sorted(Counter(dealt).values()) == [2, 2, 2, 2]


@promise("P19", saboteur=saboteurs.a_claim_reads_then_writes)
@pytest.mark.django_db(transaction=True)
def test_of_four_who_take_the_same_promise_one_has_it_and_the_others_are_told(cast: Cast) -> None:
    telling = Telling(cast)
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    promise = the(cast, "answer_lead")
    agents = [
        StaffMember.objects.create(store=cast.northside, name=name, role="bdc_agent")
        for name in ("Ned Park", "Zoe Ash", "Ivy Lund", "Abe Fox")
    ]
    team = Team.objects.create(store=cast.northside, name="Desk", department="sales", lead=cast.bea)
    Promise.objects.of_store(cast.northside.pk).filter(pk=promise.pk).update(queue=team)

    def take(agent: StaffMember) -> Promise:
        return promises.accept(promise, by=agent, now=minute(1))

    results = race([partial(take, agent) for agent in agents])
    told = [result for result in results if isinstance(result, promises.NotAllowed)]
    taken = [result for result in results if isinstance(result, Promise)]
    assert (len(taken), len(told)) == (1, 3)
    winner = the(cast, "answer_lead").owner
    assert taken[0].owner == winner
    assert all(winner.first_name in str(words) for words in told)


@promise("P23", saboteur=saboteurs.each_worker_has_its_own_clock)
@pytest.mark.parametrize("minutes", [10, -10])
def test_a_worker_whose_clock_is_wrong_breaks_nothing_early_and_forgets_nothing(
    cast: Cast, telling: Telling, minutes: int
) -> None:
    now = database_clock.database_now()
    common = {
        "store_id": cast.northside.pk,
        "customer": telling.customer,
        "owner": cast.dana,
        "by": cast.dana,
    }
    soon = promises.make_by_hand(
        **common, sentence="Call back", due_at=now + timedelta(minutes=5), now=now - timedelta(hours=1)
    )
    over = promises.make_by_hand(
        **common, sentence="Write", due_at=now - timedelta(minutes=5), now=now - timedelta(hours=1)
    )
    with time_machine.travel(now + timedelta(minutes=minutes)):
        jobs.sweep_promises()
    soon.refresh_from_db()
    over.refresh_from_db()
    assert (soon.broken_at, over.broken_at) == (None, over.due_at)


def test_every_rule_of_the_book_is_checked(settings: object) -> None:
    book = rulebook.book()
    assert set(book.rules) >= {"answer_lead", "tell_status"}
    assert rulebook.rule_of(rulebook.BY_HAND).kept_on


@pytest.mark.django_db(transaction=True)
def test_two_workers_sweep_each_promise_once(cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor

    telling = Telling(cast)
    telling.publish(*(telling.lead(n / 100, lead_id=n, owner_id=cast.dana.pk) for n in range(60)))

    def work(_: int) -> dict[str, int]:
        try:
            return sweep.run(minute(40), batch=7)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, range(2)))
    assert [result["failed"] for result in results] == [0, 0]
    rows = Promise.objects.of_store(cast.northside.pk)
    assert rows.count() == 60
    for row in rows:
        assert acts(row) == ["opened", "warned", "broken", "climbed", "climbed"]


@pytest.mark.django_db(transaction=True)
def test_a_promise_made_while_its_owner_leaves_never_stays_with_them(cast: Cast) -> None:
    from threading import Barrier, Thread

    telling = Telling(cast)
    barrier = Barrier(2)
    errors: list[BaseException] = []

    def run(work: object) -> None:
        try:
            barrier.wait()
            work()  # type: ignore[operator]
        except promises.NotAllowed:
            pass
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    def open_promises() -> None:
        for n in range(15):
            with transaction.atomic():
                telling.publish(telling.lead(n / 10, lead_id=n, owner_id=cast.dana.pk))

    threads = [
        Thread(target=run, args=(open_promises,)),
        Thread(target=run, args=(lambda: people.deactivate(cast.dana, by=None, now=minute(1)),)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (
        not Promise.objects.of_store(cast.northside.pk).filter(owner__is_active=False, state="open").exists()
    )
