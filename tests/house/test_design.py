"""The page that shows every component, by the templates that pages use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from lucide import _render_icon as as_the_package_draws

from dealership import design, icons
from dealership.staff.models import StaffMember
from tests.cast import Cast

TEMPLATES = Path(settings.BASE_DIR) / "templates"
#: Drawn by nothing that is seen.
UNSEEN = {"passkey_scripts", "form_errors"}


@pytest.mark.django_db
def test_every_component_is_shown_light_and_dark(
    cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    shown = signed_in(cast.tess).get("/design/").content.decode()
    for key, title, _ in design.PIECES:
        for scheme in ("light", "dark"):
            assert f'aria-label="{title}, {scheme}"' in shown, key
    assert shown.count("A phone or an e-mail is needed.") == len(design.SCHEMES)


def test_no_component_is_left_out() -> None:
    # What stands within another is shown with it.
    shown = [path for folder in ("design", "components") for path in (TEMPLATES / folder).glob("*.html")]
    pieces = "".join(path.read_text() for path in shown)
    for path in (TEMPLATES / "components").glob("*.html"):
        called = (f"{{% {path.stem} ", f'"components/{path.name}"')
        assert path.stem in UNSEEN or any(words in pieces for words in called), path.stem


def test_what_stands_for_nothing_and_what_must_be_read_first_escape_what_they_are_told() -> None:
    words = Context({"said": "<b>"})
    for source in ("{% nothing %}{{ said }}{% endnothing %}", "{% notice 'late' %}{{ said }}{% endnotice %}"):
        drawn = Template(source).render(words)
        assert "&lt;b&gt;" in drawn
        assert "<b>" not in drawn


class _Asked(forms.Form):
    note = forms.CharField(required=False)
    plain = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], required=False)
    told = forms.ChoiceField(choices=[("", "whoever is free"), ("a", "A")], required=False)
    must = forms.CharField()


@pytest.mark.parametrize(("name", "marked"), [("note", 1), ("plain", 1), ("told", 0), ("must", 0)])
def test_a_field_may_be_left_empty_and_says_so_unless_empty_is_a_choice_in_words(
    name: str, marked: int
) -> None:
    shown = Template("{% field asked %}").render(Context({"asked": _Asked()[name]}))
    assert shown.count("(if you like)") == marked


@pytest.mark.parametrize(
    ("name", "mark"), [("Tom Okafor", "TO"), ("Cher", "CH"), ("(973) 555-1309", "#"), ("", "")]
)
def test_a_round_mark_is_made_of_letters(name: str, mark: str) -> None:
    shown = Template("{% av name %}").render(Context({"name": name}))
    assert shown == "" if not mark else shown.endswith(f">{mark}</span>")


def test_no_comment_of_a_template_is_read_by_people() -> None:
    """A `{#` that is not closed on its own line is text to Django."""
    for path in TEMPLATES.rglob("*.html"):
        for line in path.read_text().splitlines():
            assert line.count("{#") == line.count("#}"), (path.name, line)


@pytest.mark.parametrize("name", ["car", "phone-incoming", "circle-alert"])
def test_an_icon_is_drawn_as_the_package_draws_it(name: str) -> None:
    drawn = icons.draw(name, 18, (("class", 'a "b"'), ("aria_hidden", "true")))
    assert drawn == as_the_package_draws(name, 18, **{"class": 'a "b"', "aria_hidden": "true"})


def test_an_icon_that_is_not_there_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        icons.draw("no-such-icon", 18)
