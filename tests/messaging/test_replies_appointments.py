"""Answers to "please confirm your appointment, Friday at 10"."""

from datetime import timedelta

import pytest

from tests.messaging.replies_asked import BOOKED, NOW, answer, confirming, times

CLEAR_YES = """
yes|Yes!|YES|y|Yep|yup|yeah|yess|yesss|Sure|sure thing|ok|OK.|k|okay thanks|C|c|Confirm|Confirmed|confirmed, thank you!|
I confirm|👍|👍🏽|✅|Ok, see you then|See you then|see ya there|we'll be there|I'll be there|I will be there, thanks|
Sounds good|sounds great to me|Perfect|perfect, thank you so much|That works|that works for me|works for me|absolutely|
definitely|Of course|will do|Yes please|yes sir|that's correct|See you Friday|see you on Friday at 10|yes, Friday at 10 works|
Yes 10 am is good|10am works|See y'all then 😊|good morning, yes I will be there|that time will work|sí|Si|claro|Claro que sí|
confirmo|Confirmado|ahí estaré|Sí, ahí estaremos|de acuerdo|está bien|perfecto, gracias|nos vemos el viernes|vale
"""
NOT_A_CLEAR_YES = """
yes but later|yes but can we do 4|Yes 11 works|maybe|I think so|probably|yes, I think|should be able to|I'll try|
ok I will try|if my wife can drop me off|yes unless it snows|yes if the roads are clear|sure, if I can find the keys|yeah right|
oh great|great 🙄|Sure, Jan|yes?|ok?|can you confirm?|are you still on?|is it still at 10?|What time was it again?|I'm good|
we're good|I'm all set|yes i work at 10|yes I will be out of town|no|nope|not sure|Yes do you have a loaner?|
yes and can you check the brakes too|see you Monday|see you tomorrow|See you at 11|yes, 3pm|10|1|2|y?|thanks|lol ok|
yes no|I can't|si puedo voy|sí pero más tarde|creo que sí|tal vez|a lo mejor|no sé|who is this|hopefully|I guess|
That doesn't work|yes that's not going to work|ok I will be there at 3 or 4|any time works for me|great, earlier Friday|ok but earlier
"""
CANCELLED = """
cancel my appointment|Cancel my appointment please|I need to cancel|please cancel it|cancel Friday|need to cancel tomorrow|
can you cancel my appt|I won't be able to make it|not coming|I can't make it|never mind|I won't be there|
don't need it anymore|already got it done somewhere else|cancelar mi cita|necesito cancelar la cita|ya no voy|no voy a poder ir
"""
MOVED_BY_A_PERSON = """
can you do 3?|earlier|something sooner?|Can we do later|different day please|I need to reschedule|can we move it|
could we do Monday|Monday or Tuesday at 9|around 3 instead|after 3 instead|maybe 3pm instead|3pm instead if you can|
reschedule to next friday at 10|move it to 8pm|move it to today at 9am|not Friday, Monday at 9 instead|move it to 3 or 4|
I can't do Friday, how about Monday at 9?|no puedo el viernes|otro día por favor|¿podemos cambiarla?|my wife says 3pm instead|
move it an hour later|move to saturday afternoon|I have a conflict|that day does not work|3pm instead, and who is Bob
"""


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.replace("\n", "").split("|") if line.strip()]


@pytest.mark.parametrize("text", lines(CLEAR_YES))
def test_a_clear_yes_confirms_by_itself(text: str) -> None:
    reply = confirming(text)
    assert (reply.intent, reply.sure, reply.opt_out) == ("confirm", True, False), reply.because


@pytest.mark.parametrize("text", lines(NOT_A_CLEAR_YES))
def test_anything_short_of_a_clear_yes_goes_to_a_person(text: str) -> None:
    assert not confirming(text).sure, confirming(text)


@pytest.mark.parametrize("text", lines(CANCELLED))
def test_a_cancelled_appointment_is_no_opt_out_and_waits_for_a_person(text: str) -> None:
    reply = confirming(text)
    assert (reply.intent, reply.sure, reply.opt_out) == ("cancel", False, False), reply.because


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3pm instead", "27 15:00"),
        ("Can we move it to Monday at 9?", "30 09:00"),
        ("move it to 3pm please", "27 15:00"),
        ("Can we make it 2:30 instead?", "27 14:30"),
        ("I need to reschedule to Monday at 9am", "30 09:00"),
        ("Thursday 11/26 at 8:15 am would be better", "26 08:15"),
        ("please change my appointment to tomorrow at 3", "25 15:00"),
        ("reschedule to dec 3 at 10:15", "03 10:15"),
        ("move it from 10 to 3", "27 15:00"),
        ("change my friday 10am to friday 3pm", "27 15:00"),
        ("could I come at 2 instead of 10?", "27 14:00"),
        ("mejor el lunes a las 3 de la tarde", "30 15:00"),
        ("cambiar mi cita al lunes a las 9", "30 09:00"),
        ("mejor a las 3 y media", "27 15:30"),
    ],
)
def test_a_move_to_one_exact_open_time_is_sure(text: str, wanted: str) -> None:
    reply = confirming(text)
    assert (reply.intent, times(reply), reply.sure) == ("move", [wanted], True), reply.because


@pytest.mark.parametrize("text", lines(MOVED_BY_A_PERSON))
def test_a_move_that_leaves_a_question_open_goes_to_a_person(text: str) -> None:
    reply = confirming(text)
    assert (reply.intent, reply.sure) in (("move", False), ("cancel", False), ("question", False)), (
        reply.because
    )


def test_another_time_in_a_yes_is_no_confirmation() -> None:
    reply = confirming("Yes 11 works")
    assert (reply.intent, times(reply), reply.sure) == ("move", ["27 11:00"], False)


def test_a_yes_confirms_nothing_when_nothing_was_asked() -> None:
    assert not answer("yes").sure
    assert not answer("yes", "survey").sure


def test_an_appointment_that_has_passed_is_neither_confirmed_nor_moved_without_a_person() -> None:
    late = BOOKED + timedelta(hours=1)
    assert not answer("yes", "confirm", BOOKED, now=late).sure
    assert not answer("move it to monday at 9", "confirm", BOOKED, now=late).sure


def test_a_no_to_an_appointment_is_no_opt_out() -> None:
    reply = confirming("No")
    assert (reply.intent, reply.sure, reply.opt_out) == ("decline", False, False)


def test_what_decided_is_said() -> None:
    assert "yes" in confirming("yes").because
    assert "unless" in confirming("yes unless it snows").because
    assert "several times" in confirming("move it to 3 or 4").because


def test_a_time_in_the_past_is_never_booked() -> None:
    assert NOW.hour > 9
    assert not confirming("move it to today at 9am").sure


@pytest.mark.parametrize(
    "text",
    [
        "Can we do 3pm instead? stuck at work",
        "something came up, can we make it 3pm instead",
        "my kid is sick, please move it to 3 pm",
        "tengo que trabajar, mejor a las 3 pm",
    ],
)
def test_a_reason_beside_a_plain_wish_changes_nothing_about_the_wish(text: str) -> None:
    reply = confirming(text)
    assert (reply.intent, reply.sure) == ("move", True), reply.because


def test_a_reason_without_a_wish_is_no_move() -> None:
    for text in ("stuck at work", "stuck at work, 3pm?", "something came up"):
        assert not confirming(text).sure, text
