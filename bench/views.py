"""What a page costs its reader the first time: its own transfer, requests, queries, server time, first paint, shift; and when it
shows after a click, once sheets, scripts and the service worker are there. A JSON line a page.

    make run        in another terminal, with the demo
    python bench/views.py [--phone] [--as gus@northside-honda.example] [--table]

Each page is opened in a Chromium that has nothing of it yet, three times; the middle one counts. Transfer is what came over the
wire, compressed, with headers. Server time is from the request to the first byte of the page itself. Queries are those of the
page itself, asked once in this process with the product's own settings. `--table` prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median_low
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dealership.supervisor.checks import find_browser
from dealership.supervisor.place import Place

os.environ |= Place(os.environ).running() or sys.exit(
    "Nothing runs here: start `make run` in another terminal first."
)

import scratch
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from dealership import sight
from dealership.staff.models import StaffMember

ADDRESS = f"http://127.0.0.1:{os.environ['PORT']}"
PLACES = (
    ("My day", "/"),
    ("Inbox", "/inbox/"),
    ("Conversation", "a[href^='/inbox/'].promise"),
    ("Customers", "/customers/"),
    (
        "Customer",
        "main a[href^='/customers/']:not([href$='/customers/']):not([href$='/new/']):not([href*='?'])",
    ),
    ("Appointments, day", "/appointments/"),
    ("Appointments, week", "/appointments/?show=week&department=service"),
    ("Leads", "/sales/"),
    ("Deals", "/sales/deals/"),
    ("All deals", "/sales/deals/list/"),
    ("Service lane", "/service/"),
    ("ROs", "/service/repair-orders/"),
    ("RO", "main a[href^='/service/repair-orders/']:not([href$='/repair-orders/']):not([href*='?'])"),
    ("Declined work", "/service/declined/"),
    ("Parts", "/parts/"),
    ("Parts asked for", "/parts/requests/"),
    ("F&I", "/fni/"),
    ("Jackets", "/fni/jackets/"),
    ("Marketing", "/marketing/"),
    ("Surveys", "/marketing/surveys/"),
    ("Seams", "/seams/"),
    ("Promises", "/promises/"),
    ("Playbook", "/playbook/"),
    ("People", "/people/"),
    ("Store", "/store/"),
    ("Imports", "/imports/"),
    ("Operations", "/operations/"),
    ("Who did what", "/trail/"),
    ("Components", "/design/"),
)
COLUMNS = {
    "kb": "own transfer, kB",
    "requests": "requests",
    "queries": "queries",
    "server_ms": "server, ms",
    "fcp_ms": "first paint, ms",
    "click_ms": "paint after a click, ms",
    "shift": "shift",
}
PAINT = """() => new Promise(done => {
  let shift = 0;
  const add = list => list.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; });
  new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
  setTimeout(() => {
    const first = performance.getEntriesByName("first-contentful-paint")[0];
    const page = performance.getEntriesByType("navigation")[0];
    done({fcp: first ? first.startTime : 0, server: page.responseStart - page.requestStart, shift});
  }, 400);
})"""


def client_of(who: str) -> Client:
    """Signed in as the one with this e-mail address."""
    with sight.all_stores("a bench signs in"):
        staff = (
            StaffMember.objects.across_stores("a bench signs in").select_related("user").get(user__email=who)
        )
    client = Client()
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")  # type: ignore[arg-type]
    return client


def cookie_of(client: Client) -> Any:
    """By which a browser is the same person."""
    name = next(key for key in client.cookies if "session" in key)
    return {"name": name, "value": client.cookies[name].value, "url": ADDRESS}


def chromium(playwright: Playwright) -> Browser:
    """The one that is there."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    return playwright.chromium.launch(
        executable_path=find_browser(os.environ), args=["--headless", "--no-sandbox", "--disable-gpu"]
    )


def view(browser: Browser, cookie: Any, path: str, viewport: Any) -> dict[str, float]:
    """One first view, and one by a link from another page."""
    context = browser.new_context(viewport=viewport, base_url=ADDRESS)
    context.add_cookies([cookie])
    page = context.new_page()
    wire, sizes, asked = context.new_cdp_session(page), list[int](), list[str]()
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path, wait_until="load")
    found = page.evaluate(PAINT)
    first = (sum(sizes) / 1000, len(asked))
    page.goto("/account/security/", wait_until="load")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator("#main").evaluate(
        "(main, to) => { main.innerHTML = `<a id='on' href='${to}'>On</a>`; }", path
    )
    with page.expect_navigation(wait_until="load"):
        page.locator("#on").click()
    again = page.evaluate(PAINT)
    context.close()
    return {
        "kb": first[0],
        "requests": first[1],
        "server_ms": found["server"],
        "fcp_ms": found["fcp"],
        "click_ms": again["fcp"],
        "shift": found["shift"],
    }


def paths(page: Page) -> Iterator[tuple[str, str]]:
    """The pages by address; what has a key by the first link that leads there from the page before."""
    at = "/"
    for name, place in PLACES:
        if not place.startswith("/"):
            page.goto(at)
            at = page.locator(place).first.get_attribute("href") or at
        else:
            at = place
        answer = page.request.get(at)
        if answer.status != 200:
            raise RuntimeError(f"{name}: {at} answers {answer.status}")
        yield name, at


def main() -> None:
    words = argparse.ArgumentParser(prog="views")
    words.add_argument("--as", dest="who", default="gus@northside-honda.example")
    words.add_argument("--phone", action="store_true")
    words.add_argument("--table", action="store_true")
    asked = words.parse_args()
    viewport = {"width": 390, "height": 844} if asked.phone else {"width": 1440, "height": 900}
    client = client_of(asked.who)
    cookie = cookie_of(client)
    if asked.table:
        print("| " + " | ".join(["page", *COLUMNS.values()]) + " |\n" + "| --- " * (1 + len(COLUMNS)) + "|")
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        context = browser.new_context(base_url=ADDRESS)
        context.add_cookies([cookie])
        for title, path in list(paths(context.new_page())):
            views = [view(browser, cookie, path, viewport) for _ in range(3)]
            told = {
                key: round(median_low([one[key] for one in views]), 3 if key == "shift" else 1)
                for key in views[0]
            }
            client.get(path)
            told["queries"] = len(scratch.queries_of(lambda path=path: client.get(path)))  # type: ignore[misc]
            if asked.table:
                print(f"| {title} | {' | '.join(str(told[column]) for column in COLUMNS)} |")
            else:
                scratch.say(page=title, path=path, **told)
        browser.close()
    connection.close()


if __name__ == "__main__":
    main()
