"""An act on many rows: seen first, done, and taken back, by mouse and by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import expect

from tasks.models import Promise
from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import customer, promised


def test_many_promises_are_waived_by_mouse_handed_off_by_keyboard_and_both_undone(
    town: Cast, visit: Visits
) -> None:
    tom = customer(town.northside)
    for words in ("Dana sends the price", "Dana calls back", "Dana books the visit"):
        promised(town.dana, tom, words)
    rows = Promise.objects.of_store(town.northside.pk).filter(rule="by_hand")
    page = visit(town.dana).open("/promises/?state=hour")
    toasts = page.locator("#toasts")

    page.get_by_role("checkbox", name="Dana sends the price").check()
    page.get_by_role("checkbox", name="Dana calls back").check()
    page.get_by_role("button", name="Waive…").click()
    expect(page.get_by_role("heading", name="Waive 2 promises")).to_be_visible()
    expect(page.locator(".named")).to_contain_text("Dana calls back")
    page.get_by_label("Why they need not be kept").fill("They bought elsewhere")
    page.get_by_role("button", name="Waive 2 promises").click()
    expect(toasts).to_contain_text("2 promises waived")
    assert rows.filter(state="waived").count() == 2
    toasts.get_by_role("button", name="Undo").click()
    expect(toasts).to_contain_text("All as it was")
    assert rows.filter(state="open", owner=town.dana).count() == 3

    everything = page.get_by_role("checkbox", name="All 3 promises that match")
    everything.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hand off…")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hand off 3 promises")).to_be_visible()
    page.get_by_label("Colleague").focus()
    page.keyboard.type("Sam")
    page.keyboard.press("Tab")
    page.keyboard.type("I am away this afternoon")
    page.keyboard.press("Enter")
    expect(toasts).to_contain_text("3 promises handed to Sam Tully")
    assert rows.filter(owner=town.sam).count() == 3
    toasts.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect(toasts).to_contain_text("All as it was")
    assert rows.filter(state="open", owner=town.dana).count() == 3
