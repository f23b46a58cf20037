"""Seam 47: a customer whose car is in hears how it stands, at eleven and at three, until the RO closes."""

from __future__ import annotations

from tests.flows.sales_world import minute
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import CLOSED_RO, OPEN_RO

RULE = "tell_status"


def test_an_ro_that_opens_is_owed_a_word_by_the_advisor_who_wrote_it(opened: ServiceWorld) -> None:
    promise = opened.promise(RULE)
    assert (promise.owner, promise.state) == (opened.cast.ana, "open")
    assert promise.due_at == minute(5 * 60)
    assert promise.detail == "RO 048213 · 2019 Civic"


def test_an_advisors_text_keeps_it_and_it_is_owed_again(opened: ServiceWorld) -> None:
    opened.at(60)
    opened.writes_first(opened.cast.ana, "The pads are here, we start now.")
    opened.at(62).phone_gets_it()
    first, second = opened.promises(RULE)
    assert (first.state, first.broken_at) == ("kept", None)
    assert (second.state, second.epoch, second.owner) == ("open", 1, opened.cast.ana)
    assert opened.ro.told_at == minute(62)


def test_an_automatic_text_or_a_voicemail_tells_nobody_how_their_car_stands(opened: ServiceWorld) -> None:
    opened.calls(opened.cast.ana, opened.customer.pk, "voicemail")
    assert [promise.state for promise in opened.promises(RULE)] == ["open"]
    assert opened.ro.told_at is None


def test_silence_is_broken_at_its_hour_climbs_and_is_recovered_in_person(opened: ServiceWorld) -> None:
    cast = opened.cast
    opened.at(301)
    promise = opened.promise(RULE)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(300), cast.ana)
    assert opened.at(331).promise(RULE).owner == cast.rosa
    assert opened.at(391).promise(RULE).owner == cast.gus
    answer = opened.browser(cast.ana).post(f"/service/repair-orders/{opened.ro.pk}/told/")
    assert answer.status_code == 302
    assert opened.promises(RULE)[0].is_recovered
    assert opened.promises(RULE)[0].broken_at == minute(300)


def test_the_close_ends_it(opened: ServiceWorld) -> None:
    opened.at(30).dms_sends(CLOSED_RO)
    assert [promise.state for promise in opened.promises(RULE)] == ["void"]


def test_a_reopened_ro_is_owed_a_word_again(opened: ServiceWorld) -> None:
    opened.at(30).dms_sends(CLOSED_RO)
    opened.at(60).dms_sends(OPEN_RO)
    assert opened.promise(RULE).state == "open"


def test_an_internal_ticket_has_nobody_to_tell(lane: ServiceWorld) -> None:
    lane.dms_sends(
        OPEN_RO | {"Operation Sale Types": "I|I", "Customer Total Sale": "", "Internal Total Sale": "9"}
    )
    assert lane.promises(RULE) == []


def test_where_nobody_here_has_the_advisors_number_another_advisor_answers(lane: ServiceWorld) -> None:
    lane.dms_sends(OPEN_RO | {"Service Advisor Number": "999"})
    assert lane.promise(RULE).owner in (lane.cast.ana, lane.cast.lou)
