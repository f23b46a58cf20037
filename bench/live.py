"""How long after a customer has written it stands on the pages that others have open: in the inbox, and in their conversation.

    make run        in another terminal, with the demo
    python bench/live.py [--n 20] [--as gus@northside-honda.example]

A customer of the simulated phones writes again and again. The time runs from before the text is sent to when the browsers have
drawn it: through the webhook, what it means, and the pages' own live line.
"""

from __future__ import annotations

import argparse
import time
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


def main() -> None:
    words = argparse.ArgumentParser(prog="live")
    words.add_argument("--n", type=int, default=20)
    words.add_argument("--as", dest="who", default="gus@northside-honda.example")
    asked = words.parse_args()
    cookie = views.cookie_of(views.client_of(asked.who))
    waits: dict[str, list[float]] = {"inbox": [], "conversation": []}
    with sync_playwright() as playwright:
        browser = views.chromium(playwright)
        context = browser.new_context(base_url=views.ADDRESS)
        context.add_cookies([cookie])
        phone, inbox, talk = (context.new_page() for _ in range(3))
        inbox.goto("/inbox/", wait_until="load")
        phone.goto("/phones/")
        phone.goto(
            phone.locator("#phone-list a.promise").first.get_attribute("href") or "", wait_until="load"
        )
        number = phone.url.rstrip("/").rpartition("/")[2]
        token = phone.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        watching: dict[str, Page] = {"inbox": inbox}
        for n in range(asked.n + 1):
            sign = f"Do you have a Ridgeline? {n} {token[:6]}"
            for page in watching.values():
                page.evaluate(f"window.shown = ({SHOWN})({sign!r}).catch(String); undefined")
            at = time.time()
            form: Any = {"csrfmiddlewaretoken": token, "body": sign}
            answer = phone.request.post(
                f"/phones/{number}/write/", form=form, headers={"Referer": views.ADDRESS}, max_redirects=0
            )
            if answer.status != 302:
                raise RuntimeError(f"The text was not sent: {answer.status} {answer.text()[:200]}")
            for name, page in watching.items():
                shown = page.evaluate("window.shown")
                if not isinstance(shown, int | float):
                    raise RuntimeError(f"{name}: {shown}")
                waits[name].append(shown / 1000 - at)
            if n == 0:
                # Now there is a conversation for sure, and it is open somewhere.
                talk.goto(
                    inbox.get_by_role("link", name=sign).first.get_attribute("href") or "", wait_until="load"
                )
                watching["conversation"] = talk
        browser.close()
    for name, seconds in waits.items():
        scratch.spread(f"shown in the {name}", seconds, worst_ms=round(max(seconds) * 1000))


if __name__ == "__main__":
    main()
