"""The list of visits: days are the store's own, and what is taken away is what is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from dealership.appointments.models import Appointment
from tests.cast import MONDAY_TEN, Cast, make_customer

SignedIn = Callable[..., Client]
MIDNIGHT = MONDAY_TEN - timedelta(hours=10)
#: By the words that stand for each on the page.
TIMES = {
    "eight days ago": MIDNIGHT - timedelta(days=8),
    "last night": MIDNIGHT - timedelta(minutes=1),
    "at midnight": MIDNIGHT,
    "late tonight": MIDNIGHT + timedelta(hours=23, minutes=59),
    "tomorrow early": MIDNIGHT + timedelta(days=1),
    "in a week": MIDNIGHT + timedelta(days=7),
}
STATES = {"last night": "missed", "at midnight": "arrived", "late tonight": "confirmed"}


@pytest.fixture(autouse=True)
def visits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY_TEN)
    customer = make_customer(cast.northside, "Maria Lopez", "+19735550123")
    for words, at in TIMES.items():
        visit(cast, customer, words, at)


def visit(cast: Cast, customer: object, words: str, at: datetime) -> None:
    Appointment.objects.create(
        store=cast.northside, customer=customer, department="service", person=cast.ana, concern=words,
        starts_at=at, state=STATES.get(words, "booked"), created_at=MONDAY_TEN - timedelta(days=20),
    )  # fmt: skip


def shown(browser: Client, query: str) -> list[str]:
    """Which of them the page shows, in its order; its file says the same."""
    page = browser.get(f"/appointments/list/?{query}").content.decode()
    file = browser.get(f"/appointments/list/visits.csv?{query}").content.decode()
    found, taken = (
        sorted((words for words in TIMES if words in said), key=said.index) for said in (page, file)
    )
    assert found == taken
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["at midnight", "late tonight", "tomorrow early", "in a week"]),
        ("when=today", ["at midnight", "late tonight"]),
        ("when=tomorrow", ["tomorrow early"]),
        ("when=week", ["at midnight", "late tonight", "tomorrow early"]),
        ("when=past7", ["last night"]),
        ("when=past30", ["last night", "eight days ago"]),
        ("when=past30&sort=first", ["eight days ago", "last night"]),
        ("when=all&state=coming", ["in a week", "tomorrow early", "late tonight", "eight days ago"]),
        ("when=all&state=missed", ["last night"]),
        ("department=sales", []),
        ("when=today&person=nobody", []),
    ],
)
def test_days_are_the_stores_own(cast: Cast, signed_in: SignedIn, query: str, found: list[str]) -> None:
    assert shown(signed_in(cast.ana), query) == found


def test_it_stands_beside_the_day_and_of_another_store_there_is_nothing(
    cast: Cast, signed_in: SignedIn
) -> None:
    assert 'href="/appointments/list/">List</a>' in signed_in(cast.ana).get("/appointments/").content.decode()
    assert shown(signed_in(cast.eve), "when=all") == []
