"""Two people never answer at once: who writes is seen, and what was said meanwhile holds the second answer back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from dealership import live
from dealership.messaging import outbox, presence
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.staff.models import StaffMember
from tests import cast as the_cast
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria
from tests.messaging.test_inbox_pages import wrote
from tests.racing import race

SignedIn = Callable[..., Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)
    monkeypatch.setattr(live, "_quiet_until", 0.0)
    cache.clear()


def answer(talk: Conversation, by: StaffMember, body: str, seen: int | None) -> Message:
    return outbox.send(
        store_id=talk.store_id, customer=talk.customer, number=talk.their_number, body=body, author=by,
        purpose=Purpose.CONVERSATIONAL, dedupe_key=str(uuid4()), now=MONDAY_TEN, seen=seen,
    )  # fmt: skip


def newest(talk: Conversation) -> int:
    return Message.objects.of_store(talk.store_id).filter(conversation=talk).latest("pk").pk


def bodies(talk: Conversation) -> list[str]:
    rows = Message.objects.of_store(talk.store_id).filter(conversation=talk, is_inbound=False)
    return list(rows.order_by("pk").values_list("body", flat=True))


@pytest.mark.django_db(transaction=True)
def test_of_three_who_answer_at_the_same_moment_one_does() -> None:
    cast = the_cast.build()
    maria(cast.northside)
    talk = wrote(cast, "Is it ready?")
    seen = newest(talk)
    people = [cast.ana, cast.sam, cast.dana]

    came_to = race([partial(answer, talk, person, person.name, seen) for person in people])

    sent = [one for one in came_to if isinstance(one, Message)]
    held = [one for one in came_to if isinstance(one, outbox.AnsweredMeanwhile)]
    assert (len(sent), len(held)) == (1, 2)
    assert bodies(talk) == [sent[0].body]
    assert {message.pk for one in held for message in one.messages} == {sent[0].pk}


def test_an_answer_is_held_where_a_colleague_was_faster_and_sent_all_the_same_on_the_second_press(
    cast: Cast, signed_in: SignedIn
) -> None:
    maria(cast.northside)
    talk, sam = wrote(cast, "Is it ready?"), signed_in(cast.sam)
    page = sam.get(f"/inbox/{talk.pk}/").content.decode()
    typed = {"body": "Come at <5>", "key": str(uuid4()), "seen": str(newest(talk))}
    assert f'name="seen" value="{typed["seen"]}"' in page
    answer(talk, cast.ana, "Yes, until six", newest(talk))

    held = sam.post(f"/inbox/{talk.pk}/send/", typed, headers=HTMX)

    said = held.content.decode()
    assert held.status_code == 422
    assert "Not sent yet: Ana answered while you were writing." in said
    assert "Yes, until six" in said
    assert "Come at &lt;5&gt;" in said, "what was typed is still there"
    assert "Send all the same" in said
    assert typed["key"] in said
    assert f'name="seen" value="{newest(talk)}"' in said
    assert bodies(talk) == ["Yes, until six"]

    again = {**typed, "seen": str(newest(talk))}
    assert sam.post(f"/inbox/{talk.pk}/send/", again, headers=HTMX).status_code == 200
    assert bodies(talk) == ["Yes, until six", "Come at <5>"]


def test_pressed_again_after_yet_another_answer_it_is_held_again(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, sam = wrote(cast, "Is it ready?"), signed_in(cast.sam)
    typed = {"body": "Come at five", "key": str(uuid4()), "seen": str(newest(talk))}
    answer(talk, cast.ana, "Yes", None)
    sam.post(f"/inbox/{talk.pk}/send/", typed)
    seen = newest(talk)
    answer(talk, cast.lou, "No", None)

    held = sam.post(f"/inbox/{talk.pk}/send/", {**typed, "seen": str(seen)})

    said = held.content.decode()
    assert held.status_code == 422
    assert "Lou answered" in said
    assert bodies(talk) == ["Yes", "No"]


@pytest.mark.parametrize("who", ["oneself", "the machine", "a customer", "somebody whose text did not go"])
def test_nothing_else_holds_an_answer_back(cast: Cast, who: str) -> None:
    customer = maria(cast.northside)
    talk = wrote(cast, "Is it ready?")
    seen = newest(talk)
    if who == "oneself":
        answer(talk, cast.sam, "One moment", seen)
    elif who == "a customer":
        wrote(cast, "Hello?", minutes_ago=0)
    elif who == "the machine":
        outbox.send(
            store_id=talk.store_id, customer=customer, body="Automatic", purpose=Purpose.SERVICE,
            dedupe_key="machine", now=MONDAY_TEN,
        )  # fmt: skip
    else:
        refused = answer(talk, cast.ana, "Yes", None)
        Message.objects.of_store(talk.store_id).filter(pk=refused.pk).update(state=Message.State.SUPPRESSED)

    assert answer(talk, cast.sam, "It is", seen).body == "It is"


def test_pressed_twice_an_answer_that_went_is_not_held(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, sam = wrote(cast, "Is it ready?"), signed_in(cast.sam)
    typed = {"body": "Come at five", "key": str(uuid4()), "seen": str(newest(talk))}
    sam.post(f"/inbox/{talk.pk}/send/", typed)
    answer(talk, cast.ana, "Yes", None)

    assert sam.post(f"/inbox/{talk.pk}/send/", typed).status_code == 302
    assert bodies(talk) == ["Come at five", "Yes"]


def test_of_two_first_texts_the_second_lies_in_the_composer(cast: Cast, signed_in: SignedIn) -> None:
    customer = maria(cast.northside)
    path = f"/inbox/customers/{customer.pk}/"
    assert 'name="seen" value="0"' in signed_in(cast.sam).get(path).content.decode()
    for person, body in ((cast.ana, "Your part is in"), (cast.sam, "We have your part")):
        typed = {"body": body, "key": str(uuid4()), "seen": "0"}
        last = signed_in(person).post(f"{path}write/", typed)

    said = last.content.decode()
    assert last.status_code == 422
    assert "Ana answered while you were writing" in said
    assert "We have your part" in said
    talk = Conversation.objects.of_store(cast.northside.pk).get()
    assert bodies(talk) == ["Your part is in"]


def test_whoever_writes_is_seen_by_the_others_and_not_by_themselves(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, sam, ana = wrote(cast, "Is it ready?"), signed_in(cast.sam), signed_in(cast.ana)
    path = f"/inbox/{talk.pk}/writers/"

    own = sam.get(f"{path}?writing=1", headers=HTMX).content.decode()

    assert "writing here" not in own
    assert "Sam is writing here" in ana.get(path, headers=HTMX).content.decode()
    assert "Sam is writing here" in ana.get(f"/inbox/{talk.pk}/").content.decode()
    ana.get(f"{path}?writing=1")
    three = signed_in(cast.dana).get(path).content.decode()
    assert "Ana and Sam are writing here" in three
    sam.post(f"/inbox/{talk.pk}/send/", {"body": "Yes", "key": str(uuid4())})
    assert presence.others(talk, cast.ana) == [], "sent, he has stopped"


def test_who_says_no_more_that_they_write_has_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = wrote(cast, "Is it ready?")
    presence.says(talk, cast.sam)
    assert presence.others(talk, cast.ana) == ["Sam"]

    now = presence.time.time()
    monkeypatch.setattr(presence.time, "time", lambda: now + presence.KEPT_SECONDS + 1)

    assert presence.others(talk, cast.ana) == []


def test_with_redis_away_the_page_stands_and_the_second_answer_is_held_all_the_same(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria(cast.northside)
    talk, sam = wrote(cast, "Is it ready?"), signed_in(cast.sam)
    seen = newest(talk)

    def away(*args: object, **kwargs: object) -> None:
        raise ConnectionError("no Redis")

    monkeypatch.setattr(presence.cache, "get", away)
    monkeypatch.setattr(presence.cache, "set", away)
    assert sam.get(f"/inbox/{talk.pk}/").status_code == 200
    monkeypatch.setattr(live, "_quiet_until", 0.0)
    assert sam.get(f"/inbox/{talk.pk}/writers/?writing=1", headers=HTMX).status_code == 200
    answer(talk, cast.ana, "Yes", None)
    held = sam.post(f"/inbox/{talk.pk}/send/", {"body": "No", "key": str(uuid4()), "seen": str(seen)})
    assert held.status_code == 422


def test_another_store_does_not_see_who_writes(cast: Cast, signed_in: SignedIn) -> None:
    talk = wrote(cast, "Is it ready?")
    assert signed_in(cast.eve).get(f"/inbox/{talk.pk}/writers/").status_code == 404
    assert signed_in(cast.tess).get(f"/inbox/{talk.pk}/writers/").status_code == 403


@pytest.mark.parametrize("seen", ["x", "-1", "9" * 30])
def test_a_mark_that_no_page_gave_asks_for_the_page_anew(cast: Cast, signed_in: SignedIn, seen: str) -> None:
    talk = wrote(cast, "Is it ready?")

    typed = {"body": "Yes", "key": str(uuid4()), "seen": seen}
    refused = signed_in(cast.sam).post(f"/inbox/{talk.pk}/send/", typed)

    assert refused.status_code == 422
    assert "Load this page again" in refused.content.decode()
