"""Answers to "shall we do these lines?" and "how did we do, 1 to 10?"."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.messaging.replies_asked import answer


@pytest.mark.parametrize(
    ("text", "lines", "declined"),
    [
        ("yes do 1", (1,), ()),
        ("approve 1 and 3", (1, 3), ()),
        ("1 yes 2 no", (1,), (2,)),
        ("do 1 and 3 but not 2", (1, 3), (2,)),
        ("Yes to 1, no to 2", (1,), (2,)),
        ("line 1 yes, line 2 no, line 3 yes", (1, 3), (2,)),
        ("skip 2, do 1", (1,), (2,)),
        ("approved #1 and #3", (1, 3), ()),
        ("1, 3", (1, 3), ()),
        ("do lines 1 and 2 please", (1, 2), ()),
        ("do number two only", (2,), ()),
        ("1 through 3 please", (1, 2, 3), ()),
        ("sí, haga 1 y 3", (1, 3), ()),
        ("sí a la 1, no a la 2", (1,), (2,)),
        ("solo 1 y 2", (1, 2), ()),
    ],
)
def test_named_lines_are_approved(text: str, lines: tuple[int, ...], declined: tuple[int, ...]) -> None:
    reply = answer(text, "approve")
    assert (reply.intent, reply.lines, reply.declined_lines, reply.all_lines, reply.sure) == (
        "approve",
        lines,
        declined,
        False,
        True,
    ), reply.because


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes please", "yep go ahead", "go ahead", "do all", "do it all", "everything", "Approved", "approve all", "sure",
     "yes, do it", "Yes, go ahead with everything thanks", "please do", "sí", "adelante", "haga todo", "yes, no rush", "Y"],
)  # fmt: skip
def test_a_clear_yes_approves_everything(text: str) -> None:
    reply = answer(text, "approve")
    assert (reply.intent, reply.all_lines, reply.lines, reply.sure) == ("approve", True, (), True), (
        reply.because
    )


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No thanks",
        "nope",
        "not today",
        "not now",
        "don't do it",
        "none of it",
        "decline all",
        "no gracias",
        "hoy no",
    ],
)
def test_a_clear_no_declines_everything(text: str) -> None:
    reply = answer(text, "approve")
    assert (reply.intent, reply.all_lines, reply.sure, reply.opt_out) == ("decline", True, True, False), (
        reply.because
    )


@pytest.mark.parametrize(
    "text",
    ["just the brakes", "ok", "👍", "1", "2", "yes but call me first", "yes if it's under $400", "all but 2", "yes except 3",
     "no, just 1", "no do 1", "do 1 for 420", "how much is 1?", "can you do 1 and 3?", "do the 2 tires", "yes yes no", "I guess",
     "yes and when will it be done?", "go ahead with the oil change", "do 1 if you can finish by 5", "not sure", "1-3",
     "yes 480-555-0199", "approve ro 48213", "maybe 1", "1, 2 no", "yes but not 2", "what is line 3 for?", "is 2 urgent?",
     "ask my wife", "sure, I want out of it", "yes to the first two", "do 2 tomorrow", "do all 3", "yeah right", "half of it",
     "3.5", "1/2", "2.0", "cheaper?", "si me llaman primero", "yes do it but cheaper", "do 1 or 2", "either", "wait", "call me", "lol yes", "0",
     "99"],
)  # fmt: skip
def test_money_never_moves_on_a_guess(text: str) -> None:
    assert not answer(text, "approve").sure, answer(text, "approve")


def test_a_refused_line_says_nothing_about_the_others() -> None:
    reply = answer("don't do 2", "approve")
    assert (reply.intent, reply.lines, reply.declined_lines, reply.all_lines) == ("decline", (), (2,), False)


def test_an_approval_that_was_not_asked_for_is_never_sure() -> None:
    assert not answer("yes do 1").sure
    assert not answer("go ahead with 1", "survey").sure


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(13, 20), max_size=3, unique=True),
)
def test_lines_written_by_us_are_read_back(yes: list[int], no: list[int]) -> None:
    text = "yes do " + " and ".join(map(str, yes)) + "".join(f", skip {n}" for n in no)
    reply = answer(text, "approve")
    assert (reply.lines, reply.declined_lines, reply.sure) == (tuple(sorted(yes)), tuple(sorted(no)), True)


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("10", 10),
        ("9!", 9),
        ("1", 1),
        ("seven", 7),
        ("10/10", 10),
        ("9 out of 10", 9),
        ("I'd say a 10, great job", 10),
        ("10 but the wait was long", 10),
        ("7. Slow but ok", 7),
        ("I'd give it a 9", 9),
        ("it was a 6", 6),
        ("Solid 9", 9),
        ("un 9, muy bien", 9),
        ("diez", 10),
        ("2 - nobody called me back", 2),
    ],
)
def test_a_rating_is_read(text: str, rating: int) -> None:
    reply = answer(text, "survey")
    assert (reply.intent, reply.rating, reply.sure) == ("rating", rating, True), reply.because


@pytest.mark.parametrize(
    "text",
    ["I waited 10 minutes", "10 people ahead of me", "2 guys helped me", "11", "0", "3.5", "100", "no number here",
     "Great service!", "3 visits and still broken", "it took 2 hours", "One thing, the wait", "call me at 3", "8 or 9", "7-8",
     "I have 2 cars", "paid $9"],
)  # fmt: skip
def test_a_number_that_is_no_score_is_no_rating(text: str) -> None:
    reply = answer(text, "survey")
    assert reply.rating is None, reply.because
    assert not reply.sure


@pytest.mark.parametrize("text", ["5 stars", "4/5", "not a 10", "almost a 10", "Everything was perfect, 10?"])
def test_a_score_on_another_scale_or_in_doubt_is_not_sure(text: str) -> None:
    assert not answer(text, "survey").sure


def test_a_number_is_a_rating_only_in_a_survey() -> None:
    assert answer("10").rating is None
    assert answer("10", "approve").rating is None
