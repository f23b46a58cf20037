"""Seam 1, from the provider's post to the text on the customer's phone: a fresh lead hears from a person."""

from __future__ import annotations

from dealership.messaging.models import Message
from sales import leads
from tasks.models import Notice, Promise
from tests.flows.sales_world import TOM, World, minute, words
from tests.sales.providers import adf

RULE = "answer_lead"


def test_a_lead_is_answered_by_a_person_in_time(world: World) -> None:
    cast = world.cast
    assert world.post_lead().status_code == 201

    promise = world.promise(RULE)
    assert (promise.owner, promise.subject) == (cast.dana, f"lead:{world.lead.pk}")
    assert promise.due_at == minute(5)
    assert promise.detail == "Tom Okafor · 2026 Honda Civic Sport · cars.example"
    day = words(world.my_day(cast.dana))
    assert "A fresh lead hears from a person" in day
    assert "Tom Okafor" in day

    (automatic,) = world.texts()
    assert automatic.startswith("Hi Tom, this is Northside Honda.")
    assert "Dana" in automatic
    world.at(1).phone_gets_it()
    world.at(2).writes(cast.dana, "Hi Tom, it is here. Shall I hold it for you until six?")
    assert world.promise(RULE).state == "open"
    world.at(3).phone_gets_it()

    promise = world.promise(RULE)
    assert (promise.state, promise.closed_at, promise.broken_at) == ("kept", minute(3), None)
    lead = world.lead
    assert (lead.first_automatic_at, lead.first_human_at) == (minute(1), minute(3))
    assert (lead.first_human_minutes, lead.first_human_open_minutes, lead.state) == (3, 3, "talking")
    assert world.acts(world.at(120).promise(RULE)) == ["opened", "step", "warned", "kept"]


def test_an_automatic_answer_never_keeps_it_and_it_climbs(asking: World) -> None:
    cast = asking.cast
    asking.at(1).phone_gets_it()
    assert asking.lead.first_automatic_at == minute(1)
    assert asking.lead.first_human_at is None
    assert asking.lead.state == "fresh"

    asking.at(3)
    assert Notice.objects.of_store(cast.northside.pk).get(staff=cast.dana).act == "warned"
    asking.at(5)
    promise = asking.promise(RULE)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(5), cast.dana)
    asking.at(10)
    assert asking.promise(RULE).owner == cast.bea
    assert "A fresh lead hears from a person" in words(asking.my_day(cast.bea))
    asking.at(30)
    promise = asking.promise(RULE)
    assert (promise.state, promise.owner) == ("open", cast.gus)
    assert asking.acts(promise) == ["opened", "step", "warned", "broken", "climbed", "climbed"]


def test_a_late_answer_recovers_it_and_the_breach_stays(asking: World) -> None:
    cast = asking.cast
    asking.at(12).calls(cast.dana, asking.lead.customer_id)

    promise = asking.promise(RULE)
    assert (promise.state, promise.broken_at, promise.closed_at) == ("kept", minute(5), minute(12))
    assert promise.is_recovered
    assert asking.acts(promise)[-1] == "recovered"
    assert asking.lead.first_human_minutes == 12


def test_an_attempt_is_not_an_answer(asking: World) -> None:
    for outcome in ("voicemail", "no_answer"):
        asking.at(2).calls(asking.cast.dana, asking.lead.customer_id, outcome)
    assert asking.promise(RULE).state == "open"
    assert asking.lead.first_human_at is None


def test_a_text_that_does_not_arrive_is_not_an_answer(asking: World) -> None:
    asking.at(1).phone_gets_it()
    asking.at(2).writes(asking.cast.dana, "Hi Tom, it is here.")
    asking.phone_gets_it("undelivered", body="it is here")
    assert asking.promise(RULE).state == "open"


def test_a_service_advisors_text_answers_no_lead(asking: World) -> None:
    asking.at(1).phone_gets_it()
    asking.at(2).writes(asking.cast.ana, "Your Pilot is ready.")
    asking.phone_gets_it()
    assert asking.promise(RULE).state == "open"
    assert asking.lead.first_human_at is None


def test_a_weekend_lead_is_owed_on_monday_morning(world: World) -> None:
    saturday_night = minute(5 * 24 * 60 + 12 * 60)
    world.jump(saturday_night).post_lead()
    promise = world.promise(RULE)
    monday_eight = minute(7 * 24 * 60 - 120)
    assert (promise.due_at - monday_eight).total_seconds() == 5 * 60
    world.jump(monday_eight).calls(world.cast.dana, world.lead.customer_id)
    assert world.promise(RULE).state == "kept"
    assert world.promise(RULE).broken_at is None
    assert world.lead.first_human_open_minutes == 0
    assert world.lead.first_human_minutes == (7 * 24 * 60 - 120) - (5 * 24 * 60 + 12 * 60)


def test_a_lead_that_ends_is_no_longer_owed_and_owed_again_when_that_was_a_mistake(asking: World) -> None:
    cast = asking.cast
    browser, url = asking.browser(cast.dana), f"/sales/leads/{asking.lead.pk}/"
    asking.at(2)
    browser.post(f"{url}close/", {"outcome": "junk", "why": "robot"})
    assert asking.promise(RULE).state == "void"
    asking.at(4)
    browser.post(f"{url}reopen/")
    promise = asking.promise(RULE)
    assert (promise.state, promise.due_at, len(asking.promises(RULE))) == ("open", minute(9), 2)


def test_a_resend_opens_nothing_and_a_new_question_does(asking: World) -> None:
    cast = asking.cast
    asking.at(2).post_lead()
    assert len(asking.promises(RULE)) == 1
    asking.at(3).calls(cast.dana, asking.lead.customer_id)
    asking.at(20).post_lead()
    assert [promise.state for promise in asking.promises(RULE)] == ["kept"]
    asking.at(30).post_lead(adf(lead_id="C-71", question="What would the payment be?"))
    assert [promise.state for promise in asking.promises(RULE)] == ["kept", "open"]
    assert asking.promise(RULE).due_at == minute(35)


def test_who_walks_in_has_heard_from_a_person(world: World) -> None:
    form = {"source": "Walk-in", "last": "Quist", "phone": "973 555 0155", "interest": "buy", "spoken": "on"}
    world.browser(world.cast.sam).post("/sales/leads/new/", form)
    assert world.promises(RULE) == []
    del form["spoken"]
    world.browser(world.cast.sam).post("/sales/leads/new/", {**form, "phone": "973 555 0156", "last": "Lee"})
    assert world.promise(RULE).owner == world.cast.sam


def test_who_opted_out_is_not_texted_by_the_machine_and_still_owed_a_call(world: World) -> None:
    world.customer_writes("STOP")
    world.at(1).post_lead()
    assert [text for text in world.texts() if "Your question is here" in text] == []
    assert not Message.objects.of_store(world.cast.northside.pk).filter(
        is_inbound=False, state="delivered", conversation__their_number=TOM
    )
    assert world.promise(RULE).state == "open"


def test_history_is_owed_to_nobody(world: World) -> None:
    from sales import adf as reader

    (prospect,) = reader.read(adf(), received_at=minute(0)).prospects
    leads.receive(
        store_id=world.cast.northside.pk, prospect=prospect, now=minute(0), came_by="post", backfill=True
    )
    world.at(40)
    assert not Promise.objects.of_store(world.cast.northside.pk).exists()
    assert world.texts() == []
