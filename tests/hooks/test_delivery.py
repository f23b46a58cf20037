"""A call is made until it is taken, never after that, in order about one thing, and a system that hangs takes nobody's turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from dealership import clock, line
from dealership.events import bus
from dealership.hooks import delivery, egress, hooks
from dealership.hooks.models import Hook, HookCall
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.hooks.receiver import Receiver
from tests.hooks.test_told import Hooked, lead, told
from tests.promises import promise

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def turn(now: datetime = MONDAY_TEN) -> dict[str, int]:
    """One turn of the job, at that time."""
    with clock.at(now):
        return delivery.make_due(now)


def the(hook: Hook) -> Hook:
    return Hook.objects.of_store(hook.store_id).get(pk=hook.pk)


@pytest.fixture
def hook(cast: Cast, hooked: Hooked) -> Hook:
    return hooked("LeadReceived")


def publish(cast: Cast, *numbers: int) -> None:
    bus.publish(*(lead(cast.northside.pk, n) for n in numbers))


@pytest.fixture(scope="session")
def is_from_kept() -> Callable[[str, bytes, str], bool]:
    """What docs/webhooks.md gives to receivers."""
    page = (settings.BASE_DIR / "docs" / "webhooks.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)
    check: Callable[[str, bytes, str], bool] = names["is_from_kept"]
    return check


@pytest.fixture
def checks(is_from_kept: Callable[[str, bytes, str], bool]) -> Callable[[dict[str, Any], str], bool]:
    return lambda call, secret: is_from_kept(call["headers"]["Kept-Signature"], call["raw"], secret)


Checks = Callable[[dict[str, Any], str], bool]


def test_a_call_says_what_it_is_and_is_signed(
    cast: Cast, hook: Hook, receiver: Receiver, checks: Checks
) -> None:
    publish(cast, 7)
    assert turn() == {"taken": 1, "failed": 0}
    (call,) = told(hook)
    (got,) = receiver.got
    assert got["path"] == "/kept?from=northside"
    assert got["body"] == call.body
    assert (got["headers"]["Kept-Id"], got["headers"]["Kept-Attempt"]) == (call.key, "1")
    assert got["headers"]["Host"] == "warehouse.net"
    assert checks(got, hook.shown)  # type: ignore[attr-defined]
    assert not checks(got, "kept_another")
    assert not checks({**got, "raw": got["raw"] + b" "}, hook.shown)  # type: ignore[attr-defined]
    assert (call.status, call.answered_at, call.next_try_at, call.last_error) == (200, MONDAY_TEN, None, "")


def test_what_was_taken_is_never_called_again(cast: Cast, hook: Hook, receiver: Receiver) -> None:
    publish(cast, 1, 2, 3)
    for minutes in (0, 1, 600):
        turn(MONDAY_TEN + minutes * MINUTE)
    assert len(receiver.ids) == 3


@pytest.mark.parametrize(
    ("how", "why", "status"),
    [
        (500, "It answered 500.", 500),
        (404, "It answered 404.", 404),
        (302, "It answered 302: redirects are not followed.", 302),
        ("hangs", "No answer within", None),
    ],
)
def test_whatever_was_not_taken_waits_and_says_why(
    how: int | str,
    why: str,
    status: int | None,
    cast: Cast,
    hook: Hook,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(egress, "SECONDS", 0.2 if how == "hangs" else 5.0)
    receiver.answers = [how]
    publish(cast, 1)
    assert turn() == {"taken": 0, "failed": 1}
    (call,) = told(hook)
    assert call.last_error.startswith(why)
    assert (call.status, call.answered_at) == (status, None)
    assert call.next_try_at == MONDAY_TEN + line.wait(1)
    assert the(hook).failing_since == MONDAY_TEN


def test_at_the_eighth_it_is_parked_and_a_person_has_it_called_again(
    cast: Cast, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers = [500]
    publish(cast, 1)
    now = MONDAY_TEN
    for _ in range(9):
        turn(now)
        now += timedelta(hours=2, minutes=50)
    (call,) = told(hook)
    assert (call.attempts, call.next_try_at) == (line.MOST_TRIES, None)
    assert call.parked_at is not None
    assert receiver.ids == [call.key] * line.MOST_TRIES
    receiver.answers = [200]
    assert hooks.again(call.pk, cast.northside.pk, now)
    assert not hooks.again(call.pk, cast.eastside.pk, now)
    turn(now)
    assert told(hook)[0].answered_at == now
    assert the(hook).failing_since is None


def test_whoever_answers_410_is_called_no_more_until_a_person_says_so(
    cast: Cast, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers = [410, 200]
    publish(cast, 1)
    turn()
    publish(cast, 2)
    turn(MONDAY_TEN + 60 * MINUTE)
    now_off = the(hook)
    assert (now_off.is_on, now_off.off_why) == (False, "It answered 410: it wants no more calls.")
    assert [call.subject for call in told(hook)] == ["lead:1"]
    hooks.switch(hook, on=True, by=cast.gus, now=MONDAY_TEN)
    turn(MONDAY_TEN + 61 * MINUTE)
    assert told(hook)[0].answered_at is not None
    assert the(hook).off_why == ""


def test_whoever_takes_nothing_for_a_day_is_switched_off_and_loses_nothing_that_waits(
    cast: Cast, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers = [503]
    publish(cast, *range(1, 10))
    now = MONDAY_TEN
    while the(hook).is_on:
        turn(now)
        now += timedelta(hours=3)
    assert timedelta(days=1) < now - MONDAY_TEN < timedelta(hours=31)
    assert the(hook).off_why == "No call was taken for a day. It answered 503."
    # One at a time was tried, not all nine again and again.
    assert len(receiver.ids) < 16
    receiver.answers = [200]
    hooks.switch(hook, on=True, by=cast.gus, now=now)
    turn(now + timedelta(hours=3))
    waiting = [call for call in told(hook) if call.answered_at is None and call.parked_at is None]
    assert waiting == []


def test_calls_about_one_thing_are_made_in_order_and_others_do_not_wait(
    cast: Cast, hook: Hook, receiver: Receiver
) -> None:
    publish(cast, 1, 1, 2)
    first, second, other = told(hook)
    receiver.answers = [200]
    HookCall.objects.of_store(hook.store_id).filter(pk=first.pk).update(next_try_at=MONDAY_TEN + MINUTE)
    turn()
    assert receiver.ids == [other.key]
    turn(MONDAY_TEN + MINUTE)
    assert receiver.ids == [other.key, first.key, second.key]


def test_a_store_whose_system_hangs_takes_no_other_stores_turn(
    cast: Cast, hook: Hook, hooked: Hooked, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = hooked("LeadReceived", store="eastside", address="https://well.net/")
    post = egress.post

    def one_hangs(address: str, body: bytes, headers: dict[str, str]) -> egress.Answer:
        if "warehouse" in address:
            raise egress.NotReached("No answer within 5 seconds.")
        return post(address, body, headers)

    monkeypatch.setattr(egress, "post", one_hangs)
    publish(cast, *range(100))
    bus.publish(*(lead(cast.eastside.pk, n) for n in range(10)))
    assert turn() == {"taken": 10, "failed": delivery.AT_ONCE // line.SHARES}
    assert all(call.answered_at for call in told(theirs))


def test_nothing_is_called_within_a_transaction(
    cast: Cast, hook: Hook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, blocks = delivery._made, []

    def watched(claims: Sequence[line.Claim]) -> list[tuple[line.Claim, delivery.Outcome]]:
        blocks.append(len(connection.savepoint_ids))
        return made(claims)

    monkeypatch.setattr(delivery, "_made", watched)
    publish(cast, 1)
    turn()
    assert set(blocks) == {len(connection.savepoint_ids)}


def test_whoever_dies_after_the_call_calls_again_under_the_same_name(
    cast: Cast, hook: Hook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At least once: what could not be written down is told again, and the receiver knows it by its name."""
    publish(cast, 1)
    with monkeypatch.context() as dies:
        dies.setattr(delivery, "_settle", lambda *_, **__: False)
        dies.setattr(delivery, "TURN", 0.05)
        turn()
    turn(MONDAY_TEN + MINUTE)
    (call,) = told(hook)
    assert receiver.ids == [call.key, call.key]
    assert [one["headers"]["Kept-Attempt"] for one in receiver.got] == ["1", "2"]
    assert receiver.got[0]["raw"] == receiver.got[1]["raw"]


