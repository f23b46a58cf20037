"""A visit is moved and its customer answered in one act: one text, and both or neither."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from dealership.appointments import answering, booking, wishes
from dealership.appointments.models import Appointment
from dealership.messaging import consent, outbox
from dealership.messaging.models import Conversation, Message
from dealership.staff.models import StaffMember
from tests.appointments.test_booking import HALF, NINE, book, plan
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer
from tests.messaging.carriers import PHONE, maria

KEY = UUID("9f1c2d3e-0000-4000-8000-000000000009")
WORDS = "See you then. Ana"


@pytest.fixture(autouse=True)
def monday_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    plan(cast)
    visit = book(cast, maria(cast.northside))
    texts(visit).update(state=Message.State.DELIVERED)
    return visit


def texts(visit: Appointment) -> Any:
    return Message.objects.of_store(visit.store_id).filter(is_inbound=False).order_by("pk")


def asks(visit: Appointment, *times: datetime) -> Message:
    """The customer asks for another time, and waits."""
    talk = Conversation.objects.of_store(visit.store_id).get(customer=visit.customer_id)
    Conversation.objects.of_store(visit.store_id).filter(pk=talk.pk).update(waiting_since=NOW)
    slots = [{"from": at.isoformat(), "to": at.isoformat()} for at in times]
    return Message.objects.create(
        store_id=visit.store_id, conversation=talk, customer=visit.customer, is_inbound=True, body="Could I come later?",
        state=Message.State.RECEIVED, needs_person=True, reading={"intent": "move", "slots": slots}, created_at=NOW,
        send_after=NOW, dedupe_key="in:1", uuid=KEY,
    )  # fmt: skip


def sheet(browser: Client, visit: Appointment, **query: str) -> str:
    answer = browser.get(f"/appointments/{visit.pk}/move-and-answer/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def press(browser: Client, visit: Appointment, at: str, **more: Any) -> Any:
    form = {"slot": at, "body": WORDS, "key": KEY, "version": visit.version, "seen": 2**40, **more}
    return browser.post(f"/appointments/{visit.pk}/move-and-answer/", form)


@pytest.fixture
def anas(cast: Cast, signed_in: Any) -> Client:
    browser: Client = signed_in(cast.ana)
    return browser


def test_the_time_that_was_asked_for_is_suggested_and_needs_no_second_yes(
    visit: Appointment, anas: Client
) -> None:
    asks(visit, NINE + 3 * HALF)
    said = sheet(anas, visit)
    assert "Could I come later?" in said
    assert 'value="2026-11-24 10:30"' in said
    assert "is moved to Tue Nov 24 at 10:30 am, as you asked" in said

    assert press(anas, visit, "2026-11-24 10:30").status_code == 302
    visit.refresh_from_db()
    assert (visit.starts_at, visit.state) == (NINE + 3 * HALF, "confirmed")
    last = texts(visit).last()
    assert (last.body, last.author.first_name, last.asks) == (WORDS, "Ana", Conversation.Asked.NONE)
    assert texts(visit).count() == 2


def test_another_time_is_asked_about_and_the_words_follow_it_unless_they_were_changed(
    visit: Appointment, anas: Client, cast: Cast
) -> None:
    asks(visit, NINE + 3 * HALF)
    talk = Conversation.objects.of_store(visit.store_id).get(customer=visit.customer_id)
    wish = wishes.in_conversation(visit.store_id, talk.pk, visit.store.tz)
    first = answering.draft(visit, wish, at=NINE + 3 * HALF, by=cast.ana)
    where = f"/appointments/{visit.pk}/move-and-answer/?to=2026-11-24+11:00"
    answer = anas.post(where, {"slot": "2026-11-24 10:30", "body": first, "seen": "1", "key": KEY})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="seen" value="1"' in said
    assert "I have moved your service visit to Tue Nov 24 at 11:00 am. Reply C to confirm" in said
    answer = anas.post(where, {"slot": "2026-11-24 10:30", "body": "My own words"})
    assert "My own words" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == NINE

    press(anas, visit, "2026-11-24 11:00")
    visit.refresh_from_db()
    assert (visit.starts_at, visit.state) == (NINE + 4 * HALF, "booked")
    assert texts(visit).last().asked_about == f"appointment:{visit.pk}"


def test_pressed_twice_it_is_moved_and_told_once(visit: Appointment, anas: Client) -> None:
    asks(visit)
    for _ in range(2):
        assert press(anas, visit, "2026-11-24 11:00").status_code == 302
    assert texts(visit).count() == 2


def test_where_its_place_has_gone_nothing_is_said_and_the_words_stay(
    visit: Appointment, anas: Client, cast: Cast
) -> None:
    asks(visit, NINE + HALF)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + HALF)
    before = texts(visit).count()
    answer = press(anas, visit, "2026-11-24 09:30")
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    visit.refresh_from_db()
    assert (visit.starts_at, texts(visit).count()) == (NINE, before)


def test_who_gets_no_texts_is_not_moved_in_silence(visit: Appointment, anas: Client) -> None:
    asks(visit)
    consent.revoke(store_id=visit.store_id, number=PHONE, how=consent.How.TEXT, words="STOP", now=NOW)
    answer = press(anas, visit, "2026-11-24 11:00")
    assert "Nothing is moved" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == NINE


def test_where_a_colleague_answered_or_moved_it_meanwhile_nothing_is_done(
    visit: Appointment, anas: Client, cast: Cast
) -> None:
    seen = asks(visit).pk
    outbox.send(
        store_id=visit.store_id, customer=visit.customer, body="I look into it", author=cast.dana,
        purpose="conversational", dedupe_key="danas", now=NOW,
    )  # fmt: skip
    answer = press(anas, visit, "2026-11-24 11:00", seen=seen)
    assert answer.status_code == 422
    assert "Dana answered while you were writing" in answer.content.decode()

    version = visit.version
    booking.move(visit, starts_at=NINE + 5 * HALF, by=cast.dana, now=NOW)
    visit.refresh_from_db()
    answer = press(anas, visit, "2026-11-24 11:00", version=version)
    assert "the visit has changed since you opened this" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == NINE + 5 * HALF


def test_moved_back_at_once_the_text_does_not_leave(visit: Appointment, anas: Client) -> None:
    asks(visit)
    press(anas, visit, "2026-11-24 11:00")
    anas.post(f"/appointments/{visit.pk}/move-back/")
    visit.refresh_from_db()
    assert visit.starts_at == NINE
    assert texts(visit).last().state == Message.State.SUPPRESSED


def test_only_who_books_and_writes_may_and_a_stranger_finds_nothing(
    visit: Appointment, cast: Cast, signed_in: Any
) -> None:
    asks(visit)
    people: list[tuple[StaffMember, int]] = [(cast.tess, 403), (cast.eve, 404)]
    for person, status in people:
        assert press(signed_in(person), visit, "2026-11-24 11:00").status_code == status
    visit.refresh_from_db()
    assert visit.starts_at == NINE
