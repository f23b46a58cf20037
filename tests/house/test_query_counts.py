"""How many queries each page may ask, the sign-in's two included, of a store that has something of everything.

A page that asks more fails here; whoever means it changes the number, and the change is seen. The session and the rail's
counts come from the cache, as they do for all but a person's first page in twenty seconds. A person's first look at a record
within an hour is noted (dealership/audit), which is one statement more; a customer's panels stand on one page, and are one look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dealership import limits, rail
from dealership.operations import trouble
from dealership.staff import doorkeeper, session_store
from dealership.staff.models import StaffMember
from tests.house.addresses import PEOPLE
from tests.house.test_urls import HTMX, address, opened
from tests.house.world import World, fill_again

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]

#: No page needs more, but those in MORE_THAN_MOST.
MOST = 12
PAGES = {
    "rail": 3,  # its own trouble included
    "design": 3,
    "tasks:my_day": 8,
    "tasks:promise_list": 7,
    "tasks:promise_export": 4,
    "tasks:commands": 3,
    "staff:security": 6,
    "push:card": 3,
    "push:news": 3,
    "tasks:make": 8,
    "tasks:customer_choice": 2,
    "tasks:customer_panel": 6,
    "tasks:subject_panel": 4,
    "tasks:promise_detail": 16,
    "tasks:hand_off": 4,
    "tasks:waive": 3,
    "tasks:renegotiate": 7,
    "tasks:log_call": 3,
    "tasks:finish": 3,
    "tasks:playbook": 4,
    "tasks:rule_detail": 4,
    "tasks:seams": 12,
    "tasks:seam_list": 7,
    "tasks:seam_list_export": 5,
    "tasks:seam_export": 6,
    "tasks:failed_facts": 6,
    "tasks:fact_export": 4,
    "operations:overview": 12,
    "messaging:inbox": 8,
    "messaging:inbox_export": 4,
    "messaging:text_detail": 5,
    "messaging:photo": 4,
    "messaging:texting": 7,
    "messaging:conversation_detail": 11,
    "messaging:thread": 6,
    "messaging:composer": 9,
    "messaging:writers": 3,
    "messaging:ready_words": 6,
    "messaging:hand_over": 4,
    "messaging:put_away": 4,
    "messaging:customer_panel": 12,
    "messaging:consent_panel": 10,
    "messaging:log_call": 3,
    "messaging:phones": 5,
    "demo:day": 4,
    "messaging:phone_detail": 5,
    "staff:person_list": 12,
    "staff:person_export": 4,
    "staff:person_new": 3,
    "staff:person_detail": 9,
    "staff:shift_week": 4,
    "staff:leave": 5,
    "staff:team_new": 3,
    "staff:team_detail": 4,
    "stores:overview": 7,
    "stores:hours": 4,
    "stores:day_list": 4,
    "appointments:plans": 4,
    "audit:trail": 9,
    "audit:trail_export": 7,
    "audit:affected": 5,
    "audit:affected_export": 5,
    "audit:customer_history": 8,
    "audit:ro_history": 7,
    "audit:deal_history": 7,
    "audit:staff_history": 6,
    "audit:store_history": 6,
    "hooks:overview": 4,
    "hooks:card": 3,
    "hooks:hook_new": 2,
    "hooks:hook_detail": 7,
    "hooks:call_list": 7,
    "hooks:call_export": 4,
    "dms:feeds": 4,
    "customers:customer_list": 6,
    "customers:customer_export": 5,
    "customers:customer_new": 2,
    "customers:customer_detail": 17,
    "customers:about": 9,
    "customers:twins": 8,
    "customers:household_panel": 15,
    "appointments:day": 10,
    "appointments:appointment_list": 6,
    "appointments:appointment_export": 4,
    "appointments:book": 2,
    "appointments:move_and_answer": 13,
    "appointments:customer_panel": 6,
    "appointments:appointment_detail": 9,
    "dms:imports": 8,
    "dms:file_list": 5,
    "dms:file_export": 4,
    "dms:file_detail": 5,
    "sales:lead_list": 8,
    "sales:lead_export": 5,
    "sales:lead_new": 2,
    "sales:lead_detail": 11,
    "sales:arrival_detail": 5,
    "sales:arrival_raw": 5,
    "sales:customer_panel": 10,
    "sales:deal_board": 7,
    "sales:arrival_list": 6,
    "sales:arrival_export": 5,
    "sales:deal_list": 6,
    "sales:deal_export": 5,
    "sales:we_owe_list": 6,
    "sales:we_owe_export": 5,
    "sales:deal_new": 3,
    "sales:deal_detail": 9,
    "sales:stock_list": 6,
    "sales:stock_export": 5,
    "sales:unit_new": 2,
    "fni:board": 6,
    "fni:in_transit_list": 7,
    "fni:in_transit_export": 5,
    "fni:stip_list": 6,
    "fni:stip_export": 5,
    "fni:jacket_list": 6,
    "fni:jacket_export": 5,
    "fni:jacket_detail": 9,
    "fni:customer_panel": 6,
    "fni:deal_panel": 5,
    "service:lane": 12,
    "service:check_in": 6,
    "service:new_time": 6,
    "service:inspection": 4,
    "service:estimate": 5,
    "service:booking_panel": 6,
    "service:repair_order_list": 6,
    "service:repair_order_export": 5,
    "service:repair_order_detail": 13,
    "service:declined_work_list": 5,
    "service:declined_export": 5,
    "service:customer_panel": 7,
    "marketing:board": 10,
    "marketing:survey_list": 6,
    "marketing:survey_export": 4,
    "marketing:survey_detail": 9,
    "marketing:review_list": 7,
    "marketing:review_export": 4,
    "marketing:review_new": 3,
    "marketing:review_site": 3,
    "marketing:review_detail": 5,
    "marketing:source_list": 3,
    "marketing:source_export": 4,
    "marketing:source_leads": 6,
    "marketing:source_lead_export": 4,
    "marketing:segment_list": 6,
    "marketing:segment_export": 4,
    "marketing:segment_new": 2,
    "marketing:segment_count": 2,
    "marketing:segment_detail": 6,
    "marketing:campaign_list": 6,
    "marketing:campaign_export": 4,
    "marketing:campaign_people": 6,
    "marketing:campaign_people_export": 4,
    "marketing:campaign_new": 5,
    "marketing:campaign_check": 2,
    "marketing:campaign_detail": 6,
    "marketing:campaign_edit": 6,
    "marketing:customer_panel": 8,
    "parts:parts_board": 6,
    "parts:stock_list": 6,
    "parts:stock_export": 4,
    "parts:request_list": 7,
    "parts:request_export": 5,
    "parts:request_new": 2,
    "parts:request_detail": 8,
    "parts:order": 2,
    "parts:customer_panel": 9,
    "parts:ro_panel": 7,
}
MORE_THAN_MOST = {
    "tasks:promise_detail": "two pages in one: the day, and beside it the promise, which alone asks 10",
    "appointments:move_and_answer": "one row more to read where somebody was merged, as here",
    "service:repair_order_detail": "the whole story of a car, its photos included",
    "customers:household_panel": "two rows more to read where somebody was merged and where there is a household, as here",
    "customers:customer_detail": "what is owed stands in it, which alone asks 4, and one more where somebody was merged into them",
}


@pytest.fixture(autouse=True)
def kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine what all pages keep for a while would run out while they are walked, and be asked for on whichever came then."""
    monkeypatch.setattr(rail, "KEEP_SECONDS", 3600)
    monkeypatch.setattr(trouble, "KEPT_SECONDS", 3600)
    monkeypatch.setattr(doorkeeper, "NOTE_EVERY", 3600)
    monkeypatch.setattr(session_store, "LONGEST_COPY_SECONDS", 3600)


