"""Seam 10: a customer who writes is answered by a person."""

from __future__ import annotations

from tests.flows.beginnings import beginning
from tests.flows.sales_world import World, minute, words

RULE = "answer_sales_message"


@beginning(World)
def talking(world: World) -> None:
    """Tom asked, and Dana has answered; it is five past ten."""
    world.post_lead()
    world.at(1).phone_gets_it()
    world.at(2).writes(world.cast.dana, "Hi Tom, it is here.")
    world.at(3).phone_gets_it()
    assert world.promise("answer_lead").state == "kept"
    world.at(5)


def test_a_question_is_answered_in_time_by_whoever_holds_the_conversation(talking: World) -> None:
    cast = talking.cast
    talking.customer_writes("What would it cost me a month?")
    promise = talking.promise(RULE)
    assert (promise.owner, promise.due_at) == (cast.dana, minute(20))
    assert promise.detail == "“What would it cost me a month?”"
    assert "holds the conversation" in promise.why["owner"][0]
    assert "What would it cost me a month?" in words(talking.my_day(cast.dana))

    talking.at(10).writes(cast.dana, "About 389 with nothing down.")
    talking.at(11).phone_gets_it()
    promise = talking.promise(RULE)
    assert (promise.state, promise.broken_at) == ("kept", None)


def test_several_texts_wait_for_one_answer_and_the_first_one_counts(talking: World) -> None:
    talking.customer_writes("What would it cost me a month?")
    talking.at(12).customer_writes("And do you take my old one?")
    assert len(talking.promises(RULE)) == 1
    assert talking.promise(RULE).due_at == minute(20)
    talking.at(14).writes(talking.cast.dana, "389, and yes.")
    talking.phone_gets_it()
    talking.at(16).customer_writes("Is that with tax?")
    assert [promise.state for promise in talking.promises(RULE)] == ["kept", "open"]


def test_silence_climbs_to_the_bdc_manager_and_the_general_manager_and_is_recovered(talking: World) -> None:
    cast = talking.cast
    talking.customer_writes("What would it cost me a month?")
    talking.at(21)
    promise = talking.promise(RULE)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(20), cast.dana)
    assert talking.at(35).promise(RULE).owner == cast.bea
    assert talking.at(65).promise(RULE).owner == cast.gus
    talking.at(70).writes(cast.bea, "Sorry for the wait: about 389.")
    talking.at(71).phone_gets_it()
    promise = talking.promise(RULE)
    assert promise.is_recovered
    assert (promise.broken_at, promise.closed_at) == (minute(20), minute(71))


def test_what_the_product_settles_by_itself_is_owed_to_nobody(talking: World) -> None:
    talking.customer_writes("STOP")
    assert talking.promises(RULE) == []


def test_a_message_with_a_fresh_lead_open_is_kept_by_the_same_answer(world: World) -> None:
    world.post_lead()
    world.at(1).phone_gets_it()
    world.at(2).customer_writes("Hello? Anybody there?")
    assert world.promise(RULE).state == "open"
    world.at(4).calls(world.cast.dana, world.lead.customer_id)
    assert world.promise(RULE).state == world.promise("answer_lead").state == "kept"


def test_a_message_in_the_night_is_due_in_the_morning(talking: World) -> None:
    night = minute(11 * 60)
    talking.jump(night).customer_writes("What would it cost me a month?")
    assert talking.promise(RULE).due_at == minute(22 * 60 + 15)
