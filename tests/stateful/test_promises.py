"""Promises under everything that facts, people and time may do to them, in any order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from dealership.events.base import Fact
from dealership.staff import people
from dealership.staff.models import StaffMember
from tasks import promises, steps, sweep
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.stateful import Life, live
from tests.tasks.telling import Telling

pytestmark = pytest.mark.django_db
#: What people are refused, with a sentence.
REFUSALS = (
    promises.NotOpen,
    promises.NotAllowed,
    promises.NoReason,
    promises.BadTime,
    people.LastGeneralManager,
)
FACTS: tuple[Callable[[Telling, float], Fact], ...] = (
    Telling.lead, Telling.lead_closed, Telling.wrote, Telling.heard, Telling.spoke, Telling.ro_opened, Telling.told,
    Telling.ro_closed, Telling.ro_voided, Telling.sold, Telling.ready, lambda telling, minute: telling.time_set(minute, minute + 90),
)  # fmt: skip
WHO = ("dana", "sam", "ana", "lou", "bea", "rosa", "gus")


class Promises(Life):
    """A customer, a lead and an RO; seven people who may act, leave and come back."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.telling = Telling(cast)
        self.heard: list[Fact] = []
        self.broken: dict[int, object] = {}

    @rule(tell=st.sampled_from(FACTS), late=st.integers(0, 30))
    def something_is_true(self, tell: Callable[[Telling, float], Fact], late: int) -> None:
        """A fact comes in, perhaps some minutes after it was true."""
        minute = max((self.now - MONDAY_TEN) / timedelta(minutes=1) - late, 0)
        self.heard.append(tell(self.telling, minute))
        self.telling.publish(self.heard[-1])

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def it_is_told_again(self, data: st.DataObject) -> None:
        self.telling.publish(data.draw(st.sampled_from(self.heard)))

    @rule(minutes=st.sampled_from([1, 4, 11, 45, 200, 1_500]))
    def time_passes(self, minutes: int) -> None:
        now = self.passes(minutes)
        sweep.run(now)
        steps.take_due(now)
        sweep.run(now)

    @precondition(lambda self: self.rows())
    @rule(data=st.data(), who=st.sampled_from(WHO), to=st.sampled_from(WHO))
    def somebody_acts(self, data: st.DataObject, who: str, to: str) -> None:
        row = data.draw(st.sampled_from(self.rows()))
        by, other = self.person(who), self.person(to)
        if not by.is_active:
            return
        later = self.now + timedelta(minutes=data.draw(st.sampled_from([20, 300])))
        act = data.draw(
            st.sampled_from(["accept", "hand off", "take back", "waive", "unwaive", "renegotiate", "finish"])
        )
        with suppress(*REFUSALS):
            if act == "accept":
                promises.accept(row, by=by, now=self.now)
            elif act == "hand off":
                promises.hand_off(row, to=other, by=by, why="for you", now=self.now)
            elif act == "take back":
                promises.take_back(row, by=by, now=self.now)
            elif act == "waive":
                promises.waive(row, by=by, why="not needed", now=self.now)
            elif act == "unwaive":
                promises.unwaive(row, by=by, now=self.now)
            elif act == "renegotiate":
                promises.renegotiate(row, due_at=later, words="told them", by=by, now=self.now)
            else:
                promises.finish_by_hand(row, by=by, why="did it", now=self.now)

    @rule(who=st.sampled_from(WHO), minutes=st.sampled_from([5, 90]))
    def somebody_promises(self, who: str, minutes: int) -> None:
        by = self.person(who)
        if not by.is_active:
            return
        with suppress(*REFUSALS):
            promises.make_by_hand(
                store_id=by.store_id, customer=self.telling.customer, sentence="I call back", owner=by, by=by,
                due_at=self.now + timedelta(minutes=minutes), now=self.now,
            )  # fmt: skip

    @rule(who=st.sampled_from(WHO))
    def somebody_leaves_or_comes_back(self, who: str) -> None:
        person = self.person(who)
        with suppress(*REFUSALS):
            change = people.deactivate if person.is_active else people.reinstate
            change(person, by=self.cast.gus, now=self.now)

    @invariant()
    def each_has_an_owner_who_works_here(self) -> None:
        gone = [row.pk for row in self.rows() if row.state == Promise.State.OPEN and not row.owner.is_active]
        assert not gone

    @invariant()
    def what_was_broken_stays_broken_at_its_hour(self) -> None:
        """Unless a fact that was true before the hour is told after it."""
        now = {row.pk: row.broken_at for row in self.rows() if row.broken_at}
        assert all(at == self.broken.get(pk, at) for pk, at in now.items())
        self.broken.update(now)

    def rows(self) -> list[Promise]:
        mine = Promise.objects.of_store(self.cast.northside.pk).select_related("owner", "store")
        return list(mine.order_by("pk"))

    def person(self, who: str) -> StaffMember:
        return StaffMember.objects.of_store(self.cast.northside.pk).get(pk=getattr(self.cast, who).pk)


def test_whatever_is_told_and_done_every_promise_is_somebodys_and_true_to_its_hour(cast: Cast) -> None:
    live(lambda: Promises(cast))


def test_a_life_that_breaks_what_must_be_true_is_told(cast: Cast) -> None:
    """The judge itself: somebody is struck off the list behind the product's back."""

    class Careless(Promises):
        @rule()
        def an_owner_is_struck_off(self) -> None:
            owners = [row.owner_id for row in self.rows() if row.state == Promise.State.OPEN]
            StaffMember.objects.of_store(self.cast.northside.pk).filter(pk__in=owners).update(is_active=False)

    with pytest.raises(AssertionError):
        live(lambda: Careless(cast), lives=20, shortest=False)
