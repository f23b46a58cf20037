"""An RO as the DMS tells it, late, again and in any order, while people work on it and time passes."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from dealership.dms import mending
from dealership.dms.models import FeedFile
from service import facts, notes, promise_times, stages
from service.models import RepairOrder
from tasks import steps, sweep
from tests.cast import Cast
from tests.service.feeds import CLOSED_RO, OPEN_RO, Dms, at
from tests.stateful import Life, live

pytestmark = pytest.mark.django_db
ROWS = {"open": OPEN_RO, "closed": CLOSED_RO, "voided": OPEN_RO | {"RO Status": "V"}}
REFUSALS = (facts.NotOpen, stages.MovedMeanwhile, promise_times.CannotPromise, notes.NothingNoted)


class RepairOrders(Life):
    """One RO. The DMS writes its versions one after the other; their files arrive as they like."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.dms = Dms(cast)
        self.written: list[str] = []
        self.arrived: set[int] = set()

    @initialize()
    def the_car_comes(self) -> None:
        self.the_dms_writes("open")
        self.a_file_arrives(0)

    @rule(status=st.sampled_from(list(ROWS)))
    def the_dms_writes(self, status: str) -> None:
        self.written.append(status)

    @rule(which=st.integers(0, 20))
    def a_file_arrives(self, which: int) -> None:
        """Any of those that were written, also one that came before."""
        n = which % len(self.written)
        row = ROWS[self.written[n]] | {"Tag Number": f"T{n}"}
        self.passes(1)
        self.dms.send(at(n), row, now=self.now + timedelta(hours=1))
        held = FeedFile.objects.of_store(self.dms.store.pk).filter(state=FeedFile.State.HELD).defer("data")
        for file in held.select_related("feed"):
            mending.let_through(file, by=self.cast.gus, now=self.now)
            self.dms.work(self.now + timedelta(hours=1))
        self.arrived.add(n)

    @rule(stage=st.sampled_from(RepairOrder.Stage.values))
    def somebody_moves_the_car(self, stage: str) -> None:
        with suppress(*REFUSALS):
            stages.reach(self.ro(), stage, by=self.cast.ana, now=self.now)

    @rule(minutes=st.sampled_from([30, 200]), how=st.sampled_from(["set", "move"]))
    def a_time_is_promised(self, minutes: int, how: str) -> None:
        when = self.now + timedelta(minutes=minutes)
        with suppress(*REFUSALS):
            if how == "set":
                promise_times.set_time(self.ro(), promised_at=when, by=self.cast.ana, now=self.now)
            else:
                promise_times.tell_by_word(
                    self.ro(),
                    promised_at=when,
                    how="phone",
                    why="a bolt broke",
                    by=self.cast.ana,
                    now=self.now,
                )

    @rule(minutes=st.sampled_from([10, 130, 1_500]))
    def time_passes(self, minutes: int) -> None:
        now = self.passes(minutes)
        sweep.run(now)
        steps.take_due(now)

    @invariant()
    def it_stands_as_the_newest_version_says(self) -> None:
        if self.arrived:
            newest = max(self.arrived)
            ro = self.ro()
            assert (ro.state, ro.tag) == (self.written[newest], f"T{newest}")

    def ro(self) -> RepairOrder:
        return RepairOrder.objects.of_store(self.dms.store.pk).get()


def test_however_its_versions_arrive_an_ro_is_what_the_newest_says_and_owes_what_it_should(
    cast: Cast,
) -> None:
    live(lambda: RepairOrders(cast), steps=14)


def test_a_reader_that_takes_what_came_last_is_told(cast: Cast) -> None:
    """The judge itself: each file overwrites what a newer one said."""

    class Careless(RepairOrders):
        @rule(which=st.integers(0, 20))
        def a_file_overwrites(self, which: int) -> None:
            self.the_dms_writes("closed")
            self.a_file_arrives(len(self.written) - 1)
            n = which % len(self.written)
            RepairOrder.objects.of_store(self.dms.store.pk).update(state=self.written[n], tag=f"T{n}")

    with pytest.raises(AssertionError):
        live(lambda: Careless(cast), steps=14, lives=20, shortest=False)
