"""What a promise is about has its page, for whoever may open it."""

from __future__ import annotations

import pytest

from dealership import things
from tests.cast import Cast


@pytest.mark.parametrize(
    ("who", "subject", "department", "page"),
    [
        ("sam", "deal:D-1041", "sales", "/sales/deals/number/D-1041/"),
        ("faye", "deal:D-1041", "fni", "/fni/jackets/number/D-1041/"),
        ("ana", "ro:48213", "service", "/service/repair-orders/number/48213/"),
        ("pete", "part:7", "parts", "/parts/requests/7/"),
        ("max", "survey:7", "marketing", "/marketing/surveys/7/"),
    ],
)
def test_what_a_promise_is_about_is_one_press_away(
    cast: Cast, who: str, subject: str, department: str, page: str
) -> None:
    found = things.page_of(subject, cast.people[who], department)
    assert found is not None
    assert found[0] == page


@pytest.mark.parametrize(
    ("who", "subject"),
    [
        ("tess", "deal:D-1041"),
        ("pete", "lead:7"),
        ("gus", "lead:seven"),
        ("gus", "customer:7"),
        ("gus", "deal:"),
        ("gus", ""),
        ("gus", "deal:a/b"),
    ],
)
def test_nobody_is_led_to_a_page_that_is_not_theirs_or_is_none(cast: Cast, who: str, subject: str) -> None:
    assert things.page_of(subject, cast.people[who], "fni" if who == "pete" else "") is None