def asked(browser: Client, path: str, **headers: str) -> int:
    """How many queries the answer took."""
    return len(queries(browser, path, **headers))


def queries(browser: Client, path: str, **headers: str) -> list[str]:
    """The queries that the answer took."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path, headers=headers).status_code == 200, path
    return [query["sql"] for query in captured]


def test_every_page_has_its_number() -> None:
    pages = {name for name, door in PEOPLE.items() if door.get and door.answer == 200}
    assert pages == set(PAGES)
    assert {name for name, n in PAGES.items() if n > MOST} == set(MORE_THAN_MOST)


def test_no_page_asks_more_than_its_number_and_who_may_open_all_does(
    world: World, signed_in: SignedIn
) -> None:
    browser, counted = signed_in(world.cast.gus), {}

    @contextmanager
    def counting(name: str) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        counted[name] = len(captured)

    browser.get("/")
    opened(world, browser, "gus", counting)
    assert {name: n for name, n in counted.items() if n > PAGES.get(name, MOST)} == {}
    assert set(PAGES) <= set(counted)


def test_no_page_asks_more_where_there_is_more(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.gus)
    browser.get("/")
    few = {name: asked(browser, address(name, world.north), **HTMX) for name in PAGES}
    fill_again(world)
    limits.forget(limits.EXPORT, world.cast.gus.pk)
    many = {name: queries(browser, address(name, world.north), **HTMX) for name in PAGES}
    assert {name: (few[name], said) for name, said in many.items() if len(said) > few[name]} == {}


def test_what_is_behind_a_find_is_found_with_few_queries(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.gus)
    browser.get("/")
    for text in ("kestrel", "0140", "662810501", world.north.marks.vin[-6:]):
        # One of them counts how often this person searches, one notes it.
        assert asked(browser, f"/customers/search/?q={text}", **HTMX) <= 8, text


def test_a_rail_that_nobody_has_counted_yet_costs_a_query_a_stop(
    world: World, signed_in: SignedIn, nothing_kept: Callable[[], None]
) -> None:
    browser = signed_in(world.cast.gus)
    warm = [browser.get("/playbook/"), asked(browser, "/playbook/")][1]
    nothing_kept()
    counted = [stop for _, stops in rail.GROUPS for stop in stops if stop.name in rail._counters]
    # Beside the stops: the session and the stores of this sign-in.
    assert asked(browser, "/playbook/") <= warm + len(counted) + 3
