"""How long after a customer has written it stands on the pages that others have open: in the inbox, and among the day's promises.

    make run        in another terminal, with the demo
    python bench/live.py [--n 20] [--as gus@northside-honda.example]

New numbers write one after another, by the simulated phones. The time runs from before the text is sent to when the browsers
have drawn it: through the webhook, the facts, the worker that makes the promise, and the pages' own live line.
"""

from __future__ import annotations

import argparse
import time
from secrets import randbelow
from typing import Any

import views  # First: it finds what runs.
from playwright.sync_api import Page, sync_playwright

import scratch  # isort: skip

#: When it stands there, in ms since 1970: watched by the page itself, so that asking takes no time.
SHOWN = """words => new Promise((done, refuse) => {
  const look = () => document.querySelector("#main").innerText.includes(words) && done(Date.now());
  new MutationObserver(look).observe(document.querySelector("#main"), {childList: true, subtree: true, characterData: true});
  setTimeout(() => refuse(`${words} does not come`), 30000);
  look();
})"""
PAGES = {"inbox": "/inbox/", "day": "/?of=store"}


def main() -> None:
    words = argparse.ArgumentParser(prog="live")
    words.add_argument("--n", type=int, default=20)
    words.add_argument("--as", dest="who", default="gus@northside-honda.example")
    asked = words.parse_args()
    cookie = views.cookie_of(views.client_of(asked.who))
    waits: dict[str, list[float]] = {name: [] for name in PAGES}
    with sync_playwright() as playwright:
        browser = views.chromium(playwright)
        context = browser.new_context(base_url=views.ADDRESS)
        context.add_cookies([cookie])
        phone = context.new_page()
        phone.goto("/phones/")
        token = phone.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        watching: dict[str, Page] = {name: context.new_page() for name in PAGES}
        for name, page in watching.items():
            page.goto(PAGES[name], wait_until="load")
        for n in range(asked.n):
            number = f"+1973555{1000 + randbelow(9000)}"
            sign = f"Do you have a Ridgeline? {number[-4:]}-{n}"
            for page in watching.values():
                page.evaluate(f"window.shown = ({SHOWN})({sign!r}).catch(String); undefined")
            at = time.time()
            form: Any = {"csrfmiddlewaretoken": token, "number": number, "body": sign}
            answer = phone.request.post(
                "/phones/start/", form=form, headers={"Referer": views.ADDRESS}, max_redirects=0
            )
            if answer.status != 302:
                raise RuntimeError(f"The text was not sent: {answer.status} {answer.text()[:200]}")
            for name, page in watching.items():
                shown = page.evaluate("window.shown")
                if not isinstance(shown, int | float):
                    raise RuntimeError(f"{name}: {shown}")
                waits[name].append(shown / 1000 - at)
        browser.close()
    for name, seconds in waits.items():
        scratch.spread(f"shown in the {name}", seconds, worst_ms=round(max(seconds) * 1000))


if __name__ == "__main__":
    main()
