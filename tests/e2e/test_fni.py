"""A deal is ticked off and taken into the box without leaving its page."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.fni.deals import agreed, fill, item, tina


def test_a_deal_is_ticked_off_refused_and_taken_in_on_one_page(town: Cast, visit: Visits) -> None:
    row = fill(agreed(town, tina(town)))
    for key in ("insurance", "buyers_order"):
        row.items.filter(key=key).update(state="missing")
    faye = visit(town.faye)
    page = faye.open(f"/fni/jackets/{row.pk}/")
    page.get_by_role("button", name="Here: Signed buyer’s order").click()
    expect(page.locator(f"#thing-{item(row, 'buyers_order').pk}")).to_contain_text("here, Faye")
    faye.expects(422)
    page.get_by_role("button", name="Take into the box").click()
    expect(page.get_by_role("alert")).to_contain_text("Not ready for the box: proof of insurance.")
    page.get_by_label("Not needed: Proof of insurance").click()
    page.get_by_label("Why is it not needed?").fill("Fleet policy")
    page.get_by_role("button", name="It is not needed").click()
    expect(page.locator("#readiness")).to_contain_text("not needed: Fleet policy")
    page.get_by_role("button", name="Take into the box").click()
    expect(page.locator("#next")).to_contain_text("In the box since")


def test_why_something_was_refused_is_read_before_news_is_drawn_over_it(town: Cast, visit: Visits) -> None:
    row = fill(agreed(town, tina(town)))
    for key in ("insurance", "buyers_order"):
        row.items.filter(key=key).update(state="missing")
    address = f"/fni/jackets/{row.pk}/"
    faye, anothers = visit(town.faye), visit(town.gus).open(address)
    page = faye.open(address)
    faye.expects(422)
    page.get_by_role("button", name="Take into the box").click()
    why = page.get_by_role("alert")
    expect(why).to_contain_text("Not ready for the box")
    with page.expect_response(lambda answer: "/live/" in answer.url and "hx-trigger" in answer.headers):
        anothers.get_by_role("button", name="Here: Signed buyer’s order").click()
    here = page.locator(f"#thing-{item(row, 'buyers_order').pk}")
    expect(anothers.locator(f"#thing-{item(row, 'buyers_order').pk}")).to_contain_text("here, Gus")
    page.wait_for_timeout(500)
    expect(why).to_be_visible()
    expect(here).not_to_contain_text("here, Gus")
    # Whoever does the next thing has read it.
    page.get_by_role("button", name="Here: Proof of insurance").click()
    expect(here).to_contain_text("here, Gus")
    expect(why).not_to_be_visible()


def test_what_is_begun_while_news_is_on_its_way_is_not_drawn_over(town: Cast, visit: Visits) -> None:
    row = fill(agreed(town, tina(town)))
    for key in ("insurance", "buyers_order"):
        row.items.filter(key=key).update(state="missing")
    address = f"/fni/jackets/{row.pk}/"
    page, anothers = visit(town.faye).open(address), visit(town.gus).open(address)
    on_its_way: list[Route] = []
    page.route(f"**{address}", lambda route: on_its_way.append(route), times=1)
    page.get_by_label("Not needed: Proof of insurance").click()
    with page.expect_request(f"**{address}"):
        anothers.get_by_role("button", name="Here: Signed buyer’s order").click()
    why = page.get_by_role("textbox", name="Why is it not needed?")
    here = page.locator(f"#thing-{item(row, 'buyers_order').pk}")

    why.press_sequentially("Fleet pol")
    with page.expect_response(f"**{address}"):
        on_its_way[0].continue_()
    why.press_sequentially("icy")

    expect(why).to_have_value("Fleet policy")
    expect(here).not_to_contain_text("here, Gus")
    why.fill("")
    why.blur()
    expect(here).to_contain_text("here, Gus")