def test_both_secrets_sign_while_one_is_replaced(
    cast: Cast, hook: Hook, receiver: Receiver, checks: Checks
) -> None:
    new = hooks.replace_secret(hook, by=cast.gus, now=MONDAY_TEN)
    old = hook.shown  # type: ignore[attr-defined]
    publish(cast, 1)
    turn()
    assert checks(receiver.got[0], new)
    assert checks(receiver.got[0], old)
    publish(cast, 2)
    turn(MONDAY_TEN + hooks.BOTH_SIGN + MINUTE)
    assert checks(receiver.got[1], new)
    assert not checks(receiver.got[1], old)
    hooks.replace_secret(hook, by=cast.gus, now=clock.now())
    assert hooks.end_old_secret(hook, by=cast.gus, now=clock.now())
    publish(cast, 3)
    turn(MONDAY_TEN + hooks.BOTH_SIGN + 2 * MINUTE)
    assert not checks(receiver.got[2], new)


def test_secrets_lie_encrypted_and_one_that_cannot_be_read_is_said(
    cast: Cast, hook: Hook, receiver: Receiver
) -> None:
    assert hook.shown not in the(hook).secret  # type: ignore[attr-defined]
    Hook.objects.of_store(hook.store_id).update(secret="of another key")
    publish(cast, 1)
    turn()
    assert told(hook)[0].last_error == "Its secret can no longer be read here: make a new one."
    assert receiver.got == []


def test_what_was_taken_a_month_ago_is_forgotten_and_what_was_not_is_kept(
    cast: Cast, hook: Hook, receiver: Receiver
) -> None:
    receiver.answers = [200, 500]
    publish(cast, 1, 2)
    turn()
    assert delivery.forget(MONDAY_TEN + timedelta(days=29)) == 0
    assert delivery.forget(MONDAY_TEN + timedelta(days=31)) == 1
    assert len(told(hook)) == 1


class Killed(BaseException):
    """The worker is gone: no `except Exception` sees it."""


@promise("P39", saboteur=saboteurs.a_call_is_marked_as_taken_before_it_is_made)
def test_what_is_told_is_told_also_by_a_worker_that_is_killed_meanwhile(
    cast: Cast, hook: Hook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> egress.Answer:
        raise Killed

    publish(cast, 1)
    with monkeypatch.context() as worker:
        worker.setattr(egress, "post", dies)
        with pytest.raises(Killed):
            turn()
    turn(MONDAY_TEN + MINUTE)
    assert len(receiver.got) == 1
