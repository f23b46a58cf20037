"""Every page, read by somebody who chose Spanish: what the product itself says there is Spanish, and what it keeps is English.

What people, customers and machines wrote stands in the database and is nobody's to translate: it is taken out of a page before
it is read, as are words that say themselves that they are in another language (a customer's). What is left must hold no word
that only English has. Customers have no pages. What forms answer and write down is heard in `test_trail`, which sends them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import polib
import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.urls import reverse

from dealership.staff.models import StaffMember, User
from dealership.stores.models import Store
from tests import words
from tests.house.addresses import ENTRANCES, PEOPLE
from tests.house.test_urls import address
from tests.house.world import World

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
        department sales service parts role
        """,
    )
)
#: Spanish has these too, or the trade says them so on both sides.
BOTH = {"as", "come", "me"}
#: The product's name.
NAME = "Kept"
#: Pages whose own words are not for people: what came in, as it came.
RAW = {"sales:arrival_raw"}
#: What others see there, and the general manager does not.
OTHERS = {
    "tess": ("tasks:my_day", "service:lane", "service:repair_order_detail", "service:inspection"),
    "dana": ("tasks:my_day", "messaging:inbox", "customers:customer_detail"),
    "sam": ("tasks:my_day", "sales:lead_detail", "sales:deal_detail"),
    "pete": ("parts:parts_board", "parts:request_detail"),
    "tia": ("tasks:my_day", "fni:jacket_detail"),
    "max": ("marketing:board", "customers:customer_detail"),
}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Page(HTMLParser):
    """The texts of a page, and of the attributes that are read aloud, but for what is in no language or in another."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        #: The open elements, and whether what is in them is to be read.
        self._within: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        read = (
            self._read
            and tag not in ("script", "style", "code", "kbd", "pre", "template")
            and said.get("translate") != "no"
            and said.get("lang", "es") == "es"
            and "av" not in (said.get("class") or "").split()  # initials
        )
        self.texts += [
            value
            for name, value in attrs
            if value and read and (name in words.SPOKEN or (name == "value" and said.get("type") == "submit"))
        ]
        if tag not in VOID:
            self._within.append((tag, read))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _ in self._within]:
            while self._within.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._read and (text := " ".join(data.split())):
            self.texts.append(text)

    @property
    def _read(self) -> bool:
        return not self._within or self._within[-1][1]


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
    found |= {text.replace("_", " ") for text in found if "_" in text}
    return sorted((text for text in found if len(text) > 3), key=len, reverse=True)


def english(html: str, known: list[str]) -> list[str]:
    """Texts of a page that speak English, without what is known."""
    page, found = _Page(), []
    page.feed(html)
    for text in dict.fromkeys(page.texts):
        rest = re.sub(rf"\b{NAME}\b|\w*_\w*|\{{\w+\}}", " ", text)  # nor the names of fields and variables
        if not _words(rest):
            continue
        for value in known:
            if value in rest:
                rest = rest.replace(value, " ")
        if _words(rest):
            found.append(text)
    return found


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-zà-ÿ]+", text.lower())) & (ENGLISH - BOTH)


def said_in(response: Any, known: list[str]) -> list[str]:
    """The English of an answer: of its page, and of the sentence that is shown beside it."""
    # Else all of it would be words in another language, which are not read.
    assert response["Content-Language"] == "es", response
    sentences = [str(message) for message in get_messages(response.wsgi_request)]
    text = response.headers.get("Content-Type", "").startswith("text/html")
    return english(" ".join([response.content.decode() if text else "", *sentences]), known)


@pytest.fixture
def known(world: World) -> list[str]:
    """What is written; everybody reads Spanish."""
    User.objects.update(language="es")
    return written()


def test_the_reader_of_pages_finds_english_and_passes_what_was_written() -> None:
    page = """<p title="Who owes it">Vence hoy</p><p>They wait in the lounge</p><code>the code</code><p>12 late</p>
        <p lang="en">your <b>text</b> now<br></p><p lang="es">not that</p><input lang="en" title="now"><input title="every"> Kept, starts_at"""
    assert english(page, ["They wait in the lounge"]) == ["Who owes it", "12 late", "not that", "every"]


def test_a_page_in_spanish_says_no_word_of_english(
    world: World, known: list[str], signed_in: Callable[[StaffMember], Client]
) -> None:
    # Read anew: what is changed in a row of the world's own would outlive the test.
    gus = StaffMember.objects.of_store(world.north.store.pk).select_related("user").get(pk=world.cast.gus.pk)
    assert gus.user is not None
    gus.user.set_password("a long password of his")
    gus.user.save(update_fields=["password"])
    browser, found = signed_in(gus), dict[str, list[str]]()
    for name, door in sorted(PEOPLE.items()):
        if not door.get or "gus" not in door.get or door.answer != 200 or name in RAW:
            continue
        found[name] = said_in(browser.get(address(name, world.north)), known)
    for name, entrance in ENTRANCES.items():
        if entrance.signed_in == 200:
            found[name] = said_in(browser.get(reverse(name, args=entrance.args)), known)
    for who, names in OTHERS.items():
        browser = signed_in(world.cast.people[who])
        found |= {
            f"{name} as {who}": said_in(browser.get(address(name, world.north)), known) for name in names
        }
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_page_of_nobody_speaks_as_the_browser_asks(world: World, known: list[str]) -> None:
    browser, found = Client(headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"}), dict[str, list[str]]()
    for name, entrance in ENTRANCES.items():
        if entrance.nobody == 200:
            answer = browser.get(reverse(name, args=entrance.args))
            assert answer["Content-Language"] == "es", name
            found[name] = said_in(answer, known)
    found["a wrong sign-in"] = said_in(
        browser.post("/account/login/", {"login": "x@y.example", "password": "x"}), known
    )
    found["no such page"] = said_in(browser.get("/no-such-page/"), known)
    assert {name: texts for name, texts in found.items() if texts} == {}


#: Words that no English text has; and whole texts as the lists say them.
SPANISH = frozenset(
    re.findall(r"\w+", "de del la el los las por para una con que su sus está hoy mañana ayer y se lo al")
)


def spanish(text: str, lists: frozenset[str]) -> bool:
    return text in lists or (" " in text and bool(set(re.findall(r"\w+", text.lower())) & SPANISH))


class Heard:
    """What somebody who reads Spanish is answered in English, and what they write down in Spanish, by the address."""

    def __init__(self, known: list[str]) -> None:
        self.known, self._mine = known, set(known)
        self.answered: dict[str, list[str]] = {}
        self.written: dict[str, set[str]] = {}
        self._lists = frozenset(
            entry.msgstr
            for app in words.apps()
            for entry in polib.pofile(str(words.list_of(app, "es")))
            if entry.msgstr.lower() != entry.msgid.lower()
        )

    @contextmanager
    def at(self, name: str) -> Iterator[None]:
        """Listens to what is written down meanwhile."""

        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if re.search(r"\b(INSERT INTO|UPDATE) ", sql):
                texts = {text for text in _strings(_plain(params)) if len(text) > 3} - self._mine
                if found := {text for text in texts if spanish(text, self._lists)}:
                    self.written.setdefault(name, set()).update(found)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            yield

    def answer(self, name: str, response: Any, typed: Iterable[str]) -> None:
        """What was said to it, without what was typed."""
        if texts := said_in(response, [*typed, *self.known]):
            self.answered[name] = texts


def test_what_is_written_down_in_spanish_is_heard(world: World, known: list[str]) -> None:
    heard = Heard(known)
    with heard.at("here"):
        Store.objects.filter(pk=world.north.store.pk).update(name="Vence el lunes")
        Store.objects.filter(pk=world.north.store.pk).update(name="Due on Monday")
    assert heard.written == {"here": {"Vence el lunes"}}


def _plain(value: Any) -> Any:
    """What a statement carries, without the wrapping of JSON."""
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return _plain(value.obj) if hasattr(value, "obj") else value
