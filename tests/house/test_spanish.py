"""Every page, read by somebody who chose Spanish: what the product itself says there is Spanish.

What people, customers and machines wrote stands in the database and is nobody's to translate: it is taken out of a page before
it is read. What is left must hold no word that only English has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.test import Client

from dealership.staff.models import StaffMember, User
from tests.house.addresses import PEOPLE
from tests.house.test_urls import address
from tests.house.world import World
from tests.words import SPOKEN

#: Words of an English page that no Spanish one has.
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
        the and of is are was were with by for from this that these those who what when where which whose how nobody nothing
        everybody somebody not yet its it they them their you your here there now until since after before than then been being
        have will would may must should could only also still again each every other another more most less least some any all
        both open closed new old next name phone email address customer customers car cars vehicle appointment appointments
        promise promises owed due late early kept broken waiting answered written called asked told made done by on at to as if or
        today tomorrow yesterday day days week weeks month hour hours minute minutes
        show close save send search choose change add remove edit leave book move call text texts write read see
        """,
    )
)
#: Spanish has these too, or the trade says them so on both sides.
BOTH = {"as", "come", "me"}
#: Pages whose own words are not for people: what came in, as it came.
RAW = {"sales:arrival_raw"}


class _Page(HTMLParser):
    """The texts of a page, and of the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._mute: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if (
            tag in ("script", "style", "code", "kbd", "pre", "template")
            or said.get("translate") == "no"
            or said.get("lang") == "en"
        ):
            self._mute.append(tag)
        for name, value in attrs:
            if value and (name in SPOKEN or (name == "value" and said.get("type") == "submit")):
                self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        if self._mute and self._mute[-1] == tag:
            self._mute.pop()

    def handle_data(self, data: str) -> None:
        if not self._mute and (text := " ".join(data.split())):
            self.texts.append(text)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def written() -> list[str]:
    """All that stands in the database, the longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField)
        ]
        rows = model._base_manager.values_list(*names) if names else []
        for row in rows:
            for value in row:
                found |= set(_strings(value))
    return sorted((text for text in found if len(text) > 3), key=len, reverse=True)


def english(html: str, known: list[str]) -> list[str]:
    """Texts of a page that speak English, without what is known."""
    page, found = _Page(), []
    page.feed(html)
    for text in dict.fromkeys(page.texts):
        if not _words(text):
            continue
        rest = text
        for value in known:
            if value in rest:
                rest = rest.replace(value, " ")
        if _words(rest):
            found.append(text)
    return found


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-zà-ÿ]+", text.lower())) & (ENGLISH - BOTH)


def test_the_reader_of_pages_finds_english_and_passes_what_was_written() -> None:
    page = '<p title="Who owes it">Vence hoy</p><p>They wait in the lounge</p><code>the code</code><p>12 late</p>'
    assert english(page, ["They wait in the lounge"]) == ["Who owes it", "12 late"]


def test_a_page_in_spanish_says_no_word_of_english(
    world: World, signed_in: Callable[[StaffMember], Client]
) -> None:
    gus = world.cast.gus
    User.objects.filter(pk=gus.user_id).update(language="es")
    browser, known, found = signed_in(gus), written(), dict[str, list[str]]()
    for name, door in sorted(PEOPLE.items()):
        if not door.get or "gus" not in door.get or door.answer != 200 or name in RAW:
            continue
        answer = browser.get(address(name, world.north))
        if (
            answer.status_code == 200
            and "html" in answer["Content-Type"]
            and (said := english(answer.content.decode(), known))
        ):
            found[name] = said
    assert found == {}, "\n".join(f"{name}: {texts}" for name, texts in found.items())
