"""What messages are about when they are more than a yes or a no."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealership.messaging.replies.reading import read
from dealership.messaging.replies.reply import Asked, Intent
from tests.messaging.replies_asked import BOOKED, NOW, ZONE, answer, confirming

ABOUT = {
    "late": ["Running 10 min late", "I'm on my way", "omw", "stuck in traffic, be there at 3", "be there in 15", "voy en camino",
             "Voy un poco tarde", "I'll be a few minutes late"],
    "book": ["Can I come in Saturday at 9?", "I need an oil change", "I'd like to make an appointment", "schedule me for friday",
             "can I bring it in tomorrow morning", "need to get my brakes checked, any day works", "quiero hacer una cita",
             "necesito una cita para el viernes", "book me in for Monday at 8"],
    "question": ["How much is an alignment?", "what time do you open on saturday", "is my car ready?", "do you have a shuttle?",
                 "when is my appointment", "any openings?", "¿a qué hora cierran?", "cuánto cuesta un cambio de aceite",
                 "Where are you located", "RO 48213 is it done"],
    "callback": ["call me", "Please call me after 5", "can someone call me back?", "give me a call at 480-555-0123", "llámame por favor",
                 "can you have Tom call me"],
    "thanks": ["thanks!", "Thank you so much", "gracias", "appreciate it"],
    "help": ["I need help", "can I talk to a person", "ayuda por favor"],
    "cancel": ["cancel my appointment", "please cancel my appt for friday", "quiero cancelar mi cita", "I need to cancel"],
    "decline": ["no thanks", "Not right now", "nope", "no gracias", "maybe next time"],
    "unclear": ["", "   ", "?", "...", "asdf", "\u200b", "qwz"],
}  # fmt: skip
VOCABULARY = """
yes no stop 3 9 10 pm am at friday mañana 12/5 but not 1 2 to from between and or $ , . ? ! 29 feb 31 99 0 year in weeks
999 the th a las y media before after don't text me 9999-99-99 24:00 half past instead of move it last ago 2026 99999
"""
CASES = [(intent, text) for intent, texts in ABOUT.items() for text in texts]


@pytest.mark.parametrize(("intent", "text"), CASES)
def test_a_message_is_about_what_a_person_would_say(intent: str, text: str) -> None:
    reply = answer(text)
    assert reply.intent == intent, reply.because
    assert not reply.sure


@pytest.mark.parametrize(
    "text",
    [
        "Running late",
        "call me",
        "Can you tell me your address?",
        "reschedule please",
        "how long will it take",
    ],
)
def test_a_message_about_something_else_is_never_acted_on_as_a_yes(text: str) -> None:
    for asked in Asked:
        assert not read(text, asked=asked, now=NOW, zone=ZONE, appointment=BOOKED).sure


def test_a_time_after_a_reminder_is_a_move_and_otherwise_a_booking() -> None:
    assert confirming("Monday at 9").intent == "move"
    assert answer("Monday at 9").intent == "book"


def test_stop_wins_over_everything_else_in_the_message() -> None:
    reply = confirming("Yes I'll be there Friday but stop texting me")
    assert (reply.intent, reply.opt_out) == ("opt_out", True)


def test_a_very_long_message_is_read_but_never_acted_on() -> None:
    assert not confirming("yes " * 2000).sure
    assert confirming("yes " * 2000).intent == "confirm"


def test_the_words_as_written_are_kept() -> None:
    assert confirming(" Yès!  ").text == " Yès!  "


@settings(deadline=None, max_examples=300)
@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(
            st.sampled_from(
                [
                    "yes",
                    "no",
                    "stop",
                    "3",
                    "9",
                    "10",
                    "pm",
                    "am",
                    "at",
                    "friday",
                    "mañana",
                    "12/5",
                    "but",
                    "not",
                    "1",
                    "2",
                    "to",
                    "from",
                    "between",
                    "and",
                    "or",
                    "$",
                    ",",
                    ".",
                    "?",
                    "!",
                    "29",
                    "feb",
                    "31",
                    "99",
                    "0",
                    "year",
                    "in",
                    "weeks",
                    "999",
                    "the",
                    "th",
                    "a",
                    "las",
                    "y",
                    "media",
                    "before",
                    "after",
                    "don't",
                    "text",
                    "me",
                    "9999-99-99",
                    "24:00",
                    "half",
                    "past",
                ]
            ),
            max_size=14,
        ).map(" ".join),
    ),
    st.sampled_from(list(Asked)),
    st.sampled_from([None, BOOKED, datetime(2027, 3, 14, 2, 30, tzinfo=ZONE)]),
)
def test_no_text_ever_raises(text: str, asked: Asked, appointment: datetime | None) -> None:
    reply = read(text, asked=asked, now=NOW, zone=ZONE, appointment=appointment)
    assert reply.intent in Intent
    assert reply.because
    assert all(slot.start <= slot.end for slot in reply.slots)
    if reply.sure:
        assert reply.intent in (
            "confirm",
            "move",
            "approve",
            "decline",
            "opt_out",
            "opt_in",
            "help",
            "rating",
            "wrong_number",
        )
    if reply.sure and reply.intent == "move":
        assert len(reply.slots) == 1
        assert reply.slots[0].start > NOW
