"""A customer answers about their visit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dealership.appointments import booking, replies
from dealership.appointments.models import Appointment
from dealership.messaging import copy
from dealership.messaging.answers import Answer
from dealership.messaging.models import Conversation, Message
from dealership.messaging.replies.reply import Intent, Reply
from dealership.messaging.replies.reply import Slot as Wanted
from tests.appointments.test_booking import HALF, NINE, book, counts, plan
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    plan(cast)
    return book(cast, make_customer(cast.northside, "Maria Lopez", "+19735550117"))


def reply(intent: Intent, *times: datetime, **more: Any) -> Reply:
    points = tuple(Wanted(at, at) for at in times)
    return Reply(text="", intent=intent, because="", slots=points, **{"sure": True, **more})


def answered(visit: Appointment, reading: Reply, now: datetime = NOW) -> Answer:
    conversation = Conversation.objects.of_store(visit.store_id).get(customer=visit.customer_id)
    message = Message.objects.of_store(visit.store_id).latest("pk")
    found = replies.answer(conversation, message, reading, f"appointment:{visit.pk}", now)
    visit.refresh_from_db()
    return found


def test_a_sure_yes_confirms_and_echoes_the_time(visit: Appointment) -> None:
    answer = answered(visit, reply(Intent.CONFIRM))
    assert (answer.settled, visit.state) == (True, "confirmed")
    assert answer.words.startswith("You are set for Tue Nov 24 at 9:00 am")


def test_one_exact_time_with_room_moves_the_visit_and_echoes_it(visit: Appointment, cast: Cast) -> None:
    local = (NINE + 3 * HALF).astimezone(cast.northside.tz)
    for at in (local, local.replace(tzinfo=None)):
        answer = answered(visit, reply(Intent.MOVE, at))
        assert answer.settled
        assert "10:30 am" in answer.words
    assert (visit.starts_at, visit.state) == (local, "confirmed")
    assert counts(cast) == {NINE + 3 * HALF: (1, 0)}


def test_a_time_without_room_is_a_persons_with_the_answer_half_written(
    visit: Appointment, cast: Cast
) -> None:
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + HALF)
    answer = answered(visit, reply(Intent.MOVE, NINE + HALF))
    assert not answer.settled
    assert (
        answer.words
        == "That time is taken. We have Tue Nov 24 at 8:30 am, 10:00 am or 10:30 am. Which one suits you?"
    )
    assert (visit.starts_at, visit.state) == (NINE, "booked")


def test_a_time_while_closed_is_a_persons_with_other_days_offered(visit: Appointment) -> None:
    sunday = NINE + timedelta(days=5)
    answer = answered(visit, reply(Intent.MOVE, sunday))
    assert not answer.settled
    assert "Mon Nov 30" in answer.words


@pytest.mark.parametrize(
    "reading",
    [
        reply(Intent.CONFIRM, sure=False),
        reply(Intent.MOVE, NINE + HALF, sure=False),
        reply(Intent.MOVE, NINE + HALF, NINE + 2 * HALF),
        reply(Intent.MOVE),
        reply(Intent.MOVE, NOW - timedelta(days=1)),
        reply(Intent.CANCEL),
        Reply(text="", intent=Intent.MOVE, because="", slots=(Wanted(NINE, NINE + HALF),), sure=True),
    ],
)
def test_what_is_not_sure_or_not_one_time_moves_nothing(visit: Appointment, reading: Reply) -> None:
    assert not answered(visit, reading).settled
    assert (visit.starts_at, visit.state) == (NINE, "booked")


def test_a_yes_after_the_time_or_after_cancelling_is_a_persons(visit: Appointment) -> None:
    assert not answered(visit, reply(Intent.CONFIRM), NINE + timedelta(hours=2)).settled
    booking.cancel(visit, by=None, now=NOW)
    answer = answered(visit, reply(Intent.CONFIRM))
    assert not answer.settled
    assert "no longer stands" in answer.words


def test_an_unknown_visit_and_one_of_another_store_are_a_persons(visit: Appointment, cast: Cast) -> None:
    conversation = Conversation.objects.of_store(visit.store_id).get(customer=visit.customer_id)
    message = Message.objects.of_store(visit.store_id).latest("pk")
    conversation.store_id = cast.eastside.pk
    for subject in (f"appointment:{visit.pk}", "appointment:999999", "appointment:x"):
        assert not replies.answer(conversation, message, reply(Intent.CONFIRM), subject, NOW).settled


def test_the_scene_tells_the_time_and_the_hours(visit: Appointment) -> None:
    scene = replies.scene(visit.store_id, f"appointment:{visit.pk}")
    assert (scene.appointment, scene.opens) == (NINE, (8, 18))


@pytest.mark.parametrize(
    "file", [f for f in copy.every_file() if "appointments" in f.parts], ids=lambda f: f.name
)
def test_the_words_obey_the_rules_of_copy(file: Any) -> None:
    name, language, _ = file.name.split(".")
    path = f"dealership/appointments/copy/{name}"
    assert list(copy.faults(copy.read(path, language, file.read_text(encoding="utf-8")))) == []
