"""Seams 35 and 57: everybody is asked once how it was, and who was unhappy is called by the manager."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealership.events.models import EventRecord
from marketing.models import Survey
from tests.cast import MONDAY_TEN
from tests.flows.beginnings import beginning
from tests.flows.marketing_world import WON_BACK, MarketingWorld
from tests.flows.sales_world import TOM, minute
from tests.flows.service_world import MARLENE
from tests.service.feeds import CLOSED_RO, OPEN_RO

HOUR, DAY = 60, 24 * 60
TUESDAY_NINE_THIRTY = 23.5 * HOUR


@beginning(MarketingWorld)
def unhappy(town: MarketingWorld) -> None:
    """Marlene has given them a two, at half past eleven."""
    answers_poorly(town)


def answers_poorly(town: MarketingWorld, body: str = "2") -> Survey:
    """Marlene's car was in; an hour later she is asked, and says how it was at half past eleven."""
    town.dms_sends(CLOSED_RO)
    town.jump(minute(61)).phone_gets_it()
    town.jump(minute(90)).customer_writes(body, MARLENE)
    return town.survey


def recovers(town: MarketingWorld, who: str, survey: Survey, **changed: str) -> int:
    """What the page answers to the manager who writes down how it went."""
    browser = town.browser(town.cast.people[who])
    answer = browser.post(f"/marketing/surveys/{survey.pk}/recover/", WON_BACK | changed)
    return answer.status_code


def told(town: MarketingWorld, kind: str) -> int:
    return EventRecord.objects.of_store(town.cast.northside.pk).filter(kind=kind).count()


# --- 54 and its survey ------------------------------------------------------------------------------------------------


def test_a_closed_ro_is_surveyed_and_the_question_counts_when_it_was_received(town: MarketingWorld) -> None:
    town.dms_sends(CLOSED_RO)
    assert (town.survey.state, town.survey.kind, town.survey.person) == ("waiting", "csi", town.cast.ana)
    town.jump(minute(61))
    assert town.survey.state == "waiting"
    town.phone_gets_it()
    assert (town.survey.state, told(town, "SurveyAsked")) == ("asked", 1)


def test_a_good_rating_is_kept_thanked_for_and_owes_nobody_a_call(town: MarketingWorld) -> None:
    survey = answers_poorly(town, "un 5, muy amables")
    assert (survey.state, survey.rating, survey.is_unhappy) == ("answered", 5, False)
    town.jump(minute(92))
    assert any("glad to hear it" in text for text in town.texts())
    assert town.promises("call_unhappy_service_customer") == []


@pytest.mark.parametrize(
    ("body", "rating"),
    [("2", 2), ("un 2, muy mal servicio", 2), ("7 out of 10", 3), ("5 but they scratched my car", 5),
     ("Nobody told me anything", None), ("La atención fue pésima", None)],
)  # fmt: skip
def test_an_unhappy_answer_in_any_form_is_the_managers_within_two_hours(
    town: MarketingWorld, body: str, rating: int | None
) -> None:
    survey = answers_poorly(town, body)
    promise = town.promise("call_unhappy_service_customer")
    assert (survey.rating, survey.is_unhappy, survey.words) == (rating, True, body)
    assert (promise.owner, promise.due_at, promise.subject) == (
        town.cast.rosa,
        minute(90 + 120),
        survey.subject,
    )
    assert not any("glad" in text for text in town.texts())


def test_a_question_is_no_answer_and_a_reopened_ro_asks_nobody(town: MarketingWorld) -> None:
    survey = answers_poorly(town, "Do you have my keys?")
    assert (survey.state, survey.words) == ("asked", "")
    town.dms_sends(OPEN_RO)
    assert town.survey.state == "dropped"


# --- 57: won back -----------------------------------------------------------------------------------------------------


def test_a_call_and_its_record_keep_it_and_neither_alone(unhappy: MarketingWorld) -> None:
    survey = unhappy.survey
    assert recovers(unhappy, "rosa", survey) == 422
    unhappy.jump(minute(100)).calls(unhappy.cast.rosa, survey.customer_id)
    assert unhappy.promise("call_unhappy_service_customer").state == "open"
    assert recovers(unhappy, "rosa", survey) == 302
    promise = unhappy.promise("call_unhappy_service_customer")
    assert (promise.state, promise.broken_at) == ("kept", None)
    assert not unhappy.survey.is_open


def test_unhappy_and_not_called_is_broken_at_its_hour_climbs_and_is_recovered(
    unhappy: MarketingWorld,
) -> None:
    survey = unhappy.survey
    unhappy.jump(minute(90 + 121))
    promise = unhappy.promise("call_unhappy_service_customer")
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(210), unhappy.cast.rosa)
    unhappy.jump(minute(90 + 4 * HOUR + 1))
    assert unhappy.promise("call_unhappy_service_customer").owner == unhappy.cast.gus
    unhappy.calls(unhappy.cast.gus, survey.customer_id)
    assert recovers(unhappy, "gus", survey) == 302
    assert unhappy.promise("call_unhappy_service_customer").is_recovered


def test_only_the_head_of_the_department_writes_how_it_was_won_back(unhappy: MarketingWorld) -> None:
    survey = unhappy.survey
    unhappy.jump(minute(95)).calls(unhappy.cast.rosa, survey.customer_id)
    assert [recovers(unhappy, who, survey) for who in ("mo", "max", "ana", "eve")] == [403, 403, 403, 404]


