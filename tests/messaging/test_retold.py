"""What is kept of texts in English is said to whoever reads it in their language; what goes to customers never is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from dealership.messaging import fates, inbound, read_as
from dealership.messaging.gate import Consent, GateRequest, decide
from dealership.messaging.models import Message
from dealership.messaging.purposes import Purpose
from dealership.messaging.retold import retold
from dealership.messaging.zones import where
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria
from tests.messaging.test_gate import CHICAGO
from tests.messaging.test_inbound import call
from tests.messaging.test_inbox_pages import SignedIn, monday, sent, text, wrote

__all__ = ["monday"]  # the clock of these tests

ENGLISH = re.compile(
    r"\b(?:the|they|their|texts?|until|goes?|sent|since|allows|consent|today|was|is)\b", re.I
)


@pytest.fixture
def in_spanish() -> Iterator[None]:
    with translation.override("es"):
        yield


@pytest.mark.usefixtures("in_spanish")
@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            "Not sent: they opted out: “STOP. Please” by text on 3 Mar 2026. Only they can start it again, by writing START.",
            "No enviado: se dio de baja: “STOP. Please” por mensaje el 3 mar 2026. "
            "Solo el cliente puede empezar de nuevo, escribiendo START.",
        ),
        (
            "Waits until Mon 23 Nov 8:00 am their time. It is Mon 23 Nov 4:00 am their time: "
            "the store's service messages go 8:00 am to 8:00 pm.",
            "Espera hasta lun 23 nov 8:00 am hora del cliente. Allí son lun 23 nov 4:00 am: "
            "los mensajes de servicio del concesionario salen de 8:00 am a 8:00 pm.",
        ),
        (
            "Goes at once: consent to service texts since 3 Mar 2024 (RO), 9:58 am their time, 1 text today.",
            "Sale enseguida: consentimiento para mensajes de servicio desde el 3 mar 2024 (RO), 9:58 am hora del cliente, 1 mensaje hoy.",
        ),
        ("It did not arrive: it is a landline.", "No llegó: es un teléfono fijo."),
        (
            "wants a visit: Mon 23 Nov 3:00 pm (not sure)",
            "quiere una visita: lun 23 nov 3:00 pm (no es seguro)",
        ),
        ("Somebody else's words, 3% of them.", "Somebody else's words, 3% of them."),
        ("", ""),
    ],
)
def test_a_sentence_that_is_kept_is_said_in_the_readers_language(kept: str, said: str) -> None:
    assert retold(kept) == said
    with translation.override("en"):
        assert retold(kept) == kept


@given(
    purpose=st.sampled_from(list(Purpose)),
    hours=st.integers(0, 24 * 380),
    state=st.sampled_from(["NJ", "TX", "LA", "RI", "HI", ""]),
    consent=st.sampled_from(
        [
            None,
            Consent(True, written=True, since=date(2024, 3, 3), words="RO"),
            Consent(True),
            Consent(False, words="DMS"),
        ]
    ),
    changes=st.fixed_dictionaries(
        {},
        optional={
            "opted_out": st.just(True),
            "number_valid": st.just(False),
            "number_blocked": st.just(True),
            "out_of_reach": st.just("texts to this number cost extra"),
            "texting_on": st.just(False),
            "backfill": st.just(True),
            "still_owed": st.just(False),
            "by_person": st.just(True),
            "attempts_today": st.integers(0, 4),
            "household_attempts_today": st.integers(0, 5),
            "solicitations_24h": st.integers(0, 4),
            "useful": st.integers(-3, 30),
            "answered": st.integers(0, 70),
        },
    ),
)
def test_all_that_the_gate_says_of_a_text_is_said(
    purpose: Purpose, hours: int, state: str, consent: Consent | None, changes: dict[str, Any]
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    useful, answered = changes.pop("useful", None), changes.pop("answered", None)
    request = GateRequest(
        purpose,
        where(state, "", "", CHICAGO),
        CHICAGO,
        consent=consent,
        useful_until=None if useful is None else now + timedelta(hours=useful),
        last_inbound_at=None if answered is None else now - timedelta(minutes=answered),
        **changes,
    )
    reasons = decide(request, now).reasons
    with translation.override("es"):
        for reason in reasons:
            # A place and a holiday keep their names.
            said = re.sub(r"\([^)]*\)", "", retold(reason))
            assert said != reason
            assert not ENGLISH.search(said), said


@pytest.mark.usefixtures("in_spanish")
def test_every_fate_and_every_reading_is_said() -> None:
    fixed = [*fates.WORDS.values(), *fates.TOLD.values(), *read_as.PHRASES.values()]
    assert [words for words in fixed if retold(words) == words] == []


def test_a_conversation_is_read_in_spanish_and_nothing_of_it_is_written_so(
    cast: Cast, signed_in: SignedIn
) -> None:
    maria(cast.northside)
    talk = wrote(cast, "Can we do Tuesday at 3pm instead?")
    browser = signed_in(cast.dana)
    spanish = {"accept-language": "es"}
    assert "Esto es" not in browser.get(f"/inbox/{talk.pk}/").content.decode()
    page = browser.get(f"/inbox/{talk.pk}/", headers=spanish).content.decode()
    assert "Mensaje para Maria" in page
    assert "se leyó como: " in page
    assert "Sale enseguida: acaba de escribir" in page or "Sale enseguida: escribió hace 5 minutos" in page
    assert text(browser, talk, "Yes, Tuesday it is", **spanish).status_code in (200, 302)
    sent()
    at = MONDAY_TEN
    inbound.receive(call(cast.northside, "STOP"), received_at=at, now=at)
    kept = Message.objects.of_store(cast.northside.pk).exclude(reasons=[])
    assert all(ENGLISH.search(reason) for row in kept for reason in row.reasons)
    steps = (
        Message.objects.of_store(cast.northside.pk).filter(is_inbound=False).values_list("steps", flat=True)
    )
    assert all(
        ENGLISH.search(what) or "wrote it" in what
        for told in steps
        for _, what in told
        if "carrier" not in what
    )
    page = browser.get(f"/inbox/{talk.pk}/", headers=spanish).content.decode()
    assert "Los mensajes a este número se detuvieron." in page
    assert "Se dio de baja: “STOP” por mensaje" in page
