"""What the ground of lists promises, held against every list that there is, and against every act on many of their rows."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver
from django.utils import translation
from django.utils.http import urlencode

from dealership.lists import asking, bulk, many, registry
from dealership.lists.asking import Asked
from dealership.lists.page import table, turn
from dealership.lists.retold import retold
from dealership.lists.shape import Shape, Sort
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from sales import deals, we_owes
from sales.models import Deal, InventoryUnit, LeadArrival
from tests.house.addresses import EVERYBODY, PEOPLE
from tests.house.world import LOOKED_AT, World

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]

OURS = ("dealership", "tasks", "sales", "service", "parts", "fni", "marketing")
#: Its questions mean something only together: tests/tasks walks them, figure by figure.
BOUND = "tasks:seam_list"
#: Who did what is said in words that no column holds: its file is written line by line (tests/audit).
OWN_FILE = {"trail"}
#: What acts on many are told: each form takes what it asks for.
TOLD = {
    "why": "They said so",
    "stage": "in_work",
    "until": "2026-11-24T15:00",
    "eta_date": "2026-11-30",
    "department": "sales",
}


def lists() -> dict[str, Shape]:
    """Every list that is asked by itself, by its key."""
    assert get_resolver().url_patterns
    return {key: shape for key, (shape, _) in registry.every().items() if shape.page != BOUND}


def deeds() -> dict[str, many.Deed]:
    """Every act on many that a module of ours keeps, by where it stands."""
    assert get_resolver().url_patterns
    found: dict[int, tuple[str, many.Deed]] = {}
    for place, module in sorted(sys.modules.items()):
        if place.split(".")[0] in OURS:
            for name, value in vars(module).items():
                if isinstance(value, many.Deed):
                    found.setdefault(id(value), (f"{place}.{name}", value))
    return dict(found.values())


def asked(shape: Shape, **said: str) -> Asked:
    """The list with these answers, as an address asks it."""
    return asking.read(shape, QueryDict(urlencode(said)))


def questions(shape: Shape, staff: StaffMember) -> Iterator[Asked]:
    """As nobody asked; then each answer to each question."""
    yield asked(shape)
    for one in shape.filters:
        for value, _words in one.options(staff):
            yield asked(shape, **{one.key: str(value)})


def keys(of: Asked, staff: StaffMember) -> list[int]:
    """The rows that it finds, in its order."""
    return list(of.ordered(of.matching(staff, LOOKED_AT)).values_list("pk", flat=True))


def two_by_two(of: Asked, staff: StaffMember) -> list[int]:
    """The same, turned page by page."""
    found: list[int] = []
    names = ["pk", *(name.lstrip("-") for name, _ in of.sort.fields)]
    while rows := list(of.ordered(of.matching(staff, LOOKED_AT)).values(*dict.fromkeys(names))[:2]):
        found += [row["pk"] for row in rows]
        said = QueryDict(of.address(after=asking.place(of.sort, rows[-1])))
        of = asking.read(of.shape, said)
        assert of.after is not None, said
    return found


def sorted_by(shape: Shape, sort: Sort, staff: StaffMember) -> Asked:
    """The question that finds most among those which can stand in this order."""
    fitting = [one for one in questions(shape, staff) if sort in shape.orders(one.filters)]
    best = max(fitting, key=lambda one: one.matching(staff, LOOKED_AT).order_by().count())
    said = QueryDict(best.address(), mutable=True)
    said["sort"] = sort.key
    return asking.read(shape, said)


def fill_the_rest(world: World) -> None:
    """A row for each order in which nothing of the world stands by itself."""
    pk, gus = world.north.pk, world.cast.gus
    deal = Deal.objects.of_store(gus.store_id).get(pk=pk["written_deal"])
    deals.agree(deal, by=gus, now=LOOKED_AT)
    deals.plan_delivery(deal, at=LOOKED_AT + timedelta(days=1), by=gus, now=LOOKED_AT)
    key = we_owes.write(deal, item="A key", on=date(2026, 11, 27), owner=gus, by=gus, now=LOOKED_AT)
    we_owes.deliver(key, signed_by="Poe", by=gus, now=LOOKED_AT)
    unit = InventoryUnit.objects.of_store(gus.store_id).get(pk=pk["unit"])
    unit.pk, unit.stock_number, unit.state, unit.sold_at = None, "S1", InventoryUnit.State.SOLD, LOOKED_AT
    unit.save()
    came = LeadArrival.objects.of_store(gus.store_id).get(pk=pk["arrival"])
    came.pk, came.sha256, came.state, came.settled_at = None, "0" * 64, LeadArrival.State.NO_LEAD, LOOKED_AT
    came.save()
    talk = Conversation.objects.of_store(gus.store_id).filter(pk=pk["conversation"])
    talk.update(put_away_until=LOOKED_AT + timedelta(days=1))


@contextmanager
def not_kept() -> Iterator[None]:
    """What is done within is not done after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_list_has_its_page_and_is_kept_by_whoever_may_see_it(world: World, signed_in: SignedIn) -> None:
    browser, pages = signed_in(world.cast.gus), defaultdict[str, dict[str, set[str]]](dict)
    for key, (shape, needs) in registry.every().items():
        assert len(key) <= 24, key
        may = {name for name, person in world.cast.people.items() if person.may(needs)}
        pages[shape.page][key] = may & EVERYBODY
    for page, kept in pages.items():
        # One page may show more to some: then it is two lists.
        assert set().union(*kept.values()) == PEOPLE[page].get, page
    for page in pages.keys() - {BOUND}:
        keys_of = pages[page].keys()
        for key in keys_of:
            shape, _ = registry.every()[key]
            query = f"size={shape.sizes[0]}&sort={shape.sorts[-1].key}&evil=1"
            there = browser.post(f"/lists/{key}/views/", {"name": f"Mine {key}", "query": query}).url
            assert "evil" not in there, key
        said = browser.get(there).content.decode()
        assert any(f"Mine {key}" in said for key in keys_of), page
        for promised in ("as=xlsx", "Forget this view", 'name="sort"', 'name="size"'):
            assert promised in said, (page, promised)


