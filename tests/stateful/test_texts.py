"""Texts and consent under a carrier that may do anything and a customer who may say anything."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from dealership.messaging import consent, fates, inbound, outbox, reconcile, sending
from dealership.messaging.models import Message, Purpose
from dealership.messaging.transports.carrier import (
    Accepted,
    InDoubt,
    Listed,
    NotNow,
    Outcome,
    Parcel,
    Refused,
)
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import PHONE, clock_at, maria
from tests.messaging.test_inbound import call
from tests.stateful import Life, live

pytestmark = pytest.mark.django_db
SAID = ("STOP", "START", "stop texting me", "Is it ready?", "C", "thanks", "HELP", "no me escriba más")
STATUSES = ("queued", "sent", "delivered", "undelivered", "failed")


class Carrier:
    """Takes or does not take, and says so or does not; its list tells the truth."""

    def __init__(self) -> None:
        self.next, self.taken, self.at = "taken", list[tuple[Parcel, str, datetime]](), MONDAY_TEN

    def send(self, parcel: Parcel) -> Outcome:
        if self.next in ("taken", "taken in silence"):
            sid = f"SM{len(self.taken):032d}"
            self.taken.append((parcel, sid, self.at))
            return Accepted(sid) if self.next == "taken" else InDoubt("no answer")
        return {
            "lost": InDoubt("no answer"),
            "busy": NotNow("busy"),
            "refused": Refused("30003", "unreachable"),
        }[self.next]

    def sent_to(self, number: str, *, since: datetime) -> list[Listed]:
        return [
            Listed(sid, parcel.from_number, parcel.to_number, parcel.body, "sent", "", at)
            for parcel, sid, at in self.taken
            if parcel.to_number == number
        ]


class Texts(Life):
    """One customer, one number, one carrier."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.carrier, self.customer, self.n = Carrier(), maria(cast.northside), 0
        self.stopped_at: datetime | None = None
        self.ranks: dict[UUID, int] = {}

    @rule(
        purpose=st.sampled_from([Purpose.SERVICE, Purpose.SALES, Purpose.MARKETING]),
        again=st.booleans(),
        by=st.booleans(),
    )
    def a_text_is_written(self, purpose: Purpose, again: bool, by: bool) -> None:
        self.n += not again
        with suppress(outbox.NoNumber, outbox.AnsweredMeanwhile):
            outbox.send(
                store_id=self.customer.store_id, customer=self.customer, body=f"Text {self.n}", purpose=purpose,
                dedupe_key=f"{self.n}", author=self.cast.ana if by else None, now=self.now,
            )  # fmt: skip

    @rule(does=st.sampled_from(["taken", "taken in silence", "lost", "busy", "refused"]))
    def the_worker_sends(self, does: str) -> None:
        self.carrier.next, self.carrier.at = does, self.now
        sending.send_due(transport=self.carrier, clock=clock_at(self.now))

    @rule(minutes=st.sampled_from([1, 3, 11, 31, 600]))
    def time_passes(self, minutes: int) -> None:
        self.passes(minutes)
        reconcile.look(transport=self.carrier, clock=clock_at(self.now))

    @precondition(lambda self: self.carrier.taken)
    @rule(data=st.data(), status=st.sampled_from(STATUSES))
    def the_carrier_tells(self, data: st.DataObject, status: str) -> None:
        parcel, sid, _ = data.draw(st.sampled_from(self.carrier.taken))
        code = "30003" if status in ("undelivered", "failed") else ""
        fates.told(uuid=parcel.uuid, status=status, code=code, sid=sid, at=self.now, now=self.now)

    @rule(words=st.sampled_from(SAID))
    def the_customer_writes(self, words: str) -> None:
        self.passes(1)
        inbound.receive(call(self.cast.northside, words), received_at=self.now, now=self.now)
        if words == "START":
            self.stopped_at = None
        elif words in ("STOP", "stop texting me", "no me escriba más"):
            self.stopped_at = self.stopped_at or self.now

    @rule(
        purpose=st.sampled_from(["", *Purpose.values]),
        how=st.sampled_from([consent.How.SIGNED, consent.How.TOLD]),
    )
    def consent_is_given(self, purpose: str, how: consent.How) -> None:
        consent.give(
            store_id=self.customer.store_id,
            number=PHONE,
            purpose=purpose,
            how=how,
            words="they said so",
            now=self.now,
        )

    @rule(purpose=st.sampled_from(Purpose.values))
    def consent_is_taken_back(self, purpose: str) -> None:
        consent.revoke(
            store_id=self.customer.store_id,
            number=PHONE,
            purpose=purpose,
            how=consent.How.TOLD,
            words="no more",
            now=self.now,
        )

    @invariant()
    def the_carrier_took_each_text_once(self) -> None:
        assert all(n == 1 for n in Counter(parcel.uuid for parcel, _, _ in self.carrier.taken).values())

    @invariant()
    def nothing_of_the_house_left_after_a_stop(self) -> None:
        """But the one confirmation, which the carrier or we send."""
        if self.stopped_at is None:
            return
        late = [parcel for parcel, _, at in self.carrier.taken if at > self.stopped_at]
        assert not [parcel for parcel in late if parcel.body.startswith("Text")]
        assert consent.state(self.customer.store_id, PHONE).opted_out

    @invariant()
    def what_is_known_of_a_text_only_grows(self) -> None:
        """Once the carrier said something final, nothing less is said of it."""
        for uuid, state in (
            Message.objects.of_store(self.customer.store_id)
            .filter(is_inbound=False)
            .values_list("uuid", "state")
        ):
            rank = fates.RANK.get(state, 0)
            if self.ranks.get(uuid, 0) >= fates.RANK[Message.State.ACCEPTED]:
                assert rank >= self.ranks[uuid], (uuid, state)
            self.ranks[uuid] = rank


def test_whatever_the_carrier_does_and_the_customer_says_a_text_goes_once_and_never_after_a_stop(
    cast: Cast,
) -> None:
    live(lambda: Texts(cast), steps=30)


def test_a_sender_that_tries_again_on_a_guess_is_told(cast: Cast) -> None:
    """The judge itself: what is in doubt goes back into the queue."""

    class Careless(Texts):
        @rule()
        def the_worker_sends_and_no_answer_is_taken_for_a_no(self) -> None:
            self.a_text_is_written(Purpose.SERVICE, again=False, by=True)
            for _ in range(2):
                self.the_worker_sends("taken in silence")
                rows = Message.objects.of_store(self.customer.store_id).filter(state=Message.State.UNKNOWN)
                rows.update(state=Message.State.QUEUED, send_after=self.now, called_at=None)

    with pytest.raises(AssertionError):
        live(lambda: Careless(cast), steps=30, lives=20, shortest=False)
