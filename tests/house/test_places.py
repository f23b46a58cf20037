"""Somebody of a group who works at two stores: one store at a time, chosen in the rail, and leaving one ends that place alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse_lazy

from dealership.staff import access
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from tests.house.test_urls import leaks, said
from tests.house.world import World

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
SWITCH = reverse_lazy("staff:switch_place")
PAGES = ("/", "/customers/", "/sales/", "/service/", "/inbox/", "/people/")


@pytest.fixture
def second(world: World) -> StaffMember:
    """Gus's place at Eastside."""
    access._last_at.clear()
    return StaffMember.objects.create(
        store=world.east.store, user=world.cast.gus.user, name="Gus Ortega", role=Role.GENERAL_MANAGER
    )


def test_one_store_is_seen_at_a_time_and_the_rail_leads_to_the_other(
    world: World, signed_in: SignedIn, second: StaffMember
) -> None:
    browser = signed_in(world.cast.gus)
    browser.post(SWITCH, {"place": str(world.cast.gus.pk)})
    for _ in range(2):
        for own, other, place in (
            (world.north, world.east, second),
            (world.east, world.north, world.cast.gus),
        ):
            for path in PAGES:
                answer = browser.get(path)
                assert leaks(answer, other) == [], path
                assert f'name="place" value="{place.pk}"' in said(answer), path
            assert leaks(browser.get("/customers/"), own)
            browser.post(SWITCH, {"place": str(place.pk)})


def test_a_place_of_somebody_else_is_not_there_to_be_chosen(
    world: World, signed_in: SignedIn, second: StaffMember
) -> None:
    browser = signed_in(world.cast.gus)
    for place in (world.cast.eve.pk, world.cast.dana.pk, 0):
        assert browser.post(SWITCH, {"place": str(place)}).status_code == 404


def test_leaving_one_store_ends_that_place_alone(
    world: World, signed_in: SignedIn, second: StaffMember
) -> None:
    browser = signed_in(world.cast.gus)
    browser.post(SWITCH, {"place": str(second.pk)})
    assert leaks(browser.get("/customers/"), world.east)
    signed_in(world.cast.eve).post(reverse_lazy("staff:leave", args=[second.pk]))

    answer = browser.get("/customers/")
    assert answer.status_code == 200
    assert leaks(answer, world.east) == []
    assert leaks(answer, world.north)
    assert 'name="place"' not in said(answer)
    assert browser.post(SWITCH, {"place": str(second.pk)}).status_code == 404
    world.cast.gus.user.refresh_from_db()
    assert world.cast.gus.user.is_active


def test_where_somebody_was_last_is_a_hint_and_no_proof(world: World, signed_in: SignedIn) -> None:
    """What the process remembers is asked for anew each time: a wrong memory opens nothing."""
    browser = signed_in(world.cast.gus)
    browser.get("/")
    hint = (str(world.cast.gus.user.pk), browser.session.get(access.PLACE_KEY))
    assert access._last_at[hint] == world.north.store.pk
    access._last_at[hint] = world.east.store.pk
    answer = browser.get("/customers/")
    assert leaks(answer, world.east) == []
    assert leaks(answer, world.north)
    assert access._last_at[hint] == world.north.store.pk
