"""What a customer answers to "how was it?": written on the survey; a good rating is thanked for, a poor one is a person's to answer."""

from __future__ import annotations

from datetime import datetime

from dealership.events import bus
from dealership.messaging import copy
from dealership.messaging.answers import Answer, answers_to
from dealership.messaging.models import Conversation, Message
from dealership.messaging.replies.reply import Intent, Reply
from marketing import sentiment, surveys
from marketing.sentiment import GOOD


@answers_to("ro")
@answers_to("deal")
def settle(
    conversation: Conversation, message: Message, reading: Reply, subject: str, now: datetime
) -> Answer:
    """Keeps the rating; thanks for a good one, and hands any other to a person with the apology half written."""
    feeling = sentiment.of_reading(message.body, reading)
    if reading.intent != Intent.RATING or feeling is None or feeling.rating is None:
        return Answer(False, "")
    survey = surveys.find(message.store_id, subject)
    if survey is not None:
        bus.publish(*surveys.answered(survey, feeling, words=message.body, at=message.created_at))
    good = feeling.rating >= GOOD and not feeling.is_unhappy
    customer, store = message.customer, conversation.store
    words = copy.render(
        f"marketing/copy/{'rating_good' if good else 'rating_poor'}",
        customer.language,
        first=customer.call_name,
        store=store.name,
    )
    return Answer(good, words)
