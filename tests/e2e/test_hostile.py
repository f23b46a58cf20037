"""What people write runs in nobody's browser: not when it stands there, not when it comes while somebody looks, not when it is typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests import corpus
from tests.cast import Cast
from tests.corpus.soil import WORDS
from tests.e2e.conftest import Visits
from tests.e2e.test_looks import CAME_ALIVE
from tests.e2e.town import TOM, customer, promised, row, texts

#: The texts of the corpus that would run if anything let them.
ACTIVE = [
    corpus.texts()[name].decode()
    for name in ("script", "svg", "attribute", "closing", "entities", "link", "htmx")
]


def test_what_comes_and_is_typed_while_somebody_looks_runs_nowhere(town: Cast, visit: Visits) -> None:
    tom = customer(town.northside, WORDS)
    promised(town.ana, tom, WORDS)
    talk = texts(town.northside, WORDS)
    page = visit(town.ana).open("/inbox/")
    row(page, "onerror").first.click()
    thread = page.locator(f"#thread-{talk.pk}")
    expect(thread).to_contain_text("<img src=x onerror=alert(1)>")

    for words in ACTIVE:
        texts(town.northside, words, TOM)
        expect(thread).to_contain_text(words.split()[0])
    assert page.evaluate(CAME_ALIVE) == []

    field = page.locator("textarea[name=body]")
    field.press_sequentially("<b onclick=alert(1)>")
    field.fill(WORDS)
    page.get_by_role("button", name="Send").click()
    expect(thread.locator(".msg.us").last).to_contain_text("<img src=x onerror=alert(1)>")
    for path in (
        "/",
        "/customers/?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
        "/customers/?q=O%27Hara",
        f"/customers/{tom.pk}/",
    ):
        page.goto(path)
        assert page.evaluate(CAME_ALIVE) == [], path


@pytest.mark.parametrize("guarded", [True, False], ids=["held back by the browser", "run"])
def test_a_script_that_comes_alive_is_noticed(town: Cast, visit: Visits, *, guarded: bool) -> None:
    """The judge itself: a page into which words came as markup, with the policy and without it."""
    one = visit(town.ana, bypass_csp=not guarded)

    def spoiled(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{WORDS}</main>"))

    one.page.route("**/customers/", spoiled)
    one.expects(404)
    page: Page = one.page
    page.goto("/customers/")
    assert page.evaluate(CAME_ALIVE)
    page.wait_for_timeout(0)
    said = "".join(one.troubles)
    assert ("Content Security Policy" in said) if guarded else ("dialog: 1" in said)
    one.troubles.clear()