def test_what_is_not_settled_yet_is_promised_until_it_is(unhappy: MarketingWorld) -> None:
    survey = unhappy.survey
    unhappy.jump(minute(95)).calls(unhappy.cast.rosa, survey.customer_id)
    assert recovers(unhappy, "rosa", survey, is_resolved="no") == 302
    assert unhappy.promise("call_unhappy_service_customer").state == "kept"
    assert (unhappy.promise("settle_with_service_customer").state, unhappy.survey.is_open) == ("open", True)
    unhappy.jump(minute(120))
    assert recovers(unhappy, "rosa", survey) == 302
    assert (unhappy.promise("settle_with_service_customer").state, unhappy.survey.is_open) == ("kept", False)


# --- 35: the delivery -------------------------------------------------------------------------------------------------


def test_a_buyer_is_asked_the_morning_after_and_the_question_received_keeps_it(town: MarketingWorld) -> None:
    town.delivers(town.tom())
    promise = town.promise("ask_about_delivery")
    assert (promise.owner, promise.due_at) == (town.cast.max, minute(27 * HOUR))
    town.jump(minute(TUESDAY_NINE_THIRTY - 1))
    assert town.texts() == []
    town.jump(minute(TUESDAY_NINE_THIRTY))
    assert ["buy your car" in text for text in town.texts()] == [True]
    assert town.promise("ask_about_delivery").state == "open"
    town.phone_gets_it()
    promise = town.promise("ask_about_delivery")
    assert (promise.state, promise.broken_at, town.survey.state) == ("kept", None, "asked")


def test_an_unhappy_buyer_is_the_sales_managers(town: MarketingWorld) -> None:
    town.delivers(town.tom(language="es"))
    town.jump(minute(TUESDAY_NINE_THIRTY)).phone_gets_it()
    town.jump(minute(TUESDAY_NINE_THIRTY + 10)).customer_writes("Le doy un 2, nadie me explico nada", TOM)
    promise = town.promise("call_unhappy_buyer")
    assert (promise.owner, town.survey.rating, town.survey.kind) == (town.cast.mo, 2, "ssi")
    town.calls(town.cast.mo, town.survey.customer_id)
    assert recovers(town, "rosa", town.survey) == 403
    assert recovers(town, "mo", town.survey) == 302
    assert town.promise("call_unhappy_buyer").state == "kept"


def test_a_buyer_who_cannot_be_texted_is_owed_the_question_and_it_climbs(town: MarketingWorld) -> None:
    tom = town.tom()
    tom.contact_points.all().delete()
    town.delivers(tom)
    town.on(minute(27 * HOUR + 1))
    promise = town.promise("ask_about_delivery")
    assert (promise.state, promise.broken_at) == ("open", minute(27 * HOUR))
    town.on(minute(2 * DAY + 1))
    assert town.promise("ask_about_delivery").owner == town.cast.gus
    answer = town.browser(town.cast.gus).post(
        f"/marketing/surveys/{town.survey.pk}/answer/", {"rating": "4", "words": "Smooth"}
    )
    assert answer.status_code == 302
    assert town.promise("ask_about_delivery").is_recovered
    assert (town.survey.rating, town.survey.words) == (4, "Smooth")


def test_nobody_is_asked_while_they_are_unhappy_and_then_once(unhappy: MarketingWorld) -> None:
    survey = unhappy.survey
    unhappy.delivers(survey.customer)
    assert (unhappy.promise("ask_about_delivery").state, unhappy.survey.state) == ("void", "held")
    unhappy.on(minute(2 * DAY))
    assert not any("buy your car" in text for text in unhappy.texts())
    unhappy.calls(unhappy.cast.rosa, survey.customer_id)
    assert recovers(unhappy, "rosa", survey) == 302
    unhappy.on(minute(3 * DAY + 10))
    unhappy.on(minute(5 * DAY))
    assert ["buy your car" in text for text in unhappy.texts()].count(True) == 1
    unhappy.phone_gets_it(body="buy your car")
    assert (unhappy.survey.kind, unhappy.survey.state) == ("ssi", "asked")


def test_a_delivery_that_is_told_twice_is_asked_about_once(town: MarketingWorld) -> None:
    tom = town.tom()
    town.delivers(tom)
    town.jump(minute(TUESDAY_NINE_THIRTY)).phone_gets_it()
    town.jump(minute(TUESDAY_NINE_THIRTY + 10))
    town.delivers(tom)
    assert [promise.state for promise in town.promises("ask_about_delivery")] == ["kept", "void"]
    town.on(minute(3 * DAY))
    assert ["buy your car" in text for text in town.texts()].count(True) == 1


def test_a_public_review_is_asked_for_two_days_later_and_told_when_the_text_was_received(
    town: MarketingWorld,
) -> None:
    site = {"name": "Google", "url": "https://g.example/northside"}
    assert town.browser(town.cast.max).post("/marketing/reviews/site/", site).status_code == 302
    town.dms_sends(CLOSED_RO)
    town.jump(minute(61)).phone_gets_it()
    town.jump(minute(61 + 2 * DAY)).phone_gets_it(body="https://g.example/northside")
    assert told(town, "ReviewRequested") == 1
    assert town.survey.review_asked_at == minute(61 + 2 * DAY)


def test_an_answer_that_turns_unhappy_holds_back_what_was_to_be_asked(town: MarketingWorld) -> None:
    town.dms_sends(CLOSED_RO)
    town.jump(minute(61)).phone_gets_it()
    town.delivers(town.survey.customer)
    assert town.promise("ask_about_delivery").state == "open"
    town.jump(minute(90)).customer_writes("1", MARLENE)
    assert town.promise("ask_about_delivery").state == "void"
    town.jump(MONDAY_TEN + timedelta(days=1))
    assert not any("buy your car" in text for text in town.texts())
