"""A customer's "no more" is understood in any wording, and words that only look like it do no harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealership.messaging.replies.reading import read
from dealership.messaging.replies.reply import Asked
from tests.messaging.replies_asked import BOOKED, NOW, ZONE, answer, confirming

CARRIER = ["stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"]
CLEAR = """
STOP please|Please STOP|ok stop|stop stop stop|STOP NOW|stop it|stop all|Stop texting me|please stop messaging me|opt out|
Opt-Out|stop sending me texts|quit texting me|Stop calling my wife|take me off your list|Please remove me from your list|
remove my number|lose my number|don't text me|do not contact me again|never text me again|don't ever call this number|
I don't want any more texts|no longer wish to receive these messages|no more texts|no more messages please|unsubscribe me|
please unsubscribe|leave me alone|cease and desist|I revoke my consent|this is harassment|stpo|sotp|unsubcribe|unsuscribe|
opt me out|ALTO|Pare|basta|no me manden mensajes|ya no me escriban|dejen de escribirme|no me llamen más|quiero darme de baja|
bórrenme de su lista|quítenme de la lista|no quiero recibir mensajes|no más mensajes|déjenme en paz|cancelar suscripción|
arrêt|arrêtez de m'écrire|ne me contactez plus|стоп|退订|S T O P|s.t.o.p.|“stop”|(stop)|*STOP*|ЅТОР|ＳＴＯＰ|5top|st0p|
remove me|please just stop|I never signed up for these texts|stop with the messages|enough with the texts
"""
DOUBTFUL = """
no more|enough|stop I already have a lawyer|I told you to stop|can you stop?|how do I unsubscribe?|
if you don't stop texting me I will sue|don't text me until Monday|dont text me at work|block|spam|go away|🛑|cancelar|
stop!? who is this|stoo|stop emailing and call me|no mas|huwag na kayong magtext|не пишите мне
"""
HARMLESS = """
The bus stopped here|I'll stop by at 3|stop by at 3|Can I stop in tomorrow?|can't stop laughing|my car won't stop shaking|
it's hard to stop when I brake|end of the day works|the end of the month|cancel my appointment|please cancel the oil change|
one stop shop|next stop is you guys|non stop noise|the brakes squeal when I stop|I quit my job|at the stop sign|
why did you stop sending me coupons|please don't stop texting me|don't call me, text me|call me after 5|text me the total|
you never called me back|why don't you call me|drop me off at work|can you take me home|remove the old tires|
remove me from the schedule|opt out of the extended warranty|I want the next step|shop|step|top|no thanks|no|not now|
I don't need the brakes|stop the oil change and just rotate them|stopped by yesterday|pay no more than 400|
no más de 300 por favor|alto kilometraje|para el viernes|¿por qué no me llaman?|llámame|baja el precio|no puedo hoy|
send me the messages from the shop|I don't want the coolant flush|Is the stop light fixed?|we're done, thanks|over there
"""


def lines(block: str) -> list[str]:
    return [line.strip() for line in block.replace("\n", "").split("|") if line.strip()]


@pytest.mark.parametrize("word", CARRIER)
@pytest.mark.parametrize(
    "form", ["{}", "{}.", " {}  ", '"{}"', "{}!!!", "({})", "{}\n", "'{}'", "{}\n\nSent from my iPhone"]
)
def test_a_bare_carrier_word_always_opts_out(word: str, form: str) -> None:
    for asked in Asked:
        for text in (word, word.upper(), word.title()):
            reply = read(form.format(text), asked=asked, now=NOW, zone=ZONE, appointment=BOOKED)
            assert (reply.intent, reply.sure, reply.opt_out) == ("opt_out", True, True)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(CARRIER),
    st.lists(
        st.sampled_from(["", "", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060"]), min_size=12, max_size=12
    ),
    st.lists(st.booleans(), min_size=12, max_size=12),
    st.tuples(st.text(" .!\"'*-_~()\n\t,;", max_size=4), st.text(" .!\"'*-_~()\n\t,;", max_size=4)),
    st.sampled_from(list(Asked)),
)
def test_no_decoration_hides_a_carrier_word(
    word: str, hidden: list[str], upper: list[bool], around: tuple[str, str], asked: Asked
) -> None:
    dressed = "".join((c.upper() if up else c) + gap for c, gap, up in zip(word, hidden, upper, strict=False))
    reply = read(around[0] + dressed + around[1], asked=asked, now=NOW, zone=ZONE, appointment=BOOKED)
    assert (reply.intent, reply.sure, reply.opt_out) == ("opt_out", True, True)


@pytest.mark.parametrize("text", ["CANCEL", "cancel.", "Stop", "END", "quit"])
def test_a_stop_word_after_a_reminder_asks_a_person_whether_the_appointment_was_meant(text: str) -> None:
    reply = confirming(text)
    assert reply.maybe_meant_appointment
    assert "person" in reply.because
    assert not answer(text).maybe_meant_appointment


@pytest.mark.parametrize("text", lines(CLEAR))
def test_a_clear_no_in_other_words_opts_out(text: str) -> None:
    for asked in ("none", "confirm", "approve", "survey"):
        reply = answer(text, asked)
        assert (reply.intent, reply.opt_out) == ("opt_out", True), (asked, reply.because)
    assert reply.sure or any(not c.isascii() for c in text), reply.because


@pytest.mark.parametrize("text", lines(DOUBTFUL))
def test_a_doubtful_no_pauses_messages_and_goes_to_a_person(text: str) -> None:
    reply = answer(text)
    assert (reply.opt_out, reply.sure) == (True, False), reply.because


@pytest.mark.parametrize("text", lines(HARMLESS))
def test_words_that_only_look_like_a_stop_do_not_opt_out(text: str) -> None:
    for asked in ("none", "confirm", "approve"):
        reply = answer(text, asked)
        assert not reply.opt_out, (asked, reply.because)


@pytest.mark.parametrize("text", ["START", "start", "Unstop", "UNSTOP!"])
def test_start_resumes(text: str) -> None:
    assert (answer(text).intent, answer(text).sure) == ("opt_in", True)


def test_start_after_an_approval_may_mean_the_work() -> None:
    assert not answer("start", "approve").sure


@pytest.mark.parametrize(
    "text", ["resume please", "you can text me again", "put me back on your list", "start texting me again"]
)
def test_a_wish_for_messages_in_other_words_is_confirmed_by_a_person(text: str) -> None:
    assert (answer(text).intent, answer(text).sure, answer(text).opt_out) == ("opt_in", False, False)


def test_a_yes_is_no_opt_in() -> None:
    assert answer("YES").intent == "confirm"


@pytest.mark.parametrize("text", ["HELP", "help!", "Info", "ayuda"])
def test_help_alone_is_answered(text: str) -> None:
    assert (answer(text).intent, answer(text).sure) == ("help", True)


@pytest.mark.parametrize("text", ["I need help with my brakes", "can you help me with my radio?"])
def test_help_with_something_is_a_question(text: str) -> None:
    assert answer(text).intent == "question"


@pytest.mark.parametrize(
    "text",
    [
        "wrong number",
        "Sorry, wrong number",
        "You have the wrong person",
        "this isn't Mike's number",
        "número equivocado",
    ],
)
def test_a_wrong_number_closes_the_number(text: str) -> None:
    reply = answer(text)
    assert (reply.intent, reply.opt_out, reply.sure) == ("wrong_number", True, True), reply.because


@pytest.mark.parametrize("text", ["new phone who dis", "This is not me", "never been a customer there"])
def test_a_number_that_may_be_wrong_is_paused_and_looked_at(text: str) -> None:
    reply = answer(text)
    assert (reply.intent, reply.opt_out, reply.sure) == ("wrong_number", True, False), reply.because


def test_the_wrong_part_number_is_another_matter() -> None:
    assert not answer("you ordered the wrong part number").opt_out
    assert not answer("I gave you the wrong number, my number is 555-123-4567").opt_out


def test_not_interested_pauses_marketing_but_not_repairs() -> None:
    assert answer("not interested").opt_out
    assert not answer("not interested").sure
    assert not answer("not interested", "approve").opt_out


def test_cancelar_after_a_reminder_is_the_appointment_and_else_a_doubtful_stop() -> None:
    assert (confirming("cancelar").intent, confirming("cancelar").opt_out) == ("cancel", False)
    assert (answer("cancelar").intent, answer("cancelar").sure) == ("opt_out", False)
