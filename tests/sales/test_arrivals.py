"""What came in is kept, read once more after a crash, and settled by people where no reader can."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import OperationalError

from dealership.events.models import EventRecord
from sales import arrivals, jobs, leads
from sales.adf.lead import AdfCustomer, AdfProspect
from sales.models import Lead, LeadArrival
from tests.cast import MONDAY_TEN, Cast
from tests.sales.providers import adf, message, prospect

MINUTE = timedelta(minutes=1)


def take_in(cast: Cast, data: bytes, *, at: datetime = MONDAY_TEN) -> LeadArrival:
    return arrivals.take_in(store_id=cast.northside.pk, data=data, came_by="mail", now=at)


def facts(cast: Cast, kind: str) -> list[EventRecord]:
    return list(EventRecord.objects.of_store(cast.northside.pk).filter(kind=kind).order_by("pk"))


def names(cast: Cast) -> list[str]:
    rows = Lead.objects.of_store(cast.northside.pk).order_by("pk")
    return [lead.customer.full_name for lead in rows]


def test_what_cannot_be_read_is_told_with_the_reason_and_what_was_found_in_it(cast: Cast) -> None:
    arrival = take_in(cast, b"Voicemail from (973) 555-0144: call me about the Civic")

    (told,) = facts(cast, "LeadUnreadable")
    assert arrival.state == "unreadable"
    assert told.subject == f"arrival:{arrival.pk}"
    assert told.payload["hint"] == "+19735550144"


def test_a_person_makes_it_a_lead(cast: Cast) -> None:
    arrival = take_in(cast, b"call Nora on 973 555 0145")
    typed = AdfProspect(customer=AdfCustomer(full="Nora Quist", emails=("nora@example.com",)))
    lead = arrivals.settle(arrival=arrival, prospect=typed, by=cast.bea, now=MONDAY_TEN + MINUTE)

    arrival.refresh_from_db()
    assert (arrival.state, arrival.settled_by) == ("settled", cast.bea)
    assert list(arrival.leads.all()) == [lead]
    assert [fact.subject for fact in facts(cast, "UnreadableLeadSettled")] == [arrival.subject]
    with pytest.raises(arrivals.NotWaiting):
        arrivals.settle(arrival=arrival, prospect=typed, by=cast.bea, now=MONDAY_TEN)


def test_a_person_says_that_it_is_none_and_may_think_again(cast: Cast) -> None:
    arrival = take_in(cast, b"Your parcel is on its way")
    why = arrival.why
    with pytest.raises(arrivals.NoReason):
        arrivals.dismiss(arrival=arrival, by=cast.bea, why="", now=MONDAY_TEN)
    arrivals.dismiss(arrival=arrival, by=cast.bea, why="a parcel service", now=MONDAY_TEN)
    arrival.refresh_from_db()
    assert arrival.state == "no_lead"
    assert arrival.why.endswith("No lead: a parcel service")

    arrivals.bring_back(arrival=arrival, by=cast.bea, now=MONDAY_TEN + MINUTE)
    arrival.refresh_from_db()
    assert (arrival.state, arrival.why, arrival.settled_by) == ("unreadable", why, None)
    assert len(facts(cast, "LeadUnreadable")) == 2
    with pytest.raises(arrivals.NotWaiting):
        arrivals.bring_back(arrival=arrival, by=cast.bea, now=MONDAY_TEN)


def test_a_crash_between_keeping_and_reading_loses_nothing(cast: Cast) -> None:
    kept, _ = arrivals.keep(store_id=cast.northside.pk, data=adf(), came_by="post", now=MONDAY_TEN)
    assert kept.state == "new"
    assert jobs.read_left(now=MONDAY_TEN + timedelta(seconds=5)) == {"arrivals": 0, "leads": 0}
    assert jobs.read_left(now=MONDAY_TEN + MINUTE) == {"arrivals": 1, "leads": 1}
    assert jobs.read_left(now=MONDAY_TEN + MINUTE) == {"arrivals": 0, "leads": 0}
    assert names(cast) == ["Tom Okafor"]


def test_reading_goes_on_where_it_was_broken_off(cast: Cast) -> None:
    whole = message(
        prospect("Tom Okafor", phone="9735550111"),
        prospect("Nora Quist", phone="9735550112"),
        prospect("Ann Lee", phone="9735550113"),
    )
    take, calls = leads.take, 0

    def failing(**values: object) -> leads.Received:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("the second fails once")
        return take(**values)  # type: ignore[arg-type]

    with mock.patch.object(leads, "take", failing):
        arrival = take_in(cast, whole)
        assert (arrival.state, arrival.n_taken) == ("new", 1)
        jobs.read_left(now=MONDAY_TEN + MINUTE)

    assert names(cast) == ["Tom Okafor", "Nora Quist", "Ann Lee"]
    assert len(facts(cast, "LeadReceived")) == 3
    assert facts(cast, "LeadResent") == []


def test_a_deadlock_is_tried_again_at_once(cast: Cast) -> None:
    take = leads.take
    outcomes = iter([OperationalError("deadlock detected"), None])

    def failing_once(**values: object) -> leads.Received:
        if error := next(outcomes):
            raise error
        return take(**values)  # type: ignore[arg-type]

    with mock.patch.object(leads, "take", failing_once):
        arrival = take_in(cast, adf())
    assert (arrival.state, arrival.attempts, names(cast)) == ("read", 0, ["Tom Okafor"])


def test_what_fails_again_and_again_is_given_to_a_person(cast: Cast) -> None:
    with mock.patch.object(leads, "take", side_effect=RuntimeError("never")):
        arrival = take_in(cast, adf())
        for n in range(1, arrivals.TRIES):
            jobs.read_left(now=MONDAY_TEN + n * MINUTE)
    arrival.refresh_from_db()
    assert arrival.state == "unreadable"
    assert "RuntimeError" in arrival.why
    assert arrival.hints["phones"] == ["+19735550144"]


def test_many_prospects_are_shared_between_the_request_and_the_job(cast: Cast) -> None:
    n_all = arrivals.AT_ONCE + 3
    whole = message(*(prospect(f"Tom {n}", phone=f"97355502{n:02}") for n in range(n_all)))
    arrival = take_in(cast, whole)
    assert (arrival.state, len(names(cast))) == ("new", arrivals.AT_ONCE)
    jobs.read_left(now=MONDAY_TEN + MINUTE)
    arrival.refresh_from_db()
    assert (arrival.state, len(names(cast))) == ("read", n_all)


def test_two_stores_may_get_the_same_bytes(cast: Cast) -> None:
    take_in(cast, adf())
    arrivals.take_in(store_id=cast.eastside.pk, data=adf(), came_by="post", now=MONDAY_TEN)
    assert (
        Lead.objects.of_store(cast.eastside.pk).count()
        == Lead.objects.of_store(cast.northside.pk).count()
        == 1
    )
