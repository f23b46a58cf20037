"""Many conversations at once: assigned, or put away until a time; seen first, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.messaging import conversations, many
from dealership.messaging.models import Conversation
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria

SignedIn = Callable[..., Client]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)


@pytest.fixture
def four(cast: Cast) -> list[Conversation]:
    """Nobody's twice, Sam's, and one of the other store."""
    stores = [cast.northside, cast.northside, cast.northside, cast.eastside]
    customers = {store.pk: maria(store) for store in (cast.northside, cast.eastside)}
    return Conversation.objects.bulk_create(
        Conversation(
            store=store, customer=customers[store.pk], our_number=store.text_number, their_number=f"+1973557000{n}",
            last_at=MONDAY_TEN - n * MINUTE, last_body="hello", department="sales",
            holder=cast.sam if n == 2 else None, waiting_since=MONDAY_TEN - MINUTE if n == 0 else None,
        )
        for n, store in enumerate(stores)
    )  # fmt: skip


def holders(four: list[Conversation]) -> list[str]:
    rows = (
        Conversation.objects.across_stores("two stores")
        .filter(pk__in=[row.pk for row in four])
        .select_related("holder")
    )
    return [row.holder.first_name if row.holder else "" for row in rows.order_by("pk")]


def test_a_whole_list_is_assigned_and_taken_back(
    cast: Cast, signed_in: SignedIn, four: list[Conversation]
) -> None:
    gus, there = signed_in(cast.gus), "/inbox/many/assign/?all=on"
    assert "Assign 3 conversations" in gus.get(there).content.decode()
    assert "Now 3 conversations match" in gus.post(there, {"to": cast.dana.pk, "n": 4}).content.decode()
    said = gus.post(there, {"to": cast.dana.pk, "n": 3}, follow=True).content.decode()
    assert "3 conversations assigned to Dana" in said
    assert holders(four) == ["Dana", "Dana", "Dana", ""]
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert "All as it was" in gus.post(f"/lists/acts/{act.pk}/undo/", follow=True).content.decode()
    assert holders(four) == ["", "", "Sam", ""]


def test_who_is_no_manager_assigns_what_nobody_else_holds(
    cast: Cast, signed_in: SignedIn, four: list[Conversation]
) -> None:
    rows = "&".join(f"row={row.pk}" for row in four)
    dana, there = signed_in(cast.dana), f"/inbox/many/assign/?{rows}"
    assert "Assign 2 conversations" in dana.get(there).content.decode()
    assert dana.post(there, {"to": cast.tess.pk, "n": 2}).status_code == 422
    dana.post(there, {"to": cast.dana.pk, "n": 2})
    assert holders(four) == ["Dana", "Dana", "Sam", ""]
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    conversations.release(conversation=four[0], by=cast.dana, now=MONDAY_TEN + MINUTE)
    assert bulk.take_back(act, by=cast.dana, now=MONDAY_TEN + 2 * MINUTE) == 1
    assert holders(four) == ["", "", "Sam", ""]


def test_many_are_put_away_until_a_time_and_are_back_by_undo(
    cast: Cast, signed_in: SignedIn, four: list[Conversation]
) -> None:
    dana, there = signed_in(cast.dana), "/inbox/many/put-away/?all=on&show=waiting"
    assert "Put 1 conversation away" in dana.get(there).content.decode()
    assert dana.post(there, {"until": "2026-11-22T15:00", "n": 1}).status_code == 422
    assert (
        "1 conversation put away"
        in dana.post(there, {"until": "2026-11-24T15:00", "n": 1}, follow=True).content.decode()
    )
    away = Conversation.objects.across_stores("two stores").filter(put_away_until__isnull=False)
    assert [row.pk for row in away] == [four[0].pk]
    again = many.keep_until(
        keys=[four[0].pk, four[1].pk],
        until=MONDAY_TEN + timedelta(hours=2),
        by=cast.dana,
        now=MONDAY_TEN + MINUTE,
    )
    assert away.all().count() == 2
    assert bulk.take_back(again, by=cast.dana, now=MONDAY_TEN + 2 * MINUTE) == 2
    assert [row.pk for row in away.all()] == [four[0].pk]
    first = BulkAct.objects.of_store(cast.northside.pk).earliest("pk")
    assert bulk.take_back(first, by=cast.dana, now=MONDAY_TEN + 3 * MINUTE) == 1
    assert not away.all().exists()


def test_the_inbox_offers_it_only_to_who_writes_to_customers(
    cast: Cast, signed_in: SignedIn, four: list[Conversation]
) -> None:
    assert "Put away…" in signed_in(cast.dana).get("/inbox/").content.decode()
    assert "Put away…" not in signed_in(cast.tess).get("/inbox/").content.decode()
    assert signed_in(cast.tess).get("/inbox/many/assign/?all=on").status_code == 403


def test_times_that_are_often_meant_are_one_press(
    cast: Cast, signed_in: SignedIn, four: list[Conversation]
) -> None:
    dana, there = signed_in(cast.dana), "/inbox/many/put-away/?all=on&show=waiting"
    offered = dana.get(there).context["act"].quick
    assert [one.words for one in offered] == ["In an hour", "This afternoon", "Tomorrow when we open"]
    dana.post(there, {"until": offered[1].value, "n": 1})
    away = Conversation.objects.of_store(cast.northside.pk).get(put_away_until__isnull=False)
    assert away.put_away_until == offered[1].at == MONDAY_TEN + timedelta(hours=3)


def test_the_inbox_has_views_and_a_file_of_what_is_seen(
    cast: Cast, signed_in: SignedIn, four: list[Conversation]
) -> None:
    dana = signed_in(cast.dana)
    keep = dana.post("/lists/inbox/views/", {"name": "My queue", "query": "show=unowned&of=sales"})
    assert keep["Location"] == "/inbox/?show=unowned&of=sales"
    html = dana.get(keep["Location"]).content.decode()
    assert '<a class="chip" href="/inbox/?show=unowned&amp;of=sales" aria-current="page">My queue</a>' in html
    assert "Forget this view" in html
    assert "My queue" not in signed_in(cast.sam).get("/inbox/").content.decode()
    # Who waits stands first, as on the page; the other store's are never in it.
    lines = dana.get("/inbox/inbox.csv").content.decode().splitlines()
    assert [line.split(",")[1][-1] for line in lines[1:]] == ["0", "1", "2"]
    assert len(dana.get("/inbox/inbox.csv?show=unowned").content.decode().splitlines()) == 3
    assert dana.get("/inbox/inbox.csv?show=away").content.decode().count("\n") == 1
    assert dana.get("/inbox/inbox.csv?as=xlsx").content[:2] == b"PK"
