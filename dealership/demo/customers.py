"""What customers do when a text reaches them: they confirm, ask for another time, rate, ask, thank, opt out; or say nothing."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db.models import Q

from dealership.demo import stage
from dealership.demo.stage import Stage
from dealership.messaging import inbound
from dealership.messaging.models import Conversation, Message
from dealership.messaging.simulator import texts

Asked = Conversation.Asked
#: (weight, English, Spanish) by what was asked. "" says nothing.
WORDS: dict[str, tuple[tuple[int, str, str], ...]] = {
    Asked.CONFIRM: (
        (46, "C", "Sí, confirmo"),
        (14, "yes see you then", "Sí, ahí estaré"),
        (4, "Can we do 3pm instead? stuck at work", "¿Puede ser a las 3pm? Estoy en el trabajo"),
        (2, "Can we do 4:30?", "¿Puede ser a las 4:30?"),
        (1, "Not sure I can make it, what else do you have?", "No sé si puedo, ¿qué más tienen?"),
        (33, "", ""),
    ),
    Asked.SURVEY: (
        (26, "5", "5"),
        (9, "5 great as always", "5, excelente como siempre"),
        (7, "4", "4"),
        (2, "3", "3"),
        (2, "2. Waited two hours for an oil change", "2. Esperé dos horas"),
        (1, "1 nobody called me when it was ready", "1 nadie me llamó"),
        (53, "", ""),
    ),
    Asked.APPROVE: (
        (50, "yes go ahead", "sí, adelante"),
        (12, "How much is it with tax?", "¿Cuánto es con impuestos?"),
        (18, "Not today", "Hoy no"),
        (20, "", ""),
    ),
    "machine": (
        (5, "Could you do Thursday morning?", "¿Puede ser el jueves por la mañana?"),
        (4, "How much would that be?", "¿Cuánto sería?"),
        (3, "Done elsewhere already, thanks", "Ya lo hice en otro lugar, gracias"),
        (2, "Call me after five please", "Llámeme después de las cinco por favor"),
        (1, "STOP", "STOP"),
        (85, "", ""),
    ),
    "person": (
        (8, "Thank you", "Gracias"),
        (6, "ok thanks, what time do you close?", "ok gracias, ¿a qué hora cierran?"),
        (5, "Sounds good", "Perfecto"),
        (81, "", ""),
    ),
}  # fmt: skip


@stage.watcher(Message)
def watch_texts(on: Stage, seen: int) -> int:
    """Texts that left since the last look: who answers, answers after a while."""
    fresh = (
        Message.objects.of_store(on.store.pk)
        .filter(pk__gt=seen)
        .order_by("pk")
        .values_list("pk", "is_inbound", "asks", "author_id")
    )
    for pk, is_inbound, asks, author in fresh:
        seen = pk
        if is_inbound:
            continue
        kind = asks if asks in WORDS else "person" if author else "machine"
        words = on.dice.choices(range(len(WORDS[kind])), weights=[row[0] for row in WORDS[kind]])[0]
        if WORDS[kind][words][1]:
            minutes = on.dice.choice((2, 3, 5, 8, 14, 25, 60, 150))
            at = on.now + timedelta(minutes=minutes, seconds=on.dice.randrange(60))
            on.later(at, "customers.answer", message=pk, kind=kind, words=words)
    return seen


@stage.scene("customers.answer")
def answer(on: Stage, message: int, kind: str, words: int) -> str:
    """A customer answers a text that reached them."""
    row = (
        Message.objects.of_store(on.store.pk)
        .filter(Q(state=Message.State.DELIVERED) | Q(state=Message.State.SENT), pk=message)
        .select_related("conversation", "customer")
        .first()
    )
    if row is None or (row.conversation.last_in_at and row.conversation.last_in_at > row.created_at):
        return ""
    _, english, spanish = WORDS[kind][words]
    body = spanish if row.customer.language == "es" else english
    write(on, row.conversation.their_number, body, key=f"answer {message}")
    return f"{row.customer.full_name} wrote: {body}"


@stage.scene("customers.write")
def write_first(on: Stage, person: int, body: str) -> str:
    """A customer writes of their own accord."""
    who = on.person(person)
    write(on, who.number, body, key=f"write {person} {on.now.isoformat()}")
    return f"{who.name} wrote: {body}"


@stage.scene("customers.somebody")
def write_as_somebody(on: Stage, body: str) -> str:
    """One of those who had a text lately writes: enough, or that this is not them."""
    talks = Conversation.objects.of_store(on.store.pk).filter(last_in_at__isnull=False)
    lately = list(talks.select_related("customer").order_by("-last_at", "pk")[3:20])
    if not lately:
        return ""
    talk = on.dice.choice(lately)
    write(on, talk.their_number, body, key=f"somebody {talk.pk} {on.now.isoformat()}")
    return f"{talk.customer.full_name} wrote: {body}"


def write(on: Stage, number: str, body: str, *, key: str) -> None:
    """A text from this phone: through the simulator, and so through the signed webhook; history's comes in at once."""
    if not on.is_history:
        texts.write_as_customer(store=on.store, number=number, body=body, now=on.now)
        return
    digest = hashlib.sha256(f"{on.store.slug}|{on.seed}|{key}".encode()).hexdigest()[:32]
    payload = {"MessageSid": f"SM{digest}", "From": number, "To": on.store.text_number, "Body": body}
    inbound.receive(payload, received_at=on.now, now=on.now)
