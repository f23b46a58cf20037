"""A board holds so much; where more is open it says so, and links to the list that has all."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
from django.test import Client
from django.urls import reverse

from dealership.audit import alarms
from dealership.audit.models import Alarm
from dealership.customers import merging
from dealership.staff.models import StaffMember
from fni import board as fni
from marketing.models import SourceLead
from marketing.views import sources
from parts import board as parts
from sales import deal_board as sales
from service import lane as service
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.house.world import World

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]

MORE = "More is open than a board holds"
SETTLED = "if there are others, they come as these are settled"
#: Page: where its bound stands, how it is called, the list that has all.
BOARDS: dict[str, tuple[ModuleType, str, str]] = {
    "sales:deal_board": (sales, "MOST_DEALS", "sales:deal_list"),
    "service:lane": (service, "MOST", "service:repair_order_list"),
    "parts:parts_board": (parts, "MOST", "parts:request_list"),
    "fni:board": (fni, "MOST_LIVE", "fni:jacket_list"),
}


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_that_holds_less_than_is_open_says_so(
    world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module, most, whole = BOARDS[name]
    browser = signed_in(world.cast.gus)
    assert MORE not in browser.get(reverse(name)).content.decode()
    monkeypatch.setattr(module, most, 0)
    page = browser.get(reverse(name)).content.decode()
    assert f"{MORE}: 0 are shown and counted here." in page
    assert f'<a class="link" href="{reverse(whole)}">' in page


def test_what_is_settled_one_by_one_says_how_many_stand_there_at_once(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "MOST", 2)
    monkeypatch.setattr(merging, "MOST_TWINS", 2)
    gus = signed_in(cast.gus)
    alike = [make_customer(cast.northside, "Ana Ruiz", f"+1973555013{n}") for n in range(3)]
    for other in alike[1:]:
        merging.suspect(alike[0], other, why="A source named both", now=MONDAY_TEN)
    twins = reverse("customers:twins", args=[alike[0].pk])
    page = gus.get(twins).content.decode()
    assert f"2 are shown at once; {SETTLED}" in page
    merging.settle_twins(alike[0], alike[1], now=MONDAY_TEN)
    assert SETTLED not in gus.get(twins).content.decode()
    for n in range(2):
        Alarm.objects.create(
            store=cast.northside,
            what=Alarm.What.EXPORTS,
            staff_id=cast.sam.pk,
            hour=n,
            n=9,
            noticed_at=MONDAY_TEN,
        )
        assert (SETTLED in gus.get(reverse("audit:trail")).content.decode()) is (n == 1)


def test_sources_beyond_a_page_are_in_the_total_and_in_the_file(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST", 1)
    for n, source in enumerate(("cars.example", "cars.example", "own site", "radio")):
        SourceLead.objects.create(store=cast.northside, lead_id=n, source=source, received_at=MONDAY_TEN)
    gus = signed_in(cast.gus)
    page = gus.get(reverse("marketing:source_list")).content.decode()
    assert "2 more sources are in the file, and in the total" in page
    assert "radio" not in page
    assert ">4</a>" in page
    assert "radio" in gus.get(reverse("marketing:source_export")).content.decode()
