"""What every page says besides its own words: scripts, clocks, machines' answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from dealership import clocks, limits
from dealership.staff.models import StaffMember
from dealership.templatetags import kept
from tests.cast import Cast

SignIn = Callable[[StaffMember], Client]

STATIC = Path(__file__).resolve().parents[2] / "static"
NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # a Friday


def test_scripts_say_what_a_page_can_tell_them() -> None:
    asked = {
        text
        for name in ("kept.js", "push.js")
        for text in re.findall(r'\bsay\("([^"]+)"', (STATIC / name).read_text())
    }
    assert asked == set(kept.scripts_say())
    for name in ("kept.js", "push.js"):
        script = (STATIC / name).read_text()
        assert not re.search(r'(toast\(|textContent = )["`]', script), "a script says it in one language only"


def test_a_page_brings_its_scripts_their_words(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.gus)
    assert "data-words" not in client.get("/account/security/").content.decode()
    page = client.get("/account/security/", headers={"accept-language": "es"}).content.decode()
    found = re.search(r'<body [^>]*data-words="([^"]*)"', page)
    assert found is not None
    told = json.loads(unescape(found[1]))
    assert (told["late"], told["%(time)s late"], told["Undo"]) == (
        "retraso",
        "%(time)s de retraso",
        "Deshacer",
    )


def test_clocks_speak_as_their_reader_does_and_what_is_written_down_does_not() -> None:
    at = NOW + timedelta(days=1)
    with translation.override("es"):
        assert clocks.when(at, UTC, NOW) == "mañana 3:00 pm"
        assert clocks.noted(at, UTC, NOW) == "tomorrow 3:00 pm"
        assert clocks.when(NOW + timedelta(days=5), UTC, NOW) == "mié 3:00 pm"
        assert clocks.day(NOW.date() + timedelta(days=30), NOW.date()) == "27 dic"
        assert clocks.long_day(NOW.date()) == "viernes 27 de noviembre"
        assert clocks.left_of(NOW, NOW + timedelta(minutes=15), NOW) == "quedan 15:00 de 15:00"
        assert clocks.late(timedelta(weeks=5)) == "5 sem de retraso"
        assert str(limits.TooMany(limits.SEARCH, 7200)) == (
            "Demasiados intentos. Espere 2 horas e inténtelo una vez más."
        )


@pytest.mark.django_db
def test_a_machine_is_answered_in_the_code_s_own_language(client: Client) -> None:
    page = client.get("/no/such/page/", headers={"accept-language": "es"})
    assert page.status_code == 404
    assert page["Content-Language"] == "es"
    answer = client.post("/hooks/adf/none/", headers={"accept-language": "es"})
    assert answer["Content-Language"] == "en"
