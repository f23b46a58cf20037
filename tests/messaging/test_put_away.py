"""Put away until a time in open hours: out of the lists, back by itself, back at once with the customer's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from dealership.events.models import EventRecord
from dealership.lists import asking
from dealership.messaging import conversations, inbox, put_away, waiting
from dealership.messaging.inbox_list import INBOX
from dealership.messaging.models import Conversation
from dealership.stores import calendars
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria
from tests.messaging.test_inbox_pages import wrote

SignedIn = Callable[..., Client]
NOON = MONDAY_TEN + timedelta(hours=2)
TUESDAY_EIGHT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)


def away(cast: Cast, talk: Conversation, until: datetime = NOON) -> Conversation:
    return put_away.keep_until(conversation=talk, until=until, by=cast.dana, now=MONDAY_TEN)


def listed(cast: Cast, show: str, now: datetime = MONDAY_TEN) -> list[str]:
    shown, _ = inbox.page(asking.read(INBOX, QueryDict(f"show={show}")), cast.dana, now=now)
    return [row.last_body for row in shown.rows]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (
            "2026-11-23 10:00",
            ["In an hour 11:00 am", "This afternoon 1:00 pm", "Tomorrow when we open 8:00 am"],
        ),
        (
            "2026-11-23 12:30",
            ["In an hour 1:30 pm", "This afternoon 3:00 pm", "Tomorrow when we open 8:00 am"],
        ),
        ("2026-11-23 17:30", ["Tomorrow when we open 8:00 am"]),
        ("2026-11-24 06:00", ["This afternoon 1:00 pm", "Today when we open 8:00 am"]),
        ("2026-11-28 17:30", ["Monday when we open 8:00 am"]),
    ],
)
def test_the_times_that_are_offered_lie_in_open_hours(cast: Cast, at: str, words: list[str]) -> None:
    calendar = calendars.of(cast.northside.pk, "")
    now = datetime.fromisoformat(at).replace(tzinfo=cast.northside.tz)

    said = [
        f"{choice.words} {choice.at.astimezone(cast.northside.tz):%-I:%M %p}".replace("AM", "am").replace(
            "PM", "pm"
        )
        for choice in put_away.choices(calendar, now)
    ]

    assert said == words


def test_what_is_put_away_leaves_the_lists_and_comes_back_by_itself(cast: Cast) -> None:
    maria(cast.northside)
    talk = away(cast, wrote(cast, "Is it ready?"))

    assert (listed(cast, "all"), listed(cast, "waiting"), listed(cast, "away")) == ([], [], ["Is it ready?"])
    assert waiting.waiting(cast.dana, MONDAY_TEN).n == 0
    later = NOON + timedelta(seconds=1)
    assert (listed(cast, "waiting", later), listed(cast, "away", later)) == (["Is it ready?"], [])
    assert waiting.waiting(cast.dana, later).n == 1
    assert talk.waiting_since is not None, "the customer waits all the same"


def test_the_promise_to_answer_stays_as_it_is(cast: Cast) -> None:
    maria(cast.northside)
    talk = wrote(cast, "Is it ready?")
    before = Promise.objects.of_store(cast.northside.pk).values_list(
        "state", "due_at", "owner", "next_step_at"
    )
    standing = list(before)

    away(cast, talk)

    assert standing
    assert list(before.all()) == standing


def test_their_next_text_brings_it_back_at_once(cast: Cast) -> None:
    maria(cast.northside)
    talk = away(cast, wrote(cast, "Is it ready?"))

    wrote(cast, "Hello?", minutes_ago=0)

    talk.refresh_from_db()
    assert (talk.put_away_until, talk.put_away_by) == (None, None)
    assert listed(cast, "waiting") == ["Hello?"]


def test_a_time_at_which_nobody_is_there_becomes_the_next_opening(cast: Cast) -> None:
    talk = away(cast, wrote(cast, "Is it ready?"), datetime(2026, 11, 24, 3, 0, tzinfo=UTC))

    assert talk.put_away_until == TUESDAY_EIGHT


def test_when_its_person_leaves_it_is_back(cast: Cast) -> None:
    talk = away(cast, wrote(cast, "Is it ready?"))

    conversations.release_all_of([cast.dana.pk])

    talk.refresh_from_db()
    assert talk.put_away_until is None


def test_it_is_put_away_on_its_page_which_says_until_when_and_undone(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, browser = wrote(cast, "Is it ready?"), signed_in(cast.dana)
    sheet = browser.get(f"/inbox/{talk.pk}/put-away/", headers=HTMX).content.decode()
    assert "Tomorrow when we open" in sheet
    assert "What is promised stays promised" in sheet
    assert "data-close-sheet" in sheet
    alone = browser.get(f"/inbox/{talk.pk}/put-away/").content.decode()
    assert "data-close-sheet" not in alone.partition('id="put-away"')[2].partition("</form>")[0]

    answer = browser.post(f"/inbox/{talk.pk}/put-away/", {"until": "2026-11-24T08:00"}, headers=HTMX)

    assert "Put away until tomorrow 8:00 am." in answer["HX-Trigger"]
    assert f"/inbox/{talk.pk}/bring-back/" in answer["HX-Trigger"]
    page = browser.get(f"/inbox/{talk.pk}/").content.decode()
    assert "Put away until" in page
    assert "by Dana" in page
    assert "Dana put this away until Tue 24 Nov 8:00 am" in page
    assert "Bring it back" in browser.get("/inbox/?show=away").content.decode()
    assert browser.post(f"/inbox/{talk.pk}/bring-back/")["Location"] == f"/inbox/{talk.pk}/"
    page = browser.get(f"/inbox/{talk.pk}/").content.decode()
    assert "Dana brought this back" in page
    assert "by Dana" not in page
    told = EventRecord.objects.of_store(cast.northside.pk).filter(kind__startswith="Conversation")
    assert [fact.kind for fact in told.order_by("pk")] == ["ConversationPutAway", "ConversationBroughtBack"]


@pytest.mark.parametrize(
    ("until", "says"),
    [
        ("", "Say until when"),
        ("soon", "Give a day and a time"),
        ("2026-11-23T09:00", "Choose a time to come"),
        ("2027-03-01T09:00", "At most 60 days"),
    ],
)
def test_a_time_that_cannot_be_is_said_and_what_was_typed_stays(
    cast: Cast, signed_in: SignedIn, until: str, says: str
) -> None:
    talk = wrote(cast, "Is it ready?")

    answer = signed_in(cast.dana).post(f"/inbox/{talk.pk}/put-away/", {"until": until}, headers=HTMX)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{until}"' in answer.content.decode() or not until
    talk.refresh_from_db()
    assert talk.put_away_until is None
