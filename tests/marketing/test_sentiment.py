"""How happy an answer is, in English and Spanish, out of five and out of ten."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dealership.messaging.replies.reading import read
from dealership.messaging.replies.reply import Asked
from marketing import sentiment


def felt(body: str) -> tuple[int | None, bool] | None:
    reading = read(body, asked=Asked.SURVEY, now=datetime(2026, 11, 23, tzinfo=UTC), zone=ZoneInfo("UTC"))
    feeling = sentiment.of_reading(body, reading)
    return (feeling.rating, feeling.is_unhappy) if feeling else None


@pytest.mark.parametrize(
    ("body", "rating"),
    [("5", 5), ("un 4", 4), ("cinco", 5), ("4/5", 4), ("10", 5), ("8 out of 10", 4), ("It was great", None),
     ("not bad", None), ("no complaints, all good", None), ("Muy buen servicio", None), ("todo bien, gracias", None),
     ("nada mal", None)],
)  # fmt: skip
def test_who_is_happy_is_not_called_by_a_manager(body: str, rating: int | None) -> None:
    assert felt(body) == (rating, False)


@pytest.mark.parametrize(
    ("body", "rating"),
    [("3", 3), ("dos", 2), ("7", 3), ("7 de 10", 3), ("3 stars", 3), ("2/5", 2), ("1. rude advisor", 1),
     ("5 but they scratched my car", 5), ("terrible", None), ("not happy", None), ("I waited 3 hours", None),
     ("Why does nobody call me back?", None), ("The car still makes the noise", None), ("Pésimo", None),
     ("no estoy contento", None), ("el carro sigue igual, no lo arreglaron", None)],
)  # fmt: skip
def test_who_is_unhappy_is_known_by_the_number_or_the_words(body: str, rating: int | None) -> None:
    assert felt(body) == (rating, True)


@pytest.mark.parametrize("body", ["stop", "Do you have my keys?", "can I come tomorrow?", "", "HELP"])
def test_what_says_nothing_of_how_it_was_is_no_answer(body: str) -> None:
    assert felt(body) is None
