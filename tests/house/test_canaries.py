"""The canary crawl: whatever one asks, no word of the other store comes back; and not even where one of the layers that see to it is off.

Every row of a store carries its marks (`tests.house.world`). Each role asks every address with the other store's keys; with a layer
off, the general manager, whom every door lets in, asks everything there is. With both layers off the same crawl must find canaries:
else it could not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from dealership import sight
from dealership.database import base
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from tests import saboteurs
from tests.house.addresses import PEOPLE
from tests.house.test_urls import (
    ASKED,
    HTMX,
    ONE_OF_EACH,
    OWN,
    SMUGGLED,
    address,
    filled,
    leaks,
    undone,
)
from tests.house.world import World

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
#: By address: the marks of the other store in the answer.
Found = dict[str, list[str]]


def _everything(rows: ScopedQuerySet[Any], *_: object) -> ScopedQuerySet[Any]:
    return rows.all()._take_scope()


def layer_1_off(patch: pytest.MonkeyPatch) -> None:
    """Every scope gives the rows of all stores."""
    for scope in ("of_store", "visible_to", "across_stores"):
        patch.setattr(ScopedQuerySet, scope, _everything)


def layer_2_off(patch: pytest.MonkeyPatch) -> None:
    """The connection is told that all stores are seen, whoever asks: to the policies it is as if there were none."""
    patch.setattr(base, "sight", saboteurs.Blind)


def crawl(world: World, browser: Client, who: str, *, whole: bool = True, posts: bool = True) -> Found:
    """What leaks when somebody of Northside asks and sends, wherever they are let in, with Eastside's keys.

    `whole`: also what they get at their own addresses, as pages, and to all questions. By the other store's keys and with
    questions HTMX asks, which gets the parts that rows stand in. Where a role is not let in nothing is read at all, which
    `test_urls` sees to, as to pages by the other store's keys.
    """
    me = world.cast.people[who]
    browser.raise_request_exception = False
    asked = [(address(name, world.east), HTMX) for name in OWN if who in (PEOPLE[name].get or ())]
    if whole:
        asked += [(filled({"": question}, world.east, me, world)[""], HTMX) for question in ASKED]
        asked += [
            (address(name, world.north), {}) for name, door in PEOPLE.items() if who in (door.get or ())
        ]
    found: Found = {}
    for path, headers in asked:
        with undone():  # where a layer is off a page may write what the keys refuse: that is its own trouble
            found[path] = found.get(path, []) + leaks(browser.get(path, headers=headers), world.east)
    sent = [(name, world.east, filled(PEOPLE[name].form, world.north, me, world)) for name in OWN]
    sent += [(name, world.north, filled(form, world.east, me, world)) for name, form in SMUGGLED]
    for name, rows, form in sent if posts else ():
        if who in (PEOPLE[name].post or ()):
            with undone():
                response = browser.post(address(name, rows), form, headers=HTMX)
                found[f"POST {name}"] = leaks(response, world.east)
    return {path: marks for path, marks in found.items() if marks}


def warm(world: World, browser: Client) -> None:
    """Whatever is cached is cached for the other store first."""
    for path in ("/", "/customers/", "/inbox/", "/sales/", "/rail/"):
        browser.get(path)


@pytest.mark.parametrize("who", ONE_OF_EACH)
def test_no_role_gets_a_word_of_the_other_store_by_its_keys(
    world: World, signed_in: SignedIn, who: str
) -> None:
    assert crawl(world, signed_in(world.cast.people[who]), who, whole=False) == {}


@pytest.mark.parametrize("off", [layer_1_off, layer_2_off])
def test_one_layer_alone_keeps_the_stores_apart(
    world: World,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    off: Callable[[pytest.MonkeyPatch], None],
) -> None:
    browser = signed_in(world.cast.gus)
    warm(world, signed_in(world.cast.eve))
    off(monkeypatch)
    assert crawl(world, browser, "gus") == {}


def test_with_both_layers_off_the_crawl_finds_canaries(
    world: World, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages, searches, files to take away, rows by their keys: else the tests above could not fail."""
    browser = signed_in(world.cast.gus)
    layer_1_off(monkeypatch)
    layer_2_off(monkeypatch)
    # Pages find two where there is one, and say so in the log.
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    found = crawl(world, browser, "gus", posts=False)
    assert len(found) > 100
    for path in ("/customers/", "/customers/?q=quill", "/sales/leads.csv?show=all", "/inbox/",
                 f"/customers/{world.east.pk['customer']}/", f"/service/repair-orders/{world.east.pk['ro']}/"):  # fmt: skip
        assert path in found, path


@pytest.mark.parametrize(
    ("off", "seen"), [([layer_1_off], 1), ([layer_2_off], 1), ([layer_1_off, layer_2_off], 2)]
)
def test_a_switch_turns_off_its_own_layer(
    world: World, monkeypatch: pytest.MonkeyPatch, off: list[Any], seen: int
) -> None:
    for switch in off:
        switch(monkeypatch)
    with sight.one_store(world.north.store.pk):
        rows = StaffMember.objects.of_store(world.north.store.pk)
        assert rows.values("store").distinct().count() == seen
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM stores_store")
            assert cursor.fetchone()[0] == (2 if layer_2_off in off else 1)
