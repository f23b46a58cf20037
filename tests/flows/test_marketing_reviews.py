"""Seam 76: a poor public review is answered by the head of the department, who speaks with the customer where they are known."""

from __future__ import annotations

from marketing.models import Review
from tests.flows.marketing_world import MarketingWorld
from tests.flows.sales_world import TOM, minute, words

DAY = 24 * 60
POOR = {
    "site": "Google",
    "stars": "2",
    "words": "Nobody called me back",
    "department": "sales",
    "who": "Tom O.",
}
REPLY = {"reply": "We are sorry, and have called you.", "contact": "reached"}


def posted(town: MarketingWorld, **changed: str) -> Review:
    answer = town.browser(town.cast.max).post("/marketing/reviews/new/", POOR | changed)
    assert answer.status_code == 302, answer.content
    return Review.objects.of_store(town.cast.northside.pk).latest("pk")


def answers(town: MarketingWorld, who: str, review: Review, **changed: str) -> int:
    browser = town.browser(town.cast.people[who])
    return browser.post(f"/marketing/reviews/{review.pk}/answer/", REPLY | changed).status_code


def test_a_poor_review_of_a_known_customer_is_kept_by_reply_and_call(town: MarketingWorld) -> None:
    tom = town.tom()
    review = posted(town, phone=TOM)
    promise = town.promise("answer_sales_review")
    assert (promise.owner, promise.due_at, review.customer) == (town.cast.mo, minute(DAY), tom)
    assert [answers(town, who, review) for who in ("max", "rosa", "mo")] == [403, 403, 422]
    town.calls(town.cast.mo, tom.pk)
    assert town.promise("answer_sales_review").state == "open"
    assert answers(town, "mo", review) == 302
    promise = town.promise("answer_sales_review")
    assert (promise.state, promise.broken_at) == ("kept", None)


def test_a_review_that_nobody_answers_is_broken_at_its_hour_climbs_and_is_recovered(
    town: MarketingWorld,
) -> None:
    review = posted(town, department="parts", stars="3")
    assert town.promise("answer_service_review").owner == town.cast.rosa
    town.on(minute(DAY + 1))
    assert town.promise("answer_service_review").broken_at == minute(DAY)
    town.on(minute(2 * DAY + 1))
    assert town.promise("answer_service_review").owner == town.cast.gus
    assert answers(town, "gus", review, contact="unknown") == 302
    assert town.promise("answer_service_review").is_recovered


def test_four_stars_owe_no_reply_and_a_wrong_number_is_said(town: MarketingWorld) -> None:
    posted(town, stars="4")
    assert town.promises("answer_sales_review") == []
    browser = town.browser(town.cast.max)
    answer = browser.post("/marketing/reviews/new/", POOR | {"phone": "(973) 555-0177"})
    assert answer.status_code == 422
    page = words(answer.content.decode())
    assert "Nobody here has this number" in page
    assert "Nobody called me back" in page
