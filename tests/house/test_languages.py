"""Pages speak their reader's language, whole; customers are written to in theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date

import polib
import pytest
from django import forms
from django.test import Client
from django.utils import translation
from django.utils.formats import localize

from dealership.staff.models import StaffMember
from dealership.stores import said
from tests import words
from tests.cast import Cast

SignIn = Callable[[StaffMember], Client]

APPS = sorted(words.apps())
#: Whose templates say nothing any more that is not marked.
SPOKEN: frozenset[str] = frozenset(
    {
        "appointments",
        "audit",
        "customers",
        "dealership",
        "dms",
        "fni",
        "hooks",
        "lists",
        "marketing",
        "messaging",
        "parts",
        "push",
        "sales",
        "service",
        "staff",
        "stores",
        "tasks",
        "vehicles",
    }
)
LISTS = [(app, language) for app in APPS for language in words.OTHERS if words.marked(app)]


def test_what_templates_and_modules_mark_is_found() -> None:
    page = """<a title="{% translate "Open it" %}">{% blocktranslate count n=n trimmed %}
        One car, 5%
    {% plural %}
        {{ n }} cars
    {% endblocktranslate %}</a>{% tab x _("Mine") %}{% translate "May" context "month" %}"""
    assert set(words.of_template(page)) == {
        words.Words("Open it"),
        words.Words("One car, 5%%", "%(n)s cars"),
        words.Words("Mine"),
        words.Words("May", context="month"),
    }
    module = 'x = later("Mine")\n_("Yours %(n)s") % {}\nngettext("a", "b", n)\n_(row.words)'
    assert set(words.of_module(module)) == {
        words.Words("Mine"),
        words.Words("Yours %(n)s"),
        words.Words("a", "b"),
    }
    with pytest.raises(ValueError, match="mark a text as it stands"):
        list(words.of_module('_(f"{n} cars")'))


def test_what_a_template_leaves_unmarked_is_found() -> None:
    page = """<p title="Hours">{% translate "Fine" %} · {{ n }} <kbd>Enter</kbd> {% tab x "Open now" %}
        {% if n == "x y" %}late{% endif %}{{ n|default:"none of it" }}{# a note #} car{{ n|pluralize }}</p>"""
    found = words.unmarked(page)
    assert {"Hours", "Open now", "none of it", "pluralize"} <= set(found)
    assert sum("late" in said for said in found) == 1
    assert not [said for said in found if "Fine" in said or "Enter" in said or "note" in said]


@pytest.mark.parametrize(("app", "language"), LISTS)
def test_everything_that_is_marked_is_said(app: str, language: str) -> None:
    path = words.list_of(app, language)
    entries = polib.pofile(str(path))
    listed = {words.Words(entry.msgid, entry.msgid_plural, entry.msgctxt) for entry in entries}
    assert listed == words.marked(app), "run `make words`"
    assert [entry.msgid for entry in entries if not entry.translated() or entry.fuzzy] == []
    assert path.with_suffix(".mo").read_bytes() == entries.to_binary(), "run `make words`"


@pytest.mark.parametrize(("app", "language"), LISTS)
def test_what_is_said_has_room_for_the_same(app: str, language: str) -> None:
    gap = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}|<[^>]+>")
    for entry in polib.pofile(str(words.list_of(app, language))):
        said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = set(gap.findall(entry.msgid_plural or entry.msgid))
        for one in said:
            # "One car" needs no number, "{n} cars" does.
            assert set(gap.findall(one)) - {"%(n)s", "{n}"} == wanted - {"%(n)s", "{n}"}, entry.msgid


def test_one_text_is_said_in_one_way() -> None:
    ways: defaultdict[tuple[str, str | None], set[str]] = defaultdict(set)
    for app, language in LISTS:
        for entry in polib.pofile(str(words.list_of(app, language))):
            ways[(entry.msgid, entry.msgctxt)].add(entry.msgstr or str(entry.msgstr_plural))
    assert {text: said for text, said in ways.items() if len(said) > 1} == {}


def test_a_template_says_nothing_in_one_language_only() -> None:
    left = {
        str(page.relative_to(words.HOUSE)): words.unmarked(page.read_text())
        for app in SPOKEN
        for page in words.sources(app)[1]
    }
    assert {page: said for page, said in left.items() if said} == {}


def test_a_page_speaks_as_its_reader_chose(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.gus)
    assert '<html lang="en">' in client.get("/account/security/").content.decode()
    answer = client.post("/account/language/", {"language": "es"})
    assert answer.status_code == 302
    page = client.get("/account/security/", headers={"accept-language": "en"})
    assert page["Content-Language"] == "es"
    assert "Idioma" in page.content.decode()
    assert translation.get_language() == "en"
    client.post("/account/logout/")
    assert client.get("/account/login/")["Content-Language"] == "es"


def test_a_browser_is_spoken_to_in_its_language(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.gus)
    page = client.get("/account/security/", headers={"accept-language": "es-MX,es;q=0.9"})
    assert page["Content-Language"] == "es"
    assert "Accept-Language" in page["Vary"]
    assert client.post("/account/language/", {"language": "xx"}).status_code == 400


def test_days_in_fields_are_written_as_browsers_read_them_and_figures_as_everybody_does() -> None:
    with translation.override("es"):
        field = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
        assert 'value="2026-11-27"' in field.widget.render("day", date(2026, 11, 27))
        assert field.clean("2026-11-27") == field.clean("27/11/2026") == date(2026, 11, 27)
        assert (localize(4.2), said.day(date(2026, 11, 27))) == ("4.2", "vie 27 nov")
    assert said.day(date(2026, 11, 27)) == "Fri 27 Nov"
