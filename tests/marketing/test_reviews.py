"""Public reviews are asked of everybody: no rating decides, an open recovery only delays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from dealership.events import bus
from dealership.messaging import calls, consent
from dealership.messaging.models import Message
from marketing import reviews, surveys
from marketing.models import Survey
from marketing.sentiment import Feeling
from tests.cast import MONDAY_TEN, Cast, make_customer

pytestmark = pytest.mark.django_db
DUE = MONDAY_TEN + surveys.REVIEW_AFTER


def surveyed(cast: Cast, n: int, rating: int | None = None, words: str = "", language: str = "en") -> Survey:
    """Somebody whose RO closed, who was asked and (with a rating or words) answered an hour later."""
    phone = f"+1973555{n:04d}"
    customer = make_customer(cast.northside, f"Customer {n}", phone, language=language)
    consent.give(
        store_id=cast.northside.pk,
        number=phone,
        how=consent.How.REPAIR_ORDER,
        words="write-up",
        now=MONDAY_TEN,
    )
    survey = Survey.objects.create(
        store=cast.northside, kind="csi", about_subject=f"ro:{n}", customer=customer, happened_at=MONDAY_TEN
    )
    with transaction.atomic():
        bus.publish(*surveys.asked(survey, at=MONDAY_TEN))
        if rating or words:
            feeling = Feeling(rating, f"{rating} of 5", bool(words) or (rating or 5) < 4)
            bus.publish(*surveys.answered(survey, feeling, words=words, at=MONDAY_TEN + timedelta(hours=1)))
    survey.refresh_from_db()
    return survey


@pytest.fixture
def google(cast: Cast) -> None:
    reviews.set_site(
        store=cast.northside, name="Google", url="https://g.example/northside", by=cast.max, now=MONDAY_TEN
    )


def asked(cast: Cast) -> list[str]:
    rows = Message.objects.of_store(cast.northside.pk).filter(body__contains="https://g.example/northside")
    return sorted(rows.values_list("subject", flat=True))


def wins_back(cast: Cast, survey: Survey) -> None:
    now = MONDAY_TEN + timedelta(days=3)
    calls.log(customer=survey.customer, by=cast.rosa, outcome="connected", now=now)
    surveys.recover(
        survey, what_went_wrong="Late", what_was_done="Sorry", is_resolved=True, by=cast.rosa, now=now
    )


def test_everybody_is_asked_whatever_they_answered_and_the_unhappy_once_they_were_won_back(
    cast: Cast, google: None
) -> None:
    for n, rating in enumerate((None, 1, 2, 3, 4, 5)):
        surveyed(cast, n, rating)
    assert reviews.ask_due(now=DUE - timedelta(minutes=1)) == 0
    reviews.ask_due(now=DUE)
    assert asked(cast) == ["ro:0", "ro:4", "ro:5"]
    for survey in Survey.objects.of_store(cast.northside.pk).filter(is_unhappy=True):
        wins_back(cast, survey)
    reviews.ask_due(now=DUE + timedelta(days=2))
    assert asked(cast) == [f"ro:{n}" for n in range(6)]
    assert reviews.ask_due(now=DUE + timedelta(days=3)) == 0


def test_the_rating_plays_no_part_in_who_is_asked_and_when(cast: Cast, google: None) -> None:
    due = {surveyed(cast, n, rating).review_due_at for n, rating in enumerate((1, 2, 3, 4, 5, None))}
    assert due == {DUE}
    assert "rating" not in str(reviews.due(DUE).query).partition(" WHERE ")[2]


def test_nobody_is_asked_where_the_store_has_named_no_site(cast: Cast) -> None:
    assert surveyed(cast, 1, 5).review_due_at is None


def test_a_review_is_asked_for_in_the_customers_language_and_told_when_it_was_received(
    cast: Cast, google: None
) -> None:
    survey = surveyed(cast, 1, 5, language="es")
    reviews.ask_due(now=DUE)
    message = Message.objects.of_store(cast.northside.pk).get(dedupe_key=f"review:{survey.pk}")
    assert message.body.startswith("Hola Customer, le escribe Northside Honda")
    assert message.purpose == "service"


def test_a_known_customer_is_spoken_with_before_their_review_counts_as_answered(cast: Cast) -> None:
    tom = make_customer(cast.northside, "Tom Okafor", "+19735550144")
    review = reviews.post(
        store_id=cast.northside.pk, site="Google", stars=2, words="Never called back", who="Tom O", customer=tom,
        department="sales", by=cast.max, now=MONDAY_TEN,
    )  # fmt: skip
    later = MONDAY_TEN + timedelta(hours=1)
    with pytest.raises(reviews.NoContact, match="Call them first"):
        reviews.answer(review, reply="Sorry", contact="unknown", by=cast.mo, now=later)
    calls.log(customer=tom, by=cast.mo, outcome="connected", now=later)
    assert (
        reviews.answer(review, reply="Sorry", contact="reached", by=cast.mo, now=later).contact == "reached"
    )
    with pytest.raises(reviews.AlreadyAnswered):
        reviews.answer(review, reply="Sorry", contact="reached", by=cast.mo, now=later)
