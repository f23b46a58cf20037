"""Without a network a page says so in words, and goes on when it is back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.cast import Cast
from tests.e2e.conftest import Visits


def test_without_a_network_a_page_says_so_and_goes_on_when_it_is_back(town: Cast, visit: Visits) -> None:
    here = visit(town.dana)
    here.expects(0)
    page = here.open("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/offline/').then(found => Boolean(found))")
    here.context.set_offline(True)
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    here.context.set_offline(False)
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
