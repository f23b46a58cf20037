"""What a customer answers to "how was it?": a good rating is thanked for; a poor one is a person's to answer."""

from __future__ import annotations

from datetime import datetime

from dealership.messaging import copy
from dealership.messaging.answers import Answer, answers_to
from dealership.messaging.models import Conversation, Message
from dealership.messaging.replies.reply import Intent, Reply

#: From here on, of five, nobody needs to ask what went wrong.
GOOD = 4


@answers_to("ro")
def settle(
    conversation: Conversation, message: Message, reading: Reply, subject: str, now: datetime
) -> Answer:
    """Thanks for a good rating; hands a poor one to a person with the apology half written."""
    if reading.intent != Intent.RATING or reading.rating is None:
        return Answer(False, "")
    customer, store = message.customer, conversation.store
    good = reading.rating >= GOOD
    words = copy.render(
        f"service/copy/{'rating_good' if good else 'rating_poor'}",
        customer.language,
        first=customer.call_name,
        store=store.name,
    )
    return Answer(good, words)
