"""A number that is never kept, sent in two texts: each half alone looks like nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealership import sensitive
from dealership.messaging.models import CarrierCall, Conversation, Message
from dealership.messaging.wording import in_list

#: Two texts so near one another may hold one number.
ONE_BREATH = timedelta(minutes=10)


def joined(store_id: int, number: str, body: str, *, sid: str, at: datetime) -> str:
    """The words, without the rest of a number of which the text before held the beginning; that text loses it as well.

    The rest was kept for the moment between the carrier's call and here, in the call alone, and is taken out of it.
    """
    before = (
        Message.objects.of_store(store_id)
        .filter(
            conversation__their_number=number,
            is_inbound=True,
            created_at__range=(at - ONE_BREATH, at),
        )
        .order_by("-created_at", "-pk")
        .first()
        if any(mark.isdigit() for mark in body)
        else None
    )
    if before is None or (rest := sensitive.mask_tail(before.body, body)) == body:
        return body
    begun = sensitive.mask_head(before.body, body)
    Message.objects.of_store(store_id).filter(pk=before.pk).update(body=begun)
    n = len(before.media)
    shown = (before.body, in_list(before.body, n))
    Conversation.objects.of_store(store_id).filter(pk=before.conversation_id, last_body__in=shown).update(
        last_body=in_list(begun, n)
    )
    for call, words in ((before.carrier_sid, begun), (sid, rest)):
        for kept in CarrierCall.objects.filter(kind=CarrierCall.Kind.INBOUND, external_id=call):
            kept.payload = {**kept.payload, "Body": words}
            kept.save(update_fields=["payload"])
    return rest
