"""How a person works a page: with a mouse, or with the keyboard alone. The same stories are told with both."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

#: More presses of a key than this nobody would do to get somewhere.
PATIENCE = 90
#: Where it stands, whether whoever goes by keys would see that they are there, and how they would go there.
LOOK = """what => {
  const now = document.activeElement;
  const look = getComputedStyle(what);
  const typing = now.matches("input:not([type=checkbox], [type=radio], [type=hidden], [type=submit]), textarea, select");
  const keyed = what.closest("[data-key]");
  return {
    isThere: what === now,
    isSeen: what.matches(":focus-visible") && (look.outlineStyle !== "none" || look.boxShadow !== "none"),
    key: !typing && !document.querySelector("dialog[open]") && keyed === what ? what.dataset.key : "",
    isRow: !typing && what.matches("[data-rows] a.promise, [data-rows] [data-row]"),
    sends: what.matches("[data-send]") && now.matches("textarea") && now.form === what.form,
    isLost: now === document.body,
    isBehind: Boolean(what.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING),
    kind: what.getAttribute("type") || what.tagName.toLowerCase(),
  };
}"""


class Hands(Protocol):
    """What a person does with a page."""

    def press(self, what: Locator) -> None:
        """A button, a link, a row of a list, a fold."""

    def write(self, where: Locator, words: str) -> None:
        """Into a field, instead of what stood there; a day as 2026-11-24, an hour as 14:30."""

    def choose(self, where: Locator, label: str) -> None:
        """The one of a list that begins so."""

    def tick(self, what: Locator) -> None:
        """A box."""


class Mouse:
    """Points and clicks; only words are typed."""

    def press(self, what: Locator) -> None:
        expect(what).to_be_visible()
        what.click()

    def write(self, where: Locator, words: str) -> None:
        expect(where).to_be_visible()
        where.click()
        where.fill(words)

    def choose(self, where: Locator, label: str) -> None:
        where.select_option(index=_index(where, label))

    def tick(self, what: Locator) -> None:
        what.check()


class Keyboard:
    """Never points: goes by the page's own keys, by Tab, and past the rail by its first link."""

    def press(self, what: Locator) -> None:
        expect(what).to_be_enabled()
        look = what.evaluate(LOOK)
        if look["sends"]:
            what.page.keyboard.press("Control+Enter")
        elif look["key"]:
            what.page.keyboard.press(look["key"])
        else:
            self._reach(what)
            what.page.keyboard.press("Enter")

    def write(self, where: Locator, words: str) -> None:
        kind = self._reach(where)
        keys = where.page.keyboard
        if kind == "date":
            keys.type(f"{date.fromisoformat(words):%m%d%Y}")
        elif kind == "time":
            keys.type(f"{time.fromisoformat(words):%I%M%p}")
        else:
            keys.press("Control+a")
            keys.type(words)
        expect(where).to_have_value(words)

    def choose(self, where: Locator, label: str) -> None:
        self._reach(where)
        keys = where.page.keyboard
        keys.press("Home")
        for _ in range(_index(where, label)):
            keys.press("ArrowDown")
        expect(where.locator("option:checked")).to_contain_text(label)

    def tick(self, what: Locator) -> None:
        self._reach(what)
        what.page.keyboard.press("Space")
        expect(what).to_be_checked()

    def _reach(self, what: Locator) -> str:
        """The focus goes there, and can be seen there. Returns the kind of control."""
        expect(what).to_be_visible()
        look = what.evaluate(LOOK)
        for _ in range(PATIENCE):
            if look["isThere"]:
                assert look["isSeen"], f"Nobody sees that the focus is at {what}"
                return str(look["kind"])
            self._go_on(what.page, look)
            look = what.evaluate(LOOK)
        raise AssertionError(f"{PATIENCE} keys do not lead to {what}")

    def _go_on(self, page: Page, look: dict[str, bool | str]) -> None:
        keys = page.keyboard
        if look["isRow"]:
            keys.press("k" if look["isBehind"] and not look["isLost"] else "j")
        elif re.fullmatch(r"textarea|input", str(look["kind"])) and look["key"]:
            keys.press(str(look["key"]))
        elif look["isLost"]:
            keys.press("Tab")
            if page.locator("a.skip:focus").count():
                keys.press("Enter")
        else:
            keys.press("Shift+Tab" if look["isBehind"] else "Tab")


def _index(where: Locator, label: str) -> int:
    """Which of its options begins so."""
    expect(where).to_be_visible()
    labels = [text.strip() for text in where.locator("option").all_inner_texts()]
    return next(n for n, text in enumerate(labels) if text.startswith(label))


KINDS: dict[str, type[Mouse] | type[Keyboard]] = {"mouse": Mouse, "keyboard": Keyboard}
