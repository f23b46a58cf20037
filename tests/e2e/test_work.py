"""A day at the desk: signing in, what is owed, and what is done about it, with the mouse and without."""

from __future__ import annotations

import re

from django.utils import timezone
from playwright.sync_api import Route, expect

from tasks.models import Promise
from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import customer, promised, row

State = Promise.State


def test_somebody_signs_in_with_the_form_and_signs_out(town: Cast, visit: Visits) -> None:
    town.dana.user.set_password("correct horse battery")
    town.dana.user.save()
    page = visit().open("/")
    page.get_by_label("Email").fill(town.dana.user.email)
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Dana")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_first_promise_is_open_and_keys_go_through_the_others(town: Cast, visit: Visits) -> None:
    tom, maria = customer(town.northside), customer(town.northside, "Maria Lopez", "+19735550117")
    promised(town.dana, tom, "Call about the price", 20)
    promised(town.dana, maria, "Send the photos", 30)
    page = visit(town.dana).open("/")
    detail = page.locator("#detail")
    expect(detail).to_contain_text("Tom Okafor")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(detail).to_contain_text("Maria Lopez")
    expect(row(page, "Send the photos")).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(row(page, "Call about the price")).to_be_focused()

    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Customers", level=1)).to_be_visible()


def test_a_promise_is_waived_with_a_reason_and_the_waiver_is_undone(town: Cast, visit: Visits) -> None:
    promise = promised(town.dana, customer(town.northside), "Call about the price")
    at_desk = visit(town.dana)
    at_desk.expects(422)
    page = at_desk.open("/")
    page.get_by_role("link", name="Waive…").click()
    sheet = page.locator("#sheet")
    sheet.get_by_role("button", name="Waive it").click()
    expect(sheet.locator("[role=alert]").first).to_be_visible()
    sheet.get_by_label("Why it need not be kept").fill("They bought elsewhere")
    sheet.get_by_role("button", name="Waive it").click()

    expect(sheet).not_to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Waived.")
    expect(row(page, "Call about the price")).to_have_count(0)
    promise.refresh_from_db()
    assert (promise.state, promise.closed_why) == (State.WAIVED, "They bought elsewhere")

    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(row(page, "Call about the price")).to_be_visible()
    promise.refresh_from_db()
    assert promise.state == State.OPEN


def test_what_ends_goes_at_once_and_is_back_with_what_was_typed_where_it_may_not(
    town: Cast, visit: Visits
) -> None:
    promise = promised(town.dana, customer(town.northside), "Call about the price")
    at_desk = visit(town.dana)
    at_desk.expects(0)
    page, on_its_way = at_desk.open("/"), list[Route]()
    page.keyboard.press("w")
    gone, sheet = row(page, "Call about the price"), page.locator("#sheet")
    why = sheet.get_by_label("Why it need not be kept")
    why.fill("They bought elsewhere")
    page.route("**/waive/", lambda route: on_its_way.append(route))

    for answer in (Route.abort, Route.continue_):
        with page.expect_request("**/waive/"):
            sheet.get_by_role("button", name="Waive it").click()
        expect(sheet).not_to_be_visible()
        expect(gone).to_have_class(re.compile("leaving"))
        answer(on_its_way.pop())
        if answer is Route.abort:
            expect(page.locator("#toasts")).to_contain_text("No connection")
            expect(why).to_have_value("They bought elsewhere")
            expect(gone).not_to_have_class(re.compile("leaving"))

    expect(page.locator("#toasts")).to_contain_text("Waived.")
    expect(gone).to_have_count(0)
    promise.refresh_from_db()
    assert promise.state == State.WAIVED


def test_a_promise_is_handed_off_with_a_word(town: Cast, visit: Visits) -> None:
    promise = promised(town.dana, customer(town.northside), "Call about the price")
    page = visit(town.dana).open("/")
    page.keyboard.press("h")
    sheet = page.locator("#sheet")
    sheet.get_by_label("To whom").select_option(str(town.sam.pk))
    sheet.get_by_label("Why").fill("He knows the car")
    sheet.get_by_role("button", name="Hand off").click()

    expect(page.locator("#toasts")).to_contain_text("Handed to Sam.")
    expect(row(page, "Call about the price")).to_have_count(0)
    promise.refresh_from_db()
    assert promise.owner == town.sam
    theirs = visit(town.sam).open("/")
    expect(row(theirs, "Call about the price")).to_be_visible()
    expect(theirs.locator(".notices")).to_contain_text("Dana")


def test_a_promise_is_made_by_hand_and_stands_in_the_day_at_once(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    page = visit(town.dana).open("/")
    expect(page.locator("#day")).to_contain_text("You owe nothing right now")
    page.keyboard.press("n")
    sheet = page.locator("#sheet")
    expect(sheet.get_by_label("What is promised")).to_be_focused()
    sheet.get_by_label("What is promised").fill("I call back with the price")
    sheet.get_by_label("To whom").press_sequentially("0144", delay=20)
    sheet.get_by_role("link", name="Tom Okafor").click()
    expect(sheet.get_by_role("link", name="Somebody else")).to_be_visible()
    expect(sheet.get_by_label("What is promised")).to_have_value("I call back with the price")
    sheet.get_by_role("button", name="in 30 min").click()
    sheet.get_by_role("button", name="Promise it").click()

    expect(page.locator("#toasts")).to_contain_text("Promised for")
    expect(row(page, "I call back with the price")).to_be_visible()
    made = Promise.objects.of_store(town.northside.pk).get()
    assert made.customer is not None
    assert (made.customer.full_name, made.owner) == ("Tom Okafor", town.dana)
    assert 20 * 60 < (made.due_at - timezone.now()).total_seconds() <= 30 * 60


def test_everything_works_without_scripts(town: Cast, visit: Visits) -> None:
    promise = promised(town.dana, customer(town.northside), "Call about the price")
    page = visit(town.dana, java_script_enabled=False).open("/")
    row(page, "Call about the price").click()
    page.get_by_role("link", name="Waive…").click()
    page.get_by_label("Why it need not be kept").fill("They bought elsewhere")
    page.get_by_role("button", name="Waive it").click()

    expect(page.locator(".toasts")).to_contain_text("Waived.")
    page.locator(".toasts").get_by_role("button", name="Undo").click()
    promise.refresh_from_db()
    assert promise.state == State.OPEN
