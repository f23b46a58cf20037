"""The steps of a plan: texts that leave when their time has come, calls that are ticked off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dealership.messaging.models import Message
from tasks import promises, rulebook, steps
from tasks.due import wall_minutes
from tasks.models import Promise, Task
from tasks.playbook import text
from tests.cast import MONDAY_TEN, Cast
from tests.tasks.telling import Telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_book")]
COPY = "service/copy/declined_work"


def minute(n: float) -> object:
    return MONDAY_TEN + timedelta(minutes=n)


@pytest.fixture
def telling(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Telling:
    rule = rulebook.rules()["recover_declined_work"]
    with_text = replace(rule, tasks=(text(COPY, after=wall_minutes(60)), *rule.tasks))
    book = rulebook.book()
    changed = tuple(with_text if one.key == rule.key else one for one in book.opened_by["RepairOrderClosed"])
    monkeypatch.setitem(book.opened_by, "RepairOrderClosed", changed)
    return Telling(cast)


def texts(cast: Cast) -> list[Message]:
    return list(Message.objects.of_store(cast.northside.pk).filter(is_inbound=False))


def test_nothing_leaves_before_its_time(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.ro_closed(0))
    assert steps.take_due(minute(59)) == {"sent": 0, "looked_at": 0}
    assert texts(cast) == []


def test_several_declined_lines_of_one_visit_are_one_text(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.ro_closed(0))
    assert steps.take_due(minute(61))["sent"] == 1
    (message,) = texts(cast)
    assert "Front brake pads; Cabin filter" in message.body
    assert "Hi Tom" in message.body
    assert steps.take_due(minute(62))["sent"] == 0
    states = Task.objects.of_store(cast.northside.pk).filter(kind="text").values_list("state", flat=True)
    assert list(states) == ["done", "done"]
    for promise in Promise.objects.of_store(cast.northside.pk).filter(rule="recover_declined_work"):
        assert promise.transitions.filter(act="step").count() == 1


def test_a_promise_that_is_no_longer_owed_sends_nothing(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.ro_closed(0))
    for promise in Promise.objects.of_store(cast.northside.pk).filter(rule="recover_declined_work"):
        promises.waive(promise, by=cast.rosa, why="done elsewhere", now=minute(5))
    assert steps.take_due(minute(61))["sent"] == 0
    assert texts(cast) == []


def test_a_step_that_fails_is_tried_later_and_stops_no_other(
    telling: Telling, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    telling.publish(telling.ro_closed(0))
    with monkeypatch.context() as patch:
        patch.setattr(steps.copy, "render", lambda *args, **values: 1 / 0)
        assert steps.take_due(minute(61))["sent"] == 0
    task = Task.objects.of_store(cast.northside.pk).filter(kind="text").first()
    assert task is not None
    assert (task.state, task.attempts) == ("waiting", 1)
    assert "ZeroDivisionError" in task.last_error
    assert steps.take_due(task.next_try_at)["sent"] == 1


def test_a_call_ticks_off_the_next_call_of_each_plan(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.ro_closed(0))
    telling.publish(telling.spoke(30))
    calls = Task.objects.of_store(cast.northside.pk).filter(kind="call")
    assert [call.state for call in calls] == ["done", "done"]
    promises_open = Promise.objects.of_store(cast.northside.pk).filter(
        rule="recover_declined_work", state="open"
    )
    assert promises_open.count() == 2, "an attempt is not a completion"
