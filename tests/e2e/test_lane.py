"""The service lane in the hand: cards are dragged, sent by keys, refused and put back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from service import stages
from service.models import RepairOrder
from tests.cast import NEW_YORK, Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import PHONE
from tests.service.feeds import OPEN_RO, Dms


@pytest.fixture
def ro(town: Cast) -> RepairOrder:
    """A car that came in just now."""
    now = datetime.now(UTC)
    opened = f"{now.astimezone(NEW_YORK):%m/%d/%Y}"
    Dms(town).send(now - timedelta(minutes=1), OPEN_RO | {"Open Date": opened}, now=now)
    return RepairOrder.objects.of_store(town.northside.pk).get()


def column(page: Page, stage: str) -> Locator:
    return page.locator(f'[data-zone="{stage}"]')


def test_a_card_is_dragged_stays_in_the_hand_comes_back_by_undo_and_where_it_may_not_go(
    town: Cast, ro: RepairOrder, visit: Visits
) -> None:
    at_desk = visit(town.ana)
    page = at_desk.open("/service/")
    card = page.locator(f"#ro-{ro.pk}")
    card.hover()
    page.mouse.down()
    column(page, "dispatched").hover()
    column(page, "in_work").hover()
    RepairOrder.objects.of_store(ro.store_id).update(tag="T-99")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:service', {bubbles: true}))")
    assert page.get_by_text("T-99").count() == 0
    page.mouse.up()
    expect(page.locator("#toasts")).to_contain_text("in work")
    expect(column(page, "in_work").locator(card)).to_contain_text("T-99")

    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(column(page, "checked_in").locator(card)).to_be_visible()
    ro.refresh_from_db()
    assert ro.stage == "checked_in"

    stages.reach(ro, "ready", by=town.tess, now=timezone.now())
    at_desk.expects(422)
    card.drag_to(column(page, "dispatched"))
    expect(page.locator("#toasts")).to_contain_text("Tess moved RO 048213 to ready meanwhile")
    expect(column(page, "ready").locator(card)).to_be_visible()


def test_a_focused_card_is_sent_on_by_a_key_and_by_its_menu_and_keeps_the_focus(
    town: Cast, ro: RepairOrder, visit: Visits
) -> None:
    page = visit(town.ana).open("/service/")
    page.keyboard.press("j")
    page.keyboard.press("]")
    expect(page.locator("#toasts")).to_contain_text("dispatched")
    tag = column(page, "dispatched").locator(f"#ro-{ro.pk} [data-row]")
    expect(tag).to_be_focused()

    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Checked in")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("in work")
    expect(column(page, "in_work").locator(f"#ro-{ro.pk} [data-row]")).to_be_focused()
    ro.refresh_from_db()
    assert ro.stage == "in_work"

    page.set_viewport_size(PHONE)
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Checked in")).to_be_focused()
    too_small = (
        "all => all.filter(one => one.offsetParent && one.offsetHeight < 44).map(one => one.outerHTML)"
    )
    targets = page.locator(f"#ro-{ro.pk} :is(a[data-row], summary, button)")
    assert targets.count() == 8
    assert targets.evaluate_all(too_small) == []
