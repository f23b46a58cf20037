"""What is kept in the code's own language is told in its reader's; what nobody made of known words stays."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from tasks import due, periods, retold, rulebook, wording

TOLD = {
    "Dana holds the conversation.": "Dana lleva la conversación.",
    "Not Dana, who holds the conversation: off shift.": "No Dana, que lleva la conversación: fuera de turno.",
    "Not Sam: carries 5 of 12.": "No Sam: lleva 5 de 12.",
    "Not Sam, who sells the car: away (back on 24 Nov).": "No Sam, que vende el auto: ausente (back on 24 Nov).",
    "Rosa is the next in turn as BDC agent.": "A Rosa le toca el turno como agente de BDC.",
    "Gus is the only one left to answer.": "Solo queda Gus para responder.",
    "Not taken on in time. Dana holds the conversation.": "No se tomó a tiempo. Dana lleva la conversación.",
    "Counted Mon 23 Nov 5:52 pm – 5:57 pm: 5 open minutes": (
        "Contado: lun 23 nov 5:52 pm – 5:57 pm: 5 minutos de apertura"
    ),
    "By the end of the open day: Mon 4 Jan 6:00 pm": "Antes del cierre del día: lun 4 ene 6:00 pm",
    "60 minutes before the promised time: Mon 23 Nov 6:00 pm": (
        "60 minutos antes de la hora prometida: lun 23 nov 6:00 pm"
    ),
    "1 open day: Tue 24 Nov 9:00 am": "1 día hábil: mar 24 nov 9:00 am",
    "Rosa said so: Mon 23 Nov 3:00 pm": "Así lo dijo Rosa: lun 23 nov 3:00 pm",
    "Dana handed this to you: I leave at 5": "Dana le pasó esto: I leave at 5",
    "Now yours: What we said. Dana is away (sick).": "Ahora es suya: What we said. Dana está ausente (sick).",
    "Climbed to the service manager.": "Subió: gerente de servicio.",
    "They paid in cash": "They paid in cash",
}


@pytest.mark.parametrize(("kept", "told"), TOLD.items())
def test_a_sentence_is_told_in_its_readers_language(kept: str, told: str) -> None:
    assert retold.told(kept) == kept
    with translation.override("es"):
        assert retold.told(kept) == told


def test_what_a_person_wrote_stays() -> None:
    with translation.override("es"):
        assert retold.said(rulebook.BY_HAND, "Sales") == "Sales"
        assert retold.end("Customer") == "Cliente"
        assert retold.end("Rosa") == "Rosa"


def test_every_due_time_of_the_playbooks_is_told() -> None:
    times = {
        words
        for rule in rulebook.rules().values()
        for words in [
            rule.due_words or due.words(rule.due),
            *(due.words(rung.after) for rung in rule.ladder.rungs),
        ]
        if not callable(rule.due) or rule.due_words
    }
    with translation.override("es"):
        assert [words for words in times if retold.time(words) == words] == []


def test_a_rule_is_read_aloud_in_its_readers_language() -> None:
    with translation.override("es"):
        words = wording.of(rulebook.rules()["save_missed_sales_visit"])
    assert (
        words.due
        == "60 minutos de apertura o antes del cierre del día, lo que ocurra primero; se avisa 15 minutos antes"
    )
    assert words.between == "Ventas → BDC"
    assert words.when == "cita perdida (ventas)"


def test_a_period_is_said_in_its_readers_language() -> None:
    period = periods.named("7", date(2026, 1, 4), ZoneInfo("America/New_York"))
    assert period.words == "29 Dec 2025 – 4 Jan 2026"
    with translation.override("es"):
        assert period.words == "29 dic 2025 – 4 ene 2026"
        assert period.before_words == "los 7 días anteriores"
