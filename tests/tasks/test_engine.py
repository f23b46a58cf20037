"""What facts do to promises: opened once, kept by evidence, ended by what ends them, whatever the order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dealership.events import bus, replay
from dealership.events.base import Fact
from dealership.events.models import EventRecord
from tasks import opening, sweep
from tasks.models import Promise, StoreOverride, Transition
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.promises import promise
from tests.tasks.telling import Telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_book")]


def promises_of(cast: Cast, rule: str) -> list[Promise]:
    return list(Promise.objects.of_store(cast.northside.pk).filter(rule=rule).order_by("about", "epoch"))


def minute(n: float) -> object:
    return MONDAY_TEN + timedelta(minutes=n)


@pytest.fixture
def telling(cast: Cast) -> Telling:
    return Telling(cast)


def test_a_fact_outside_a_transaction_is_refused(telling: Telling, transactional_db: None) -> None:
    with pytest.raises(bus.NotInTransaction, match="LeadReceived"):
        bus.publish(telling.lead())


def test_a_lead_is_promised_to_the_person_whom_the_fact_names(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(owner_id=cast.dana.pk))
    (promise,) = promises_of(cast, "answer_lead")
    assert promise.owner == cast.dana
    assert promise.due_at == minute(5)
    assert promise.original_due_at == minute(5)
    assert promise.detail == "2026 Civic Sport · cars.com"
    assert promise.next_step_at == minute(3), "it warns two minutes before"
    assert "Dana answers for it already." in promise.why["owner"]
    assert "cars.com" in promise.why["exists"]
    assert promise.why["counted"][0][2] == 5


def test_a_lead_on_saturday_night_is_due_in_mondays_first_minutes(telling: Telling, cast: Cast) -> None:
    saturday_ten_pm = -36 * 60
    telling.publish(telling.lead(saturday_ten_pm))
    (promise,) = promises_of(cast, "answer_lead")
    assert promise.due_at == minute(-120 + 5), "Monday 8:05"


def test_a_persons_text_keeps_it_and_the_same_text_keeps_the_customers_question(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.lead(0))
    telling.publish(telling.wrote(1))
    telling.publish(telling.heard(4))
    (lead,), (text,) = promises_of(cast, "answer_lead"), promises_of(cast, "answer_text")
    assert (lead.state, lead.closed_at, lead.broken_at) == ("kept", minute(4), None)
    assert (text.state, text.closed_at, text.broken_at) == ("kept", minute(4), None)


def test_an_earlier_question_that_is_heard_of_after_the_answer_leaves_nothing_to_be_done(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.wrote(2))
    telling.publish(telling.heard(4))

    telling.publish(telling.wrote(1))

    (text,) = promises_of(cast, "answer_text")
    assert (text.state, text.opened_at, text.next_step_at) == ("kept", minute(1), None)


def test_an_earlier_question_that_is_heard_of_once_it_is_late_moves_the_breach_to_its_hour(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.wrote(10))
    sweep.run(minute(26))
    assert promises_of(cast, "answer_text")[0].broken_at == minute(25)

    telling.publish(telling.wrote(8))

    (text,) = promises_of(cast, "answer_text")
    assert (text.state, text.due_at, text.broken_at) == ("open", minute(23), minute(23))


def test_an_earlier_question_that_is_heard_of_after_its_hour_was_not_answered_in_time(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.wrote(10))
    telling.publish(telling.heard(24))
    assert promises_of(cast, "answer_text")[0].broken_at is None

    telling.publish(telling.wrote(8))

    (text,) = promises_of(cast, "answer_text")
    assert (text.state, text.due_at, text.broken_at) == ("kept", minute(23), minute(23))


def test_what_is_kept_late_was_broken_at_its_hour_and_is_recovered(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0))
    telling.publish(telling.spoke(9))
    (promise,) = promises_of(cast, "answer_lead")
    assert promise.is_recovered
    assert promise.broken_at == promise.due_at
    assert promise.transitions.filter(act=Transition.Act.RECOVERED).exists()


@promise("P22", saboteur=saboteurs.kept_and_broken_are_two_marks)
def test_evidence_before_the_hour_that_is_heard_of_later_still_counts(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0))
    sweep.run(minute(20))
    (promise,) = promises_of(cast, "answer_lead")
    assert promise.broken_at == minute(5)
    telling.publish(telling.heard(4))
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("kept", None)
    assert "Known only later." in promise.transitions.get(act=Transition.Act.KEPT).why


def test_another_customers_text_keeps_nothing(telling: Telling, cast: Cast) -> None:
    other = Telling(cast, phone="+19735550999")
    telling.publish(telling.lead(0))
    other.publish(other.heard(2))
    (promise,) = promises_of(cast, "answer_lead")
    assert promise.state == "open"


def test_a_backfilled_fact_promises_nothing(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0, backfill=True))
    assert promises_of(cast, "answer_lead") == []


def test_each_declined_line_is_promised_by_itself(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.ro_closed(0))
    brakes, cabin_filter = promises_of(cast, "recover_declined_work")
    assert (brakes.about, brakes.detail) == ("brakes", "Front brake pads")
    assert brakes.due_at < cabin_filter.due_at, "red comes before yellow"
    telling.publish(telling.sold(60, "brakes"))
    brakes.refresh_from_db()
    cabin_filter.refresh_from_db()
    assert (brakes.state, cabin_filter.state) == ("kept", "open")


def test_status_is_told_and_owed_again_until_the_ro_closes(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.ro_opened(0))
    telling.publish(telling.told(30))
    first, second = promises_of(cast, "tell_status")
    assert (first.state, second.state) == ("kept", "open")
    assert second.opened_at == minute(30)
    assert second.owner == first.owner == cast.ana
    assert second.detail == "RO 48213"
    telling.publish(telling.ro_closed(60))
    second.refresh_from_db()
    assert second.state == "void"
    assert len(promises_of(cast, "tell_status")) == 2


def test_a_question_that_came_before_a_late_receipt_is_owed_again(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.wrote(0))
    telling.publish(telling.wrote(10))
    telling.publish(telling.heard(5))
    first, second = promises_of(cast, "answer_text")
    assert (first.state, first.closed_at) == ("kept", minute(5))
    assert (second.state, second.opened_at, second.due_at) == ("open", minute(10), minute(25))


def test_a_store_may_lay_its_own_number_over_a_rule_and_switch_one_off(telling: Telling, cast: Cast) -> None:
    StoreOverride.objects.create(
        store=cast.northside, rule="answer_lead", due={"kind": "open_minutes", "n": 8}, at=MONDAY_TEN
    )
    StoreOverride.objects.create(store=cast.northside, rule="answer_text", is_on=False, at=MONDAY_TEN)
    telling.publish(telling.lead(0))
    telling.publish(telling.wrote(0))
    (promise,) = promises_of(cast, "answer_lead")
    assert promise.due_at == minute(8)
    assert promises_of(cast, "answer_text") == []


def test_a_failed_rule_leaves_the_fact_and_the_replay_opens_the_promise(
    telling: Telling, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("a rule that cannot count")

    with monkeypatch.context() as patch:
        patch.setattr(opening.Desk, "make", fail)
        telling.publish(telling.lead(0))
    record = EventRecord.objects.of_store(cast.northside.pk).get()
    assert record.applied_at is None
    assert "a rule that cannot count" in record.last_error
    assert promises_of(cast, "answer_lead") == []
    assert replay.due(record.next_try_at) == 1
    record.refresh_from_db()
    assert record.applied_at is not None
    assert len(promises_of(cast, "answer_lead")) == 1


@promise("P8", saboteur=saboteurs.what_the_code_does_not_know_is_dropped)
def test_a_fact_that_the_code_no_longer_knows_waits_for_people_and_stops_nobody(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.lead(0))
    known = EventRecord.objects.of_store(cast.northside.pk).get()
    EventRecord.objects.of_store(cast.northside.pk).update(applied_at=None, next_try_at=MONDAY_TEN)
    gone = {
        "store_id": cast.northside.pk,
        "subject": "x:1",
        "at": MONDAY_TEN,
        "told_at": MONDAY_TEN,
        "next_try_at": MONDAY_TEN,
    }
    unknown_kind = EventRecord.objects.create(kind="HorseSold", **gone)
    unknown_field = EventRecord.objects.create(kind="LeadClosed", payload={"colour": "red"}, **gone)
    assert replay.due(MONDAY_TEN) == 1
    for record in (known, unknown_kind, unknown_field):
        record.refresh_from_db()
    assert known.applied_at is not None
    assert (unknown_kind.applied_at, unknown_kind.attempts) == (None, 1)
    assert "has no field colour" in unknown_field.last_error


def test_a_replay_of_what_was_applied_changes_nothing(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.ro_opened(0), telling.told(30), telling.ro_closed(60))
    before = story(cast)
    for record in EventRecord.objects.of_store(cast.northside.pk):
        bus.apply([record], [bus.revive(record)])
    assert story(cast) == before


def test_the_database_refuses_a_second_promise_of_the_same_thing(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.lead(0))
    (promise,) = promises_of(cast, "answer_lead")
    promise.pk = None
    with pytest.raises(IntegrityError, match="promise_once"), transaction.atomic():
        promise.save(force_insert=True)


HELD = "hold_promise_time"


def test_a_new_time_that_is_told_before_the_old_one_moves_the_promise(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.time_set(0, promised=60))
    telling.publish(telling.time_moved(40, promised=120))
    (promise,) = promises_of(cast, HELD)
    assert (promise.due_at, promise.original_due_at) == (minute(120), minute(60))
    assert promise.renegotiated_at == minute(40)
    assert (promise.warn_at, promise.rung_ats) == (minute(110), [minute(240)])
    sweep.run(minute(61))
    assert promises_of(cast, HELD)[0].broken_at is None, "nothing is due at the old time"
    telling.publish(telling.ready(119))
    (promise,) = promises_of(cast, HELD)
    assert (promise.state, promise.broken_at) == ("kept", None)
    assert promise.transitions.filter(act=Transition.Act.RENEGOTIATED).count() == 1


def test_a_new_time_that_is_told_after_the_old_one_leaves_the_breach(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.time_set(0, promised=60))
    sweep.run(minute(65))
    telling.publish(telling.time_moved(66, promised=120))
    (promise,) = promises_of(cast, HELD)
    assert (promise.broken_at, promise.due_at, promise.renegotiated_at) == (minute(60), minute(60), None)


def test_word_of_a_new_time_that_comes_late_takes_the_breach_back(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.time_set(0, promised=60))
    sweep.run(minute(65))
    telling.publish(telling.time_moved(50, promised=120))
    (promise,) = promises_of(cast, HELD)
    assert (promise.broken_at, promise.due_at, promise.renegotiated_at) == (None, minute(120), minute(50))


def test_a_time_that_was_moved_and_missed_is_broken_at_the_moved_time(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.time_set(0, promised=60), telling.time_moved(40, promised=120))
    sweep.run(minute(121))
    (promise,) = promises_of(cast, HELD)
    assert (promise.broken_at, promise.original_due_at) == (minute(120), minute(60))


def story(cast: Cast) -> list[tuple[object, ...]]:
    """What people would see: each promise, when it was owed and how it ended."""
    rows = Promise.objects.of_store(cast.northside.pk).exclude(closed_why__startswith="Facts arrived")
    return sorted(
        (
            row.rule,
            row.about,
            row.state,
            row.opened_at,
            row.due_at,
            row.closed_at or row.opened_at,
            row.broken_at or row.opened_at,
        )
        for row in rows
    )


#: Each with the moment at which it happens.
FACTS: dict[str, Callable[[Telling], Fact]] = {
    "lead": lambda telling: telling.lead(0),
    "RO opened": lambda telling: telling.ro_opened(0),
    "wrote": lambda telling: telling.wrote(1),
    "heard": lambda telling: telling.heard(5),
    "wrote again": lambda telling: telling.wrote(20),
    "told": lambda telling: telling.told(30),
    "spoke": lambda telling: telling.spoke(40),
    "lead closed": lambda telling: telling.lead_closed(50),
    "time set": lambda telling: telling.time_set(2, promised=60),
    "time moved": lambda telling: telling.time_moved(50, promised=80),
    "time moved again": lambda telling: telling.time_moved(70, promised=110),
    "time moved too late": lambda telling: telling.time_moved(115, promised=300),
    "told again": lambda telling: telling.told(90),
    "ready": lambda telling: telling.ready(118),
    "RO closed": lambda telling: telling.ro_closed(120),
    "sold": lambda telling: telling.sold(200),
}


told_at_random = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@told_at_random
@given(data=st.data())
def test_any_order_and_any_repetition_of_facts_gives_the_same_promises(
    cast: Cast, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(list(FACTS)), unique=True, min_size=2, max_size=8))
    repeated = data.draw(st.lists(st.sampled_from(chosen), max_size=3))
    shuffled = data.draw(st.permutations(chosen + repeated))
    assert told_as(cast, shuffled) == told_as(cast, chosen)


@told_at_random
@given(data=st.data())
def test_whenever_the_sweep_comes_between_what_is_late_is_late_since_the_same_hour(
    cast: Cast, data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(list(FACTS)), unique=True, min_size=2, max_size=8))
    shuffled = data.draw(st.permutations(chosen))
    late = data.draw(st.lists(st.integers(0, 240), min_size=len(chosen), max_size=len(chosen)).map(sorted))
    swept = told_as(cast, shuffled, sweeps=late)
    assert swept == told_as(cast, chosen, sweeps=[])


_counter = itertools.count()


def told_as(cast: Cast, names: list[str], sweeps: Sequence[int] | None = None) -> list[tuple[object, ...]]:
    """The promises after these facts, told one by one in this order, in a world of their own; swept in between at these minutes,
    and at last."""
    sid = transaction.savepoint()
    telling = Telling(cast, phone=f"+1973555{next(_counter) % 10000:04d}")
    for name, swept in itertools.zip_longest(names, sweeps or ()):
        telling.publish(FACTS[name](telling))
        if swept is not None:
            sweep.run(minute(swept))
    if sweeps is not None:
        sweep.run(minute(241))
    unapplied = EventRecord.objects.of_store(cast.northside.pk).filter(applied_at__isnull=True)
    assert list(unapplied.values_list("last_error", flat=True)) == []
    seen = story(cast)
    transaction.savepoint_rollback(sid)
    return seen
