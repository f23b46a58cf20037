"""What is owed about a lead or a conversation goes along when it is handed over."""

from datetime import timedelta

import pytest

from dealership.events.catalogue.messaging import ConversationHandedOver
from dealership.events.catalogue.sales import LeadHandedOver
from tasks.models import Notice, Promise
from tests.cast import MONDAY_TEN, Cast
from tests.tasks.telling import Telling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_book")]


def test_the_promise_about_a_lead_follows_its_new_owner_and_no_other_does(cast: Cast) -> None:
    telling = Telling(cast)
    telling.publish(
        telling.lead(0, lead_id=7, owner_id=cast.dana.pk), telling.lead(0, lead_id=8, owner_id=cast.dana.pk)
    )
    telling.publish(
        LeadHandedOver(
            store_id=cast.northside.pk, at=MONDAY_TEN + timedelta(minutes=1), subject="lead:7", lead_id=7, by=cast.bea.pk,
            owner_id=cast.sam.pk, to_name="Sam", why="knows the family",
        )
    )  # fmt: skip
    seven, eight = Promise.objects.of_store(cast.northside.pk).order_by("subject")
    assert (seven.owner, eight.owner) == (cast.sam, cast.dana)
    assert seven.transitions.get(act="handed_off").by == cast.bea
    assert Notice.objects.of_store(cast.northside.pk).get().staff == cast.sam


def test_a_conversation_that_is_let_go_leaves_its_promise_where_it_is(cast: Cast) -> None:
    telling = Telling(cast)
    telling.publish(telling.wrote(0))
    promise = Promise.objects.of_store(cast.northside.pk).get()
    before = promise.owner
    for to_id, expected in ((None, before), (cast.lia.pk, cast.lia)):
        telling.publish(
            ConversationHandedOver(
                store_id=cast.northside.pk, at=MONDAY_TEN + timedelta(minutes=2), subject="conversation:5",
                conversation_id=5, department="sales", to_id=to_id, to_name="somebody",
            )
        )  # fmt: skip
        promise.refresh_from_db()
        assert promise.owner == expected
