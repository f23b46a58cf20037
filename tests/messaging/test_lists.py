"""The inbox's lists: what stands in each, and that its figure is the number of its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from dealership.messaging import lists
from dealership.messaging.models import Conversation
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria

SignedIn = Callable[..., Client]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)


def talks(cast: Cast, n: int, seed: int) -> list[Conversation]:
    """Conversations of every kind, of two stores."""
    dice = Random(seed)
    people = [cast.dana, cast.sam, cast.ana, None]
    owners = {store.pk: maria(store) for store in (cast.northside, cast.eastside)}
    some = []
    for number in range(n):
        store = cast.eastside if number % 7 == 6 else cast.northside
        ago = [None, dice.randrange(0, 180)]
        some.append(
            Conversation(
                store=store,
                customer=owners[store.pk],
                our_number=store.text_number,
                their_number=f"+1973557{number:04d}",
                last_at=MONDAY_TEN - dice.randrange(0, 300) * MINUTE,
                last_body=f"words {number:04d}!",
                department=dice.choice(["sales", "service", "parts"]),
                holder=dice.choice(people) if store == cast.northside else None,
                waiting_since=MONDAY_TEN - since * MINUTE
                if (since := dice.choice(ago)) is not None
                else None,
                unhappy_since=MONDAY_TEN if dice.random() < 0.2 else None,
                put_away_until=MONDAY_TEN + dice.choice([-1, 60, 300]) * MINUTE
                if dice.random() < 0.4
                else None,
            )
        )
    return Conversation.objects.bulk_create(some)


def walked(cast: Cast, asked: lists.Asked) -> list[int]:
    """The keys of a list, page after page, in its order."""
    found: list[int] = []
    marks, seen = [""], set()
    while marks:
        after = marks.pop(0)
        shown = lists.inbox(cast.dana, asked, now=MONDAY_TEN, after=after, rows_only=bool(after))
        for section in shown.sections:
            found += [row.pk for row in section.rows]
            if section.after and section.after not in seen:
                marks.append(section.after)
                seen.add(section.after)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_each_figure_is_the_number_of_rows_behind_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(lists, "PAGE", 5)
    talks(cast, 70, seed)
    for of in ("", "service"):
        chips = {
            chip.show: chip.count
            for chip in lists.inbox(cast.dana, lists.Asked("all", of), now=MONDAY_TEN).chips
        }
        rows = {show: walked(cast, lists.Asked(show, of)) for show in lists.SHOWS}
        assert {show: str(len(found)) for show, found in rows.items()} == chips
        assert all(len(set(found)) == len(found) for found in rows.values()), "nobody stands there twice"
        assert of or all(chips[show] != "0" for show in chips), "or this shows nothing"


def test_a_list_holds_what_its_name_says(cast: Cast) -> None:
    some = [talk for talk in talks(cast, 70, 3) if talk.store_id == cast.northside.pk]
    here = [talk for talk in some if talk.put_away_until is None or talk.put_away_until <= MONDAY_TEN]
    hour = MONDAY_TEN - 60 * MINUTE
    meant = {
        "all": here,
        "waiting": [talk for talk in here if talk.waiting_since],
        "hour": [talk for talk in here if talk.waiting_since and talk.waiting_since <= hour],
        "mine": [talk for talk in here if talk.holder_id == cast.dana.pk],
        "team": [talk for talk in here if talk.department == "sales"],
        "unowned": [talk for talk in here if talk.holder_id is None],
        "unhappy": [talk for talk in here if talk.unhappy_since],
        "away": [talk for talk in some if talk not in here],
    }

    shown = {show: set(walked(cast, lists.Asked(show))) for show in lists.SHOWS}

    assert shown == {show: {talk.pk for talk in found} for show, found in meant.items()}


def test_a_figure_that_nobody_reads_is_not_counted_to_its_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 9)
    talks(cast, 70, 4)

    chips = lists.inbox(cast.dana, lists.Asked(), now=MONDAY_TEN).chips

    assert next(chip.count for chip in chips if chip.show == "all") == "9+"


def test_whoever_answers_for_all_departments_has_no_team(cast: Cast, signed_in: SignedIn) -> None:
    assert ">Team" not in signed_in(cast.gus).get("/inbox/").content.decode()
    assert ">Team" in signed_in(cast.ana).get("/inbox/").content.decode()


def test_the_address_says_which_list_and_each_other_keeps_the_department(
    cast: Cast, signed_in: SignedIn
) -> None:
    page = signed_in(cast.dana).get("/inbox/?show=unowned&of=parts").content.decode()

    assert 'href="/inbox/?show=unowned&amp;of=parts" aria-current="page"' in page
    assert 'href="/inbox/?show=mine&amp;of=parts"' in page
    assert '<option value="parts" selected>' in page


def test_a_conversation_stands_beside_the_list_that_it_was_opened_from(
    cast: Cast, signed_in: SignedIn
) -> None:
    talk = next(
        talk for talk in talks(cast, 70, 5) if talk.holder_id == cast.dana.pk and not talk.put_away_until
    )
    browser, path = signed_in(cast.dana), f"/inbox/{talk.pk}/"

    assert f'href="{path}?show=mine"' in browser.get("/inbox/?show=mine").content.decode()
    page = browser.get(f"{path}?show=mine").content.decode()
    assert 'hx-get="/inbox/?show=mine"' in page
    assert 'class="back" href="/inbox/?show=mine"' in page
    assert f'href="{path}"' in browser.get("/inbox/").content.decode()


@pytest.mark.parametrize("show", lists.SHOWS)
def test_an_empty_list_says_what_would_stand_there(cast: Cast, signed_in: SignedIn, show: str) -> None:
    page = signed_in(cast.dana).get(f"/inbox/?show={show}").content.decode()

    assert 'class="empty"' in page
