"""Pages learn of changes by asking cheaply."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.template import Context
from django.test import Client

from dealership import live
from dealership.staff.models import StaffMember
from dealership.templatetags.kept import live_topics
from tests.cast import Cast

SignedIn = Callable[[StaffMember], Client]


@pytest.fixture(autouse=True)
def redis_is_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(live, "_quiet_until", 0.0)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def bumped(django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[..., None]:
    def bump(store_id: int, *topics: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            live.bump(store_id, *topics)

    return bump


def test_nothing_new_answers_nothing(signed_in: SignedIn, cast: Cast, bumped: Callable[..., None]) -> None:
    bumped(cast.northside.pk, "promises")
    now = live.versions(cast.northside.pk)["promises"]
    assert signed_in(cast.dana).get(f"/live/?t=promises:{now},inbox:0").status_code == 204


def test_a_change_names_its_topic_and_no_other(
    signed_in: SignedIn, cast: Cast, bumped: Callable[..., None]
) -> None:
    bumped(cast.northside.pk, "promises", "inbox")
    had = live.versions(cast.northside.pk)
    bumped(cast.northside.pk, "promises")
    response = signed_in(cast.dana).get(f"/live/?t=promises:{had['promises']},inbox:{had['inbox']}")
    assert response.status_code == 200
    assert "live:promises" in response["HX-Trigger"]
    assert "live:inbox" not in response["HX-Trigger"]


def test_another_store_hears_nothing(signed_in: SignedIn, cast: Cast, bumped: Callable[..., None]) -> None:
    had = live.versions(cast.eastside.pk)["promises"]
    bumped(cast.northside.pk, "promises")
    assert signed_in(cast.eve).get(f"/live/?t=promises:{had}").status_code == 204


def test_what_is_rolled_back_is_not_told(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    def fail() -> None:
        with transaction.atomic():
            live.bump(cast.northside.pk, "promises")
            raise ZeroDivisionError

    before = live.versions(cast.northside.pk)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):  # type: ignore[attr-defined]
        fail()
    assert live.versions(cast.northside.pk) == before


def test_after_redis_was_emptied_a_page_does_not_mistake_the_new_count_for_its_own(
    cast: Cast, bumped: Callable[..., None], signed_in: SignedIn
) -> None:
    for _ in range(3):
        bumped(cast.northside.pk, "promises")
    had = live.versions(cast.northside.pk)["promises"]
    cache.clear()
    for _ in range(4):
        bumped(cast.northside.pk, "promises")
    assert live.versions(cast.northside.pk)["promises"] >= had


def test_a_topic_that_no_page_shows_is_refused(cast: Cast) -> None:
    with pytest.raises(live.UnknownTopic, match="weather"):
        live.bump(cast.northside.pk, "weather")


@pytest.mark.parametrize(
    "asked",
    ["", "x", "promises", "promises:", "promises:-1", "weather:1", ":::,,", "promises:9e9", "promises:²"],
)
def test_a_question_that_makes_no_sense_is_answered_with_nothing(
    signed_in: SignedIn, cast: Cast, asked: str
) -> None:
    assert signed_in(cast.dana).get("/live/", {"t": asked}).status_code == 204


def test_whoever_is_signed_out_is_told_so(client: Client, db: None) -> None:
    assert client.get("/live/?t=promises:1").status_code == 401


def test_asking_costs_no_more_than_knowing_who_asks(
    signed_in: SignedIn, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = signed_in(cast.dana)
    client.get("/live/?t=promises:1")
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        client.get("/live/?t=promises:1,inbox:1")


def test_without_redis_nothing_is_live_and_every_page_works(
    signed_in: SignedIn, cast: Cast, monkeypatch: pytest.MonkeyPatch, bumped: Callable[..., None]
) -> None:
    def refuse(*args: object, **kwargs: object) -> object:
        raise ConnectionError("refused")

    client = signed_in(cast.dana)
    client.get("/")
    for name in ("get_many", "add", "incr"):
        monkeypatch.setattr(type(cache._connections[cache._alias]), name, refuse)  # type: ignore[attr-defined]
    bumped(cast.northside.pk, "promises")
    assert live.versions(cast.northside.pk)["promises"] == 0
    monkeypatch.setattr(live, "_quiet_until", 0.0)
    assert client.get("/").status_code == 200


def test_a_part_that_costs_more_asks_seldom_and_never_misses_the_last_change() -> None:
    said = live_topics(Context({}), "promises", every=15)
    assert (
        'hx-trigger="live:promises from:body throttle:15s, live:promises from:body delay:15s, kept:' in said
    )
    assert "throttle" not in live_topics(Context({}), "promises")
