"""Marketing in a browser: a segment is counted while it is typed, and words are checked while they are written."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import customer


def test_a_segment_is_counted_while_somebody_types(town: Cast, visit: Visits) -> None:
    tom = customer(town.northside)
    tom.state = "NJ"
    tom.save(update_fields=["state"])
    page = visit(town.max).open("/marketing/segments/new/")
    expect(page.locator("#segment-count")).to_contain_text("Choose at least one condition")
    page.get_by_label("Lives in the state").press_sequentially("NJ")
    expect(page.locator("#segment-count")).to_contain_text("Tom Okafor")
    expect(page.locator("#segment-count")).to_contain_text("Did not agree in writing")
    page.get_by_role("button", name="Count", exact=True).click()
    page.wait_for_url("**/segments/new/?*state=NJ*")
    assert "csrf" not in page.url, "what lets a form be posted stands in no address"
    page.get_by_label("Name", exact=True).fill("Jersey")
    page.get_by_role("button", name="Save this segment").click()
    page.get_by_role("link", name="Write to them").click()
    page.get_by_label("Words", exact=True).fill("Hi {first}, text CANCEL.")
    expect(page.locator("#campaign-check")).to_contain_text("opts them out of everything")
    page.get_by_label("Words", exact=True).fill("Hi {first}, this is {store}. Reply STOP to opt out.")
    expect(page.locator("#campaign-check")).to_contain_text("It says who writes and how to opt out.")
