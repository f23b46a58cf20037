"""The carrier's side of the simulator: takes texts, knows who opted out, and plans what it will tell about each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Trim, Upper

from dealership import doorbell, live
from dealership.language import later
from dealership.messaging.models import SimulatedPhone, SimulatedText
from dealership.messaging.wording import clean
from dealership.stores.models import Store

#: Twilio's default words for long codes: an exact word, nothing else (twilio.com/docs, advanced opt-out).
STOP_WORDS = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT")
START_WORDS = ("START", "UNSTOP")
HELP_WORDS = ("HELP", "INFO")
ANSWERS = {
    **dict.fromkeys(
        STOP_WORDS, "You are unsubscribed and get no more texts from this number. START brings them back."
    ),
    **dict.fromkeys(START_WORDS, "You get texts from this number again. STOP ends them, HELP helps."),
    **dict.fromkeys(HELP_WORDS, "Texts from your dealership. STOP ends them. Rates may apply."),
}

Behaviour = SimulatedPhone.Behaviour
Plan = list[tuple[str, str, float]]

#: What is told about a text, and after how many seconds, by the way a phone behaves: (status, error, seconds).
PLANS: dict[str, Plan] = {
    Behaviour.PROMPT: [("sent", "", 0.5), ("delivered", "", 1.5)],
    Behaviour.LATE: [("sent", "", 1), ("delivered", "", 60)],
    Behaviour.SHUFFLED: [("delivered", "", 0.5), ("queued", "", 1), ("sent", "", 2)],
    Behaviour.TWICE: [("sent", "", 0.5), ("sent", "", 1), ("delivered", "", 1.5), ("delivered", "", 2)],
    Behaviour.SILENT: [],
    Behaviour.UNREACHABLE: [("sent", "", 0.5), ("undelivered", "30003", 2)],
    Behaviour.LANDLINE: [("undelivered", "30006", 1)],
    Behaviour.FILTERED: [("undelivered", "30007", 1)],
}
#: How a carrier says where a text is, which the page of phones says in the reader's language.
STATES = (later("queued"), later("sent"), later("delivered"), later("undelivered"), later("received"))
#: Numbers whose last digits name the error that a text to them ends with.
MAGIC_FATES = {"5553003": "30003", "5553005": "30005", "5553006": "30006", "5553007": "30007"}


def opted_out(customer_number: str, our_number: str) -> bool:
    """Whether the carrier blocks texts to them: their last word of that kind was a stop word."""
    last = (
        SimulatedText.objects.filter(from_number=customer_number, to_number=our_number, is_from_customer=True)
        .annotate(word=Upper(Trim("body")))
        .filter(word__in=STOP_WORDS + START_WORDS)
        .order_by("-at", "-pk")
        .first()
    )
    return last is not None and last.body.strip().upper() in STOP_WORDS


def take(
    *, to: str, from_number: str, body: str, callback: str, now: datetime, media: Sequence[str] = ()
) -> SimulatedText:
    """Takes a text of ours and plans its fate."""
    due = [
        {"status": status, "error": error, "at": (now + timedelta(seconds=seconds)).isoformat()}
        for status, error, seconds in _plan(to)
        if callback
    ]
    return _keep(
        SimulatedText(
            sid=_sid(),
            from_number=from_number,
            to_number=to,
            body=body,
            media=list(media),
            status="queued",
            status_callback=callback[:300],
            at=now,
            calls_due=due,
            next_call_at=min((_at(call) for call in due), default=None),
        )
    )


@transaction.atomic
def write_as_customer(
    *, store: Store, number: str, body: str, photo: bytes | None = None, twice: bool = False, now: datetime
) -> SimulatedText:
    """A customer texts the store: our webhook will be called, twice where the carrier repeats itself.

    `photo` goes along as it is: no phone asks what it sends.

    The carrier answers its own words itself, as a real one does.
    """
    call = {"status": "inbound", "error": "", "at": now.isoformat()}
    word = body.strip().upper()
    told_already = word in STOP_WORDS and opted_out(number, store.text_number)
    text = _keep(
        SimulatedText(
            sid=_sid(),
            from_number=number,
            to_number=store.text_number,
            body=clean(body),
            photo=photo,
            status="received",
            is_from_customer=True,
            at=now,
            calls_due=[call, call] if twice else [call],
            next_call_at=now,
        )
    )
    if (answer := ANSWERS.get(word)) and not told_already:
        _keep(
            SimulatedText(
                sid=_sid(),
                from_number=store.text_number,
                to_number=number,
                body=answer,
                status="delivered",
                at=now + timedelta(milliseconds=1),
            )
        )
    doorbell.ring("simulator")
    return text


def set_behaviour(number: str, behaviour: str) -> None:
    """From now on this phone takes its texts so. Raises ValueError for no such behaviour."""
    SimulatedPhone.objects.update_or_create(number=number, defaults={"behaviour": Behaviour(behaviour)})


def behaviour_of(number: str) -> str:
    """How this phone takes its texts."""
    phone = SimulatedPhone.objects.filter(number=number).first()
    return phone.behaviour if phone else Behaviour.PROMPT


def _plan(number: str) -> Plan:
    error = MAGIC_FATES.get(number[-7:])
    return [("undelivered", error, 1)] if error else PLANS[behaviour_of(number)]


def _keep(text: SimulatedText) -> SimulatedText:
    text.save(force_insert=True)
    doorbell.ring("simulator")
    changed(text)
    return text


def changed(text: SimulatedText) -> None:
    """Tells the page of the phones that there is something new."""
    ours = text.to_number if text.is_from_customer else text.from_number
    for store_id in Store.objects.filter(text_number=ours).values_list("pk", flat=True):
        live.bump(store_id, "phones")


def _sid() -> str:
    return f"SM{uuid.uuid4().hex}"


def _at(call: dict[str, str]) -> datetime:
    return datetime.fromisoformat(call["at"])
