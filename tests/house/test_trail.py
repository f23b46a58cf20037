"""What each act of a person leaves in the trail: one entry for what was done, and one for each other part that it touched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from dealership.audit import entries
from dealership.audit.models import Entry
from dealership.messaging import consent
from dealership.staff.models import StaffMember, User
from tests.house.addresses import PEOPLE, TAKE_A_FILE
from tests.house.test_spanish import Heard, written
from tests.house.test_urls import HTMX, SignedIn, address, filled, leaks, undone
from tests.house.world import LOOKED_AT, World

pytestmark = pytest.mark.django_db

#: Forms that touch more than one thing, each of which has its entry.
SEVERAL = {
    "stores:hours": ["settings store: hours", "settings store: hours"],  # the ranges that go, those that come
    "customers:customer_new": ["made customer", "made customer: phones and e-mails"],
    "customers:merge": ["merged customer", "changed customer: twins"],
    "customers:make_primary": ["changed customer: phones and e-mails"] * 2,  # the old one, the new one
    "appointments:move_and_answer": ["texted customer: text", "changed appointment"],
    "sales:lead_new": ["made customer", "made customer: phones and e-mails", "made lead"],
    "sales:arrival_detail": ["made customer", "made customer: phones and e-mails", "made lead"],
    "sales:deal_agree": ["changed deal", "made jacket", "changed jacket"],
    "sales:deal_deliver": ["changed deal", "changed jacket"],
    "service:inspection": ["made ro: inspection", "made ro: recommendation"],
    "service:estimate": ["changed ro: recommendation", "made ro: estimate"],
}
#: What some forms are called by; the rest are told by their address.
CALLED = {
    "customers:unmerge": "separated customer",
    "customers:about": "changed customer",
    "messaging:send_text": "texted customer: text",
    "messaging:write_first": "texted customer: text",
    "messaging:log_call": "called customer: call",
    "tasks:rule_detail": "settings store: playbook",
    "tasks:hand_off": "did promise",
    "stores:set_texting": "settings store",
    "stores:day_list": "settings store: days",
    "staff:person_detail": "changed staff",
    "staff:leave": "deactivated staff",
    "staff:reinstate": "reinstated staff",
    "appointments:move": "changed appointment",
    "service:move_stage": "changed ro",
    "sales:deal_lose": "changed deal",
    "parts:order": "did part",
    "marketing:campaign_approve": "changed campaign",
}


def last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM audit_entry")
        return int(cursor.fetchone()[0])


def left_by(act: Callable[[], object]) -> list[Entry]:
    """The entries that it leaves, of any store."""
    before = last()
    act()
    return left_since(before)


def left_since(before: int) -> list[Entry]:
    """The entries after that one."""
    return list(Entry.objects.across_stores("a test").filter(pk__gt=before).order_by("pk"))


def said(row: Entry) -> str:
    return f"{row.action} {row.kind}" + (f": {row.part}" if row.part else "")


def test_every_form_works_for_who_may_send_it_and_leaves_one_entry_a_thing_that_says_who_and_where(
    world: World, signed_in: SignedIn
) -> None:
    """Else what is refused elsewhere would prove nothing. Somebody who reads Spanish is answered in it, and writes English down."""
    User.objects.update(language="es")
    gus, heard = world.cast.gus, Heard(written())
    got, wrong, failed = {}, {}, {}
    for name, door in PEOPLE.items():
        if door.post is None or name in TAKE_A_FILE:
            continue
        form = filled(door.form, world.north, gus, world)
        with undone():
            # Anew each time: one of the forms ends sessions, and who is sent to the sign-in has done nothing.
            browser, before = signed_in(gus), last()
            with heard.at(name):
                response = browser.post(address(name, world.north), form)
            rows = left_since(before)
            heard.answer(name, response, form.values())
        away = response.headers.get("Location", "").startswith("/account/login/")
        if response.status_code not in (200, 204, 302) or away or leaks(response, world.east):
            failed[name] = (response.status_code, leaks(response, world.east))
        got[name] = [said(row) for row in rows]
        whose = {(row.staff_id, row.store_id, row.address, row.agent) for row in rows}
        if whose != {(gus.pk, gus.store_id, name, "page")} or len({row.request for row in rows}) != 1:
            wrong[name] = whose
    assert failed == {}
    assert {name: what for name, what in got.items() if len(what) != 1} == SEVERAL
    assert {name: got[name] for name in CALLED} == {name: [what] for name, what in CALLED.items()}
    assert wrong == {}
    assert heard.answered == {}
    assert heard.written == {}


def test_what_is_refused_leaves_nothing(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.dana)
    assert left_by(lambda: browser.get(address("customers:customer_detail", world.east))) == []
    assert left_by(lambda: browser.get(address("stores:overview", world.north))) == []
    assert (
        left_by(lambda: browser.post(address("customers:about", world.north), {"edit": "name", "last": ""}))
        == []
    )
    assert left_by(lambda: browser.get(address("tasks:subject_panel", world.east))) == []


def test_a_record_is_opened_once_an_hour_however_often_its_parts_ask(
    world: World, signed_in: SignedIn
) -> None:
    browser, path = signed_in(world.cast.dana), address("customers:customer_detail", world.north)
    (row,) = left_by(lambda: browser.get(path))
    assert (row.action, row.kind, row.key, row.customer_id) == (
        "saw",
        "customer",
        *[world.north.pk["customer"]] * 2,
    )
    assert (row.staff_id, row.ip, row.address) == (
        world.cast.dana.pk,
        "127.0.0.1",
        "customers:customer_detail",
    )
    assert row.session
    assert browser.session.session_key not in row.session
    panels = ["customers:customer_detail", "messaging:customer_panel", "appointments:customer_panel"]
    again = [
        row
        for name in panels
        for row in left_by(lambda name=name: browser.get(address(name, world.north), headers=HTMX))  # type: ignore[misc]
    ]
    assert again == []
    (other,) = left_by(lambda: signed_in(world.cast.sam).get(path))[-1:]
    assert (other.action, other.staff_id) == ("saw", world.cast.sam.pk)


def test_another_process_that_has_noted_nothing_notes_it_no_second_time(
    world: World, signed_in: SignedIn
) -> None:
    browser, path = signed_in(world.cast.dana), address("service:repair_order_detail", world.north)
    (row,) = left_by(lambda: browser.get(path))
    assert (row.kind, row.ref) == ("ro", f"{world.north.marks.digits}501")
    assert row.customer_id == world.north.pk["customer"]
    entries.forget_noted()
    assert left_by(lambda: browser.get(path)) == []


@pytest.mark.parametrize(
    "name",
    [
        "sales:lead_export",
        "tasks:promise_export",
        "fni:in_transit_export",
        "tasks:seam_export",
        "tasks:seam_list_export",
        "messaging:inbox_export",
        "sales:arrival_raw",
    ],
)
def test_every_export_is_noted_each_time(world: World, signed_in: SignedIn, name: str) -> None:
    browser = signed_in(world.cast.gus)
    for _ in range(2):
        (row,) = left_by(lambda: browser.get(address(name, world.north)))
        assert (row.action, row.staff_id, row.address) == ("exported", world.cast.gus.pk, name)
        assert row.details["file"]
        assert row.details["bytes"] > 0


def test_a_search_is_noted_by_its_beginning(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.dana)
    rows = left_by(
        lambda: [
            browser.get(f"/customers/search/?q={q}", headers=HTMX)
            for q in ("kes", "kest", "kestrelwick", "5550140")
        ]
    )
    assert [(row.action, row.ref) for row in rows] == [("searched", "kes…"), ("searched", "7 digits")]


def test_who_comes_in_who_does_not_and_who_leaves(world: World) -> None:
    dana = StaffMember.objects.of_store(world.north.store.pk).get(pk=world.cast.dana.pk)
    dana.user.set_password("correct horse battery")
    dana.user.save()
    browser, door = Client(), "/account/login/"

    def come(password: str, email: str = dana.user.email) -> object:
        return browser.post(door, {"login": email, "password": password})

    (refused,) = left_by(lambda: come("wrong"))
    assert (refused.action, refused.key, refused.staff_id, refused.store_id) == (
        "refused",
        dana.pk,
        None,
        dana.store_id,
    )
    assert left_by(lambda: come("wrong", "nobody@kept.example")) == []
    (came,) = left_by(lambda: come("correct horse battery"))
    assert (came.action, came.key, came.staff_id) == ("signed in", dana.pk, dana.pk)
    (went,) = left_by(lambda: browser.post("/account/logout/"))
    assert (went.action, went.staff_id) == ("signed out", dana.pk)


def test_a_customers_own_stop_is_noted_as_consent(world: World) -> None:
    number = world.north.marks.phone(40)
    (row,) = left_by(
        lambda: consent.revoke(
            store_id=world.north.store.pk, number=number, how=consent.How.TEXT, words="STOP",
            now=LOOKED_AT, whole_group=False,
        )
    )  # fmt: skip
    assert (row.action, row.kind, row.staff_id) == ("consent", "consent", None)
    assert row.details["rows"] == [{"act": "revoked", "purpose": "", "how": "text"}]
    assert number not in str(row.details)


def test_the_other_stores_trail_is_not_this_ones(world: World, signed_in: SignedIn) -> None:
    signed_in(world.cast.eve).get(address("customers:customer_detail", world.east))
    theirs = Entry.objects.visible_to(world.cast.eve).filter(action="saw")
    assert {row.store_id for row in theirs} == {world.east.store.pk}
    assert not Entry.objects.visible_to(world.cast.gus).filter(pk__in=[row.pk for row in theirs]).exists()
