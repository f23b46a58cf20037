"""Each component once: its markup stands in `templates/components/`, its states on the page /design/. Builtins, as in `kept`."""

from __future__ import annotations

import functools
from typing import Any

from django import forms, template
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import BoundField
from django.template import Context
from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dealership.lists.page import day_of
from dealership.lists.shape import Column
from dealership.templatetags import kept

#: What is no longer than this is a number, of an RO or a deal.
_NUMBER = 12
register = template.Library()


@register.simple_block_tag
def nothing(content: str, icon: str = "", *, side: bool = False) -> SafeString:
    """What stands where a list would be: `{% nothing "check" %}<b>Nothing is parked</b>{% endnothing %}`."""
    return render_to_string("components/nothing.html", {"content": content, "icon": icon, "side": side})


@register.simple_block_tag
def notice(content: str, press: str = "", *, role: str = "", icon: str = "", id: str = "") -> SafeString:  # noqa: A002 - the attribute's own name
    """What must be read first. `press` is late, soon or kept; `role` tells a screen reader."""
    told = {"content": content, "press": press, "role": role, "icon": icon, "id": id}
    return render_to_string("components/notice.html", told)


@register.inclusion_tag("components/tab.html")
def tab(
    href: str, label: str, *, here: Any = False, now: Any = True, n: int | None = None, press: str = ""
) -> dict[str, Any]:
    """One of several views of a page; it is the open one where `here` is `now`."""
    return {"href": href, "label": label, "here": here == now, "n": n, "press": press}


@register.inclusion_tag("components/pager.html")
def pager(onward: str, label: str = "", *, first: str = "") -> dict[str, str]:
    """Further rows, and the way back to the first."""
    return {"onward": onward, "label": label or _("Next"), "first": first}


@register.simple_tag(takes_context=True)
def list_cell(context: Context, column: Column, row: dict[str, Any], page: str) -> SafeString:
    """One cell of a list's row, written as its column says; whoever the row is about links to `page`."""
    value, label = row[column.value_of], column.label
    look = column.look(value) if column.look is not None and value is not None else ""
    if column.kind == "name":
        link = reverse(page, args=[row["pk"]])
        return format_html(
            '<th scope="row"><a class="row" href="{}">{} {}</a></th>',
            link,
            kept.av(value, "", row["pk"]),
            value,
        )
    if column.kind == "link" and row[column.of] is not None:
        link = reverse(page, args=[row[column.of]])
        # A number stays in one piece.
        css = "nowrap" if len(str(value)) <= _NUMBER else ""
        return format_html(
            '<th scope="row" class="{}"><a class="plain-link" href="{}">{}</a></th>', css, link, value
        )
    if column.kind == "head":
        return format_html('<th scope="row">{}</th>', column.words.get(value, value))
    if value is None or value == "":
        return SafeString('<td class="none"></td>')
    if column.kind == "thing":
        return format_html("<td>{}</td>", kept.thing_link(context, value, "plain-link") or value)
    if column.kind == "phone":
        return format_html('<td class="num nowrap">{}</td>', kept.phone(value))
    if column.kind == "moment":
        ink, said = f"{look}-ink" if look else "muted", kept.moment(context, value)
        return format_html('<td class="{} nowrap" data-label="{}">{}</td>', ink, label, said)
    if column.kind == "count":
        ink = f"{look}-ink strong" if look else "" if value else "faint"
        return format_html(
            '<td class="num r" data-label="{}"><span class="{}">{}</span></td>',
            label,
            ink,
            floatformat(value),
        )
    if column.kind == "chip":
        said = column.words.get(value, value)
        return format_html('<td><span class="chip {}">{}</span></td>', look, said)
    if column.kind == "day":
        staff = context["request"].staff
        said = kept.day(day_of(value, staff.store.tz), staff)
        return format_html('<td class="muted nowrap" data-label="{}">{}</td>', label, said)
    if column.kind == "money":
        return format_html('<td class="r" data-label="{}">{}</td>', label, kept.money(value))
    return format_html('<td class="muted">{}</td>', column.words.get(value, value))


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """A field of a form with its label, help and errors: `{% field form.name %}`."""
    many = getattr(bound.field.widget, "input_type", "") in ("radio", "checkbox") and bound.use_fieldset
    alone = getattr(bound.field.widget, "input_type", "") == "checkbox" and not bound.use_fieldset
    optional = not bound.field.required and not _says_what_empty_is(bound.field)
    return {"field": bound, "hint": hint, "many": many, "alone": alone, "optional": optional}


def _says_what_empty_is(field: forms.Field) -> bool:
    """Whether the first of what can be chosen is a choice in words, such as "whoever is free"."""
    empty = None
    if isinstance(field, forms.ModelChoiceField):
        empty = field.empty_label
    elif isinstance(field, forms.ChoiceField):
        empty = dict(field.choices).get("")  # type: ignore[arg-type]
    return bool(empty) and empty != BLANK_CHOICE_DASH[0][1]


@register.simple_tag
def shortcuts() -> SafeString:
    """The sheet of keys: on every page, and the same for all who read one language."""
    return _shortcuts_in(translation.get_language())


@functools.cache
def _shortcuts_in(language: str) -> SafeString:
    with translation.override(language):
        return render_to_string("house/_shortcuts.html")
