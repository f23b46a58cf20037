"""What messaging does when it hears of others: conversations of people who left are nobody's, those of unhappy customers are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from dealership import live
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.marketing import RecoveryRecorded, SurveyAnswered
from dealership.events.catalogue.staff import StaffLeft
from dealership.messaging import conversations
from dealership.messaging.models import Conversation


@bus.remember(StaffLeft)
def release_conversations(facts: Sequence[StaffLeft]) -> None:
    """The next answer may come from anyone; the promise about it moves with the person's other promises."""
    conversations.release_all_of([fact.staff_id for fact in facts])


@bus.remember(SurveyAnswered)
def note_unhappy(facts: Sequence[SurveyAnswered]) -> None:
    """Whoever says that something went wrong is unhappy from then on."""
    for fact in facts:
        if fact.is_unhappy:
            _mark(fact, fact.at)


@bus.remember(RecoveryRecorded)
def note_settled(facts: Sequence[RecoveryRecorded]) -> None:
    """Until a manager has settled it with them."""
    for fact in facts:
        if fact.is_resolved:
            _mark(fact, None)


def _mark(fact: Fact, since: datetime | None) -> None:
    customer = Customer.objects.of_store(fact.store_id).filter(pk=fact.customer_id or 0).first()
    if customer is None:
        return
    talks = Conversation.objects.of_store(fact.store_id).filter(
        customer__in=merging.family(merging.living(customer)), unhappy_since__isnull=since is not None
    )
    if talks.update(unhappy_since=since, version=F("version") + 1):
        live.bump(fact.store_id, "inbox")
