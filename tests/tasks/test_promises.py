"""What people may do to a promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tasks import promises, sweep
from tasks.models import Promise, Transition
from tests.cast import MONDAY_TEN, Cast
from tests.tasks.telling import Telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_book")]


def minute(n: float) -> object:
    return MONDAY_TEN + timedelta(minutes=n)


@pytest.fixture
def promise(cast: Cast) -> Promise:
    telling = Telling(cast)
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    return Promise.objects.of_store(cast.northside.pk).get()


def test_a_waiver_needs_a_reason_and_the_owner_or_a_manager(promise: Promise, cast: Cast) -> None:
    with pytest.raises(promises.NoReason):
        promises.waive(promise, by=cast.dana, why=" ", now=minute(1))
    with pytest.raises(promises.NotAllowed, match="Only Dana or a manager"):
        promises.waive(promise, by=cast.sam, why="not mine", now=minute(1))
    with pytest.raises(promises.NotAllowed):
        promises.waive(promise, by=cast.eve, why="from another store", now=minute(1))
    waived = promises.waive(promise, by=cast.bea, why="The customer is her neighbour.", now=minute(1))
    assert (waived.state, waived.closed_by, waived.closed_why) == (
        "waived",
        cast.bea,
        "The customer is her neighbour.",
    )


def test_a_waiver_can_be_undone_and_the_hour_stands(promise: Promise, cast: Cast) -> None:
    promises.waive(promise, by=cast.dana, why="a mistake", now=minute(1))
    promises.unwaive(promise, by=cast.dana, now=minute(2))
    promise.refresh_from_db()
    assert (promise.state, promise.due_at) == ("open", minute(5))
    sweep.run(minute(6))
    promise.refresh_from_db()
    assert promise.broken_at == minute(5)


def test_a_new_time_told_before_the_old_one_passed_is_no_breach(promise: Promise, cast: Cast) -> None:
    promises.renegotiate(
        promise, due_at=minute(60), words="She asked for eleven.", by=cast.dana, now=minute(4)
    )
    sweep.run(minute(59))
    promise.refresh_from_db()
    assert promise.broken_at is None
    assert promise.renegotiated_at == minute(4)
    assert promise.original_due_at == minute(5)
    assert promise.rung_ats == [minute(65), minute(85)]
    sweep.run(minute(61))
    promise.refresh_from_db()
    assert promise.broken_at == minute(60)


def test_after_its_hour_no_new_time_can_be_told(promise: Promise, cast: Cast) -> None:
    with pytest.raises(promises.BadTime, match="Its hour has passed"):
        promises.renegotiate(promise, due_at=minute(60), words="Sorry.", by=cast.dana, now=minute(5))
    with pytest.raises(promises.BadTime, match="must lie ahead"):
        promises.renegotiate(promise, due_at=minute(1), words="Sorry.", by=cast.dana, now=minute(2))
    with pytest.raises(promises.NoReason):
        promises.renegotiate(promise, due_at=minute(60), words="", by=cast.dana, now=minute(2))


def test_a_hand_off_is_an_offer_with_a_reason(promise: Promise, cast: Cast) -> None:
    promises.accept(promise, by=cast.dana, now=minute(1))
    given = promises.hand_off(promise, to=cast.bea, by=cast.dana, why="I am in a delivery.", now=minute(2))
    assert (given.owner, given.accepted_at) == (cast.bea, None)
    act = given.transitions.get(act=Transition.Act.HANDED_OFF)
    assert (act.owner_before, act.owner_after, act.why) == (cast.dana, cast.bea, "I am in a delivery.")
    with pytest.raises(promises.NotAllowed, match="does not work at this store"):
        promises.hand_off(given, to=cast.eve, by=cast.bea, why="she is free", now=minute(3))


def test_ones_own_hand_off_can_be_taken_back_until_somebody_acts_on_it(promise: Promise, cast: Cast) -> None:
    promises.hand_off(promise, to=cast.bea, by=cast.dana, why="I am in a delivery.", now=minute(1))
    with pytest.raises(promises.NotAllowed):
        promises.take_back(promise, by=cast.bea, now=minute(2))
    assert promises.take_back(promise, by=cast.dana, now=minute(2)).owner == cast.dana
    promises.hand_off(promise, to=cast.bea, by=cast.dana, why="Again.", now=minute(3))
    promises.accept(promise, by=cast.bea, now=minute(4))
    with pytest.raises(promises.NotAllowed, match="moved on since"):
        promises.take_back(promise, by=cast.dana, now=minute(4.5))


def test_a_promise_closes_on_evidence_not_on_a_word(promise: Promise, cast: Cast) -> None:
    with pytest.raises(promises.NotAllowed, match="closes on what is observed"):
        promises.finish_by_hand(promise, by=cast.dana, why="I did call.", now=minute(2))


def test_i_call_back_at_three_is_kept_by_the_call(cast: Cast) -> None:
    telling = Telling(cast)
    made = promises.make_by_hand(
        store_id=cast.northside.pk, customer=telling.customer, sentence="I call back at three", due_at=minute(300),
        owner=cast.sam, by=cast.sam, now=minute(0),
    )  # fmt: skip
    telling.publish(telling.spoke(200))
    made.refresh_from_db()
    assert (made.state, made.closed_at, made.broken_at) == ("kept", minute(200), None)


def test_a_promise_by_hand_that_is_forgotten_breaks_and_climbs(cast: Cast) -> None:
    made = promises.make_by_hand(
        store_id=cast.northside.pk, customer=None, sentence="Send the title copy", due_at=minute(30),
        owner=cast.sam, by=cast.mo, now=minute(0),
    )  # fmt: skip
    assert made.accepted_at is None, "given to somebody else it is an offer"
    sweep.run(minute(31))
    made.refresh_from_db()
    assert made.broken_at == minute(30)
    sweep.run(minute(271))
    made.refresh_from_db()
    assert made.owner == cast.gus
    done = promises.finish_by_hand(made, by=cast.gus, why="Sent by mail.", now=minute(280))
    assert done.is_recovered


def test_two_promises_of_the_same_moment_are_two(cast: Cast) -> None:
    made = [
        promises.make_by_hand(
            store_id=cast.northside.pk, customer=None, sentence=sentence, due_at=minute(30), owner=cast.sam,
            by=cast.sam, now=minute(0),
        )
        for sentence in ("Send the title copy", "Find the second key")
    ]  # fmt: skip
    assert len({promise.subject for promise in made}) == 2


def test_a_promise_by_hand_needs_a_sentence_and_a_time_ahead(cast: Cast) -> None:
    with pytest.raises(promises.NoReason):
        promises.make_by_hand(
            store_id=cast.northside.pk, customer=None, sentence=" ", due_at=minute(1), owner=cast.sam, by=cast.sam,
            now=minute(0),
        )  # fmt: skip
    with pytest.raises(promises.BadTime):
        promises.make_by_hand(
            store_id=cast.northside.pk, customer=None, sentence="Yesterday", due_at=minute(-1), owner=cast.sam,
            by=cast.sam, now=minute(0),
        )  # fmt: skip
