"""Marketing in the demo: managers win back the unhappy, and write down what went wrong."""

from __future__ import annotations

from datetime import datetime

from dealership.demo import keeping, stage
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from marketing import reviews, surveys
from marketing.models import Survey

WRONG = (
    "Waited two hours for an oil change",
    "Nobody called when the car was ready",
    "Came back with a greasy wheel",
)
DONE = (
    "Apologised, next service is on us",
    "Called and explained, they are fine",
    "Car washed and detailed today",
)


@stage.passing(
    "surveys held back",
    "SELECT min(ask_at) FROM marketing_survey WHERE store_id = {store} AND ask_at IS NOT NULL",
)
def ask_held(now: datetime) -> None:
    """What had been held back is asked."""
    surveys.ask_held(now=now)


@stage.passing(
    "public reviews are asked for",
    """
        SELECT min(review_due_at) FROM marketing_survey
        WHERE store_id = {store} AND review_sent_at IS NULL AND NOT (is_unhappy AND recovered_at IS NULL)
    """,
)
def ask_for_reviews(now: datetime) -> None:
    """Whoever was asked how it was is asked for a public review two days later."""
    reviews.ask_due(now=now)


@keeping.keeps(
    "call_unhappy_service_customer", "call_unhappy_buyer", "settle_with_service_customer", "settle_with_buyer"
)
def win_back(on: Stage, owed: Owed) -> str:
    """A call, and what was wrong and what was done about it."""
    if owed.customer is None or not keeping.call(
        on, owed, answered=0.8, note="Listened. They want it put right."
    ):
        return ""
    families = Survey.objects.of_store(on.store.pk).filter(customer=owed.customer, is_unhappy=True)
    survey = families.filter(recovered_at__isnull=True).order_by("-pk").first()
    if survey is None:
        return ""
    is_resolved = owed.rule.startswith("settle") or on.chance(0.7)
    surveys.recover(
        survey, what_went_wrong=on.dice.choice(WRONG), what_was_done=on.dice.choice(DONE), is_resolved=is_resolved,
        by=owed.owner, now=on.now,
    )  # fmt: skip
    return f"{owed.owner.first_name} spoke with {owed.customer.full_name}, who had not been happy."


@keeping.keeps("answer_marketing_message", "ask_about_delivery")
def answer(on: Stage, owed: Owed) -> str:
    """A text back, or a call."""
    return keeping.write_or_call(on, owed)
