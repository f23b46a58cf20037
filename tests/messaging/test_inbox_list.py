"""The inbox's lists: what stands in each, and that its figure is the number of its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from dealership.lists import asking
from dealership.lists.asking import Asked
from dealership.messaging import inbox
from dealership.messaging.inbox_list import INBOX, SHOWS
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


def asked(show: str = "all", **said: str) -> Asked:
    """The inbox, as an address asks for it."""
    return asking.read(INBOX, QueryDict(urlencode({"show": show, **said})))


def walked(cast: Cast, asked: Asked) -> list[int]:
    """The keys of a list, page after page, in its order."""
    found: list[int] = []
    while True:
        list_, page = inbox.page(asked, cast.dana, now=MONDAY_TEN)
        found += [row.pk for section in page.sections for row in section.rows]
        if not list_.onward:
            return found
        asked = asking.read(INBOX, QueryDict(list_.onward.removeprefix("?")))


@pytest.mark.parametrize("seed", [1, 2])
def test_each_figure_is_the_number_of_rows_behind_it(cast: Cast, seed: int) -> None:
    talks(cast, 70, seed)
    for of in ("", "service"):
        chips = {
            chip.show: chip.count for chip in inbox.page(asked(of=of), cast.dana, now=MONDAY_TEN)[1].chips
        }
        rows = {show: walked(cast, asked(show, of=of, size="20")) for show in SHOWS}
        assert {show: str(len(found)) for show, found in rows.items()} == chips
        assert all(len(set(found)) == len(found) for found in rows.values()), "nobody stands there twice"
        assert of or all(chips[show] != "0" for show in chips), "or this shows nothing"


def test_those_who_wait_stand_before_all_others_under_one_heading_each(cast: Cast) -> None:
    """Twenty a page: a stretch that goes on has its heading on the page where it begins, and on no other."""
    talks(cast, 70, 6)
    heads, rows, of = [], [], asked(size="20")
    while True:
        list_, page = inbox.page(of, cast.dana, now=MONDAY_TEN)
        heads.append([section.title for section in page.sections])
        rows += list_.rows
        if not list_.onward:
            break
        of = asking.read(INBOX, QueryDict(list_.onward.removeprefix("?")))

    assert [head for page_of in heads for head in page_of if head] == ["Waiting", "Other conversations"]
    assert heads[0][0] == "Waiting"
    assert len(heads) > 2
    waiting = [row.waiting_since for row in rows if row.waiting_since]
    assert rows[: len(waiting)] == [row for row in rows if row.waiting_since]
    assert waiting == sorted(waiting)
    others = [row.last_at for row in rows[len(waiting) :]]
    assert others == sorted(others, reverse=True)


def test_it_stands_in_another_order_as_long_as_one_likes(cast: Cast, signed_in: SignedIn) -> None:
    talks(cast, 70, 7)
    times = dict(Conversation.objects.of_store(cast.northside.pk).values_list("pk", "last_at"))
    for sort, falls in (("newest", True), ("oldest", False)):
        found = [times[pk] for pk in walked(cast, asked("waiting", sort=sort, size="20"))]
        assert found == sorted(found, reverse=falls)

    page = signed_in(cast.dana).get("/inbox/?sort=newest&size=20").content.decode()

    assert '<span class="faint small">Newest text first</span>' in page
    assert page.count('class="talk-row"') == 20
    # Live refreshes, other lists and conversations keep it.
    assert 'hx-get="/inbox/?sort=newest&amp;size=20"' in page
    assert 'href="/inbox/?show=mine&amp;sort=newest&amp;size=20"' in page
    assert 'value="newest" selected' in page
    assert 'value="20" selected' in page


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

    shown = {show: set(walked(cast, asked(show))) for show in SHOWS}

    assert shown == {show: {talk.pk for talk in found} for show, found in meant.items()}


def test_a_figure_that_nobody_reads_is_not_counted_to_its_end(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_COUNTED", 9)
    talks(cast, 70, 4)

    chips = inbox.page(asked(), cast.dana, now=MONDAY_TEN)[1].chips

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


@pytest.mark.parametrize("show", SHOWS)
def test_an_empty_list_says_what_would_stand_there(cast: Cast, signed_in: SignedIn, show: str) -> None:
    page = signed_in(cast.dana).get(f"/inbox/?show={show}").content.decode()

    assert 'class="empty"' in page