def test_every_list_takes_each_answer_to_each_of_its_questions_and_what_it_does_not_know(
    world: World,
) -> None:
    gus = world.cast.gus
    for key, shape in lists().items():
        for one in questions(shape, gus):
            again = asking.read(shape, QueryDict(one.address()))
            assert again.address() == one.address(), key
            assert again.filters == one.filters, key
            assert one.matching(gus, LOOKED_AT).order_by().count() >= 0
        for one in shape.filters:
            for odd in ("no such answer", "9" * 18, "9" * 40, "-1", "٣", "<b>"):
                assert keys(asked(shape, **{one.key: odd}), gus) is not None, (key, one.key, odd)
        assert len({one.key for one in (*shape.filters, *shape.sorts, *shape.columns)}) > 2, key
        for named in (shape.filters, shape.sorts, shape.columns):
            assert len({one.key for one in named}) == len(named), key


def test_every_order_of_every_list_goes_on_without_gaps(world: World) -> None:
    fill_the_rest(world)
    gus, filled = world.cast.gus, set()
    for key, shape in lists().items():
        for sort in shape.sorts:
            one = sorted_by(shape, sort, gus)
            assert one.sort == sort, (key, sort.key)
            found = keys(one, gus)
            filled |= {key} if found else set()
            assert two_by_two(one, gus) == found, (key, sort.key)
            assert len(set(found)) == len(found), (key, sort.key)
    assert filled == lists().keys()


def test_every_list_is_taken_away_as_it_is_seen_with_each_of_its_columns(world: World) -> None:
    gus = world.cast.gus
    for key, shape in lists().items():
        if key in OWN_FILE:
            continue
        every = QueryDict("&".join(f"cols={column.key}" for column in shape.columns))
        one = asking.read(shape, every)
        told = table(one, gus, LOOKED_AT)
        assert list(told.heads) == [str(column.label) for column in shape.columns], key
        rows = [list(row) for row in told.rows]
        assert len(rows) == turn(one, gus, LOOKED_AT).n == len(keys(one, gus)), key
        for row in rows:
            strange = [cell for cell in row if not isinstance(cell, str | int | float | None)]
            assert not strange, (key, strange)


def test_no_list_shows_a_row_of_the_other_store(world: World) -> None:
    for key, shape in lists().items():
        ours, theirs = (
            set(shape.rows(person).values_list("pk", flat=True))
            for person in (world.cast.gus, world.cast.eve)
        )
        assert ours, key
        assert theirs, key
        assert not ours & theirs, key


def test_each_act_on_many_says_what_it_did_in_its_readers_language_and_is_taken_back_whole(
    world: World,
) -> None:
    """Whoever writes an act on many gives it a row of the world, a sentence in `lists/retold.py`, and a way back."""
    gus, done = world.cast.gus, set()
    for name, deed in deeds().items():
        with not_kept():
            seen = deed.see(deed.shape.rows(gus), gus)
            assert seen.n, name
            assert seen.named, name
            to = next(one for one in ("sam", "ana") if _takes(deed, gus, world.cast.people[one]))
            form = deed.form({**TOLD, "n": seen.n, "to": world.cast.people[to].pk}, staff=gus)
            assert form.is_valid(), (name, form.errors)
            act = deed.do(seen.keys, form.cleaned_data, gus, LOOKED_AT)
            assert act.n, name
            assert retold(act.says) == act.says, name
            with translation.override("es"):
                assert retold.known(act.says) not in (None, act.says), (name, act.says)
            assert bulk.take_back(act, by=gus, now=LOOKED_AT) == act.n, name
            done.add(act.act)
    assert done == set(bulk.UNDOES)


def _takes(deed: many.Deed, by: StaffMember, to: StaffMember) -> bool:
    field = deed.form(staff=by).fields.get("to")
    return field is None or to in field.queryset  # type: ignore[attr-defined]
