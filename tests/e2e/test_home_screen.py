"""Without a network a page says so in words, and goes on when it is back."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import expect

from dealership.push.models import Nudge
from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import customer, promised

#: What the worker shows, as soon as it does.
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  for (let tries = 0; tries < 100; tries += 1) {
    const [one] = await worker.getNotifications();
    if (one) return [one.title, one.data];
    await new Promise((done) => setTimeout(done, 50));
  }
  return null;
}"""


def test_without_a_network_a_page_says_so_and_goes_on_when_it_is_back(town: Cast, visit: Visits) -> None:
    here = visit(town.dana)
    here.expects(0)
    page = here.open("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match('/offline/').then(found => Boolean(found))")
    asks_at_once = "navigator.serviceWorker.ready.then(one => one.navigationPreload.getState()).then(state => state.enabled)"
    page.wait_for_function(asks_at_once)
    answer = page.goto("/promises/")
    assert answer is not None
    assert (answer.status, answer.from_service_worker) == (200, True)
    here.context.set_offline(True)
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    assert page.evaluate("document.styleSheets.length") > 5, "it is drawn with what lies on the shelf"
    here.context.set_offline(False)
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()


def test_a_device_that_is_woken_says_what_is_owed_and_opens_it(town: Cast, visit: Visits) -> None:
    """The push service is not there; what it would deliver, an empty message, is delivered by the browser's own tools."""
    promise = promised(town.dana, customer(town.northside), "Call about the price")
    Nudge.objects.create(
        store=town.northside, staff=town.dana, key="offer:1:0", words="Offered to you: Call about the price",
        path=f"/promises/{promise.pk}/", at=timezone.now(), sent_at=timezone.now(),
    )  # fmt: skip
    at_desk = visit(town.dana)
    at_desk.context.grant_permissions(["notifications"])
    page = at_desk.open("/account/security/")
    expect(page.locator("#devices")).to_contain_text("Ring on this device")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    tools = at_desk.context.new_cdp_session(page)
    known: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(one["registrationId"] for one in told["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(100)
    message = {"origin": at_desk.served, "registrationId": known[-1], "data": ""}
    said = None
    # A worker that is only just awake may miss one; a service delivers what was not taken again.
    for _ in range(4):
        tools.send("ServiceWorker.deliverPushMessage", message)
        if said := page.evaluate(SHOWN):
            break
    assert said == ["Offered to you: Call about the price", f"/promises/{promise.pk}/"]
