"""Small screens, dark rooms, and eyes and hands that work otherwise: WCAG 2.2 AA on every page."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.corpus.soil import soil
from tests.e2e.conftest import Visits
from tests.e2e.town import DESK, PHONE, customer, promised, row, texts
from tests.house import world as the_world
from tests.house.addresses import PEOPLE
from tests.house.test_urls import address

#: What is found, and no more is told than is read here. Without preloading: the one rule that reads style sheets is none of these.
TOLD = {"resultTypes": ["violations"], "preload": False, "selectors": False}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    **TOLD,
}
CONTRAST = {"runOnly": ["color-contrast"], **TOLD}
#: The colour of the page as three numbers, whatever notation the styles use.
PAPER = """() => {
  const paint = document.createElement("canvas").getContext("2d");
  for (const node of [document.documentElement, document.body, document.querySelector(".page")]) {
    paint.fillStyle = getComputedStyle(node).backgroundColor;
    paint.fillRect(0, 0, 1, 1);
  }
  return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""
COVERED = """row => {
  const box = row.getBoundingClientRect();
  return !!document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest("#detail");
}"""
#: Markup that stood in somebody's words.
CAME_ALIVE = """() => [...document.querySelectorAll("img[src='x'], [onerror], [onload], [onfocus], svg[onload]")].map(node => node.outerHTML)"""
#: Parts of other pages, and a file.
NO_PAGES = {
    "tasks:seam_list_export", "messaging:inbox_export", "appointments:appointment_export",
    "rail", "tasks:seam_export", "tasks:customer_choice", "tasks:customer_panel", "tasks:subject_panel", "messaging:customer_panel",
    "messaging:consent_panel", "customers:household_panel", "messaging:photo",
    "appointments:customer_panel", "sales:customer_panel", "service:customer_panel",
    "sales:stock_export", "sales:deal_export", "sales:arrival_export", "sales:we_owe_export", "service:repair_order_export", "tasks:promise_export",
    "marketing:customer_panel", "service:booking_panel", "sales:lead_export", "sales:arrival_raw",
    "parts:stock_export", "parts:request_export", "parts:customer_panel", "parts:ro_panel", "audit:trail_export", "audit:affected_export",
    "fni:customer_panel", "fni:deal_panel", "fni:in_transit_export", "fni:stip_export", "fni:jacket_export",
    "marketing:survey_export", "marketing:review_export", "marketing:campaign_export",
    "staff:person_export", "dms:file_export",
    "marketing:segment_count", "customers:customer_export", "service:declined_export", "marketing:campaign_check",
    "push:card", "push:news", "hooks:card", "hooks:call_export", "tasks:fact_export",
    "marketing:campaign_people_export", "marketing:segment_export", "marketing:source_export", "marketing:source_lead_export",
}  # fmt: skip
PAGES = [name for name, door in PEOPLE.items() if door.get and door.answer == 200 and name not in NO_PAGES]


def broken_rules(page: Page, rules: dict[str, Any] = RULES, *, without: str = "") -> list[str]:
    """What somebody could not read, reach or understand, as axe-core sees it; the serious and the critical.

    `without` is a part that was looked at on another page.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    where = {"exclude": [[without]]} if without else {"include": [["html"]]}
    found: list[dict[str, Any]] = page.evaluate("([where, rules]) => axe.run(where, rules)", [where, rules])[
        "violations"
    ]
    return [
        f"{rule['id']}: {node['html'][:160]} ({' '.join(str(check['message']) for check in node['any'])[:160]})"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"][:3]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the screen."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    )


@pytest.mark.parametrize("third", range(3))
def test_every_page_can_be_read_by_everybody_and_fits_a_phone_and_runs_nothing_of_what_people_wrote(
    served: str, visit: Visits, third: int
) -> None:
    """All that anybody wrote in this world is hostile. A script that ran, or that the browser had to hold back, is a trouble of the visit."""
    world = the_world.build()
    assert soil() > 80
    desk = visit(world.cast.gus, reduced_motion="reduce")
    wrong, wide = {}, []
    # The rail is the same on every page but for what is here: it is looked at on the first, in both themes.
    seen = ""
    for name in PAGES[third::3]:
        print(name)
        page = desk.open(address(name, world.north))
        assert page.evaluate(CAME_ALIVE) == [], name
        if found := broken_rules(page, without=seen):
            wrong[name] = found
        page.emulate_media(color_scheme="dark")
        if found := broken_rules(page, CONTRAST, without=seen):
            wrong[f"{name}, dark"] = found
        seen = "#rail"
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        if scrolls_sideways(page):
            wide.append(name)
        page.set_viewport_size(DESK)
    assert not wrong, wrong
    assert wide == []


def test_what_cannot_be_read_is_noticed(town: Cast, visit: Visits) -> None:
    page = visit().open("/account/login/")
    page.evaluate("document.querySelector('h1').style.color = 'color-mix(in srgb, Canvas 90%, gray)'")
    assert [rule.partition(":")[0] for rule in broken_rules(page)] == ["color-contrast"]


def test_the_sign_in_can_be_read_by_everybody(town: Cast, visit: Visits) -> None:
    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme).open("/account/login/")
        assert broken_rules(page) == []


def test_dark_rooms_get_a_dark_page(town: Cast, visit: Visits) -> None:
    def lightness(scheme: str) -> float:
        page = visit(town.dana, color_scheme=scheme).open("/")
        return float(sum(page.evaluate(PAPER)))

    assert lightness("dark") < 150 < 600 < lightness("light")


def test_on_a_phone_the_menu_opens_and_a_promise_lies_over_the_list(town: Cast, visit: Visits) -> None:
    tom = customer(town.northside)
    promised(town.dana, tom, "Call about the price")
    page = visit(town.dana, viewport=PHONE, has_touch=True, is_mobile=True).open("/")
    assert not scrolls_sideways(page)
    rail = page.locator("#rail")
    expect(rail).not_to_be_visible()
    page.get_by_role("button", name="More").tap()
    expect(rail).to_be_visible()
    rail.get_by_role("link", name="Playbook").tap()
    expect(page.get_by_role("heading", name="Playbook", level=1)).to_be_visible()

    page.get_by_role("navigation", name="Most used").get_by_role("link", name="My day").tap()
    row(page, "Call about the price").tap()
    detail = page.locator("#detail")
    expect(detail.get_by_role("heading", name="Tom Okafor")).to_be_in_viewport()
    assert row(page, "Call about the price").evaluate(COVERED)
    assert not scrolls_sideways(page)
    detail.get_by_role("link", name="My day").tap()
    expect(row(page, "Call about the price")).to_be_in_viewport()
    assert not row(page, "Call about the price").evaluate(COVERED)


def test_on_a_phone_a_customer_is_answered(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    talk = texts(town.northside, "Is the Civic still there?")
    page = visit(town.dana, viewport=PHONE, has_touch=True, is_mobile=True).open("/inbox/")
    row(page, "Is the Civic still there?").tap()
    field = page.get_by_label("Text to Tom Okafor")
    field.fill("It is.")
    page.get_by_role("button", name="Send").tap()
    expect(page.locator(f"#thread-{talk.pk}")).to_contain_text("It is.")
    assert not scrolls_sideways(page)


#: Pairs of what can be pressed at the top of a page and lies upon one another.
UPON_ONE_ANOTHER = """() => {
  const named = node => (node.innerText || node.getAttribute("aria-label") || node.name || node.tagName).trim();
  const all = [...document.querySelectorAll(".top :is(a, button, input)")].filter(node => node.checkVisibility());
  const upon = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  return all.flatMap((one, n) => all.slice(n + 1)
    .filter(other => !one.contains(other) && upon(one.getBoundingClientRect(), other.getBoundingClientRect()))
    .map(other => `${named(one)} / ${named(other)}`));
}"""


def test_the_day_with_the_longest_name_leaves_room_for_what_is_pressed(served: str, visit: Visits) -> None:
    desk = visit(the_world.build().cast.gus, reduced_motion="reduce")
    page = desk.open("/appointments/?day=2026-09-30")  # a Wednesday in September
    for width in (360, 800, 1024, 1200, 1345, 1440, 2200):
        page.set_viewport_size({"width": width, "height": 860})
        assert page.evaluate(UPON_ONE_ANOTHER) == [], width
        assert not scrolls_sideways(page), width
