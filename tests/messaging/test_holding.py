"""Who holds a conversation: taken, given, back in the queue, and the way back from each. And whose customer is unhappy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from dealership.events import bus
from dealership.events.catalogue.marketing import RecoveryRecorded, SurveyAnswered
from dealership.messaging import conversations
from dealership.messaging.models import Conversation
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria
from tests.messaging.test_inbox_pages import wrote

SignedIn = Callable[..., Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)


def fresh(talk: Conversation) -> tuple[str, str]:
    """Who holds it, and whose queue it is in."""
    talk.refresh_from_db()
    return (talk.holder.first_name if talk.holder else "", talk.department)


def test_it_is_taken_from_the_list_in_one_press_and_undone(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, browser = wrote(cast, "Do you have the Civic?"), signed_in(cast.ana)
    page = browser.get("/inbox/").content.decode()
    assert f'action="/inbox/{talk.pk}/hold/"' in page
    assert f'href="/inbox/{talk.pk}/hand-over/"' in page

    answer = browser.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.ana.pk}, headers=HTMX)

    assert "You hold this conversation." in answer["HX-Trigger"]
    assert f"/inbox/{talk.pk}/take-back/" in answer["HX-Trigger"]
    assert fresh(talk) == ("Ana", "service")
    assert "Ana took this" in browser.get(f"/inbox/{talk.pk}/").content.decode()
    assert "nobody in particular" in browser.post(f"/inbox/{talk.pk}/take-back/", headers=HTMX)["HX-Trigger"]
    assert fresh(talk) == ("", "sales"), "as it was"


def test_what_is_promised_goes_to_whoever_it_is_given_to_and_is_never_nobodys(
    cast: Cast, signed_in: SignedIn
) -> None:
    maria(cast.northside)
    talk, browser = wrote(cast, "Is it ready?"), signed_in(cast.dana)
    promise = Promise.objects.of_store(cast.northside.pk).get(subject=f"conversation:{talk.pk}")

    browser.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.lou.pk, "take_over": "1"})
    promise.refresh_from_db()
    assert promise.owner == cast.lou
    browser.post(f"/inbox/{talk.pk}/department/", {"department": "sales"})

    promise.refresh_from_db()
    assert promise.owner == cast.lou, "until somebody takes it"
    assert fresh(talk) == ("", "sales")
    page = browser.get(f"/inbox/{talk.pk}/").content.decode()
    assert "Dana gave this to Lou Becker" in page
    assert "Dana let this go to the queue of Sales" in page


def test_the_undo_goes_to_whoever_held_it_before_unless_they_have_left(
    cast: Cast, signed_in: SignedIn
) -> None:
    talk, browser = wrote(cast, "Is it ready?"), signed_in(cast.dana)
    conversations.hold(conversation=talk, holder=cast.ana, by=cast.ana, now=MONDAY_TEN - timedelta(hours=1))
    browser.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.dana.pk, "take_over": "1"})

    browser.post(f"/inbox/{talk.pk}/take-back/")
    assert fresh(talk) == ("Ana", "service")

    browser.post(f"/inbox/{talk.pk}/hold/", {"holder": cast.dana.pk, "take_over": "1"})
    type(cast.ana).objects.of_store(cast.northside.pk).filter(pk=cast.ana.pk).update(is_active=False)
    browser.post(f"/inbox/{talk.pk}/take-back/")
    assert fresh(talk)[0] == ""


def test_nobody_undoes_what_another_has_done(cast: Cast, signed_in: SignedIn) -> None:
    talk = wrote(cast, "Is it ready?")
    signed_in(cast.dana).post(f"/inbox/{talk.pk}/hold/", {"holder": cast.sam.pk})

    answer = signed_in(cast.sam).post(f"/inbox/{talk.pk}/take-back/", headers=HTMX)

    assert "Something else has happened since" in answer["HX-Trigger"]
    assert fresh(talk) == ("Sam", "sales")


def test_a_department_that_is_none_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    talk = wrote(cast, "Is it ready?")
    conversations.hold(conversation=talk, holder=cast.ana, by=cast.ana, now=MONDAY_TEN)

    answer = signed_in(cast.ana).post(f"/inbox/{talk.pk}/department/", {"department": "x"}, headers=HTMX)

    assert "There is no such department" in answer["HX-Trigger"]
    assert fresh(talk) == ("Ana", "service")


def test_whoever_may_not_write_finds_no_way_to_take_it(cast: Cast, signed_in: SignedIn) -> None:
    wrote(cast, "Is it ready?")

    page = signed_in(cast.tess).get("/inbox/").content.decode()

    assert "Is it ready?" in page
    assert "/hold/" not in page
    assert "/hand-over/" not in page


def test_whoever_says_that_something_went_wrong_is_unhappy_until_a_manager_has_settled_it(
    cast: Cast, signed_in: SignedIn
) -> None:
    customer = maria(cast.northside)
    talk, other = wrote(cast, "2"), wrote(cast, "hi", number="+19735550150")
    said = {
        "store_id": cast.northside.pk, "at": MONDAY_TEN, "subject": "ro:1", "customer_id": customer.pk,
        "survey_id": 1, "survey_kind": "csi",
    }  # fmt: skip

    def tell(fact: object) -> object:
        with transaction.atomic():
            bus.publish(fact)  # type: ignore[arg-type]
        talk.refresh_from_db()
        other.refresh_from_db()
        assert other.unhappy_since is None
        return talk.unhappy_since

    went_wrong = {"what_went_wrong": "late", "what_was_done": "a call"}
    assert tell(SurveyAnswered(**said, rating=5)) is None
    assert tell(SurveyAnswered(**said, rating=2, is_unhappy=True)) == MONDAY_TEN
    assert "unhappy since 10:00 am" in signed_in(cast.ana).get(f"/inbox/{talk.pk}/").content.decode()
    assert tell(RecoveryRecorded(**said, **went_wrong, is_resolved=False)) == MONDAY_TEN
    assert tell(RecoveryRecorded(**said, **went_wrong)) is None
