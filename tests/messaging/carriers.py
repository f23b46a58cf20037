"""A carrier for tests: says what it is told to say, and remembers what it was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count

from dealership.customers.models import Customer
from dealership.events.models import EventRecord
from dealership.messaging import consent, outbox, sending
from dealership.messaging.models import Message, Purpose
from dealership.messaging.transports.carrier import Accepted, Listed, Outcome, Parcel
from dealership.stores.models import Store
from tests.cast import MONDAY_TEN, Cast, make_customer

PHONE = "+19735550142"
_sids = count(1)


class FakeCarrier:
    """Accepts everything unless `answers` says otherwise; its list holds what it really took."""

    def __init__(self, *answers: Outcome | Callable[[Parcel], Outcome]) -> None:
        self.answers = list(answers)
        self.given: list[Parcel] = []
        self.listed: list[Listed] = []
        self.incoming: list[Listed] = []

    def send(self, parcel: Parcel) -> Outcome:
        self.given.append(parcel)
        if self.answers:
            answer = self.answers.pop(0)
            return answer(parcel) if callable(answer) else answer
        return Accepted(f"SM{next(_sids):032d}")

    def sent_to(self, number: str, *, since: datetime) -> Sequence[Listed]:
        return [item for item in self.listed if item.to_number == number]

    def received_by(self, number: str, *, since: datetime) -> Sequence[Listed]:
        return [item for item in self.incoming if item.to_number == number]

    def sent_from(self, number: str, *, since: datetime) -> Sequence[Listed]:
        return [item for item in self.listed if item.from_number == number]

    def really_has(self, message: Message, *, sid: str, at: datetime, status: str = "sent") -> None:
        """Puts a text into the carrier's list, as if it had been taken after all."""
        talk = message.conversation
        self.listed.append(Listed(sid, talk.our_number, talk.their_number, message.body, status, "", at))


def maria(store: Store, *, agreed: bool = True, phone: str = PHONE) -> Customer:
    """Maria Lopez, who gave her number for a visit."""
    customer = make_customer(store, "Maria Lopez", phone)
    if agreed:
        consent.give(
            store_id=store.pk,
            number=phone,
            how=consent.How.REPAIR_ORDER,
            words="gave the number at write-up",
            now=MONDAY_TEN.replace(year=2025),
        )
    return customer


def queue(customer: Customer, body: str = "Your car is ready.", **more: object) -> Message:
    """A text of the machine about a service visit, queued on Monday at ten."""
    given: dict[str, object] = {
        "store_id": customer.store_id,
        "customer": customer,
        "body": body,
        "purpose": Purpose.SERVICE,
        "dedupe_key": f"test:{customer.pk}:{body}",
        "now": MONDAY_TEN,
    }
    return outbox.send(**(given | more))  # type: ignore[arg-type]


def clock_at(*moments: datetime) -> Callable[[], datetime]:
    """A clock that shows these moments one after the other, and then stays at the last."""
    left = list(moments)

    def clock() -> datetime:
        return left.pop(0) if len(left) > 1 else left[0]

    return clock


def send(carrier: FakeCarrier, *moments: datetime) -> dict[str, int]:
    """What is due goes to this carrier; by a clock that shows these moments in turn."""
    return sending.send_due(transport=carrier, clock=clock_at(*(moments or (MONDAY_TEN,))))


def told(cast: Cast, kind: str) -> list[EventRecord]:
    """The facts of this kind in the store."""
    return list(EventRecord.objects.of_store(cast.northside.pk).filter(kind=kind))
