"""Seam 2: a lead that no reader understands lies before a named person until they have settled it."""

from __future__ import annotations

from sales.models import LeadArrival
from tests.flows.sales_world import World, minute, words

RULE = "settle_unreadable_lead"
VOICEMAIL = b"New voicemail: Nora Quist, (973) 555-0155, wants the red CR-V"


def arrival(world: World) -> LeadArrival:
    return LeadArrival.objects.of_store(world.cast.northside.pk).latest("pk")


def typed(**more: str) -> dict[str, str]:
    return {
        "source": "Mail",
        "first": "Nora",
        "last": "Quist",
        "phone": "9735550155",
        "interest": "buy",
        **more,
    }


def test_it_is_made_a_lead_in_time_and_then_answered(world: World) -> None:
    cast = world.cast
    world.post_lead(VOICEMAIL)
    promise = world.promise(RULE)
    assert (promise.owner, promise.due_at) == (cast.bea, minute(15))
    assert "+19735550155" in promise.detail
    assert "An unreadable lead is not lost" in words(world.my_day(cast.bea))

    world.at(10)
    world.browser(cast.bea).post(f"/sales/arrivals/{arrival(world).pk}/", typed())
    promise = world.promise(RULE)
    assert (promise.state, promise.broken_at) == ("kept", None)
    answer = world.promise("answer_lead")
    assert (answer.state, answer.due_at, answer.detail) == ("open", minute(15), "Nora Quist · a car · Mail")


def test_nobody_settles_it_and_it_climbs_and_is_recovered(world: World) -> None:
    cast = world.cast
    world.post_lead(VOICEMAIL)
    world.at(20)
    promise = world.promise(RULE)
    assert (promise.broken_at, promise.owner) == (minute(15), cast.bea)
    assert world.at(30).promise(RULE).owner == cast.mo
    assert world.at(60).promise(RULE).owner == cast.gus

    world.at(75)
    browser = world.browser(cast.mo)
    browser.post(f"/sales/arrivals/{arrival(world).pk}/no-lead/", {"why": "a wrong number"})
    promise = world.promise(RULE)
    assert promise.is_recovered
    assert promise.broken_at == minute(15)

    world.at(76)
    browser.post(f"/sales/arrivals/{arrival(world).pk}/bring-back/")
    again = world.promise(RULE)
    assert (again.pk != promise.pk, again.state, again.due_at) == (True, "open", minute(91))


def test_the_same_unreadable_post_again_is_owed_once(world: World) -> None:
    for _ in range(3):
        world.post_lead(VOICEMAIL)
    assert len(world.promises(RULE)) == 1
