"""Surveys, reviews and campaigns as lists: what an address asks, in order, as a file; what is owed about many is handed off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from marketing import campaigns, reviews
from marketing.models import Review, Survey
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.flows.sales_world import words
from tests.marketing.test_campaigns import approved, reachable
from tests.marketing.test_reviews import surveyed, wins_back

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
SURVEYS, REVIEWS, CAMPAIGNS = "/marketing/surveys/", "/marketing/reviews/", "/marketing/campaigns/"
NOW = MONDAY_TEN + timedelta(days=4)


@pytest.fixture(autouse=True)
def friday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def said(cast: Cast) -> list[Survey]:
    """Nobody's answer, a one, a two that was won back, words alone, and a five; all of service."""
    rows = [surveyed(cast, 0), surveyed(cast, 1, 1), surveyed(cast, 2, 2)]
    wins_back(cast, rows[2])
    Survey.objects.of_store(cast.northside.pk).filter(pk=rows[1].pk).update(person=cast.ana)
    return [*rows, surveyed(cast, 3, None, "They scratched it"), surveyed(cast, 4, 5)]


def listed(browser: Client, query: str) -> list[int]:
    """Whose surveys the page shows, in its order."""
    text = words(browser.get(f"{SURVEYS}{query}").content.decode())
    found = sorted((text.index(f" Customer {n} "), n) for n in range(5) if f" Customer {n} " in text)
    return [n for _place, n in found]


#: Which surveys an address shows.
SHOWN: dict[str, set[int]] = {
    "": {0, 1, 2, 3, 4},
    "?show=unhappy": {1, 3},
    "?show=answered&days=30": {1, 2, 3, 4},
    "?show=won_back": {2},
    "?show=asked&kind=csi": {0, 1, 2, 3, 4},
    "?kind=ssi": set(),
    "?said=poor": {1, 2},
    "?said=words": {3},
    "?said=five": {4},
    "?person=me": set(),
}


def test_surveys_are_narrowed_and_ordered_by_what_was_said(
    cast: Cast, said: list[Survey], signed_in: SignedIn
) -> None:
    gus = signed_in(cast.gus)
    assert {query: set(listed(gus, query)) for query in SHOWN} == SHOWN
    assert listed(gus, f"?person={cast.ana.pk}") == [1]
    assert listed(gus, "?show=answered&sort=worst") == [3, 1, 2, 4]
    file = gus.get(f"{SURVEYS}export/?show=answered&sort=worst&cols=customer&cols=rating&cols=words")
    assert file.content.decode("utf-8-sig").splitlines() == [
        "Who,In their words,Said", "Customer 3,They scratched it,", "Customer 1,,1", "Customer 2,,2", "Customer 4,,5",
    ]  # fmt: skip
    assert "They scratched it" not in gus.get(f"{SURVEYS}?cols=rating").content.decode()


def test_who_is_to_be_won_back_is_a_colleagues_and_back_by_undo(
    cast: Cast, said: list[Survey], signed_in: SignedIn
) -> None:
    about = Promise.objects.of_store(cast.northside.pk).filter(subject=f"survey:{said[1].pk}", state="open")
    owners = list(about.values_list("owner", flat=True))
    assert owners == [cast.rosa.pk]
    there = f"{SURVEYS}many/hand-off/?show=unhappy&all=on"
    mo = signed_in(cast.max).get(there, follow=True).content.decode()
    assert "Nothing about these is owed by you." in mo
    rosa = signed_in(cast.rosa)
    assert "Hand off what is owed about 2 surveys" in rosa.get(there).content.decode()
    rosa.post(there, {"to": cast.gus.pk, "why": "I am away", "n": 2})
    assert list(about.values_list("owner", flat=True)) == [cast.gus.pk]
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    bulk.take_back(act, by=cast.rosa, now=NOW + timedelta(minutes=1))
    assert list(about.values_list("owner", flat=True)) == owners


def wrote(cast: Cast, stars: int, text: str, site: str = "Google") -> Review:
    return reviews.post(
        store_id=cast.northside.pk, site=site, stars=stars, words=text, who="", customer=None, department="service",
        by=cast.max, now=MONDAY_TEN + timedelta(minutes=stars),
    )  # fmt: skip


def test_reviews_are_narrowed_and_the_worst_stand_first(cast: Cast, signed_in: SignedIn) -> None:
    wrote(cast, 5, "Lovely")
    wrote(cast, 2, "Slow", "Yelp")
    wrote(cast, 1, "Never again")
    browser = signed_in(cast.max)

    def shown(query: str) -> list[str]:
        file = browser.get(f"{REVIEWS}export/?cols=words&{query}").content.decode("utf-8-sig")
        page = browser.get(f"{REVIEWS}?{query}").content.decode()
        found = file.splitlines()[1:]
        assert [text for text in ("Lovely", "Slow", "Never again") if text in page] == [
            text for text in ("Lovely", "Slow", "Never again") if text in found
        ]
        return found

    assert shown("") == ["Slow", "Never again"]
    assert shown("show=all&sort=worst") == ["Never again", "Slow", "Lovely"]
    assert shown("site=Yelp") == ["Slow"]
    assert shown("show=all&stars=five") == ["Lovely"]
    assert shown("known=known") == []
    Review.objects.of_store(cast.northside.pk).filter(stars=1).update(answered_at=NOW, answered_by=cast.rosa)
    assert shown("show=answered") == ["Never again"]
    about = Promise.objects.of_store(cast.northside.pk).filter(subject__startswith="review:", state="open")
    rosa = signed_in(cast.rosa)
    rosa.post(f"{REVIEWS}many/hand-off/?all=on", {"to": cast.gus.pk, "why": "Away", "n": 1})
    review = Review.objects.of_store(cast.northside.pk).get(stars=2)
    assert about.get(subject=f"review:{review.pk}").owner == cast.gus


def test_campaigns_show_the_figures_that_are_chosen_and_take_them_along(
    cast: Cast, signed_in: SignedIn
) -> None:
    reachable(cast, 1)
    reachable(cast, 2)
    sent = approved(cast)
    campaigns.write(
        store_id=cast.northside.pk, campaign=None, segment=sent.segment, name="A draft", words=sent.words, words_es="",
        department="sales", by=cast.max, now=NOW,
    )  # fmt: skip
    browser = signed_in(cast.max)
    assert "A draft" not in browser.get(f"{CAMPAIGNS}?state=approved").content.decode()
    file = browser.get(f"{CAMPAIGNS}export/?cols=name&cols=people&cols=sent&sort=name").content.decode()
    assert sorted(file.lstrip("\ufeff").splitlines()) == sorted(
        ["Campaign,People,Sent", "A draft,0,0", f"{sent.name},2,0"]
    )
    page = browser.get(f"{CAMPAIGNS}?cols=name&cols=people").content.decode()
    assert f"/people/?campaign={sent.pk}&amp;show=people" in page
    assert "show=sent" not in page
