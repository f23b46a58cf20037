"""The rail: the page that is open is marked on it, and a key leads to one place."""

from __future__ import annotations

import pytest

from dealership import rail
from tests.house.addresses import PEOPLE

STOPS = [stop for _, stops in rail.GROUPS for stop in stops]


@pytest.mark.parametrize(
    ("page", "stop"),
    [
        ("messaging:conversation_detail", "messaging:inbox"),
        ("messaging:texting", "stores:overview"),
        ("audit:customer_history", "customers:customer_list"),
        ("audit:trail", "audit:trail"),
        ("fni:stip_list", "fni:board"),
    ],
)
def test_the_place_where_a_page_belongs_is_marked(page: str, stop: str) -> None:
    assert rail.owner_of(page) == stop


def test_no_key_leads_to_two_places() -> None:
    keys = [stop.key for stop in STOPS if stop.key]
    assert sorted(keys) == sorted(set(keys))


def test_what_the_rail_names_is_there() -> None:
    named = {name for stop in STOPS for name in (stop.name, *stop.also)}
    assert named <= set(PEOPLE)
